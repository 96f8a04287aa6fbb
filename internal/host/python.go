package host

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// valued are the options of pip, conda and mamba that take a value.
const valued = " -c --channel -n --name -p --prefix -r --requirement -f --file --index-url -i --extra-index-url --find-links -t --target --constraint --python --root --proxy --timeout "

// python is pip, conda or mamba putting packages into the shared user environment.
func (i *interp) python(s *step.Step, name string, args []string) bool {
	words := s.Argv[1:]
	if strings.HasPrefix(name, "python") || name == "uv" {
		switch {
		case len(args) > 1 && args[0] == "-m" && (args[1] == "pip" || args[1] == "conda"):
			name, words = args[1], words[2:]
		case name == "uv" && len(args) > 0 && args[0] == "pip":
			name, words = "pip", words[1:]
		default:
			return false
		}
	}
	conda := name == "conda" || name == "mamba" || name == "micromamba"
	if !conda && !strings.HasPrefix(name, "pip") || len(words) == 0 {
		return false
	}
	verb := words[0].String()
	rest := words[1:]
	if conda && verb == "run" { // conda run -n base pip install …
		for n, w := range rest {
			if k := w.String(); n > 0 && k != "base" && (rest[n-1].String() == "-n" || rest[n-1].String() == "--name") ||
				strings.HasPrefix(k, "-p") || strings.HasPrefix(k, "--prefix") || strings.HasPrefix(k, "--name=") && k != "--name=base" {
				return true // an environment of its own
			}
			if b := base(w.String()); b == "pip" || b == "pip3" {
				sub := *s
				sub.Argv = append([]span.Text{span.Literal(userEnv+"/bin/pip", w)}, rest[n+1:]...)
				return i.python(&sub, "pip", strs(sub.Argv[1:]))
			}
		}
		return true
	}
	if conda && verb == "env" && len(rest) > 0 {
		verb, rest = "env "+rest[0].String(), rest[1:]
	}
	if verb != "install" && verb != "env update" && verb != "update" && verb != "sync" {
		return true
	}
	i.packagesInto(s, conda, verb, rest)
	return true
}

func (i *interp) packagesInto(s *step.Step, conda bool, verb string, rest []span.Text) {
	var specs, files []span.Text
	prefix, envName := "", ""
	for k := 0; k < len(rest); k++ {
		a := rest[k].String()
		if !strings.HasPrefix(a, "-") {
			specs = append(specs, rest[k])
			continue
		}
		flag, val, joined := strings.Cut(a, "=")
		v := span.Text{}
		if joined && strings.HasPrefix(a, "--") {
			v = rest[k].Slice(len(a)-len(val), len(a))
		} else if flag = a; strings.Contains(valued, " "+a+" ") && k+1 < len(rest) {
			k++
			v = rest[k]
		} else if strings.HasPrefix(a, "-r") && len(a) > 2 && !conda {
			flag, v = "-r", rest[k].Slice(2, len(a))
		}
		switch flag {
		case "-r", "--requirement", "--file":
			files = append(files, v)
		case "-f":
			if conda {
				files = append(files, v)
			}
		case "-p", "--prefix", "-t", "--target":
			prefix = v.String()
		case "-n", "--name":
			envName = v.String()
		case "--python":
			prefix = strings.TrimSuffix(v.String(), "/bin/python")
		}
	}
	if strings.Contains(strings.Join(strs(specs), " "), "the-littlest-jupyterhub") && !conda {
		i.pipSpec = specs[0]
		return
	}
	if conda && verb == "update" && len(files) == 0 {
		return
	}
	specs = slices.DeleteFunc(specs, func(t span.Text) bool { return ownTool.MatchString(t.String()) })
	if len(specs) == 0 && len(files) == 0 {
		return
	}
	if prefix == "" && verb == "install" && inHubEnv(s) {
		i.hubPackages(s, specs)
		return
	}
	switch in, why := i.intoUserEnv(s, conda, prefix, envName); {
	case why != "":
		i.unsureIn = append(i.unsureIn, why)
		if i.m.Environment.At.IsZero() {
			i.m.Environment.At = s.At
		}
		return
	case !in:
		if !conda && prefix == "" && !strings.Contains(s.Argv[0].String(), "/opt/") {
			i.modules(s, specs, true)
		}
		return
	}
	for _, f := range files {
		i.listed(s, f, conda)
	}
	if len(specs) > 0 {
		pinned := true
		var parts []span.Text
		for n, p := range specs {
			pinned = pinned && pinnedSpec(p.String())
			if n > 0 {
				parts = append(parts, span.Plain(" "))
			}
			parts = append(parts, p)
		}
		i.source(s, "packages", span.Concat(parts...), &pinned)
	}
}

// ownTool is what installs packages: making it new adds nothing to work with.
var ownTool = lazyregexp.New(`(?i)^(?:pip|setuptools|wheel|conda|mamba|conda-libmamba-solver)(?:\s*[=<>!~].*)?$`)

