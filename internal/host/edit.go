package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

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
