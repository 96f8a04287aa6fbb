package doc

import (
	"math"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Plain is n as encoding/json and OPA take it: nil, bool, json-safe numbers, string, []any, map[string]any.
func (n *Node) Plain() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case List:
		out := make([]any, len(n.Items))
		for i, it := range n.Items {
			out[i] = it.Plain()
		}
		return out
	case Map:
		out := make(map[string]any, len(n.Child))
		for k, v := range n.Child {
			out[k] = v.Plain()
		}
		return out
	case Number:
		if f, ok := n.Value.(float64); ok {
			if math.IsNaN(f) || math.IsInf(f, 0) {
				// JSON has no such number: an object in its place, as for dates and tagged values
				return map[string]any{"$float": strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+"))}
			}
			if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
				return int64(f)
			}
		}
	case String:
		return span.Show(n.Value.(string))
	}
	return n.Value
}

// Escape makes a JSON pointer token (RFC 6901) of a key.
func Escape(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// Fact is one entry of the hub document's side map: how the value at a JSON pointer is known, and where.
type Fact struct {
	State State      `json:"state"`
	At    *span.Span `json:"at,omitempty"`
	Why   string     `json:"why,omitempty"`
}

// Facts calls add for each leaf below n, and for each container that has a place or is not simply set, with its pointer.
func (n *Node) Facts(pointer string, add func(pointer string, f Fact)) {
	if n == nil {
		return
	}
	container := n.Kind == List || n.Kind == Map
	if !container || !n.At.IsZero() || n.State != Set || len(n.Items)+len(n.Child) == 0 {
		f := Fact{State: n.State, Why: n.Why}
		if f.State == "" {
			f.State = Unset
		}
		if !n.At.IsZero() {
			at := n.At
			f.At = &at
		}
		add(pointer, f)
	}
	for i, it := range n.Items {
		it.Facts(pointer+"/"+strconv.Itoa(i), add)
	}
	for _, k := range n.Keys {
		n.Child[k].Facts(pointer+"/"+Escape(k), add)
	}
}

// Locate is the place of the value at path, or of its nearest parent that has one, and how many elements of the path
// that place stands for. Path elements are map keys or list indices (as int or decimal string).
func (n *Node) Locate(path []any) (at span.Span, depth int) {
	for i := 0; n != nil; i++ {
		if !n.At.IsZero() {
			at, depth = n.At, i
		} else if !n.KeyAt.IsZero() {
			at, depth = n.KeyAt, i
		}
		if i == len(path) {
			break
		}
		n = n.step(path[i])
	}
	return at, depth
}

// At is the node at path, nil if there is none.
func (n *Node) AtPath(path []any) *Node {
	for _, e := range path {
		if n = n.step(e); n == nil {
			return nil
		}
	}
	return n
}

func (n *Node) step(e any) *Node {
	if n == nil {
		return nil
	}
	switch e := e.(type) {
	case string:
		if n.Kind == Map {
			return n.Child[e]
		}
		if i, err := strconv.Atoi(e); err == nil && n.Kind == List && i >= 0 && i < len(n.Items) {
			return n.Items[i]
		}
	case int:
		if n.Kind == List && e >= 0 && e < len(n.Items) {
			return n.Items[e]
		}
		if n.Kind == Map {
			return n.Child[strconv.Itoa(e)]
		}
	}
	return nil
}
