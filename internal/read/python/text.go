package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// str is the value of strings side by side.
func (e *evaluator) str(x *syntax.Str) *Value {
	var parts []span.Text
	bytes := false
	for i := range x.Parts {
		p := &x.Parts[i]
		bytes = p.Bytes()
		if !p.Formatted() {
			parts = append(parts, syntax.Decode(e.text, p.Open, p.Shut, p.Raw(), p.Bytes()))
			continue
		}
		if strings.Contains(p.Prefix, "t") {
			return e.unknown(x, "it is a template string, which is not followed")
		}
		parts = append(parts, e.pieces(p.Pieces, p.Raw())...)
	}
	t := span.Concat(parts...)
	if len(parts) == 0 || t.Len() == 0 {
		t = span.Literal("", e.slice(x))
	}
	if t.Len() > maxText {
		return e.unknownText("the text is too long", e.slice(x))
	}
	v := &Value{Kind: Text, Text: t, At: e.at(x)}
	if bytes {
		v.Kind = Bytes
	}
	return v
}

func (e *evaluator) pieces(ps []syntax.Piece, raw bool) []span.Text {
	var out []span.Text
	for i := range ps {
		p := &ps[i]
		if p.X == nil {
			t := syntax.Decode(e.text, p.From, p.To, raw, false)
			out = append(out, t)
			continue
		}
		v := e.eval(p.X)
		if p.Show {
			from, to := p.X.Range()
			out = append(out, span.Literal(e.src[from:to]+"=", e.text.Slice(from, to)))
		}
		spec := ""
		if len(p.Spec) > 0 {
			spec = span.Concat(e.pieces(p.Spec, raw)...).String()
		}
		conv := p.Conv
		if p.Show && conv == "" && spec == "" {
			conv = "r"
		}
		out = append(out, e.formatted(v, conv, spec, p))
	}
	return out
}

// formatted is v as a field of a text shows it.
func (e *evaluator) formatted(v *Value, conv, spec string, x syntax.Node) span.Text {
	if conv == "" && spec == "" {
		if v.Kind == Text {
			return v.Text
		}
		return e.asText(v, x).Text
	}
	if s, ok := textForm(v, conv == "r" || conv == "a", 0); ok {
		if conv != "" || v.Kind == Text {
			v = textOf(span.Plain(s))
		}
		if out, ok := format(v, spec); ok {
			return span.Literal(out, e.slice(x))
		}
	}
	return span.Literal(span.Unknown(firstOf(v.Reason(), "it is put together by code that is not followed")), e.slice(x))
}
