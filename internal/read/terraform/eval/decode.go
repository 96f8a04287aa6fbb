package eval

import (
	"strings"

	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"gopkg.in/yaml.v3"
)

// jsonDecode keeps the place of every value of the text that it decodes.
func jsonDecode(c *call) *Val {
	a := c.arg(0)
	if a.Kind == String && !a.Base64 && !a.Gzip {
		if v := a.JSON(); !v.IsNull() && a.T.Len() <= maxText {
			c.ev.steps += a.T.Len() / 16
			return inherit(a, v)
		}
	}
	return c.ev.call(stdlib.JSONDecodeFunc, c.at, c.args...)
}

// yamlDecode is the library's value, with the place of every scalar of a text without aliases.
func yamlDecode(c *call) *Val {
	v := c.ev.call(ctyyaml.YAMLDecodeFunc, c.at, c.args...)
	a := c.arg(0)
	if a.Kind != String || a.IsUnknown() || v.Kind != Map && v.Kind != List {
		return v
	}
	var doc yaml.Node
	s := a.T.String()
	if err := yaml.Unmarshal([]byte(s), &doc); err != nil || len(doc.Content) != 1 {
		return v
	}
	t := a.T
	p := yamlPlaces{text: Place{text: &t}, lines: lineStarts(s), left: maxItems}
	return p.placed(v, doc.Content[0], 0)
}

type yamlPlaces struct {
	text  Place
	lines []int
	left  int
}

func lineStarts(s string) []int {
	out := []int{0}
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' {
			out = append(out, i+1)
		}
	}
	return out
}

// placed is v with the places of n, where the two have the same shape.
func (p *yamlPlaces) placed(v *Val, n *yaml.Node, depth int) *Val {
	if p.left--; p.left < 0 || depth > 60 {
		return v
	}
	switch {
	case v.Kind == Map && n.Kind == yaml.MappingNode && v.res == nil:
		c := *v
		c.At, c.Child = p.at(n), make(map[string]*Val, len(v.Child))
		for k, it := range v.Child {
			c.Child[k] = it
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if it := c.Child[n.Content[i].Value]; it != nil {
				c.Child[n.Content[i].Value] = p.placed(it, n.Content[i+1], depth+1)
			}
		}
		return &c
	case v.Kind == List && n.Kind == yaml.SequenceNode && len(v.Items) == len(n.Content):
		c := *v
		c.At, c.Items = p.at(n), make([]*Val, len(v.Items))
		for i, it := range v.Items {
			c.Items[i] = p.placed(it, n.Content[i], depth+1)
		}
		return &c
	case n.Kind != yaml.ScalarNode:
		return v
	}
	at := p.at(n)
	c := *v
	c.At = at
	if v.Kind == String {
		s := v.T.String()
		whole := at.Text().String()
		if i := strings.Index(whole, s); i >= 0 && strings.TrimSpace(s) != "" {
			c.T = at.Text().Slice(i, i+len(s))
		} else {
			c.T = literal(s, at).T
		}
	}
	return &c
}

// at is where a node begins, to the end of its line for scalars of one line, else its first character.
func (p *yamlPlaces) at(n *yaml.Node) Place {
	if n.Line < 1 || n.Line > len(p.lines) {
		return p.text
	}
	start := p.lines[n.Line-1] + n.Column - 1
	end := p.text.text.Len()
	if n.Line < len(p.lines) {
		end = p.lines[n.Line] - 1
	}
	start = min(start, end)
	if n.Kind == yaml.ScalarNode {
		line := p.text.text.String()[start:end]
		if i := strings.Index(line, n.Value); i >= 0 && n.Value != "" {
			return Place{p.text.text, start + i, start + i + len(n.Value)}
		}
		return Place{p.text.text, start, end}
	}
	return Place{p.text.text, start, min(start+1, end)}
}
