package ansible

import (
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// arg is an argument of a filter, test or function; name is empty for a positional one.
type arg struct {
	name string
	e    expr
}

// args are the arguments after an opening bracket, up to the closing one.
func (p *parser) args() []arg {
	p.enter()
	defer func() { p.depth-- }()
	var out []arg
	for !p.is(")") {
		a := arg{}
		if t := p.peek(); t.kind == tokName && p.toks[p.at+1].kind == tokOp && p.toks[p.at+1].s == "=" {
			a.name = t.s
			p.at += 2
		}
		a.e = p.expression()
		out = append(out, a)
		if !p.is(",") {
			p.want(")")
			break
		}
	}
	return out
}

func (p *parser) parenthesis(from int) expr {
	if p.is(")") {
		at := p.since(from)
		return func(*eval) value { return listValue(nil, at) }
	}
	e := p.expression()
	if !p.op(",") {
		p.want(")")
		return e
	}
	items := []expr{e}
	for p.is(",") && !p.op(")") {
		items = append(items, p.expression())
	}
	p.want(")")
	return listOf(items, p.since(from))
}

func (p *parser) listLiteral(from int, end string) expr {
	p.enter()
	defer func() { p.depth-- }()
	var items []expr
	for !p.is(end) {
		items = append(items, p.expression())
		if !p.is(",") {
			p.want(end)
			break
		}
	}
	return listOf(items, p.since(from))
}

func listOf(items []expr, at span.Text) expr {
	return func(ev *eval) value {
		v := listValue(make([]value, 0, len(items)), at)
		for _, e := range items {
			v.items = append(v.items, e(ev))
		}
		return v
	}
}

func (p *parser) dictLiteral(from int) expr {
	p.enter()
	defer func() { p.depth-- }()
	var keys, vals []expr
	for !p.is("}") {
		keys = append(keys, p.expression())
		p.want(":")
		vals = append(vals, p.expression())
		if !p.is(",") {
			p.want("}")
			break
		}
	}
	at := p.since(from)
	return func(ev *eval) value {
		v := dictValue(at)
		for i := range keys {
			k := keys[i](ev)
			if why, open := k.open(); open {
				return unknownValue(why, at)
			}
			v.put(k.python(), vals[i](ev))
		}
		return v
	}
}

// postfix is .name, [index], [a:b] and a call of a method.
func (p *parser) postfix(e expr, from int) expr {
	for {
		switch {
		case p.op(".") && p.is("."):
			t := p.next()
			if t.kind != tokName && t.kind != tokNumber {
				p.fail()
			}
			of, name := e, t.s
			if t.kind == tokName && p.op("(") && p.is("(") {
				args := p.args()
				at := p.since(from)
				e = func(ev *eval) value { return ev.method(of(ev), name, args, at) }
				continue
			}
			at := p.since(from)
			e = func(ev *eval) value { return ev.attribute(of(ev), strValue(name, at), at) }
		case p.op("[") && p.is("["):
			e = p.subscript(e, from)
		default:
			return e
		}
	}
}

func (p *parser) subscript(of expr, from int) expr {
	p.enter()
	defer func() { p.depth-- }()
	var lo, hi expr
	sliced := false
	if !p.op(":") {
		lo = p.expression()
	}
	if p.is(":") {
		sliced = true
		if !p.op("]") {
			hi = p.expression()
		}
	}
	p.want("]")
	at := p.since(from)
	if !sliced {
		return func(ev *eval) value { return ev.attribute(of(ev), lo(ev), at) }
	}
	return func(ev *eval) value { return ev.slice(of(ev), lo, hi, at) }
}

// filters is | name(args) and "is" tests, which bind tighter than any operator but a call.
func (p *parser) filters(e expr, from int) expr {
	for {
		switch {
		case p.op("|") && p.is("|"):
			name, args := p.named()
			of, at := e, p.since(from)
			e = func(ev *eval) value { return ev.filter(of(ev), name, args, at) }
		case p.peek().kind == tokName && p.is("is"):
			not := p.is("not")
			name, args := p.test()
			of, at := e, p.since(from)
			e = func(ev *eval) value {
				v := ev.test(of(ev), name, args, at)
				if v.kind == boolean && not {
					v.b = !v.b
				}
				return v
			}
		default:
			return e
		}
	}
}

// named is a filter's name, perhaps with dots, and its arguments.
func (p *parser) named() (string, []arg) {
	t := p.next()
	if t.kind != tokName {
		p.fail()
	}
	name := t.s
	for p.op(".") && p.is(".") { // ansible.builtin.bool: the last part is the name
		if t = p.next(); t.kind != tokName {
			p.fail()
		}
		name = t.s
	}
	if p.op("(") && p.is("(") {
		return name, p.args()
	}
	return name, nil
}

// test is named, and an argument without brackets as in "is version '1'".
func (p *parser) test() (string, []arg) {
	name, args := p.named()
	if args != nil {
		return name, args
	}
	switch t := p.peek(); {
	case t.kind == tokString || t.kind == tokNumber,
		t.kind == tokName && t.s != "and" && t.s != "or" && t.s != "else" && t.s != "if" && t.s != "is" && t.s != "in" && t.s != "not":
		from := t.from
		args = []arg{{"", p.postfix(p.primary(), from)}}
	}
	return name, args
}
