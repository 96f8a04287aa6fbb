// Package markup is the tree of a JSON or YAML text in which every scalar keeps the place of each of its characters: what
// readers of templates of clouds (CloudFormation, Azure, Pulumi) work on. What a value means is theirs to say.
package markup

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Kind is what a node is.
type Kind uint8

// The kinds of nodes.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// Bounds of one text.
const (
	maxText  = 2 << 20
	maxNodes = 200_000
	maxDepth = 100
)

// Node is one value.
type Node struct {
	Kind    Kind
	Tag     string    // a YAML tag of somebody's own, "!Ref"; "" for all others
	Alias   bool      // stands for what is written elsewhere, or takes it in (<<)
	Text    span.Text // of a scalar: its characters, escapes undone
	At      span.Text // where it is written; of a map or list, where that begins
	Members []Member  // of a map, in the order written
	Items   []*Node   // of a list
}

// Member is a key with its value.
type Member struct {
	Key   span.Text
	Value *Node
}

// Error says where a text cannot be read, and why.
type Error struct {
	At  span.Span
	Msg string
}

// Get is the value of a key, nil if n is no map or has no such key.
func (n *Node) Get(key string) *Node {
	if m := n.Member(key); m != nil {
		return m.Value
	}
	return nil
}

// Member is the last member called key, in any case if none is called exactly so (Azure's names have none).
func (n *Node) Member(key string) *Member {
	if n == nil {
		return nil
	}
	var fold *Member
	for i := len(n.Members) - 1; i >= 0; i-- {
		m := &n.Members[i]
		if k := m.Key.String(); k == key {
			return m
		} else if fold == nil && strings.EqualFold(k, key) {
			fold = m
		}
	}
	return fold
}

// Str is the text of a scalar; "" for anything else.
func (n *Node) Str() string {
	if n == nil || n.Kind == Null {
		return ""
	}
	return n.Text.String()
}
