package assemble

import (
	"fmt"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// group is one hub: its units in the order in which they are applied.
type group struct {
	name    string
	dir     string
	units   []*unit
	maybe   map[*unit]string // units that may not belong to it, and why
	setting *HubSetting
	module  *module
	machine string
	tied    *module // the module of the machine that it is inferred to run on
}

// group decides which units make which hub.
//
// The settings come first. Then every machine whose user data or provisioners touch TLJH, every script that installs
// TLJH and every whole config.yaml stands for a hub; a config.yaml belongs to the nearest installer, and one installer
// may serve several config.yaml. Scripts that only change settings belong to the nearest hub; where nothing says which
// hub they run on, or whether they run at all, what they set becomes unknown rather than guessed.
func (l *loader) group() []*group {
	groups := l.fromSettings()
	var rest []*unit
	claimed := map[*unit]bool{}
	for _, g := range groups {
		for _, u := range g.units {
			claimed[u] = true
		}
	}
	for _, u := range l.units {
		if !claimed[u] {
			rest = append(rest, u)
		}
	}
	anchors, fragments := anchors(rest)
	groups = append(groups, l.withoutSketches(anchors)...)
	groups = l.attach(groups, l.withoutOtherStarts(groups, fragments))
	name(groups)
	return groups
}

func (l *loader) fromSettings() []*group {
	var groups []*group
	for i := range l.opts.Hubs {
		s := &l.opts.Hubs[i]
		g := &group{name: s.Name, dir: s.Dir, setting: s, maybe: map[*unit]string{}}
		listed := map[string]bool{}
		for _, f := range s.Sources {
			listed[path.Clean(f)] = true
		}
		if g.dir == "" {
			g.dir = "."
			if len(s.Sources) > 0 {
				g.dir = dirOf(path.Clean(s.Sources[0]))
			}
		}
		for _, u := range l.units {
			if len(s.Sources) > 0 && u.listed(listed) || len(s.Sources) == 0 && within(u.dir, path.Clean(g.dir)) {
				g.units = append(g.units, u)
			}
		}
		g.settle()
		if len(s.Sources) == 0 {
			for _, u := range g.units {
				if why := l.apart(u, g); why != "" && !u.install {
					g.maybe[u] = why
				}
			}
		}
		for _, f := range s.Sources {
			if !l.tree.Exists(path.Clean(f)) {
				l.problem(s.At, true, "hub %q of the settings: its source %s is not there, so what it did is not known; to rename it, first add the new file beside it and name that in the settings, then delete the old one", s.Name, f)
			}
		}
		if len(g.units) == 0 {
			l.problem(s.At, true, "hub %q of the settings: nothing in %s configures a TLJH hub; correct its dir or sources", s.Name, where(s))
			continue
		}
		groups = append(groups, g)
	}
	return groups
}

// settle finds the machine of a group: that which TLJH is installed on, else the first. What runs on others may not be the hub's.
func (g *group) settle() {
	var on *unit
	for _, u := range g.units {
		if u.machine != "" && (on == nil || u.install && !on.install) {
			on = u
		}
	}
	if on == nil {
		return
	}
	g.module, g.machine = on.module, on.machine
	for _, u := range g.units {
		if u.machine != "" && u.module == on.module && u.machine != on.machine {
			g.maybe[u] = fmt.Sprintf("it runs on %s, and the hub on %s", u.machine, on.machine)
		}
	}
}

// listed says whether the settings' sources name a unit: its file, or the tfvars file that its machine is made with.
func (u *unit) listed(sources map[string]bool) bool {
	if u.module != nil && u.module.varFile != "" {
		return sources[u.module.varFile]
	}
	return sources[u.file]
}

func where(s *HubSetting) string {
	if len(s.Sources) > 0 {
		return strings.Join(s.Sources, ", ")
	}
	return s.Dir
}

// anchors makes the groups that units found by discovery stand for, and returns the units left over.
func anchors(units []*unit) (groups []*group, fragments []*unit) {
	var installs, wholes []*unit
	start := func(u *unit, more ...*unit) {
		groups = append(groups, &group{dir: u.dir, units: append(more, u), module: u.module, machine: u.machine, maybe: map[*unit]string{}})
	}
	for _, u := range units {
		switch {
		case u.machine != "" && u.relevant():
			start(u)
		case u.install:
			installs = append(installs, u)
		case u.whole:
			wholes = append(wholes, u)
		default:
			fragments = append(fragments, u)
		}
	}
	taken := map[*unit]bool{}
	for _, w := range wholes {
		if near := nearest(w.dir, installs); len(near) == 1 {
			taken[near[0]] = true
			start(w, near[0])
		} else if own := nearest(w.dir, groups); len(near) == 0 && len(own) == 1 && !hasWhole(own[0]) && related(w.dir, own[0].dir) {
			own[0].units = append(own[0].units, w)
		} else {
			start(w)
		}
	}
	for _, u := range installs {
		if !taken[u] {
			start(u)
		}
	}
	return groups, fragments
}

func hasWhole(g *group) bool {
	for _, u := range g.units {
		if u.whole {
			return true
		}
	}
	return false
}

// placed is what lies in a directory.
type placed interface{ place() string }

func (u *unit) place() string  { return u.dir }
func (g *group) place() string { return g.dir }

// nearest are the things whose directory is closest to dir: the most directories shared, then the fewest steps away.
func nearest[T placed](dir string, all []T) []T {
	var out []T
	best := -1 << 30
	for _, x := range all {
		if d := closeness(dir, x.place()); d > best {
			best, out = d, []T{x}
		} else if d == best {
			out = append(out, x)
		}
	}
	return out
}

func closeness(a, b string) int {
	n := common(a, b)
	return n*100 - (depth(a) - n) - (depth(b) - n)
}

func depth(dir string) int {
	if dir == "." {
		return 0
	}
	return strings.Count(dir, "/") + 1
}

// attach gives fragments to the hubs they may belong to.
func (l *loader) attach(groups []*group, fragments []*unit) []*group {
	found := append([]*group(nil), groups...)
	if len(found) == 0 {
		return onlyFragments(fragments)
	}
	for _, u := range fragments {
		near := nearest(u.dir, forHosts(u, found))
		switch {
		case len(near) == 1 && related(u.dir, near[0].dir):
			if why := l.apart(u, near[0]); why != "" { // by the hosts of those that are there already
				near[0].maybe[u] = why
			}
			near[0].units = append(near[0].units, u)
		default:
			for _, g := range near {
				g.units = append(g.units, u)
				g.maybe[u] = fmt.Sprintf("nothing in the repository says whether %s runs on this hub", u.file)
			}
		}
	}
	return groups
}

// main is the unit that makes the group a hub.
func (g *group) main() *unit {
	for _, ok := range []func(*unit) bool{
		func(u *unit) bool { return u.install }, func(u *unit) bool { return u.whole }, func(u *unit) bool { return true },
	} {
		for _, u := range g.units {
			if ok(u) {
				return u
			}
		}
	}
	return &unit{at: span.Span{File: g.dir}}
}
