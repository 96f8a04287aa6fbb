package assemble

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/step"
)

// byAddress is the only machine that fetches a hub's installing script from an address that ends in the script's path in this
// repository: what a template's parameters, or a start-up script, take from where the repository is published.
func (l *loader) byAddress(g *group) seat {
	var on seat
	for _, u := range g.units {
		if !u.install || u.machine != "" {
			continue
		}
		for _, m := range l.modules {
			for id, carriers := range m.idle {
				if !g.means(m) || !fetches(carriers, u.file) {
					continue
				}
				if on.module != nil && (on.module != m || on.id != id) {
					return seat{}
				}
				on = seat{module: m, id: id, how: "it fetches " + u.file + ", going by the address"}
			}
		}
	}
	return on
}

// fetches says whether a command names an address of the web that ends in the path of a file.
func fetches(carriers []step.Carrier, file string) bool {
	for _, c := range carriers {
		for _, s := range c.Steps {
			for _, w := range slices.Concat(s.Argv, s.Upstream) {
				address, _, _ := strings.Cut(w.String(), "?")
				if strings.HasPrefix(address, "https://") && strings.HasSuffix(address, "/"+file) {
					return true
				}
			}
		}
	}
	return false
}
