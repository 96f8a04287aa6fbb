package assemble

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/puppet"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// hostGap is a role or a file of tasks that is not in the repository, of a playbook for some hosts.
type hostGap struct {
	ansible.Gap
	hosts [][]string // of each play
}

// missing notes the gaps of a playbook, with the hosts of its plays.
func (l *loader) missing(b ansible.Playbook) {
	var hosts [][]string
	for _, p := range b.Plays {
		if !p.Local {
			hosts = append(hosts, append([]string{p.Hosts}, p.Names...))
		}
	}
	for _, g := range b.Gaps {
		l.gaps = append(l.gaps, hostGap{g, hosts})
	}
}

// gap says which role or file of tasks that is not in the repository may see to something on a hub's machine.
func (l *loader) gap(g *group) string {
	hosts := g.hosts()
	if w := g.unseenClass(func(name, _ string, minor bool) bool { return !minor && !narrow.MatchString(name) }); w != "" {
		return w
	}
	for _, m := range l.gaps {
		for _, h := range m.hosts {
			if narrow.MatchString(m.Name) || len(hosts) > 0 && !overlap(hosts, h) {
				continue
			}
			return fmt.Sprintf("%s, which %s uses, may see to it, and it is not in this repository", m.Name, m.At.File)
		}
	}
	return ""
}

// unseenClass says which class or type of Puppet's that is not in the repository may see to something, of those that may.
func (g *group) unseenClass(may func(name, words string, minor bool) bool) string {
	for _, u := range g.units {
		for _, c := range u.carriers {
			for k := range c.Steps {
				if name, words, minor, ok := puppet.Missing(&c.Steps[k]); ok && may(name, words, minor) {
					return fmt.Sprintf("%s, which %s uses, may see to it, and it is not in this repository", span.Show(name), c.Steps[k].At.File)
				}
			}
		}
	}
	return ""
}

// narrow are roles of other repositories whose names say that they see to one thing that nobody asks about.
var narrow = lazyregexp.New(`(?i)docker|nodejs|node_js|\bnode$|java|\bgit\b|pip$|python|swap|ntp|chrony|timezone|locale|postgres|mysql|mariadb|redis|nvidia|cuda|conda|\br$|golang|ruby|php|certbot|nginx|apache`)
