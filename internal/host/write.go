package host

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// maxFile bounds what is kept of one file of the machine.
const maxFile = 4 << 20

// write puts a file on the machine.
func (i *interp) write(s *step.Step) {
	if len(s.Argv) > 0 {
		i.download(s, base(s.Argv[0].String()), strs(s.Argv[1:]))
	}
	dest := where(s, s.Dest.String())
	i.keep(s, dest)
	switch t := classify(dest); t.kind {
	case theConfig:
		i.op(s, tljh.Op{Kind: tljh.OpConfigFile, Content: s.Content, Append: s.Append})
	case snippet:
		i.op(s, tljh.Op{Kind: tljh.OpSnippet, Name: t.name, Content: s.Content, Append: s.Append})
	case traefik:
		i.op(s, tljh.Op{Kind: tljh.OpTraefik, Name: t.name, Content: s.Content, Append: s.Append})
	case dead:
		i.problem(s.At, "TLJH does not read "+dest+"; its configuration is "+configFile)
	case vague:
		i.opaque(s, "a file of TLJH's configuration whose name is not known: "+span.Reason(dest))
	default:
		if span.IsUnknown(dest) && looksLikeConfig(dest, s.Content.String()) {
			i.opaque(s, "this may write TLJH's configuration; where it goes is not known: "+span.Reason(dest))
		}
	}
	i.systemFile(s, dest)
}

// keep remembers the content of a file that may be run, copied or scheduled later.
func (i *interp) keep(s *step.Step, dest string) {
	old, known := i.fs[dest]
	switch {
	case known && s.Append && old.Len()+s.Content.Len() < maxFile:
		i.fs[dest] = span.Concat(old, s.Content)
	case !known || !s.Append:
		i.fs[dest] = s.Content
	}
}

// looksLikeConfig judges a file whose place is not known by its name and its text.
func looksLikeConfig(dest, content string) bool {
	shown := span.Show(dest)
	if known, _, _ := strings.Cut(shown, "…"); known != "" && !strings.HasPrefix(configDir, known) && !strings.HasPrefix(known, configDir) {
		return false // a part that is known leads elsewhere
	}
	if shown != "…" && !strings.HasSuffix(shown, "config.yaml") && !strings.HasSuffix(shown, ".py") {
		return false
	}
	for _, mark := range []string{"c.JupyterHub", "c.Spawner", "c.Authenticator", "get_config()", "auth:", "https:", "limits:", "users:", "Authenticator."} {
		if strings.Contains(content, mark) {
			return true
		}
	}
	return strings.Contains(dest, "tljh")
}

// systemFile looks at files of the operating system that say something about the machine.
func (i *interp) systemFile(s *step.Step, dest string) {
	dir, name := path.Dir(dest), path.Base(dest)
	switch {
	case dest == "/etc/ssh/sshd_config" || dir == "/etc/ssh/sshd_config.d":
		i.sshd(s, s.Content)
	case name == "authorized_keys" || name == "authorized_keys2":
		i.authorizedKeys(s)
	case dir == "/etc/apt/apt.conf.d" || dest == "/etc/apt/apt.conf":
		i.aptConf(s, s.Content)
	case dest == "/etc/fstab":
		i.fstab(s, s.Content)
	case dir == "/etc/cron.d" || dest == "/etc/crontab":
		i.crons = append(i.crons, cronFile{s: *s, text: s.Content, user: true})
	case strings.HasPrefix(dir, "/etc/cron."):
		i.crons = append(i.crons, cronFile{s: *s, text: s.Content, every: periodHours[strings.TrimPrefix(dir, "/etc/cron.")]})
	case strings.HasPrefix(dir, "/var/spool/cron"):
		i.crons = append(i.crons, cronFile{s: *s, text: s.Content})
	case dir == "/etc/systemd/system" && (strings.HasSuffix(name, ".timer") || strings.HasSuffix(name, ".service")):
		if _, ok := i.units[name]; !ok && strings.HasSuffix(name, ".timer") {
			i.timers = append(i.timers, span.Literal(name, s.Content))
		}
		i.units[name] = i.fs[dest]
	case strings.HasPrefix(dir, "/etc/nginx"), strings.HasPrefix(dir, "/etc/caddy"), strings.HasPrefix(dir, "/etc/apache2"), strings.HasPrefix(dir, "/etc/haproxy"):
		i.proxyConf(s, strings.Split(dir, "/")[2])
	}
}

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
	intoDir = strings.TrimPrefix(intoDir, "localhost:")
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
	if t.kind == elsewhere && to != configDir && !strings.HasPrefix(to, configDir+"/") && to != root {
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
	i.put(s, src.Whole(), to, from)
}

