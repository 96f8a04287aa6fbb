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
			emit(t.inText(t.named(name, own, eval.At(here), depth), here))
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

// inText is v inside a text; what is not known becomes a token that stands where the reference does.
func (t *template) inText(v *eval.Val, here span.Text) span.Text {
	switch {
	case v.IsNull():
		return span.Literal("", here)
	case v.Kind == eval.Ref || v.Kind == eval.Unknown:
		return span.Literal(span.Unknown(v.Reason()), here)
	}
	return t.c.Module().AsText(v)
}

func (t *template) join(with *markup.Node, items *eval.Val, at eval.Place) *eval.Val {
	if items.IsNull() || items.Kind != eval.List {
		if items.IsUnknown() {
			return eval.NotKnown(items.Reason(), at)
		}
		return eval.NotKnown("Fn::Join of what is no list", at)
	}
	var parts []span.Text
	size := 0
	for i, it := range items.Items {
		if i > 0 && with.Str() != "" {
			parts = append(parts, span.Literal(with.Str(), with.At))
		}
		p := t.inText(it, it.At.Text())
		parts, size = append(parts, p), size+p.Len()
		if size > maxText {
			return eval.NotKnown("a text that is too long", at)
		}
	}
	if len(parts) == 0 {
		return eval.Text("", at)
	}
	return eval.TextOf(span.Concat(parts...))
}

func split(by string, v *eval.Val, at eval.Place) *eval.Val {
	s, ok := v.Str()
	if !ok || by == "" || v.Kind != eval.String {
		return eval.NotKnown("Fn::Split of what is not known: "+v.Reason(), at)
	}
	out := eval.ListAt(at)
	from := 0
	for _, p := range strings.SplitN(s, by, 10_000) {
		out.Items = append(out.Items, eval.TextOf(v.T.Slice(from, from+len(p))))
		from += len(p) + len(by)
	}
	return out
}

func (t *template) pick(i, items *eval.Val, at eval.Place) *eval.Val {
	n, ok := i.Int()
	switch {
	case !ok:
		return eval.NotKnown("which element is meant is not known: "+i.Reason(), at)
	case items.IsNull() || items.Kind != eval.List:
		return eval.NotKnown("an element of what is not known: "+items.Reason(), at)
	case n < 0 || n >= int64(len(items.Items)):
		return eval.NotKnown("there is no such element", at)
	}
	return items.Items[n]
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
