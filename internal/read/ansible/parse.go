package ansible

import (
	"errors"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// expr is a parsed expression: it yields its value with the variables of the evaluation.
type expr func(*eval) value

// parser reads Jinja's expressions (jinja2/parser.py), the part that playbooks use.
type parser struct {
	text  span.Text
	toks  []token
	at    int
	depth int
}

var errSyntax = errors.New("an expression that is not understood")

// parseExpr parses the bytes [from, to) of text.
func parseExpr(text span.Text, from, to int) (e expr, err error) {
	p := &parser{text: text, toks: lex(text.String(), from, to)}
	return p.all()
}

func (p *parser) all() (e expr, err error) {
	defer func() {
		if r := recover(); r != nil {
			if r != errSyntax { //nolint:errorlint // the value itself
				panic(r)
			}
			e, err = nil, errSyntax
		}
	}()
	e = p.expression()
	if p.peek().kind != tokEnd {
		return nil, errSyntax
	}
	return e, nil
}

func (p *parser) fail() { panic(errSyntax) }

func (p *parser) peek() token { return p.toks[p.at] }

func (p *parser) next() token {
	t := p.toks[p.at]
	if t.kind != tokEnd {
		p.at++
	}
	return t
}

// is takes the next token if it is the operator or word s.
func (p *parser) is(s string) bool {
	if t := p.peek(); (t.kind == tokOp || t.kind == tokName) && t.s == s {
		p.at++
		return true
	}
	return false
}

// op says whether the next token is the operator s.
func (p *parser) op(s string) bool { return p.peek().kind == tokOp && p.peek().s == s }

func (p *parser) want(s string) {
	if !p.is(s) {
		p.fail()
	}
}

func (p *parser) slice(from, to int) span.Text { return p.text.Slice(from, max(from, to)) }

// since is the text from a token's start to the last token taken.
func (p *parser) since(from int) span.Text {
	to := from
	if p.at > 0 {
		to = p.toks[p.at-1].to
	}
	return p.slice(from, to)
}

func (p *parser) enter() {
	if p.depth++; p.depth > 100 {
		p.fail()
	}
}

// expression is A if C else B.
func (p *parser) expression() expr {
	p.enter()
	defer func() { p.depth-- }()
	from := p.peek().from
	e := p.or()
	for p.is("if") {
		cond := p.or()
		other := expr(func(*eval) value { return value{why: "nothing, as its condition does not hold"} })
		if p.is("else") {
			other = p.expression()
		}
		then, at := e, p.since(from)
		e = func(ev *eval) value {
			c := cond(ev)
			yes, known := c.truth()
			if !known {
				a, b := then(ev), other(ev)
				if _, open := a.open(); !open && a.same(b) {
					return a
				}
				return unknownValue(openWhy(c), at)
			}
			if yes {
				return then(ev)
			}
			return other(ev)
		}
	}
	return e
}

func (p *parser) compare() expr {
	e := p.sum()
	var prev expr
	for {
		op := ""
		for _, o := range []string{"==", "!=", "<=", ">=", "<", ">", "in"} {
			if p.is(o) {
				op = o
				break
			}
		}
		if op == "" && p.peek().s == "not" && p.peek().kind == tokName && p.at+1 < len(p.toks) && p.toks[p.at+1].s == "in" {
			p.at += 2
			op = "not in"
		}
		if op == "" {
			return e
		}
		a, b := e, p.sum()
		if prev != nil { // a < b < c
			a = prev
		}
		one := expr(func(ev *eval) value { return compare(op, a(ev), b(ev)) })
		if prev != nil {
			before := e
			e = func(ev *eval) value {
				if x := before(ev); x.kind == boolean && !x.b {
					return x
				}
				return one(ev)
			}
		} else {
			e = one
		}
		prev = b
	}
}

func (p *parser) sum() expr { return p.binary(p.concat, "+", "-") }

func (p *parser) concat() expr {
	from := p.peek().from
	parts := []expr{p.product()}
	for p.is("~") {
		parts = append(parts, p.product())
	}
	if len(parts) == 1 {
		return parts[0]
	}
	at := p.since(from)
	return func(ev *eval) value {
		texts := make([]span.Text, len(parts))
		for i, e := range parts {
			texts[i] = ev.asText(e(ev), at)
		}
		return ev.bounded(span.Concat(texts...), at)
	}
}

func (p *parser) product() expr { return p.binary(p.unary, "*", "/", "//", "%") }

func (p *parser) binary(sub func() expr, ops ...string) expr {
	from := p.peek().from
	e := sub()
	for {
		op := ""
		for _, o := range ops {
			if p.op(o) && p.is(o) {
				op = o
				break
			}
		}
		if op == "" {
			return e
		}
		a, b, at := e, sub(), p.since(from)
		e = func(ev *eval) value { return ev.arith(op, a(ev), b(ev), at) }
	}
}

func (p *parser) unary() expr {
	from := p.peek().from
	if p.is("-") || p.is("+") {
		neg := p.toks[p.at-1].s == "-"
		p.enter()
		defer func() { p.depth-- }()
		e := p.unary()
		at := p.since(from)
		return func(ev *eval) value {
			v := e(ev)
			if v.kind == number && neg {
				v.n = -v.n
			}
			if v.kind != number {
				return unknownValue(openWhy(v), at)
			}
			return v
		}
	}
	e := p.postfix(p.primary(), from)
	if p.is("**") {
		b, at := p.unary(), p.since(from)
		a := e
		e = func(ev *eval) value { return ev.arith("**", a(ev), b(ev), at) }
	}
	return p.filters(e, from)
}
