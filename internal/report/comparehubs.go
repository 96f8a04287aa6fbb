package report

import (
	"path"
	"slices"
	"strings"
)

// pairHubs says which hub of head each hub of the base is now, and notes those that came, went or got another name.
// "" is the repository as a whole.
func pairHubs(head, base *Report, c *Comparison) map[string]string {
	names := map[string]string{"": ""}
	var added, removed []Hub
	for _, h := range base.Hubs {
		if slices.ContainsFunc(head.Hubs, func(x Hub) bool { return x.Name == h.Name }) {
			names[h.Name] = h.Name
		} else {
			removed = append(removed, h)
		}
	}
	for _, h := range head.Hubs {
		if _, ok := names[h.Name]; !ok {
			added = append(added, h)
		}
	}
	for _, how := range []func(was, now Hub) bool{
		func(was, now Hub) bool { return was.Dir != "." && was.Dir == now.Dir },
		sameFiles,
		func(was, now Hub) bool { return moved(was, now) && failsStill(base, head, was.Name, now.Name) },
	} {
		var left []Hub
		for _, was := range removed {
			i, ok := only(added, func(now Hub) bool { return how(was, now) })
			if ok {
				_, ok = only(removed, func(other Hub) bool { return how(other, added[i]) }) // else several could be the one
			}
			if !ok {
				left = append(left, was)
				continue
			}
			names[was.Name] = added[i].Name
			c.HubsRenamed = append(c.HubsRenamed, RenamedHub{was.Name, added[i].Name})
			added = slices.Delete(added, i, i+1)
		}
		removed = left
	}
	for _, h := range added {
		c.HubsAdded = append(c.HubsAdded, h.Name)
	}
	for _, h := range removed {
		r := RemovedHub{Name: h.Name, Dir: h.Dir}
		for _, res := range base.Of(h.Name) {
			switch {
			case wrong(res.Outcome):
				r.Failures++
			case res.Outcome == Unknown || res.Outcome == RuleError:
				r.Unknowns++
			}
		}
		c.HubsRemoved = append(c.HubsRemoved, r)
	}
	return names
}

// only is the index of the one hub that fits; not ok when there is none or there are several.
func only(hubs []Hub, fits func(Hub) bool) (int, bool) {
	found := -1
	for i, h := range hubs {
		if !fits(h) {
			continue
		}
		if found >= 0 {
			return -1, false
		}
		found = i
	}
	return found, found >= 0
}

// sameFiles: two hubs share more than half of their files.
func sameFiles(was, now Hub) bool {
	return 2*shared(was.Sources, now.Sources) > union(was.Sources, now.Sources)
}

// moved: the hubs have the same files, seen from their directories.
func moved(was, now Hub) bool {
	a, b := relative(was), relative(now)
	return len(a) > 0 && shared(a, b) == union(a, b)
}

func relative(h Hub) []string {
	var out []string
	for _, s := range h.Sources {
		if h.Dir != "." && strings.HasPrefix(s, h.Dir+"/") {
			s = path.Join(".", strings.TrimPrefix(s, h.Dir))
		}
		out = append(out, s)
	}
	return out
}

func shared(a, b []string) (n int) {
	for _, s := range a {
		if contains(b, s) {
			n++
		}
	}
	return n
}

func union(a, b []string) int { return len(a) + len(b) - shared(a, b) }

// failsStill says whether all that failed at one hub fails at the other too. Without that, a hub that goes while
// another comes would look repaired.
func failsStill(base, head *Report, was, now string) bool {
	wrongNow := map[string]bool{}
	for _, r := range head.Of(now) {
		if wrong(r.Outcome) {
			wrongNow[r.Rule] = true
		}
	}
	for _, r := range base.Of(was) {
		if wrong(r.Outcome) && !wrongNow[r.Rule] {
			return false
		}
	}
	return true
}
