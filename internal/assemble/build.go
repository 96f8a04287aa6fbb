package assemble

import (
	"fmt"
	"path"
	"slices"
	"sort"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/host"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// build makes the document of one hub.
func (l *loader) build(g *group) *hub.Document {
	units, known := l.ordered(g)
	on, also := l.seatOf(g)
	before, after := l.alongside(g)
	before = slices.Concat(also, before)
	carriers := slices.Concat(before, carriersOf(g, units), after)
	machine := host.Interpret(carriers, l.tree)
	ops := g.ops(machine.Ops)
	result := tljh.Run(ops)
	if rev := reversed(units); rev != nil && !known {
		other := tljh.Run(g.ops(host.Interpret(slices.Concat(before, carriersOf(g, rev), after), l.tree).Ops))
		result = joinHubs(result, other, orderWhy(units))
	}

	problems := append(append([]step.Problem(nil), machine.Problems...), result.Problems...)
	for _, c := range carriers {
		problems = append(problems, c.Problems...)
	}
	infra, more := l.infra(g, on, machine)
	problems = SortProblems(append(problems, more...))

	root := doc.NewMap(doc.Set, span.Span{})
	root.Put("schema_version", doc.Of(hub.SchemaVersion, doc.Set, span.Span{}))
	root.Put("hub", nil)
	for _, part := range []struct {
		key  string
		node *doc.Node
	}{
		{"tljh", result.TLJH}, {"config", result.Config}, {"stages", result.Stages}, {"jupyterhub", result.JupyterHub},
		{"authenticator", result.Authenticator}, {"limits", result.Limits}, {"https", result.HTTPS}, {"services", result.Services},
		{"infra", infra}, {"environment", environment(g, machine, infra)},
	} {
		root.Put(part.key, part.node)
	}
	l.terminated(g, root, machine, infra)
	watched(root, infra)
	installerFacts(root, machine.Ops)
	root.Put("attestations", l.attestations(g))
	root.Put("secrets", doc.NewList(doc.Set, span.Span{}, result.Secrets...))
	root.Put("problems", problemList(problems))
	l.promised(g, root)

	d := &hub.Document{Name: g.name, Dir: g.dir, Sources: l.sources(g), Root: root, Ops: ops, Fallback: g.main().at}
	d.Machines = on.choice
	if stated := l.declaredFor(g); stated != nil {
		d.Declared = stated.file
	}
	if d.Fallback.IsZero() {
		d.Fallback = span.Span{File: g.main().file}
	}
	d.Source = func(file string) *span.Source {
		src, err := l.tree.Open(file)
		if err != nil {
			return nil
		}
		return src
	}
	root.Put("hub", l.about(g, d))
	l.problems = append(l.problems, problems...)
	return d
}

// ordered is in which order units are applied; known says that what runs them tells it.
func (l *loader) ordered(g *group) (units []*unit, known bool) {
	units = g.ordered()
	for i, a := range units {
		for _, b := range units[i+1:] {
			if _, known := l.runsBefore(a.file, b.file); !known || g.maybe[a] != "" || g.maybe[b] != "" {
				return units, false
			}
		}
	}
	sort.SliceStable(units, func(i, j int) bool { yes, _ := l.runsBefore(units[i].file, units[j].file); return yes })
	for i := range units {
		for _, b := range units[i+1:] {
			if yes, _ := l.runsBefore(units[i].file, b.file); !yes {
				return g.ordered(), false // they go round in a circle
			}
		}
	}
	return units, true
}

// ordered puts installers first, whole configurations next, then what only changes settings, by name.
func (g *group) ordered() []*unit {
	units := append([]*unit(nil), g.units...)
	rank := func(u *unit) int {
		switch {
		case u.install:
			return 0
		case u.whole:
			return 1
		}
		return 2
	}
	sort.SliceStable(units, func(i, j int) bool {
		if a, b := rank(units[i]), rank(units[j]); a != b {
			return a < b
		}
		return units[i].file < units[j].file
	})
	return units
}

// reversed is the other order in which units may have been applied, nil when there is no choice: one unit, or an
// installer that sets nothing by itself followed by one more. Nothing changes settings before TLJH is installed, so an
// installer that sets some counts as run again in the end.
func reversed(units []*unit) []*unit {
	installs, plain := 0, 0
	for installs < len(units) && units[installs].install {
		if !units[installs].config && !units[installs].opaque {
			plain++
		}
		installs++
	}
	if len(units)-plain < 2 {
		return nil
	}
	out := append([]*unit(nil), units[:installs]...)
	for i := len(units) - 1; i >= 0; i-- {
		if u := units[i]; !u.install || u.config || u.opaque {
			out = append(out, u)
		}
	}
	return out
}

func orderWhy(units []*unit) string {
	return fmt.Sprintf("%s and %s set it differently, and nothing in the repository says which is applied last",
		units[0].file, units[len(units)-1].file)
}

func carriersOf(g *group, units []*unit) []step.Carrier {
	var out []step.Carrier
	for _, u := range units {
		why := g.maybe[u]
		for _, c := range u.carriers {
			if why != "" {
				c.Steps = doubtful(c.Steps, why, u.at)
			}
			out = append(out, c)
		}
	}
	return out
}

// doubtful makes every step conditional.
func doubtful(steps []step.Step, why string, at span.Span) []step.Step {
	out := append([]step.Step(nil), steps...)
	for i := range out {
		if out[i].Cond == nil {
			out[i].Cond = &step.Cond{Why: why, At: at}
		}
	}
	return out
}

// ops adds what units in formats without a reader may do.
func (g *group) ops(ops []tljh.Op) []tljh.Op {
	for _, u := range g.units {
		if u.opaque && len(u.carriers) > 0 {
			why := fmt.Sprintf("%s may set it, and cannot be read as far as that", u.file)
			if u.unread != "" {
				why = fmt.Sprintf("%s (%s) may set it, and %s", u.file, u.unread, lackOf(u.unread))
			}
			ops = append(ops, tljh.Op{Kind: tljh.OpOpaque, At: u.at, Why: why})
		}
	}
	return ops
}

func joinHubs(a, b *tljh.Hub, why string) *tljh.Hub {
	out := *a
	out.TLJH = doc.Join(a.TLJH, b.TLJH, why)
	out.Config = doc.Join(a.Config, b.Config, why)
	out.Stages = doc.Join(a.Stages, b.Stages, why)
	out.JupyterHub = doc.Join(a.JupyterHub, b.JupyterHub, why)
	out.Authenticator = doc.Join(a.Authenticator, b.Authenticator, why)
	out.Limits = doc.Join(a.Limits, b.Limits, why)
	out.HTTPS = doc.Join(a.HTTPS, b.HTTPS, why)
	out.Services = doc.Join(a.Services, b.Services, why)
	return &out
}

// sources are all files the hub was read from.
func (l *loader) sources(g *group) []string {
	set := map[string]bool{}
	for _, u := range g.units {
		for _, f := range u.uses {
			set[path.Clean(f)] = true
		}
		for _, c := range u.carriers {
			set[path.Clean(c.File)] = true
			for _, f := range c.Uses {
				set[path.Clean(f)] = true
			}
		}
	}
	mod := g.module
	if mod == nil {
		mod = g.tied
	}
	if mod != nil {
		for _, in := range mod.infra.Get("inputs").List() {
			if p, ok := in.Get("path").Str(); ok {
				set[path.Clean(p)] = true
			}
		}
	}
	out := make([]string, 0, len(set))
	for f := range set {
		out = append(out, f)
	}
	sort.Strings(out)
	return out
}

// about is the "hub" part of the document.
func (l *loader) about(g *group, d *hub.Document) *doc.Node {
	m := g.main()
	n := doc.NewMap(doc.Set, m.at)
	n.Put("name", doc.Of(d.Name, doc.Derived, span.Span{}))
	n.Put("dir", doc.Of(d.Dir, doc.Derived, span.Span{}))
	files := doc.NewList(doc.Derived, span.Span{})
	for _, f := range d.Sources {
		files.Add(doc.Of(f, doc.Derived, span.Span{}))
	}
	n.Put("sources", files)
	n.Put("expected_users", l.expectedUsers(g))
	installs := false
	for _, u := range g.units {
		installs = installs || (u.install || u.whole) && g.maybe[u] == ""
	}
	n.Put("installs", doc.Of(installs, doc.Derived, m.at))
	return n
}

func problemList(ps []step.Problem) *doc.Node {
	list := doc.NewList(doc.Set, span.Span{})
	for _, p := range ps {
		n := doc.NewMap(doc.Set, p.At)
		n.Put("message", doc.Of(p.Msg, doc.Set, p.At))
		n.Put("fatal", doc.Of(p.Fatal, doc.Set, p.At))
		list.Add(n)
	}
	return list
}
