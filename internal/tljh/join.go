package tljh

import "github.com/tljh-policy/tljh-policy/internal/doc"

// join is what is known when either a or b holds: what is the same in both stays, the rest is unknown because of why.
// A nil means "not there"; fallback is what TLJH puts in its place (nil if nothing).
func join(a, b, fallback *doc.Node, why string) *doc.Node {
	switch {
	case a == nil && b == nil:
		return nil
	case a == nil || b == nil:
		n := a
		if a == nil {
			n = b
		}
		if fallback != nil && !isDict(n) && pyEqual(n, fallback) {
			return n
		}
		if isDict(n) && (fallback == nil || isDict(fallback)) {
			other := doc.NewMap(doc.Set, n.At)
			return join(n, other, fallback, why)
		}
		u := doc.UnknownOf(why, n.At)
		u.KeyAt = n.KeyAt
		return u
	case isDict(a) && isDict(b):
		m := doc.NewMap(a.State, a.At)
		m.Why, m.KeyAt = a.Why, a.KeyAt
		if m.At.IsZero() {
			m.At = b.At
		}
		if isOpen(b) {
			m.State, m.Why = b.State, b.Why
		}
		for _, k := range append(append([]string(nil), a.Keys...), b.Keys...) {
			if m.Child[k] == nil {
				m.Put(k, join(a.Child[k], b.Child[k], fallback.Get(k), why))
			}
		}
		return m
	case pyEqual(a, b), a.State == doc.Unknown && b.State == doc.Unknown && a.Why == b.Why:
		return a
	}
	u := doc.UnknownOf(why, b.At)
	u.KeyAt = b.KeyAt
	if a.Kind == doc.String && b.Kind == doc.String && a.Value == b.Value {
		u = a
	}
	return u
}
