package host

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// copy is cp, mv, install, ln -s and rsync: files of the checkout, or written before, put elsewhere on the machine.
func (i *interp) copy(s *step.Step, name string) {
	words := s.Argv[1:]
	var paths []span.Text
	intoDir := ""
	for k := 0; k < len(words); k++ {
		a := words[k].String()
		switch {
		case a == "-t" || a == "--target-directory":
			if k++; k < len(words) {
				intoDir = words[k].String()
			}
		case strings.HasPrefix(a, "--target-directory="):
			_, intoDir, _ = strings.Cut(a, "=")
		case strings.HasPrefix(a, "-") && !span.IsUnknown(a):
			if strings.Contains(" -m -o -g -S -e -P -i --mode --owner --group --rsh --exclude --chown --chmod ", " "+a+" ") {
				k++
			}
		default:
			paths = append(paths, words[k])
		}
	}
	if intoDir == "" {
		if len(paths) < 2 {
			return
		}
		intoDir = paths[len(paths)-1].String()
		paths = paths[:len(paths)-1]
	}
	if name == "scp" || name == "rsync" {
		if p, ok := shell.RemotePath(intoDir); ok {
			intoDir = p
			paths = slices.DeleteFunc(paths, func(p span.Text) bool { // what this machine holds is not known to be committed
				return strings.HasPrefix(p.String(), "/") || strings.HasPrefix(p.String(), "~")
			})
		}
	}
	for _, p := range paths {
		i.copyOne(s, p, intoDir, len(paths) > 1, name)
	}
}

func (i *interp) copyOne(s *step.Step, from span.Text, dst string, several bool, name string) {
	to := where(s, dst)
	src := strings.TrimSuffix(from.String(), "/.")
	if dir, pattern := path.Split(src); strings.ContainsAny(pattern, "*?[") && !span.IsUnknown(src) {
		n := 0
		for _, d := range i.repoPaths(s, path.Clean("./"+dir)+"/x") {
			for _, f := range i.list(path.Dir(d)) {
				if ok, err := path.Match(pattern, f); ok && err == nil {
					i.copyFile(s, from, path.Join(path.Dir(d), f), path.Join(to, f))
					n++
				}
			}
			if n > 0 {
				return
			}
		}
	}
	if text, repo, ok := i.open(s, src); ok {
		if several || isDir(dst, to) {
			to = path.Join(to, path.Base(src))
		}
		if repo == "" {
			i.put(s, text, to, from)
		} else {
			i.copyFile(s, from, repo, to)
		}
		return
	}
	if i.copyTree(s, from, src, dst, to, name) {
		return
	}
	// a file that nobody here knows: of the machine, or not committed
	if several || isDir(dst, to) {
		to = path.Join(to, path.Base(span.Show(src)))
	}
	t := classify(to)
	if t.kind == dead {
		i.put(s, span.Literal("", from), to, from)
		return
	}
	if t.kind == elsewhere && to != configDir && !strings.HasPrefix(to, configDir+"/") && to != root || t.kind == elsewhere && unreadFile(to) {
		return
	}
	if t.kind == theConfig || t.kind == snippet || t.kind == traefik {
		why := "the content of " + span.Show(src) + ", which is not in the repository"
		if span.IsUnknown(src) {
			why = span.Reason(src)
		}
		i.put(s, span.Literal(span.Unknown(why), from), to, from)
		return
	}
	i.opaque(s, "files are copied into TLJH's configuration that are not in the repository")
}

// unreadFile says whether a path is plainly that of a file which TLJH does not read, though it may lie beside its configuration: a
// logo, a template of a page, a key.
func unreadFile(p string) bool {
	switch path.Ext(p) {
	case "", ".d", ".yaml", ".yml", ".py", ".toml":
		return false
	}
	return !span.IsUnknown(p)
}

// copyTree copies a directory of the checkout whose files are TLJH's configuration.
func (i *interp) copyTree(s *step.Step, from span.Text, src, dst, to, name string) bool {
	done := false
	for _, d := range i.repoPaths(s, src) {
		at := to
		if !strings.HasSuffix(from.String(), "/.") && !(name == "rsync" && strings.HasSuffix(from.String(), "/")) && isDir(dst, to) && path.Base(to) != path.Base(d) {
			at = path.Join(to, path.Base(d))
		}
		for _, sub := range []string{"", "config", "jupyterhub_config.d", "traefik_config.d", "config/jupyterhub_config.d", "config/traefik_config.d"} {
			for _, f := range i.list(path.Join(d, sub)) {
				p := path.Join(at, sub, f)
				if classify(p).kind != elsewhere || sub == "" {
					i.copyFile(s, from, path.Join(d, sub, f), p)
				}
				done = true
			}
		}
		if done {
			return true
		}
	}
	return false
}

// isDir guesses whether a destination is a directory.
func isDir(written, clean string) bool {
	switch clean {
	case configDir, snippetDir, traefikDir, root, "/tmp", "/root", "~", "/etc/cron.d", "/etc/cron.daily", "/etc/apt/apt.conf.d", "/etc/systemd/system":
		return true
	}
	return strings.HasSuffix(written, "/") || strings.HasSuffix(written, "/.") || strings.HasSuffix(clean, ".d") || path.Ext(clean) == "" && strings.Count(clean, "/") > 0 && strings.HasSuffix(clean, "/bin")
}

func (i *interp) list(dir string) []string {
	if i.files == nil || i.budget < 0 {
		return nil
	}
	if dir == "" {
		dir = "."
	}
	names := i.files.List(dir)
	return names[:min(len(names), 1000)]
}

func (i *interp) copyFile(s *step.Step, from span.Text, repo, to string) {
	i.budget--
	src, err := i.files.Open(repo)
	if err != nil {
		i.put(s, span.Literal(span.Unknown("the file "+repo+" cannot be read: "+err.Error()), from), to, from)
		return
	}
	i.use(repo)
	text, ok := i.edited[repo]
	if !ok {
		text = src.Whole()
	}
	i.put(s, text, to, from)
}

// put is a write that a copy amounts to.
func (i *interp) put(s *step.Step, content span.Text, to string, from span.Text) {
	w := *s
	w.Argv, w.Dest, w.Content, w.Append = nil, span.Literal(to, from), content, false
	if to != "" {
		i.write(&w)
	}
}
