package eval

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// What the functions of other formats' templates have in common.

// InText is v inside a text; what is not known becomes a token that stands where the reference does.
func (m *Module) InText(v *Val, here span.Text) span.Text {
	switch {
	case v.IsNull():
		return span.Literal("", here)
	case v.Kind == Ref || v.Kind == Unknown:
		return span.Literal(span.Unknown(v.Reason()), here)
	case v.Kind == List:
		return span.Literal(span.Unknown("a list used as text"), here)
	}
	return m.AsText(v)
}

// Joined is the texts of items with a text between them. name is the function's, for reasons.
func (m *Module) Joined(name string, with span.Text, items *Val, at Place) *Val {
	if items.IsNull() || items.Kind != List {
		if items.IsUnknown() {
			return NotKnown(items.Reason(), at)
		}
		return NotKnown(name+" of what is no list", at)
	}
	var parts []span.Text
	size := 0
	for i, it := range items.Items {
		if i > 0 && with.Len() > 0 {
			parts = append(parts, with)
		}
		p := m.InText(it, it.At.Text())
		parts, size = append(parts, p), size+p.Len()
		if size > maxText {
			return NotKnown("a text that is too long", at)
		}
	}
	if len(parts) == 0 {
		return Text("", at)
	}
	return TextOf(span.Concat(parts...))
}

// Cut is v split at every by. name is the function's, for reasons.
func Cut(name, by string, v *Val, at Place) *Val {
	s, ok := v.Str()
	if !ok || by == "" || v.Kind != String {
		return NotKnown(name+" of what is not known: "+v.Reason(), at)
	}
	out := ListAt(at)
	from := 0
	for _, p := range strings.SplitN(s, by, maxItems) {
		out.Items = append(out.Items, TextOf(v.T.Slice(from, from+len(p))))
		from += len(p) + len(by)
	}
	return out
}

// Element is element i of items.
func Element(i, items *Val, at Place) *Val {
	n, ok := i.Int()
	switch {
	case !ok:
		return NotKnown("which element is meant is not known: "+i.Reason(), at)
	case items.IsNull() || items.Kind != List:
		return NotKnown("an element of what is not known: "+items.Reason(), at)
	case n < 0 || n >= int64(len(items.Items)):
		return NotKnown("there is no such element", at)
	}
	return items.Items[n]
}
