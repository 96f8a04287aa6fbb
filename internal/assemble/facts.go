package assemble

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/host"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// environment is how the shared user environment is made, with the images that hold it. Where nothing visibly fills it, but
// something that cannot be read may, its sources are unknown.
func environment(g *group, m *host.Machine, infra *doc.Node) *doc.Node {
	n := doc.NewMap(doc.Set, span.Span{})
	sources := m.Environment
	if sources == nil {
		sources = doc.NewList(doc.Set, span.Span{})
	}
	if why, at := hidden(g, m); len(sources.Items) == 0 && why != "" {
		sources = doc.UnknownOf(why, at)
	}
	n.Put("sources", sources)
	images := doc.NewList(doc.Set, span.Span{})
	images.Add(infra.Get("images").List()...)
	n.Put("images", images)
	return n
}

// hidden says what may install packages without being seen.
func hidden(g *group, m *host.Machine) (why string, at span.Span) {
	for _, u := range g.units {
		if u.unread != "" {
			return fmt.Sprintf("%s (%s) takes part in the set-up, and %s", u.file, u.unread, lackOf(u.unread)), u.at
		}
	}
	if m.Installs == 0 {
		return "the repository does not hold the step that installs the hub, so packages may be installed elsewhere", g.main().at
	}
	for _, op := range m.Ops {
		for k, a := range op.Args {
			if k > 0 && op.Args[k-1].String() == "--admin" {
				continue // a name, and no further flag
			}
			if op.Kind == tljh.OpInstall && strings.HasPrefix(a.String(), span.Unknown("")[:3]) {
				return "the installer is given arguments that are not known: " + span.Reason(a.String()), a.Span()
			}
		}
	}
	return "", span.Span{}
}

// installerFacts notes what only the carrier of the installer knows: where it comes from, and whether it runs at every boot
// (Google's startup script), which upgrades TLJH and resets its administrators each time.
func installerFacts(root *doc.Node, ops []tljh.Op) {
	flags := root.Get("tljh", "installer")
	if flags == nil || flags.Kind != doc.Map {
		return
	}
	for _, op := range ops {
		if op.Kind != tljh.OpInstall {
			continue
		}
		flags.Put("source", text(op.Name, op.At))
		flags.Put("every_boot", doc.Of(op.Why == "every boot", doc.Derived, op.At))
		if op.Value.Len() > 0 {
			// Another TLJH than the released one: its version is not the installer's flag.
			spec := text(op.Value.String(), op.Value.Span())
			flags.Put("pip_spec", spec)
			why := "TLJH is installed from another source than its releases"
			root.Get("tljh").Put("version", doc.UnknownOf(why, spec.At))
		}
	}
}

func text(s string, at span.Span) *doc.Node {
	if span.IsUnknown(s) {
		return doc.UnknownOf(span.Reason(s), at)
	}
	return doc.Of(s, doc.Set, at)
}

// expectedUsers are what the settings say, else the nearest infra.yaml; nobody else can know.
func (l *loader) expectedUsers(g *group) *doc.Node {
	n := doc.NewMap(doc.Unset, span.Span{})
	n.Put("active", doc.UnsetAt(span.Span{}))
	n.Put("total", doc.UnsetAt(span.Span{}))
	if d := l.declaredFor(g); d != nil && d.ExpectedUsers != nil && d.ExpectedUsers.Kind == doc.Map {
		for _, k := range d.ExpectedUsers.Keys {
			n.Put(k, d.ExpectedUsers.Child[k])
		}
	}
	if g.setting != nil {
		for k, v := range map[string]*int{"active": g.setting.Active, "total": g.setting.Total} {
			if v != nil {
				n.Child[k] = doc.Of(*v, doc.Set, g.setting.At)
			}
		}
	}
	for _, k := range n.Keys {
		if n.Child[k].State == doc.Set {
			n.State = doc.Set
		}
	}
	return n
}

func (l *loader) attestations(g *group) *doc.Node {
	if d := l.declaredFor(g); d != nil && d.Attestations != nil {
		return d.Attestations
	}
	return doc.NewList(doc.Set, span.Span{})
}

// shared says whether an infra.yaml is the one of several hubs.
func (l *loader) shared(d *declared) bool {
	if l.speaksFor == nil {
		l.speaksFor = map[*declared]int{}
		for _, g := range l.groups {
			l.speaksFor[l.declaredFor(g)]++
		}
	}
	return l.speaksFor[d] > 1
}

// declaredFor is the infra.yaml that speaks of the hub: in its directory, or the nearest one above it; with a single
// hub also one elsewhere. nil if there is none.
func (l *loader) declaredFor(g *group) *declared {
	best := -1
	for i := range l.declared {
		d := dirOf(l.declared[i].file)
		if !within(g.dir, d) && !(l.hubs == 1 && len(l.declared) == 1) {
			continue
		}
		if best < 0 || depth(d) > depth(dirOf(l.declared[best].file)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return &l.declared[best]
}
