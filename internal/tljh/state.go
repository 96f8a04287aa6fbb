package tljh

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const notInstalled = "the repository does not contain the step that installs TLJH, so what is not set here may be set elsewhere"

// issue is one reason why a stage fails, or why its end is not known.
type issue struct {
	why string
	at  span.Span
}

// stage collects the issues of merge, hub, proxy or spawn.
type stage struct {
	errs, unknowns []issue
}

func place(n *doc.Node) span.Span {
	switch {
	case n == nil:
		return span.Span{}
	case n.At.IsZero():
		return n.KeyAt
	}
	return n.At
}

func (st *stage) fail(n *doc.Node, format string, args ...any) {
	st.errs = append(st.errs, issue{fmt.Sprintf(format, args...), place(n)})
}

func (st *stage) unknown(n *doc.Node, what string) {
	if n != nil && n.Why != "" {
		what += ": " + n.Why
	}
	st.unknowns = append(st.unknowns, issue{what, place(n)})
}

func (st *stage) status() string {
	switch {
	case len(st.errs) > 0:
		return "error"
	case len(st.unknowns) > 0:
		return "unknown"
	}
	return "ok"
}

func (st *stage) node() *doc.Node {
	n := doc.NewMap(doc.Derived, span.Span{})
	status := n.Put("status", doc.Of(st.status(), doc.Derived, span.Span{}))
	why := n.Put("why", doc.Of(nil, doc.Derived, span.Span{}))
	var first *issue
	if len(st.errs) > 0 {
		first = &st.errs[0]
	} else if len(st.unknowns) > 0 {
		first = &st.unknowns[0]
		status.State, status.Why = doc.Unknown, first.why
	}
	if first != nil {
		n.At, status.At = first.at, first.at
		why.Kind, why.Value, why.At = doc.String, span.Show(first.why), first.at
	}
	return n
}

// state is the hub that the operations make, while it is worked out.
type state struct {
	r      *replay
	v      version
	config *doc.Node // merged; nil when TLJH cannot load its configuration
	traits *doc.Node
	class  *class
	local  map[string]*class // classes defined in snippets

	merge, hub, proxy, spawn stage
	problems                 []step.Problem
	lim                      struct{ memory, cpu *doc.Node }
	classWhy                 *doc.Node // the trait that named the class
}

// evaluate works out what the replayed operations make.
func (r *replay) evaluate() *state {
	s := &state{r: r, v: r.version, traits: doc.NewMap(doc.Derived, span.Span{}), local: map[string]*class{}}
	s.mergeStage()
	if s.config != nil {
		s.applyConfig()
		s.runSnippets()
		for _, op := range r.opaque {
			s.openTraits(op.Why)
			s.hub.unknowns = append(s.hub.unknowns, issue{op.Why, op.At})
		}
		s.hubStage()
		s.proxyStage()
		s.spawnStage()
	}
	return s
}

// openTraits makes everything that is known of the hub's traits unknown.
func (s *state) openTraits(why string) {
	s.traits.State, s.traits.Why = doc.Unknown, why
	for _, k := range s.traits.Keys {
		c := s.traits.Child[k]
		c.State, c.Why = doc.Unknown, why
		for _, t := range c.Keys {
			old := c.Child[t]
			u := doc.UnknownOf(why, old.At)
			u.KeyAt = old.KeyAt
			c.Child[t] = u
		}
	}
}

// mergeStage loads config.yaml and lays it over the defaults (reference/tljh.md §5).
func (s *state) mergeStage() {
	f := s.r.file
	defaultState, why := doc.Default, "TLJH's default"
	known := f.whole || s.r.installed
	if !known {
		defaultState, why = doc.Unknown, notInstalled
	}
	defaults := defaultConfig(s.v, defaultState, why)
	fail := func(at span.Span, msg string) {
		for _, st := range []*stage{&s.merge, &s.hub, &s.proxy} {
			st.errs = append(st.errs, issue{msg, at})
		}
		s.spawn.unknowns = append(s.spawn.unknowns, issue{"the hub does not start, so no server does", at})
	}
	root := f.root
	switch {
	case f.broken != nil:
		fail(f.broken.At, "TLJH cannot read config.yaml, so the hub does not start: "+f.broken.Msg)
		return
	case root == nil:
		root = doc.NewMap(doc.Set, span.Span{})
	case isUnknown(root):
		s.merge.unknown(root, "config.yaml is not known")
		root = doc.NewMap(doc.Unknown, root.At).Because(root.Why)
	case root.Kind == doc.List && len(root.Items) == 0:
		root = doc.NewMap(doc.Set, root.At)
	case root.Kind == doc.Null:
		fail(root.At, "config.yaml is there but empty, which TLJH cannot load: the hub does not start. Delete the file or write {} into it")
		return
	case !isDict(root):
		fail(root.At, "config.yaml is "+typeName(root)+" instead of a mapping of settings: the hub does not start")
		return
	}
	if isOpen(root) && known {
		s.merge.unknown(root, "config.yaml is not wholly known")
	}
	if !known {
		s.merge.unknowns = append(s.merge.unknowns, issue{notInstalled, firstPlace(s.r.ops)})
		root = root.Copy()
		root.State, root.Why = doc.Unknown, notInstalled
		if f.root != nil && f.root.State == doc.Unknown {
			root.Why = f.root.Why
		}
	}
	s.config = merge(defaults, root)
	if s.config.At.IsZero() {
		s.config.At = firstPlace(s.r.ops)
		if s.r.install != nil {
			s.config.At = s.r.install.At
		}
	}
}

func (s *state) stagesNode() *doc.Node {
	n := doc.NewMap(doc.Derived, span.Span{})
	if s.hub.status() != "ok" && s.spawn.status() == "ok" {
		s.spawn.unknowns = append(s.spawn.unknowns, issue{"the hub does not start, so no server does", span.Span{}})
		if s.hub.status() == "unknown" {
			s.spawn.unknowns = append([]issue(nil), s.hub.unknowns...)
		}
	}
	n.Put("merge", s.merge.node())
	n.Put("hub", s.hub.node())
	n.Put("proxy", s.proxy.node())
	n.Put("spawn", s.spawn.node())
	return n
}
