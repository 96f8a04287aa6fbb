package cloudformation

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// sub is Fn::Sub: ${Name}, ${Resource.Attribute}, ${!Literal}, with values of its own where a list is given.
func (t *template) sub(arg *markup.Node, at eval.Place, depth int) *eval.Val {
	text, own := arg, (*markup.Node)(nil)
	if arg.Kind == markup.List && len(arg.Items) > 0 {
		text = arg.Items[0]
		if len(arg.Items) > 1 {
			own = arg.Items[1]
		}
	}
	if text.Kind != markup.String {
		return t.value(text, depth)
	}
	s := text.Text.String()
	var parts []span.Text
	from, size := 0, 0
	emit := func(p span.Text) { parts, size = append(parts, p), size+p.Len() }
	for from < len(s) && size < maxText {
		i := strings.Index(s[from:], "${")
		if i < 0 {
			break
		}
		i += from
		j := strings.IndexByte(s[i:], '}')
		if j < 0 {
			break
		}
		j += i
		emit(text.Text.Slice(from, i))
		name := strings.TrimSpace(s[i+2 : j])
		here := text.Text.Slice(i, j+1)
		switch {
		case strings.HasPrefix(name, "!"):
			emit(span.Concat(text.Text.Slice(i, i+2), text.Text.Slice(i+3, j+1))) // ${!X} is ${X} itself
		default:
			emit(t.c.Module().InText(t.named(name, own, eval.At(here), depth), here))
		}
		from = j + 1
	}
	emit(text.Text.Slice(from, len(s)))
	if size > maxText {
		return eval.NotKnown("a text that is too long", at)
	}
	v := resolved(span.Concat(parts...))
	if v.At.IsZero() || len(parts) == 1 {
		return v.AtPlace(eval.At(text.Text))
	}
	return v
}

func (t *template) named(name string, own *markup.Node, at eval.Place, depth int) *eval.Val {
	if own != nil {
		if m := own.Member(name); m != nil && m.Key.String() == name {
			return t.value(m.Value, depth+1)
		}
	}
	if res, attr, dotted := strings.Cut(name, "."); dotted {
		return t.attribute(res, attr, at)
	}
	return t.ref(name, at)
}

// findInMap looks into Mappings. Where a key is not known, all the values that it may stand for have to be the same.
func (t *template) findInMap(arg *markup.Node, at eval.Place, depth int) *eval.Val {
	if arg.Kind != markup.List || len(arg.Items) < 3 {
		return eval.NotKnown("Fn::FindInMap needs three names", at)
	}
	nodes, why := []*markup.Node{t.root.Get("Mappings")}, ""
	for _, it := range arg.Items[:3] {
		v := t.value(it, depth)
		key, ok := v.Str()
		if !ok {
			why = v.Reason()
		}
		var next []*markup.Node
		for _, n := range nodes {
			for i := range membersOf(n) {
				if m := &n.Members[i]; !ok || m.Key.String() == key {
					next = append(next, m.Value)
				}
			}
		}
		nodes = next
	}
	if len(nodes) == 0 {
		if d := arg.Items; len(d) > 3 && d[3].Get("DefaultValue") != nil {
			return t.value(d[3].Get("DefaultValue"), depth)
		}
		return eval.NotKnown("the mapping has no such entry", at)
	}
	v := t.value(nodes[0], depth)
	for _, n := range nodes[1:] {
		if n.Str() != nodes[0].Str() || n.Kind == markup.List || n.Kind == markup.Map {
			return eval.NotKnown("which entry of the mapping is meant is not known: "+why, at)
		}
	}
	return v
}

func membersOf(n *markup.Node) []markup.Member {
	if n == nil {
		return nil
	}
	return n.Members
}
