package assemble

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/read/makefile"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// readMakefiles makes a unit of each Makefile that sets up a hub. Who makes what nobody knows: certain is what every goal makes
// that installs TLJH; where none does, what the only goal makes that has to do with TLJH, or else "make" alone.
func (l *loader) readMakefiles(carriers []repo.Unread) {
	for _, f := range carriers {
		if f.Kind != repo.MakefileKind || l.used[f.Path] {
			continue
		}
		m := l.makefile(f)
		if m == nil {
			l.broken[f.Path] = true
			continue
		}
		car := step.Carrier{File: f.Path, Format: "makefile", At: m.at, Steps: l.made(m.Makefile, m.steps), Uses: m.Uses(), Problems: m.Problems}
		u := l.look(f.Path, car)
		l.cover(f.Path, car.Steps...)
		if u.relevant() && l.speaks(u) {
			l.use(append(m.Uses(), u.uses...))
			u.separate = !u.install
			l.units = append(l.units, u)
		}
	}
}

// recipes is a Makefile with the steps of its targets.
type recipes struct {
	*makefile.Makefile
	steps map[*makefile.Target][]step.Step
	at    span.Span
}

// makefile is a Makefile, read once; nil if it cannot be opened.
func (l *loader) makefile(f repo.Unread) *recipes {
	if m, ok := l.recipes[f.Path]; ok {
		return m
	}
	if l.recipes == nil {
		l.recipes = map[string]*recipes{}
	}
	l.recipes[f.Path] = nil
	if src := l.open(f.Path); src != nil {
		m := &recipes{makefile.Read(l.tree, src), map[*makefile.Target][]step.Step{}, src.Span(0, 0)}
		for _, t := range m.Targets {
			m.steps[t] = m.Steps(t, nil)
		}
		l.recipes[f.Path] = m
	}
	return l.recipes[f.Path]
}

// made are the steps of a Makefile in the order of the goal that counts, those that may not be made conditional.
func (l *loader) made(m *makefile.Makefile, steps map[*makefile.Target][]step.Step) []step.Step {
	var goals, touching [][]*makefile.Target
	for _, g := range m.Goals() {
		order := m.Order(g)
		switch u := l.making(order, steps); {
		case u.install:
			goals = append(goals, order)
		case u.relevant():
			touching = append(touching, order)
		}
	}
	switch {
	case len(goals) > 0:
	case len(touching) == 1:
		goals = touching
	case m.Default != "":
		goals = [][]*makefile.Target{m.Order(m.Default)}
	}
	count := map[*makefile.Target]int{}
	for _, order := range goals {
		for _, t := range order {
			count[t]++
		}
	}
	var out []step.Step
	done := map[*makefile.Target]bool{}
	add := func(t *makefile.Target) {
		if done[t] {
			return
		}
		done[t] = true
		if len(goals) > 0 && count[t] == len(goals) {
			out = append(out, steps[t]...)
			return
		}
		why := fmt.Sprintf("it is what \"make %s\" does in %s, and nothing in the repository says whether that is run", t.Name, m.File)
		out = append(out, doubtful(steps[t], why, t.At)...)
	}
	for _, order := range goals {
		for _, t := range order {
			add(t)
		}
	}
	for _, t := range m.Targets {
		add(t)
	}
	return out
}

// making is what making targets does to TLJH.
func (l *loader) making(order []*makefile.Target, steps map[*makefile.Target][]step.Step) *unit {
	var all []step.Step
	for _, t := range order {
		all = append(all, steps[t]...)
	}
	if len(all) == 0 {
		return &unit{}
	}
	return l.look("", step.Carrier{Steps: all})
}
