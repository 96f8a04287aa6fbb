package assemble

import (
	"slices"
	"strings"
)

// hosts are those of the playbooks that set a hub up.
func (g *group) hosts() []string {
	var hosts []string
	for _, u := range g.units {
		if g.maybe[u] == "" {
			hosts = append(hosts, u.hosts...)
		}
	}
	return hosts
}

// forHosts leaves of groups those that a playbook may be for, by their hosts.
func forHosts(u *unit, groups []*group) []*group {
	if len(u.hosts) == 0 {
		return groups
	}
	var out []*group
	for _, g := range groups {
		if h := g.hosts(); len(h) == 0 || overlap(h, u.hosts) {
			out = append(out, g)
		}
	}
	if len(out) == 0 {
		return groups
	}
	return out
}

// everybody says whether a pattern means all hosts, or may.
func everybody(pattern string) bool {
	for _, p := range strings.FieldsFunc(pattern, func(r rune) bool { return r == ',' || r == ':' }) {
		if p == "all" || p == "*" {
			return true
		}
	}
	return strings.Contains(pattern, "…")
}

// overlap says whether two plays are visibly for the same machine.
func overlap(a, b []string) bool {
	if without(a, b) || without(b, a) {
		return false
	}
	if everybody(a[0]) || everybody(b[0]) {
		return true
	}
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

// without says whether the pattern of a leaves out what b is for, as in all:!b.
func without(a, b []string) bool {
	for _, p := range strings.FieldsFunc(a[0], func(r rune) bool { return r == ',' || r == ':' }) {
		if out, ok := strings.CutPrefix(strings.TrimSpace(p), "!"); ok && slices.Contains(b, out) {
			return true
		}
	}
	return false
}

// forSame is the unit among units that is for the same machine as u.
func forSame(units []*unit, u *unit) *unit {
	for _, w := range units {
		if overlap(w.hosts, u.hosts) {
			return w
		}
	}
	return nil
}
