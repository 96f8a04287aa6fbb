package assemble

import (
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// aside is a play that has nothing to do with TLJH, or a playbook that is run by itself: it may run on a hub's machine.
type aside struct {
	book    string
	carrier step.Carrier
	why     string      // why it is not certain
	hosts   []string    // patterns and names
	only    bool        // of the only playbook that there is
	doubted []step.Step // carrier.Steps where it is not certain, made once for all hubs
}

// setAside keeps a play that has nothing to do with TLJH for the hubs on whose machine it may run.
func (l *loader) setAside(b ansible.Playbook, p ansible.Play, why string) {
	if p.Local || len(p.Steps) == 0 {
		return
	}
	c := carrierOf(b, p)
	c.Steps = slices.DeleteFunc(slices.Clone(c.Steps), func(s step.Step) bool { // nothing here speaks of TLJH
		_, opaque := shell.IsOpaque(&s)
		return opaque || len(s.Argv) > 0 && span.IsUnknown(s.Argv[0].String())
	})
	l.asides = append(l.asides, aside{book: b.File, carrier: c, why: why, hosts: append([]string{p.Hosts}, p.Names...), only: l.onlyBook == b.File})
}

// alongside are the plays that may run on a hub's machine beside its set-up. Those of the only playbook there is, where it is
// for all hosts and there is only one, or that are visibly run with it, come before a script and after user data. The others
// are conditional, and come after it, since nobody knows what they undo.
func (l *loader) alongside(g *group) (before, after []step.Carrier) {
	hosts := g.hosts()
	type run struct {
		book string
		step.Carrier
	}
	var first, then []run
	for i := range l.asides {
		a := &l.asides[i]
		if len(hosts) > 0 && !overlap(hosts, a.hosts) {
			continue
		}
		c := a.carrier
		switch {
		case !l.certain(*a, g):
			if a.doubted == nil {
				a.doubted = doubtful(c.Steps, a.why, c.At)
			}
			c.Steps = a.doubted
		default:
			behind, known := l.runsBefore(g.main().file, a.book)
			if known && !behind || !known && g.machine == "" { // what a machine does at its first start comes before Ansible reaches it
				first = append(first, run{a.book, c})
				continue
			}
		}
		then = append(then, run{a.book, c})
	}
	for _, list := range [][]run{first, then} {
		slices.SortStableFunc(list, func(x, y run) int {
			if yes, known := l.runsBefore(x.book, y.book); known && yes {
				return -1
			} else if known {
				return 1
			}
			return 0
		})
	}
	for _, r := range first {
		before = append(before, r.Carrier)
	}
	for _, r := range then {
		after = append(after, r.Carrier)
	}
	return before, append(after, l.checksOf(g)...)
}

// certain says whether a play is run on a hub's machine beyond doubt.
func (l *loader) certain(a aside, g *group) bool {
	if l.together(a.book, a.hosts, g) {
		return true
	}
	if !a.only || !everybody(a.hosts[0]) || l.hubs != 1 {
		return false
	}
	machines := 0
	for _, m := range l.modules {
		machines += len(m.infra.Get("instances").List())
	}
	return machines < 2
}

// optional are the Ansible files of plays that may or may not be run on a hub's machine, with the reason.
func (l *loader) optional(g *group) map[string]string {
	out := map[string]string{}
	hosts := g.hosts()
	for _, a := range l.asides {
		if (len(hosts) == 0 || overlap(hosts, a.hosts)) && !l.certain(a, g) {
			for _, f := range a.carrier.Uses {
				out[f] = a.why
			}
		}
	}
	for _, u := range g.units {
		for _, c := range u.carriers {
			for _, f := range c.Uses {
				if g.maybe[u] != "" {
					out[f] = g.maybe[u]
				}
			}
		}
	}
	for _, u := range g.units { // what is run for certain is read, and says for itself what it does
		for _, c := range u.carriers {
			for _, f := range c.Uses {
				if g.maybe[u] == "" {
					delete(out, f)
				}
			}
		}
	}
	return out
}
