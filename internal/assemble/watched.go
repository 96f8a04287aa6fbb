package assemble

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// watched settles whether a check from outside, which was given to the only machine there is, looks at this hub: it does
// where it names one of the hub's domains. Else it may watch another web site.
func watched(root, infra *doc.Node) {
	domains := root.Get("https", "domains").List()
	for _, in := range infra.Get("instances").List() {
		if on, _ := in.Get("is_hub").Value.(bool); !on {
			continue
		}
		for _, check := range in.Get("monitoring").List() {
			host := check.Get("host")
			if host == nil || names(domains, host) {
				continue
			}
			what := "the host that it checks"
			if s, ok := host.Str(); ok {
				what = s
			}
			check.Put("kind", doc.UnknownOf("whether "+what+" is this hub is not in the repository; declare its DNS record beside the machine, or state monitoring in an infra.yaml", check.At))
		}
	}
}

// names says whether host is among domains: the same name, or the same thing that nobody knows.
func names(domains []*doc.Node, host *doc.Node) bool {
	s, known := host.Str()
	for _, d := range domains {
		t, ok := d.Str()
		if known && ok && strings.EqualFold(s, t) || !known && !ok && host.Why != "" && host.Why == d.Why {
			return true
		}
	}
	return false
}
