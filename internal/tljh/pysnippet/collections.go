package pysnippet

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
