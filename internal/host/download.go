package host

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// download remembers what curl and wget fetch to files, and where from.
func (i *interp) download(s *step.Step, name string, args []string) {
	if name != "curl" && name != "wget" {
		return
	}
	url, out, into := "", "", ""
	for n, a := range args {
		switch {
		case strings.Contains(a, "://"):
			url = a
		case (a == "-o" || a == "--output" || a == "-O" && name == "wget" || a == "--output-document") && n+1 < len(args):
			out = args[n+1]
		case strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && len(a) > 2 && n+1 < len(args) &&
			(name == "curl" && strings.HasSuffix(a, "o") || name == "wget" && strings.HasSuffix(a, "O")):
			out = args[n+1]
		case (name == "wget" && (a == "-P" || a == "--directory-prefix") || name == "curl" && a == "--output-dir") && n+1 < len(args):
			into = args[n+1]
		case strings.HasPrefix(a, "--directory-prefix="):
			_, into, _ = strings.Cut(a, "=")
		case strings.HasPrefix(a, "--output="), strings.HasPrefix(a, "--output-document="):
			_, out, _ = strings.Cut(a, "=")
		case name == "wget" && strings.HasPrefix(a, "-O") && len(a) > 2:
			out = a[2:]
		}
	}
	if url == "" {
		for n, a := range args { // curl tljh.jupyter.org/bootstrap.py; or an address that is not known
			if !strings.HasPrefix(a, "-") && (n == 0 || args[n-1] != "-o" && args[n-1] != "-O") {
				url = a
			}
		}
	}
	if s.IsWrite() {
		out = s.Dest.String()
	} else if out == "" {
		remote := name == "wget" || pick(args, "-O", "--remote-name", "-LO", "-OL", "-sSLO", "-fsSLO", "-sLO", "-fSLO", "-fLO", "-SLO", "-JLO", "-LJO", "-OJL") != ""
		if !remote {
			return
		}
		out = base(url)
	}
	if into != "" && !strings.HasPrefix(out, "/") {
		out = path.Join(into, out)
	}
	if out == "-" || out == "/dev/null" || out == "/dev/stdout" {
		return
	}
	p := where(s, out)
	i.urls[p] = url
	if !s.IsWrite() {
		w := *s
		w.Argv, w.Dest = nil, span.Literal(out, s.Argv[0])
		w.Content = span.Literal(span.Unknown("the content of a file that is downloaded when the script runs"), s.Argv[0])
		i.write(&w)
	}
}

// runScript reads a script that an earlier step put on the machine.
func (i *interp) runScript(s *step.Step, args []string) {
	for n, a := range args {
		if strings.HasPrefix(a, "-") {
			continue
		}
		if i.agent(s, a) || i.agent(s, i.urls[where(s, a)]) {
			return
		}
		t, ok := i.fs[where(s, a)]
		if !ok || span.IsUnknown(t.String()) && t.Len() < 4096 && strings.TrimSpace(span.Show(t.String())) == "…" {
			if u := i.urls[where(s, a)]; hubWords.MatchString(u) {
				i.opaque(s, "a script is run that is downloaded from elsewhere")
			}
			return
		}
		i.nested(s, t, s.Argv[n+2:])
		return
	}
	if len(s.Upstream) > 0 {
		for _, u := range s.Upstream {
			if i.agent(s, u.String()) {
				return
			}
		}
		for _, u := range s.Upstream {
			if hubWords.MatchString(u.String()) {
				i.opaque(s, "a script is run that is downloaded from elsewhere")
				return
			}
		}
	}
}

// nested reads text as a script that s runs.
func (i *interp) nested(s *step.Step, text span.Text, args []span.Text) {
	if i.depth >= 4 {
		i.opaque(s, "scripts that run scripts, nested too deeply")
		return
	}
	i.depth++
	defer func() { i.depth-- }()
	r := shell.Read(text, shell.Options{Files: i.files, Dir: dirOf(s.At.File), Args: args, Written: i.fs, Cwd: s.Dir})
	i.m.Problems = append(i.m.Problems, r.Problems...)
	for _, u := range r.Uses {
		i.use(u)
	}
	for k := range r.Steps {
		n := &r.Steps[k]
		if n.Cond == nil {
			n.Cond = s.Cond
		}
		n.Loop = n.Loop || s.Loop
		i.step(n)
	}
}
