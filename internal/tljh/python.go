package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// The helpers of this file look at nodes as Python looks at the values that ruamel.yaml made.

// isUnknown says whether the value of n itself is not known. An Unknown Map is "open": it has the children it shows, and
// may have others.
func isUnknown(n *doc.Node) bool { return n != nil && n.State == doc.Unknown && !isDict(n) }

// isOpen says whether n may hold keys that are not shown.
func isOpen(n *doc.Node) bool { return n != nil && n.State == doc.Unknown && isDict(n) }

// isDict says whether n is a mapping to Python: tagged scalars and dates are objects.
func isDict(n *doc.Node) bool {
	return n != nil && n.Kind == doc.Map && n.Child["$tagged"] == nil && n.Child["$date"] == nil && n.Child["$object"] == nil
}

// isObject says whether n is a Python object that is none of JSON's types.
func isObject(n *doc.Node) bool { return n != nil && n.Kind == doc.Map && !isDict(n) }

// item is n[key]: nil if it is not there, unknown if n may hold it unseen.
func item(n *doc.Node, key string) *doc.Node {
	if !isDict(n) {
		if isUnknown(n) {
			return doc.UnknownOf(n.Why, n.At)
		}
		return nil
	}
	if c := n.Child[key]; c != nil {
		return c
	}
	if isOpen(n) {
		return doc.UnknownOf(n.Why, n.At)
	}
	return nil
}

// truthy is Python's bool(n), and whether that is known.
func truthy(n *doc.Node) (yes, known bool) {
	if n == nil {
		return false, true
	}
	if isUnknown(n) {
		s, ok := n.Str()
		return ok && strings.Trim(span.Show(s), "…") != "", ok && strings.Trim(span.Show(s), "…") != ""
	}
	switch n.Kind {
	case doc.Bool:
		return n.Value.(bool), true
	case doc.Number:
		if i, ok := n.Value.(int64); ok {
			return i != 0, true
		}
		return n.Value.(float64) != 0, true
	case doc.String:
		return n.Value.(string) != "", true
	case doc.List:
		return len(n.Items) > 0, true
	case doc.Map:
		return len(n.Child) > 0, len(n.Child) > 0 || !isOpen(n)
	}
	return false, true
}

// pyEqual is Python's a == b for known values: true equals 1.
func pyEqual(a, b *doc.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.State == doc.Unknown || b.State == doc.Unknown {
		return false
	}
	x, xn := number(a)
	y, yn := number(b)
	if xn && yn {
		return x == y
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case doc.List:
		if len(a.Items) != len(b.Items) {
			return false
		}
		for i := range a.Items {
			if !pyEqual(a.Items[i], b.Items[i]) {
				return false
			}
		}
		return true
	case doc.Map:
		if len(a.Child) != len(b.Child) {
			return false
		}
		for k, c := range a.Child {
			if d := b.Child[k]; d == nil || !pyEqual(c, d) {
				return false
			}
		}
		return true
	}
	return a.Value == b.Value
}

// number is the numeric value of a Number or Bool.
func number(n *doc.Node) (float64, bool) {
	switch v := n.Value.(type) {
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// typeName names the type of n for people.
func typeName(n *doc.Node) string {
	switch {
	case n == nil:
		return "nothing"
	case isObject(n) && n.Child["$date"] != nil:
		return "a date"
	case isObject(n):
		return "a tagged value"
	}
	return [...]string{"empty", "true or false", "a number", "text", "a list", "a mapping"}[n.Kind]
}

// letters are the elements of iterating over a string, each at the string's place.
func letters(n *doc.Node) []*doc.Node {
	var out []*doc.Node
	for _, r := range n.Value.(string) {
		c := doc.Of(string(r), n.State, n.At)
		out = append(out, c)
	}
	return out
}
