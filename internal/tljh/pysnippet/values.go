package pysnippet

import (
	"math"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

const maxDepth = 50

// expression is the value of an expression: exact for literals and known variables, unknown for all else.
func (r *reader) expression(ts []token) *doc.Node {
	r.environment(ts)
	p := &parser{r: r, ts: ts}
	n := p.sum(0)
	if n == nil || p.i != len(ts) {
		return r.opaque(ts)
	}
	return n
}

// opaque is the value of code that is not read.
func (r *reader) opaque(ts []token) *doc.Node {
	at := r.at(ts)
	if len(ts) > 0 && (ts[0].text == "lambda" || len(ts) == 1 && ts[0].kind == name) {
		return doc.UnknownOf("it is code, which is not read", at)
	}
	if name := variable(ts); name != "" {
		n := doc.Of(span.Unknown("environment variable "+name+" is not in the repository"), doc.Unknown, at)
		return n.Because("it comes from the environment variable " + name + " of the hub's service")
	}
	if len(ts) > 0 && ts[0].kind == str && len(ts) == 1 || len(ts) > 1 && ts[0].kind == str && (ts[1].text == "%" || ts[1].text == "+") {
		return doc.Of(span.Unknown("it is put together by code"), doc.Unknown, at).Because("it is put together by code, which is not read")
	}
	return doc.UnknownOf("it is worked out by code, which is not read", at)
}

// variable is the name in os.environ["NAME"], os.environ.get("NAME", "text") or os.getenv("NAME", "text"): values that are text
// if they are anything.
func variable(ts []token) string {
	var b strings.Builder
	name, strs := "", 0
	for _, t := range ts {
		if t.kind == str {
			if strs == 0 {
				name = t.value
			}
			strs++
			b.WriteString("S")
			continue
		}
		b.WriteString(t.text)
	}
	switch b.String() {
	case `os.environ[S]`, `os.environ.get(S,S)`, `os.getenv(S,S)`, `environ[S]`, `getenv(S,S)`, `environ.get(S,S)`:
		return name
	}
	return ""
}

// environment notes each os.environ["X"], which raises when the hub's service has no such variable.
func (r *reader) environment(ts []token) {
	for i := 0; i+3 < len(ts); i++ {
		if ts[i].text == "environ" && ts[i+1].text == "[" && ts[i+2].kind == str && ts[i+3].text == "]" {
			r.may(r.text.SpanOf(ts[i].start, ts[i+3].end), "it needs the environment variable "+ts[i+2].value+" in the hub's service, and stops the hub without it")
		}
	}
}

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

// sequence reads a list or tuple; what is in parentheses without a comma is just itself.
func (p *parser) sequence(depth int, closing string) *doc.Node {
	from := p.i
	p.i++
	l := doc.NewList(doc.Set, span.Span{})
	comma := false
	for !p.eat(closing) {
		n := p.element(depth)
		if n == nil {
			return nil
		}
		l.Add(n)
		if !p.eat(",") {
			if !p.eat(closing) {
				return nil
			}
			if closing == ")" && !comma && len(l.Items) == 1 {
				return l.Items[0]
			}
			break
		}
		comma = true
	}
	l.At = p.span(from)
	return l
}

// element is an item of a collection: a value, or code up to the next comma, which is unknown.
func (p *parser) element(depth int) *doc.Node {
	from := p.i
	if n := p.sum(depth + 1); n != nil {
		if t := p.peek(); t.kind == op && strings.Contains(",])}:", t.text) {
			return n
		}
	}
	p.i = from
	level := 0
	for ; p.i < len(p.ts); p.i++ {
		t := p.ts[p.i]
		if t.kind == name && (t.text == "for" || t.text == "async") {
			return nil // a comprehension
		}
		if t.kind != op {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			level++
		case ")", "]", "}":
			if level == 0 {
				return p.code(from)
			}
			level--
		case ",", ":":
			if level == 0 && !(t.text == ":" && p.ts[from].text == "lambda") {
				return p.code(from)
			}
		case "*", "**":
			if p.i == from {
				return nil // unpacking: how many items it gives is not known
			}
		}
	}
	return nil
}

func (p *parser) code(from int) *doc.Node {
	if p.i == from {
		return nil
	}
	return p.r.opaque(p.ts[from:p.i])
}

// braces reads a set or a dict.
func (p *parser) braces(depth int) *doc.Node {
	from := p.i
	p.i++
	m, l := doc.NewMap(doc.Set, span.Span{}), doc.NewList(doc.Set, span.Span{})
	for !p.eat("}") {
		k := p.element(depth)
		if k == nil {
			return nil
		}
		if p.eat(":") {
			v := p.element(depth)
			key, ok := k.Str()
			if v == nil || k.State == doc.Unknown {
				return nil
			}
			if !ok {
				key = "$key:" + strconv.Itoa(len(m.Keys))
			}
			v = v.Copy()
			v.KeyAt = k.At
			m.Put(key, v)
		} else {
			l.Add(k)
		}
		if !p.eat(",") {
			if !p.eat("}") {
				return nil
			}
			break
		}
	}
	if len(l.Items) > 0 {
		if len(m.Keys) > 0 {
			return nil
		}
		l.At = p.span(from)
		return l
	}
	m.At = p.span(from)
	return m
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
