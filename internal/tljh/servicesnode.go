package tljh

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// servicesNode lists the names of the hub's services. It is unknown where there may be others than those it names.
func (s *state) servicesNode() *doc.Node {
	l := doc.NewList(doc.Derived, span.Span{})
	n := s.get("services", "JupyterHub")
	if s.config == nil {
		return doc.NewList(doc.Unknown, span.Span{}).Because("TLJH cannot load its configuration")
	}
	if n == nil {
		return l
	}
	l.At = place(n)
	if n.State == doc.Unknown {
		l.State, l.Why = doc.Unknown, n.Why
	}
	for _, it := range n.Items {
		name := item(it, "name")
		switch {
		case isUnknown(it), name == nil, name.State == doc.Unknown:
			l.State, l.Why = doc.Unknown, firstOf(it.Why, "the name of a service is not known")
		default:
			c := *name
			if c.At.IsZero() {
				c.At = it.At
			}
			l.Add(&c)
		}
	}
	return l
}
