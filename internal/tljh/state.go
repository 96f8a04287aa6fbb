package tljh

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const notInstalled = "the repository does not contain the step that installs TLJH, so what is not set here may be set elsewhere"

// state is the hub that the operations make, while it is worked out.
type state struct {
	r      *replay
	v      version
	config *doc.Node // merged; nil when TLJH cannot load its configuration
	traits *doc.Node
	class  *class
	local  map[string]*class // classes defined in snippets

	defined map[string]python.Class // the same, as written
	later   []python.Later          // what hooks may set when a server starts
	sets    map[string]bool         // the traits that are sets to Python, "Class.trait"

	lookedFar bool // a snippet has modules looked for in the system's Python, too

	authOpen string // why auth may hold sections that are not shown; "" if it may not

	merge, hub, proxy, spawn stage
	problems                 []step.Problem
	lim                      struct{ memory, cpu *doc.Node }
	classWhy                 *doc.Node // the trait that named the class
}

// evaluate works out what the replayed operations make.
func (r *replay) evaluate() *state {
	s := &state{r: r, v: r.version, traits: doc.NewMap(doc.Derived, span.Span{}), local: map[string]*class{}, defined: map[string]python.Class{}, sets: map[string]bool{}}
	s.mergeStage()
	if s.config != nil {
		s.applyConfig()
		s.runPlugins()
		s.runSnippets()
		for _, op := range r.opaque {
			s.openTraits(op.Why)
			s.hub.unknowns = append(s.hub.unknowns, issue{op.Why, op.At})
		}
		s.hubStage()
		s.proxyStage()
		s.proxySnippets()
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
