// Package doc is the tree of values that readers build and rules see: JSON values that know their origin and how sure
// we are of them. One tree gives the plain JSON document, the side map "facts" and the places of evidence.
package doc

import "github.com/tljh-policy/tljh-policy/internal/span"

// State says how a value is known.
type State string

// The states of a value.
const (
	Set     State = "set"     // written in the repository
	Default State = "default" // not written: TLJH's or the provider's own default, filled in by the reader
	Derived State = "derived" // worked out from other values
	Unknown State = "unknown" // cannot be known from the repository; Why says what is missing
	Unset   State = "unset"   // not written, and there is no default
)

// Kind is the JSON type of a node.
type Kind uint8

// The kinds of a node.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// Node is one value of the tree. Build it with the constructors; the zero Node is null and unset.
type Node struct {
	Kind  Kind
	Value any // bool, int64, float64 or string for scalars; nil otherwise
	Items []*Node
	Keys  []string // of a Map, in the order written
	Child map[string]*Node

	State State
	Why   string    // for Unknown: what is missing and what would settle it; for Default and Derived: where it comes from
	At    span.Span // the value
	KeyAt span.Span // the key that names it, where there is one
}

// Of makes a scalar node from nil, bool, int, int64, float64 or string.
func Of(v any, state State, at span.Span) *Node {
	n := &Node{State: state, At: at}
	switch v := v.(type) {
	case nil:
	case bool:
		n.Kind, n.Value = Bool, v
	case int:
		n.Kind, n.Value = Number, int64(v)
	case int64:
		n.Kind, n.Value = Number, v
	case float64:
		n.Kind, n.Value = Number, v
	case string:
		n.Kind, n.Value = String, v
	default:
		panic("doc.Of: not a JSON scalar")
	}
	return n
}

// NewMap and NewList make empty containers.
func NewMap(state State, at span.Span) *Node {
	return &Node{Kind: Map, Child: map[string]*Node{}, State: state, At: at}
}

// NewList makes a list of items.
func NewList(state State, at span.Span, items ...*Node) *Node {
	return &Node{Kind: List, Items: items, State: state, At: at}
}

// UnknownOf is a null whose value the repository does not tell.
func UnknownOf(why string, at span.Span) *Node { return &Node{State: Unknown, Why: why, At: at} }

// UnsetAt is a null that nobody wrote; at is the nearest place to look (may be zero).
func UnsetAt(at span.Span) *Node { return &Node{State: Unset, At: at} }

// Because sets Why and returns n.
func (n *Node) Because(why string) *Node { n.Why = why; return n }

// Put sets a child of a Map, keeping the place of the key in order; it returns the child.
func (n *Node) Put(key string, c *Node) *Node {
	if _, ok := n.Child[key]; !ok {
		n.Keys = append(n.Keys, key)
	}
	n.Child[key] = c
	return c
}

// Delete removes a child of a Map.
func (n *Node) Delete(key string) {
	if _, ok := n.Child[key]; !ok {
		return
	}
	delete(n.Child, key)
	for i, k := range n.Keys {
		if k == key {
			n.Keys = append(n.Keys[:i:i], n.Keys[i+1:]...)
			return
		}
	}
}

// Add appends to a List.
func (n *Node) Add(items ...*Node) { n.Items = append(n.Items, items...) }

// Get walks down map keys; nil when the path ends early. It is nil-safe.
func (n *Node) Get(path ...string) *Node {
	for _, k := range path {
		if n == nil || n.Kind != Map {
			return nil
		}
		n = n.Child[k]
	}
	return n
}

// Str is the string value of a known String node.
func (n *Node) Str() (string, bool) {
	if n == nil || n.Kind != String {
		return "", false
	}
	return n.Value.(string), true
}

// Int is the integer value of a Number node.
func (n *Node) Int() (int64, bool) {
	if n == nil || n.Kind != Number {
		return 0, false
	}
	switch v := n.Value.(type) {
	case int64:
		return v, true
	case float64:
		return int64(v), v == float64(int64(v))
	}
	return 0, false
}

// List is the items of a List node, nil for anything else. (Named for reading: n.Get("inputs").List().)
func (n *Node) List() []*Node {
	if n == nil || n.Kind != List {
		return nil
	}
	return n.Items
}

// Known says whether n has a value that rests on something: set, default or derived.
func (n *Node) Known() bool {
	return n != nil && (n.State == Set || n.State == Default || n.State == Derived)
}

// Copy is a deep copy.
func (n *Node) Copy() *Node {
	if n == nil {
		return nil
	}
	c := *n
	if n.Items != nil {
		c.Items = make([]*Node, len(n.Items))
		for i, it := range n.Items {
			c.Items[i] = it.Copy()
		}
	}
	if n.Child != nil {
		c.Keys = append([]string(nil), n.Keys...)
		c.Child = make(map[string]*Node, len(n.Child))
		for k, v := range n.Child {
			c.Child[k] = v.Copy()
		}
	}
	return &c
}