// put is a write that a copy amounts to.
func (i *interp) put(s *step.Step, content span.Text, to string, from span.Text) {
	w := *s
	w.Argv, w.Dest, w.Content, w.Append = nil, span.Literal(to, from), content, false
	if to != "" {
		i.write(&w)
	}
}

// remove is rm of TLJH's configuration: what is left is the defaults. Where nothing was configured before, there is
// nothing to take back.
func (i *interp) remove(s *step.Step, args []string) {
	if len(i.m.Ops) == 0 {
		return
	}
	for n, a := range args {
		if strings.HasPrefix(a, "-") {
			continue
		}
		p := where(s, strings.TrimSuffix(a, "/*"))
		origin := s.Argv[n+1]
		delete(i.fs, p)
		t := classify(p)
		all := p == root || p == configDir
		if t.kind == theConfig || all {
			i.op(s, tljh.Op{Kind: tljh.OpConfigFile, Content: span.Literal("{}\n", origin)})
		}
		if t.kind == snippet {
			i.op(s, tljh.Op{Kind: tljh.OpSnippet, Name: t.name, Content: span.Literal("", origin)})
		}
		if t.kind == traefik {
			i.op(s, tljh.Op{Kind: tljh.OpTraefik, Name: t.name, Content: span.Literal("", origin)})
		}
		if all || p == snippetDir || strings.HasPrefix(p, snippetDir+"/") && strings.ContainsAny(p, "*?") {
			i.removeSnippets(s, origin)
		} else if t.kind == vague && p != traefikDir {
			i.opaque(s, "a file of TLJH's configuration is removed whose name is not known")
		}
	}
}

func (i *interp) removeSnippets(s *step.Step, origin span.Text) {
	seen := map[string]bool{}
	for _, o := range i.m.Ops {
		if o.Kind == tljh.OpSnippet && !seen[o.Name] {
			seen[o.Name] = true
			i.op(s, tljh.Op{Kind: tljh.OpSnippet, Name: o.Name, Content: span.Literal("", origin)})
		}
	}
}

// sed edits files in place.
func (i *interp) sed(s *step.Step, args []string) {
	inPlace := false
	var expr []string
	for n, a := range args {
		if strings.HasPrefix(a, "-i") || strings.HasPrefix(a, "--in-place") || strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.Contains(a, "i") {
			inPlace = true
		}
		if n > 0 && strings.HasPrefix(args[n-1], "-e") || strings.ContainsAny(a, "/|#,") && !strings.HasPrefix(a, "/etc") && !strings.HasPrefix(a, "/opt") {
			expr = append(expr, a)
		}
	}
	if !inPlace {
		return
	}
	for n, a := range args {
		if strings.HasPrefix(a, "-") {
			continue
		}
		p := where(s, a)
		switch t := classify(p); {
		case t.kind != elsewhere && t.kind != dead:
			i.opaque(s, "sed changes TLJH's configuration here in ways that cannot be followed")
		case strings.HasPrefix(p, "/etc/ssh/sshd_config"):
			i.sshd(s, span.Literal(replacements(expr), s.Argv[n+1]))
		case strings.HasPrefix(p, "/etc/apt/apt.conf"):
			i.aptConf(s, span.Literal(replacements(expr), s.Argv[n+1]))
		default:
			if old, ok := i.fs[p]; ok {
				i.fs[p] = span.Literal(span.Unknown("the content of a file that sed changes"), old)
			}
		}
	}
}

// replacements are the right sides of s/…/…/ expressions, one a line.
func replacements(expr []string) string {
	var out []string
	for _, e := range expr {
		for _, part := range strings.FieldsFunc(e, func(r rune) bool { return r == ';' || r == '\n' }) {
			part = strings.TrimSpace(part)
			k := strings.Index(part, "s")
			if k < 0 || k+1 >= len(part) {
				continue
			}
			if fields := strings.Split(part[k+1:], part[k+1:k+2]); len(fields) >= 4 {
				out = append(out, fields[2])
			}
		}
	}
	return strings.Join(out, "\n")
}