// otherConda is a directory of $PATH with a conda of somebody else's.
var otherConda = lazyregexp.New(`(?i)conda|mamba|forge`)

// intoUserEnv says whether packages go to /opt/tljh/user; why is not empty when that is not known.
func (i *interp) intoUserEnv(s *step.Step, conda bool, prefix, envName string) (in bool, why string) {
	prog := s.Argv[0].String()
	switch {
	case prefix != "":
		return strings.HasPrefix(prefix, userEnv), ""
	case strings.HasPrefix(prog, userEnv+"/"):
		return envName == "" || envName == "base", ""
	case envName != "" && envName != "base":
		return false, ""
	case strings.Contains(prog, "/"):
		return false, ""
	}
	if v, ok := env(s, "PATH"); ok {
		p := v.String()
		u, sys := strings.Index(p, userEnv+"/bin"), strings.Index(p, "/usr/bin")
		if u >= 0 && (conda || sys < 0 || u < sys) && !otherConda.MatchString(span.Show(p[:u])) { // the system brings no conda
			return true, ""
		}
	}
	if s.Kept && i.terminal {
		return true, ""
	}
	if v, ok := env(s, "PATH?"); ok {
		return false, "packages are installed, but into which environment is not known: " + span.Reason(v.String())
	}
	if conda && envName == "base" {
		return true, "" // TLJH's environment is the only conda base on the machine
	}
	if s.Kept {
		return false, "packages are installed with sudo -E, which puts them into the shared environment only where an administrator types it in " +
			"the hub's terminal; write /opt/tljh/user/bin/ before the program"
	}
	if conda {
		return false, "packages are installed with conda, but nothing says into which environment"
	}
	return false, ""
}

// inHubEnv says whether a program is the hub's own environment's.
func inHubEnv(s *step.Step) bool {
	prog := s.Argv[0].String()
	if strings.Contains(prog, "/") {
		return strings.HasPrefix(prog, hubEnv+"/")
	}
	p, ok := env(s, "PATH")
	return ok && strings.HasPrefix(p.String(), hubEnv+"/bin:")
}

// modules notes packages that pip puts where the hub may find their modules.
func (i *interp) modules(s *step.Step, specs []span.Text, system bool) {
	for _, spec := range specs {
		if !span.IsUnknown(spec.String()) {
			i.op(s, tljh.Op{Kind: tljh.OpPackage, Name: spec.String(), System: system})
		}
	}
}

// listed is a requirements or environment file.
func (i *interp) listed(s *step.Step, f span.Text, conda bool) {
	kind := "requirements_file"
	if conda {
		kind = "environment_file"
	}
	if strings.Contains(f.String(), "://") {
		i.source(s, "requirements_url", f, nil)
		return
	}
	t, _, ok := i.open(s, f.String())
	if !ok {
		why := "the file " + span.Show(f.String()) + " is not in the repository; commit it"
		n := doc.NewMap(doc.Set, f.Span())
		n.Put("kind", doc.Of(kind, doc.Set, f.Span()))
		n.Put("target", textNode(f, f.Span()))
		n.Put("pinned", doc.UnknownOf(why, f.Span()))
		i.m.Environment.Add(n)
		i.problem(f.Span(), why)
		return
	}
	pinned, packages := true, 0
	lines(t, func(line string, _ span.Span) {
		if !conda || strings.HasPrefix(line, "- ") {
			packages++
		}
		if conda {
			item, is := strings.CutPrefix(line, "- ")
			pinned = pinned && (!is || strings.ContainsAny(item, "=") || strings.HasSuffix(item, ":") || item == "conda-forge" || item == "defaults" || item == "nodefaults" || strings.Contains(item, "://"))
			return
		}
		pinned = pinned && (strings.HasPrefix(line, "-") || pinnedSpec(line))
	})
	if packages == 0 {
		i.problem(f.Span(), "the file "+span.Show(f.String())+" names no packages")
		return
	}
	i.source(s, kind, f, &pinned)
}

var (
	gitRef    = lazyregexp.New(`^(?:.* @ )?git\+[^@]*(?:@[^/@]*[:/][^@]*)?@([0-9a-f]{7,40}|v?[0-9][0-9A-Za-z.-]*)(#.*)?$`)
	condaSpec = lazyregexp.New(`^([\w.-]+::)?[\w.\[\]-]+(==?=?)[0-9][^,<>]*$`)
)

// pinnedSpec says whether a package specification fixes one version.
func pinnedSpec(p string) bool {
	p, _, _ = strings.Cut(p, " #")
	p, _, _ = strings.Cut(p, ";")
	p = strings.TrimSpace(p)
	if span.IsUnknown(p) {
		return false
	}
	return strings.Contains(p, "--hash=") || gitRef.MatchString(p) || condaSpec.MatchString(strings.ReplaceAll(p, " ", ""))
}
