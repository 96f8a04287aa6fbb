package tljh

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
