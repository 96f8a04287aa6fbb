package model

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// where is v's place, or at when it has none.
func where(v *eval.Val, at span.Span) span.Span {
	if v != nil && !v.At.IsZero() {
		return v.At.Span()
	}
	return at
}

func convert(v *eval.Val, at span.Span, known func() (any, bool), what string) *doc.Node {
	switch at := where(v, at); {
	case v.IsNull():
		return doc.UnsetAt(at)
	case v.IsUnknown():
		return doc.UnknownOf(v.Reason(), at)
	default:
		if x, ok := known(); ok {
			if v.Assumed != "" {
				return doc.Of(x, doc.Default, at).Because(v.Assumed)
			}
			return doc.Of(x, doc.Set, at)
		}
		return doc.UnknownOf("this is no "+what, at)
	}
}

// Str is a string of the configuration; at is the place to name when v has none (it is not written).
func Str(v *eval.Val, at span.Span) *doc.Node {
	if v != nil && v.Sensitive && !v.IsNull() {
		return doc.UnknownOf("it is marked sensitive", where(v, at))
	}
	return convert(v, at, func() (any, bool) { return pack(v.Str()) }, "text")
}

// Num is a number of the configuration.
func Num(v *eval.Val, at span.Span) *doc.Node {
	return convert(v, at, func() (any, bool) {
		if n, ok := v.Int(); ok {
			return n, true
		}
		return pack(v.Num())
	}, "number")
}

// Bool is a truth value of the configuration.
func Bool(v *eval.Val, at span.Span) *doc.Node {
	return convert(v, at, func() (any, bool) { return pack(v.Bool()) }, "truth value")
}

func pack[T any](x T, ok bool) (any, bool) { return x, ok }

// Or fills a default in where the configuration says nothing.
func Or(n *doc.Node, value any, why string) *doc.Node {
	if n.State != doc.Unset {
		return n
	}
	return doc.Of(value, doc.Default, n.At).Because(why)
}

// Derived is a value worked out from others.
func Derived(value any, why string, at span.Span) *doc.Node {
	return doc.Of(value, doc.Derived, at).Because(why)
}

// Set is a value that stands in the repository in other words, at at.
func Set(value any, at span.Span) *doc.Node { return doc.Of(value, doc.Set, at) }

// Strings is a list of strings.
func Strings(v *eval.Val, at span.Span) *doc.Node {
	switch {
	case v.IsNull():
		return doc.NewList(doc.Unset, at)
	case v.IsUnknown() && v.Kind != eval.String:
		return doc.UnknownOf(v.Reason(), where(v, at))
	}
	out := doc.NewList(doc.Set, where(v, at))
	for _, it := range v.List() {
		out.Add(Str(it, at))
	}
	return out
}

// Tags is a map of strings; several are merged, later ones win.
func Tags(at span.Span, maps ...*eval.Val) *doc.Node {
	out := doc.NewMap(doc.Set, at)
	for _, m := range maps {
		for _, b := range m.Blocks() {
			if b.IsUnknown() {
				return doc.UnknownOf(b.Reason(), where(b, at))
			}
			for _, k := range b.Keys {
				out.Put(k, Str(b.Child[k], at))
			}
		}
	}
	return out
}

// List is a list that stands for what was found; why says it where nothing was.
func List(at span.Span, items ...*doc.Node) *doc.Node { return doc.NewList(doc.Set, at, items...) }

// Doubt makes everything below n unknown when its resource may not exist.
func Doubt(n *doc.Node, cond string) *doc.Node {
	if cond == "" {
		return n
	}
	return doc.UnknownOf(cond, n.At)
}
