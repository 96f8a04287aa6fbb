package tljh

import (
	"encoding/json"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
			other.KeyAt = n.KeyAt
			if a == nil {
				return join(other, n, fallback, why)
			}
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
				n := join(a.Child[k], b.Child[k], fallback.Get(k), why)
				if n.State == doc.Unknown && !mayBeSecret(k) {
					n.Why += outcomes(a.Child[k], b.Child[k])
				}
				m.Put(k, n)
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

const (
	itWas        = "; it was "
	andMayBecome = " and may become "
	mayBecome    = "; it may become "
)

// outcomes names what a value was and what it may become, so that people need not look for it: a is the value without the
// operation that may not happen, b the one with it. Empty where there is nothing to name.
func outcomes(a, b *doc.Node) string {
	became := shown(b)
	switch {
	case became == "":
		return ""
	case shown(a) != "":
		return itWas + shown(a) + andMayBecome + became
	case a != nil && a.State == doc.Unknown:
		if _, before, ok := strings.Cut(a.Why, mayBecome); ok {
			return mayBecome + before + " or " + became
		}
		if i := strings.LastIndex(a.Why, andMayBecome); i >= 0 {
			if j := strings.LastIndex(a.Why[:i], itWas); j >= 0 {
				return a.Why[j:] + " or " + became
			}
		}
	}
	return mayBecome + became
}

// shown is a scalar that was written, with its place; empty for all else.
func shown(n *doc.Node) string {
	if n == nil || n.State != doc.Set || n.Kind == doc.List || n.Kind == doc.Map {
		return ""
	}
	if s, ok := n.Value.(string); ok && span.IsUnknown(s) {
		return ""
	}
	b, err := json.Marshal(n.Plain())
	if err != nil || len(b) > 80 {
		return ""
	}
	return string(b) + " (" + n.At.String() + ")"
}
