package arm

import (
	"math/big"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// expression is a string "[…]" while it is evaluated.
type expression struct {
	sc    *scope
	t     span.Text
	s     string
	i     int
	depth int
	bad   bool
}

// evaluate is what a string of the template means.
func (sc *scope) evaluate(t span.Text, depth int) *eval.Val {
	s := t.String()
	if !strings.HasPrefix(s, "[") || !strings.HasSuffix(s, "]") {
		return eval.TextOf(t)
	}
	if strings.HasPrefix(s, "[[") {
		return eval.TextOf(t.Slice(1, len(s)))
	}
	e := &expression{sc: sc, t: t.Slice(1, len(s)-1), s: s[1 : len(s)-1], depth: depth}
	v := e.value()
	if e.space(); e.bad || e.i < len(e.s) {
		return eval.NotKnown("the expression cannot be read", eval.At(t))
	}
	return v
}

func (e *expression) space() {
	for e.i < len(e.s) && strings.IndexByte(" \t\r\n", e.s[e.i]) >= 0 {
		e.i++
	}
}

func (e *expression) eat(c byte) bool {
	if e.space(); e.i < len(e.s) && e.s[e.i] == c {
		e.i++
		return true
	}
	return false
}

func (e *expression) word() string {
	e.space()
	from := e.i
	for e.i < len(e.s) && (e.s[e.i] == '_' || e.s[e.i] >= '0' && e.s[e.i] <= '9' || e.s[e.i]|0x20 >= 'a' && e.s[e.i]|0x20 <= 'z') {
		e.i++
	}
	return e.s[from:e.i]
}

func (e *expression) fail() *eval.Val {
	e.bad = true
	return eval.None()
}

func (e *expression) value() *eval.Val {
	if e.depth++; e.depth > maxDepth || !e.sc.t.spend() {
		return e.fail()
	}
	defer func() { e.depth-- }()
	e.space()
	if e.i >= len(e.s) {
		return e.fail()
	}
	from := e.i
	var v *eval.Val
	switch c := e.s[e.i]; {
	case c == '\'':
		v = e.quoted()
	case c == '-' || c >= '0' && c <= '9':
		e.i++
		for e.i < len(e.s) && (e.s[e.i] >= '0' && e.s[e.i] <= '9' || e.s[e.i] == '.') {
			e.i++
		}
		f, _, err := big.ParseFloat(e.s[from:e.i], 10, 64, big.ToNearestEven)
		if err != nil {
			return e.fail()
		}
		v = eval.NumberOf(f, eval.At(e.t.Slice(from, e.i)))
	default:
		name := e.word()
		for e.eat('.') {
			name += "." + e.word() // a function of the template's own
		}
		if name == "" || !e.eat('(') {
			return e.fail()
		}
		var args []*eval.Val
		for !e.eat(')') {
			if e.bad || len(args) > 0 && !e.eat(',') {
				return e.fail()
			}
			args = append(args, e.value())
		}
		v = e.sc.call(name, args, eval.At(e.t.Slice(from, e.i)))
	}
	for !e.bad {
		switch {
		case e.eat('.'):
			v = Member(v, e.word(), eval.At(e.t.Slice(from, e.i)))
		case e.eat('['):
			i := e.value()
			if !e.eat(']') {
				return e.fail()
			}
			v = Index(v, i, eval.At(e.t.Slice(from, e.i)))
		default:
			return v
		}
	}
	return eval.None()
}

// quoted is 'text', in which ” is a quote.
func (e *expression) quoted() *eval.Val {
	e.i++
	from := e.i
	var parts []span.Text
	for e.i < len(e.s) {
		if e.s[e.i] != '\'' {
			e.i++
			continue
		}
		parts = append(parts, e.t.Slice(from, e.i))
		if e.i++; e.i >= len(e.s) || e.s[e.i] != '\'' {
			return eval.TextOf(span.Concat(parts...))
		}
		from = e.i
		e.i++
	}
	return e.fail()
}
