package python

import (
	"math"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// binary is l op r.
func (e *evaluator) binary(op string, l, r *Value, x syntax.Node) *Value {
	at := e.at(x)
	a, an := number(l)
	b, bn := number(r)
	if e.unset(l, "this works with", at) || r.Kind != Either && e.unset(r, "this works with", at) {
		return unknownAt("it raises a TypeError", at)
	}
	if op == "/" && e.opts.Outside != nil {
		if v := e.below(l, []*Value{r}, x); v != nil {
			return v
		}
	}
	switch {
	case l.Kind == Either && r.Kind != Either:
		return e.each(l, func(v *Value) *Value { return e.binary(op, v, r, x) })
	case r.Kind == Either && l.Kind != Either:
		return e.each(r, func(v *Value) *Value { return e.binary(op, l, v, x) })
	case an && bn:
		if l.Kind != Float && r.Kind != Float {
			if v, ok := whole(op, l.Int, r.Int); ok {
				return intOf(v, at)
			}
			if op != "/" {
				if op == "%" || op == "//" {
					e.raised = &Issue{"a division by zero", at}
				}
				return unknownAt("the number is too large, or not worked out", at)
			}
		}
		return e.float(op, a, b, at)
	case op == "+" && l.Kind == r.Kind && (l.Kind == Text || l.Kind == Bytes):
		return e.concat(l, r, x)
	case op == "+" && (l.Kind == Text && r.Kind == Unknown || l.Kind == Unknown && r.Kind == Text):
		return e.concat(e.asText(l, x), e.asText(r, x), x)
	case op == "+" && l.Kind == r.Kind && (l.Kind == List || l.Kind == Tuple):
		if len(l.Items)+len(r.Items) > maxTurns*10 {
			return unknownAt("it has too many members", at)
		}
		return &Value{Kind: l.Kind, Items: append(append([]*Value(nil), l.Items...), r.Items...), At: at}
	case op == "%" && l.Kind == Text:
		return e.percent(l, r, x)
	case op == "*" && (l.Kind == Text || l.Kind == List || l.Kind == Tuple) && r.Kind == Int:
		return e.repeat(l, r.Int, x)
	case op == "*" && (r.Kind == Text || r.Kind == List || r.Kind == Tuple) && l.Kind == Int:
		return e.repeat(r, l.Int, x)
	case op == "|" && l.Kind == Dict && r.Kind == Dict:
		n := &Value{Kind: Dict, Keys: append([]*Value(nil), l.Keys...), Items: append([]*Value(nil), l.Items...), At: at}
		for i, k := range r.Keys {
			n.put(k, r.Items[i])
		}
		return n
	case l.Kind == Set && r.Kind == Set && (op == "|" || op == "-" || op == "&"):
		return e.sets(op, l, r, at)
	}
	u := unknownAt(firstOf(l.Reason(), firstOf(r.Reason(), "it is worked out by code that is not followed")), at)
	u.Tainted = l.Tainted || r.Tainted
	return u
}

// each applies f to all that v may be.
func (e *evaluator) each(v *Value, f func(*Value) *Value) *Value {
	var out *Value
	for _, alt := range v.Items {
		if alt == nil {
			continue
		}
		if w := f(alt); out == nil {
			out = w
		} else {
			out = either(v.Why, out, w)
		}
	}
	if out == nil {
		return unknownAt(v.Why, v.At)
	}
	return out
}

// whole is arithmetic on whole numbers; false when the result is none, or too large.
func whole(op string, a, b int64) (int64, bool) {
	switch op {
	case "+":
		c := a + b
		return c, (c > a) == (b > 0)
	case "-":
		c := a - b
		return c, (c < a) == (b > 0)
	case "*":
		if a == 0 || b == 0 {
			return 0, true
		}
		c := a * b
		return c, c/b == a && !(a == -1 && b == math.MinInt64) && !(b == -1 && a == math.MinInt64)
	case "**":
		if b < 0 || b > 62 && a != 0 && a != 1 {
			return 0, false
		}
		out := int64(1)
		for i := int64(0); i < min(b, 63); i++ {
			var ok bool
			if out, ok = whole("*", out, a); !ok {
				return 0, false
			}
		}
		return out, true
	case "//", "%":
		if b == 0 || a == math.MinInt64 {
			return 0, false
		}
		q, m := a/b, a%b
		if m != 0 && (m < 0) != (b < 0) {
			q, m = q-1, m+b
		}
		if op == "%" {
			return m, true
		}
		return q, true
	case "<<":
		if b < 0 || b > 62 {
			return 0, false
		}
		return whole("*", a, 1<<uint(b))
	case ">>":
		return a >> uint(min(max(b, 0), 63)), b >= 0
	case "|":
		return a | b, true
	case "&":
		return a & b, true
	case "^":
		return a ^ b, true
	}
	return 0, false
}

func (e *evaluator) float(op string, a, b float64, at span.Span) *Value {
	out := func(f float64) *Value { return &Value{Kind: Float, Float: f, At: at} }
	switch op {
	case "+":
		return out(a + b)
	case "-":
		return out(a - b)
	case "*":
		return out(a * b)
	case "/", "//", "%":
		if b == 0 {
			e.raised = &Issue{"a division by zero", at}
			return unknownAt("a division by zero", at)
		}
		switch op {
		case "/":
			return out(a / b)
		case "//":
			return out(math.Floor(a / b))
		}
		return out(a - b*math.Floor(a/b))
	case "**":
		if f := math.Pow(a, b); !math.IsNaN(f) {
			return out(f)
		}
	}
	return unknownAt("it is worked out by code that is not followed", at)
}

func (e *evaluator) sets(op string, l, r *Value, at span.Span) *Value {
	n := &Value{Kind: Set, At: at}
	for _, it := range l.Items {
		in, known := e.within(it, r)
		if op != "|" && !known {
			return unknownAt("some of its members are not known", at)
		}
		if op == "|" || in == (op == "&") {
			n.add(it)
		}
	}
	if op == "|" {
		for _, it := range r.Items {
			n.add(it)
		}
	}
	return n
}

// concat puts text together.
func (e *evaluator) concat(l, r *Value, x syntax.Node) *Value {
	if l.Text.Len()+r.Text.Len() > maxText {
		return e.unknownText("the text is too long", e.slice(x))
	}
	return &Value{Kind: l.Kind, Text: span.Concat(l.Text, r.Text), At: e.at(x)}
}

// asText is v as part of a text: an unknown value becomes an unknown part.
func (e *evaluator) asText(v *Value, x syntax.Node) *Value {
	if v.Kind == Unknown && v.Name == OpenFile && e.opts.Outside != nil {
		return textOf(v.Text) // a path
	}
	switch v.Kind {
	case Text:
		return v
	case Unknown, Either, Thing, Lazy, Config, SectionOf, Function, Ref, Local, Bytes:
		return e.unknownText(firstOf(v.Reason(), "it is worked out by code that is not followed"), e.slice(x))
	}
	s, ok := textForm(v, false, 0)
	if !ok {
		return e.unknownText("it is put together by code that is not followed", e.slice(x))
	}
	return textOf(span.Literal(s, e.slice(x)))
}

func (e *evaluator) repeat(v *Value, n int64, x syntax.Node) *Value {
	n = max(n, 0)
	size := int64(v.Text.Len() + len(v.Items))
	if size > 0 && n > maxText/16/size {
		return unknownAt("it is repeated too often", e.at(x))
	}
	if v.Kind == Text {
		return textOf(span.Literal(strings.Repeat(v.Text.String(), int(n)), v.Text))
	}
	out := &Value{Kind: v.Kind, At: e.at(x)}
	for range n {
		out.Items = append(out.Items, v.Items...)
	}
	return out
}
