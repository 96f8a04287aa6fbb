package tljh

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// tri is a truth value that may not be known.
type tri int8

const (
	no tri = iota
	maybe
	yes
)

func triOf(b, known bool) tri {
	switch {
	case !known:
		return maybe
	case b:
		return yes
	}
	return no
}

func (a tri) or(b tri) tri  { return max(a, b) }
func (a tri) and(b tri) tri { return min(a, b) }
func (a tri) not() tri      { return yes - a }

// node is true, false or the word "unknown".
func (a tri) node(why string, at span.Span) *doc.Node {
	if a == maybe {
		return doc.Of("unknown", doc.Unknown, at).Because(why)
	}
	return doc.Of(a == yes, doc.Derived, at)
}
