package pysnippet

import (
	"math"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// parser reads the literals of Python: text, numbers, True, False, None, lists, tuples, sets, dicts, and sums and products
// of known values.
type parser struct {
	r  *reader
	ts []token
	i  int
}

func (p *parser) peek() token {
	if p.i < len(p.ts) {
		return p.ts[p.i]
	}
	return token{kind: newline}
}

func (p *parser) eat(s string) bool {
	if t := p.peek(); t.kind == op && t.text == s {
		p.i++
		return true
	}
	return false
}

func (p *parser) span(from int) span.Span {
	return p.r.text.SpanOf(p.ts[from].start, p.ts[p.i-1].end)
}

// sum reads terms joined by + and -; nil means that it is not understood.
func (p *parser) sum(depth int) *doc.Node {
	from := p.i
	left := p.product(depth)
	for left != nil && (p.peek().text == "+" || p.peek().text == "-") && p.peek().kind == op {
		minus := p.peek().text == "-"
		p.i++
		right := p.product(depth)
		if right == nil {
			return nil
		}
		ls, lok := left.Str()
		rs, rok := right.Str()
		switch {
		case lok && rok && !minus:
			n := doc.Of(ls+rs, doc.Set, p.span(from))
			if left.State == doc.Unknown || right.State == doc.Unknown {
				n.State, n.Why = doc.Unknown, left.Why+right.Why
			}
			left = n
		case left.Kind == doc.Number && right.Kind == doc.Number:
			sign := 1.0
			if minus {
				sign = -1
			}
			left = p.number(toFloat(left)+sign*toFloat(right), left, right, from)
		case left.Kind == doc.List && right.Kind == doc.List && !minus:
			left = doc.NewList(doc.Set, p.span(from), append(append([]*doc.Node(nil), left.Items...), right.Items...)...)
		default:
			return nil
		}
	}
	return left
}

func (p *parser) product(depth int) *doc.Node {
	from := p.i
	left := p.atom(depth)
	for left != nil && p.peek().kind == op && (p.peek().text == "*" || p.peek().text == "**") {
		power := p.peek().text == "**"
		p.i++
		right := p.atom(depth)
		if right == nil || left.Kind != doc.Number || right.Kind != doc.Number {
			return nil
		}
		v := toFloat(left) * toFloat(right)
		if power {
			v = math.Pow(toFloat(left), toFloat(right))
		}
		if p.peek().text == "**" {
			return nil // binds to the right; nobody writes that
		}
		left = p.number(v, left, right, from)
	}
	return left
}

func (p *parser) number(v float64, a, b *doc.Node, from int) *doc.Node {
	_, ai := a.Value.(int64)
	_, bi := b.Value.(int64)
	if ai && bi && v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return doc.Of(int64(v), doc.Set, p.span(from))
	}
	return doc.Of(v, doc.Set, p.span(from))
}

func toFloat(n *doc.Node) float64 {
	if i, ok := n.Value.(int64); ok {
		return float64(i)
	}
	return n.Value.(float64)
}

func (p *parser) atom(depth int) *doc.Node {
	t, from := p.peek(), p.i
	if depth > maxDepth {
		return nil
	}
	switch {
	case t.kind == str:
		return p.text()
	case t.kind == num:
		p.i++
		return parseNumber(t.text, p.span(from))
	case t.kind == op && (t.text == "-" || t.text == "+"):
		p.i++
		n := p.atom(depth + 1)
		if n == nil || n.Kind != doc.Number {
			return nil
		}
		if i, ok := n.Value.(int64); ok && t.text == "-" {
			return doc.Of(-i, doc.Set, p.span(from))
		} else if f, ok := n.Value.(float64); ok && t.text == "-" {
			return doc.Of(-f, doc.Set, p.span(from))
		}
		return n
	case t.kind == op && (t.text == "[" || t.text == "("):
		return p.sequence(depth, map[string]string{"[": "]", "(": ")"}[t.text])
	case t.kind == op && t.text == "{":
		return p.braces(depth)
	case t.kind == name:
		return p.named(depth)
	}
	return nil
}

func (p *parser) text() *doc.Node {
	from := p.i
	var b strings.Builder
	unknown := ""
	for p.peek().kind == str {
		t := p.peek()
		p.i++
		switch {
		case strings.Contains(t.prefix, "b"):
			return nil
		case strings.Contains(t.prefix, "f") && strings.ContainsAny(t.value, "{}"):
			unknown = "it is put together by code, which is not read"
			b.WriteString(span.Unknown(unknown))
		default:
			b.WriteString(t.value)
		}
	}
	s := b.String()
	n := doc.Of(s, doc.Set, p.span(from))
	if unknown != "" || span.IsUnknown(s) {
		n.State, n.Why = doc.Unknown, unknown
		if unknown == "" {
			n.Why = span.Reason(s)
		}
	}
	return n
}

func parseNumber(s string, at span.Span) *doc.Node {
	s = strings.ReplaceAll(strings.ToLower(s), "_", "")
	if len(s) > 1 && s[0] == '0' && s[1] >= '0' && s[1] <= '9' && !strings.ContainsAny(s, ".ej") {
		return nil // Python has no such number
	}
	if i, err := strconv.ParseInt(s, 0, 64); err == nil {
		return doc.Of(i, doc.Set, at)
	}
	if strings.HasPrefix(s, "0x") {
		return nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsInf(f, 0) {
		return doc.Of(f, doc.Set, at)
	}
	return nil
}

// named reads True, False, None, known variables, and calls of set, list, tuple, dict and str.
func (p *parser) named(depth int) *doc.Node {
	t, from := p.peek(), p.i
	p.i++
	switch t.text {
	case "True", "False":
		return doc.Of(t.text == "True", doc.Set, p.span(from))
	case "None":
		return doc.Of(nil, doc.Set, p.span(from))
	case "set", "list", "tuple", "frozenset":
		if !p.eat("(") {
			return nil
		}
		if p.eat(")") {
			return doc.NewList(doc.Set, p.span(from))
		}
		n := p.element(depth)
		if n == nil || n.Kind != doc.List || !p.eat(")") {
			return nil
		}
		return n
	}
	if v := p.r.vars[t.text]; v != nil && p.peek().text != "." && p.peek().text != "(" && p.peek().text != "[" {
		c := v.Copy()
		c.At = p.span(from)
		if v.State != doc.Unknown {
			c.At = v.At // the literal is what would be changed
		}
		return c
	}
	return nil
}
