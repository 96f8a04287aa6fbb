package markup

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// YAML reads the first document of text; what is how messages call it. An empty document is nil.
func YAML(text span.Text, what string) (*Node, *Error) {
	d, bad := yamltext.Parse(text, what)
	if bad != nil {
		return nil, &Error{bad.At, bad.Msg}
	}
	if d.Root == nil {
		return nil, nil
	}
	c := &converter{d: d}
	n := c.node(d.Root, 0)
	if c.nodes > maxNodes {
		return nil, &Error{text.PosOf(0), what + " is too large or too deeply nested"}
	}
	return n, nil
}

type converter struct {
	d     *yamltext.Doc
	nodes int
}

func (c *converter) node(y *yaml.Node, depth int) *Node {
	alias := y != nil && y.Kind == yaml.AliasNode
	y = yamltext.Resolve(y)
	if c.nodes++; y == nil || depth > maxDepth || c.nodes > maxNodes {
		return &Node{}
	}
	n := &Node{Alias: alias}
	if !strings.HasPrefix(y.Tag, "!!") && strings.HasPrefix(y.Tag, "!") && len(y.Tag) > 1 {
		n.Tag = y.Tag
	}
	n.At = c.d.Scalar(y)
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind = Map
		for i := 0; i+1 < len(y.Content); i += 2 {
			k := yamltext.Resolve(y.Content[i])
			if k.Tag == "!!merge" {
				n.Alias = true
				for _, from := range merged(c.node(y.Content[i+1], depth+1)) {
					n.Members = append(from.Members[:len(from.Members):len(from.Members)], n.Members...) // what is written here wins
				}
				continue
			}
			n.Members = append(n.Members, Member{c.d.Scalar(k), c.node(y.Content[i+1], depth+1)})
		}
	case yaml.SequenceNode:
		n.Kind = List
		for _, it := range y.Content {
			n.Items = append(n.Items, c.node(it, depth+1))
		}
	case yaml.ScalarNode:
		n.Text, n.Kind = n.At, String
		switch y.Tag {
		case "!!null":
			n.Kind = Null
		case "!!bool":
			n.Kind = Bool
		case "!!int", "!!float":
			n.Kind = Number
		}
	}
	return n
}

// merged are the maps that a merge key names.
func merged(n *Node) []*Node {
	if n.Kind == List {
		return n.Items
	}
	return []*Node{n}
}
