package assemble

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
// for all hosts and there is only one, or that are visibly run with it, come before a script and after user data, or where they are run.
// The others are conditional, and come after it, since nobody knows what they undo.
func (l *loader) alongside(g *group) (before, after []step.Carrier) {
	hosts := g.hosts()
	var first, then []*aside
	certain := map[*aside]bool{}
	for i := range l.asides {
		a := &l.asides[i]
		if len(hosts) > 0 && !overlap(hosts, a.hosts) {
			continue
		}
		if certain[a] = l.certain(a, g); certain[a] {
			behind, known := l.runsBefore(g.main().file, a.book)
			if known && !behind || !known && g.machine == "" { // what a machine does at its first start comes before Ansible reaches it
				first = append(first, a)
				continue
			}
		}
		then = append(then, a)
	}
	if !slices.ContainsFunc(then, func(a *aside) bool { return certain[a] }) {
		after = l.perhaps(then)
	} else {
		l.inOrder(then)
		for _, a := range then {
			c := a.carrier
			if !certain[a] {
				c.Steps = a.doubts()
			}
			after = append(after, c)
		}
	}
	l.inOrder(first)
	for _, a := range first {
		before = append(before, a.carrier)
	}
	return before, slices.Concat(after, l.checksOf(g))
}

// inOrder sorts plays as they are visibly run.
func (l *loader) inOrder(list []*aside) {
	slices.SortStableFunc(list, func(x, y *aside) int {
		if yes, known := l.runsBefore(x.book, y.book); known && yes {
			return -1
		} else if known {
			return 1
		}
		return 0
	})
}

// doubts are the steps of a play that may not run.
func (a *aside) doubts() []step.Step {
	if a.doubted == nil {
		a.doubted = doubtful(a.carrier.Steps, a.why, a.carrier.At)
	}
	return a.doubted
}

// perhaps are carriers of plays of which none is certain. What one of them may do, others that may do it too add nothing to. They are the same
// for every hub that they may be run on, so they are made once.
func (l *loader) perhaps(list []*aside) []step.Carrier {
	if slices.Equal(l.maybe.of, list) {
		return l.maybe.carriers
	}
	done := map[string]bool{}
	var out []step.Carrier
	for _, a := range list {
		c := a.carrier
		c.Steps = nil
		for _, s := range a.doubts() {
			if key := does(&s); !done[key] {
				done[key] = true
				c.Steps = append(c.Steps, s)
			}
		}
		if len(c.Steps) > 0 {
			out = append(out, c)
		}
	}
	l.maybe.of, l.maybe.carriers = list, out
	return out
}

// does is what a step does, as a text; steps that do the same have the same.
func does(s *step.Step) string {
	var b strings.Builder
	write := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(strconv.Itoa(len(p)))
			b.WriteByte(':')
			b.WriteString(p)
		}
	}
	for _, list := range [][]span.Text{s.Argv, s.Upstream} {
		for _, t := range list {
			write(t.String())
		}
		b.WriteByte('/')
	}
	for _, e := range s.Env {
		write(e.Name, e.Value.String())
	}
	if s.Stdin != nil {
		write("<", s.Stdin.String())
	}
	write(s.Dir, s.Dest.String(), s.Content.String(), s.Mode)
	fmt.Fprint(&b, s.Append, s.Loop, s.Remote, s.OtherHost, s.Kept)
	return b.String()
}

// certain says whether a play is run on a hub's machine beyond doubt.
func (l *loader) certain(a *aside, g *group) bool {
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

// optional says why the file of a play may or may not be run on a hub's machine; "" where it is run for certain, or no play uses it.
func (l *loader) optional(g *group, file string) string {
	why := ""
	for _, u := range g.units { // what is run for certain is read, and says for itself what it does
		for _, c := range u.carriers {
			if !slices.Contains(c.Uses, file) {
				continue
			}
			if g.maybe[u] == "" {
				return ""
			}
			why = g.maybe[u]
		}
	}
	if why != "" {
		return why
	}
	hosts := g.hosts()
	for _, a := range slices.Backward(l.usersOf(file)) {
		if (len(hosts) == 0 || overlap(hosts, a.hosts)) && !l.certain(a, g) {
			return a.why
		}
	}
	return ""
}

// usersOf are the plays beside hubs' own that use a file.
func (l *loader) usersOf(file string) []*aside {
	if l.asidesBy == nil {
		l.asidesBy = map[string][]*aside{}
		for i := range l.asides {
			for _, f := range l.asides[i].carrier.Uses {
				l.asidesBy[f] = append(l.asidesBy[f], &l.asides[i])
			}
		}
	}
	return l.asidesBy[file]
}
