package ansible

import (
	"errors"
	"strconv"

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

func openWhy(v value) string {
	if why, is := v.open(); is && why != "" {
		return why
	}
	return "a condition that is not known"
}

func (p *parser) or() expr {
	e := p.and()
	for p.is("or") {
		a, b := e, p.and()
		e = func(ev *eval) value {
			x := a(ev)
			yes, known := x.truth()
			if known && yes {
				return x
			}
			y := b(ev)
			if known {
				return y
			}
			if yes, known := y.truth(); known && yes {
				return boolValue(true, y.text)
			}
			return unknownValue(openWhy(x), x.text)
		}
	}
	return e
}

func (p *parser) and() expr {
	e := p.not()
	for p.is("and") {
		a, b := e, p.not()
		e = func(ev *eval) value {
			x := a(ev)
			yes, known := x.truth()
			if known && !yes {
				return x
			}
			y := b(ev)
			if known {
				return y
			}
			if yes, known := y.truth(); known && !yes {
				return boolValue(false, y.text)
			}
			return unknownValue(openWhy(x), x.text)
		}
	}
	return e
}

func (p *parser) not() expr {
	if !p.is("not") {
		return p.compare()
	}
	p.enter()
	defer func() { p.depth-- }()
	e := p.not()
	return func(ev *eval) value {
		v := e(ev)
		if yes, known := v.truth(); known {
			return boolValue(!yes, v.text)
		}
		return unknownValue(openWhy(v), v.text)
	}
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

func (p *parser) primary() expr {
	t := p.next()
	at := p.slice(t.from, t.to)
	switch t.kind {
	case tokString:
		text := span.Literal(t.s, at)
		if at.Len() >= 2 && at.String()[1:at.Len()-1] == t.s {
			text = at.Slice(1, at.Len()-1)
		}
		for p.peek().kind == tokString { // 'a' 'b'
			n := p.next()
			text = span.Concat(text, span.Literal(n.s, p.slice(n.from, n.to)))
		}
		return func(*eval) value { return value{kind: str, text: text} }
	case tokNumber:
		n, err := strconv.ParseFloat(t.s, 64)
		if err != nil {
			p.fail()
		}
		return func(*eval) value { return numValue(n, at) }
	case tokName:
		switch t.s {
		case "true", "True":
			return func(*eval) value { return boolValue(true, at) }
		case "false", "False":
			return func(*eval) value { return boolValue(false, at) }
		case "none", "None":
			return func(*eval) value { return value{kind: null, text: at} }
		case "omit":
			return func(*eval) value { return value{kind: null, omit: true, text: at} }
		case "if", "else", "in", "is", "and", "or", "not":
			p.fail()
		}
		if p.op("(") {
			p.at++
			args := p.args()
			whole := p.since(t.from)
			return func(ev *eval) value { return ev.call(t.s, args, whole) }
		}
		return func(ev *eval) value { return ev.lookup(t.s, at) }
	case tokOp:
		switch t.s {
		case "(":
			return p.parenthesis(t.from)
		case "[":
			return p.listLiteral(t.from, "]")
		case "{":
			return p.dictLiteral(t.from)
		}
	}
	p.fail()
	return nil
}
