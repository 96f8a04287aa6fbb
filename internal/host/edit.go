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
	for n, a := range args {
		if strings.HasPrefix(a, "-") {
			continue
		}
		p := where(s, strings.TrimSuffix(a, "/*"))
		origin := s.Argv[n+1]
		i.removeSystemFile(s, p)
		delete(i.fs, p)
		if len(i.m.Ops) == 0 {
			continue
		}
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

// removeSystemFile takes back what a file of the operating system said about the machine.
func (i *interp) removeSystemFile(s *step.Step, p string) {
	switch {
	case strings.HasPrefix(p, "/etc/apt/apt.conf"):
		i.guest.patching.removed(s, p)
	case strings.HasPrefix(p, "/etc/ssh/sshd_config"):
		i.guest.sshd.removed(s, p)
	case strings.HasPrefix(p, "/etc/cron"), strings.HasPrefix(p, "/var/spool/cron"):
		i.unschedule(s, p)
	}
}
