package syntax

import "strings"

// simple is a statement that fits on a line.
func (p *parser) simple() Stmt {
	t := p.peek()
	from := t.Start
	here := func() Place { return Place{from, p.last()} }
	if t.Kind == Name {
		switch t.Text {
		case "pass", "break", "continue":
			p.next()
			return &Word{here(), t.Text}
		case "return":
			p.next()
			var x Expr
			if p.startsExpr() {
				x = p.stars(false)
			}
			return &Return{here(), x}
		case "raise":
			p.next()
			r := &Raise{}
			if p.startsExpr() {
				if r.X = p.expr(); p.eat("from") {
					r.Cause = p.expr()
				}
			}
			r.Place = here()
			return r
		case "global", "nonlocal":
			p.next()
			s := &Scope{Kind: t.Text}
			for {
				n, _ := p.name()
				s.Names = append(s.Names, n)
				if !p.eat(",") {
					break
				}
			}
			s.Place = here()
			return s
		case "del":
			p.next()
			d := &Delete{}
			for p.startsExpr() {
				x := p.primary()
				p.assignable(x)
				d.Targets = append(d.Targets, x)
				if !p.eat(",") {
					break
				}
			}
			if len(d.Targets) == 0 {
				p.fail(p.peek().Start, "expected something to delete")
			}
			d.Place = here()
			return d
		case "assert":
			p.next()
			a := &Assert{Test: p.expr()}
			if p.eat(",") {
				a.Msg = p.expr()
			}
			a.Place = here()
			return a
		case "import":
			p.next()
			i := &Import{Names: p.aliases(true)}
			i.Place = here()
			return i
		case "from":
			return p.importFrom()
		case "type":
			if n := p.ahead(1); n.Kind == Name && !keywords[n.Text] && (p.ahead(2).is("=") || p.ahead(2).is("[")) {
				return p.typeAlias()
			}
		}
	}
	return p.assignment(from)
}

func (p *parser) aliases(dotted bool) []Alias {
	var out []Alias
	for {
		n, t := p.name()
		for dotted && p.eat(".") {
			m, _ := p.name()
			n += "." + m
		}
		a := Alias{Name: n}
		if p.eat("as") {
			a.As, _ = p.name()
		}
		a.Place = Place{t.Start, p.last()}
		out = append(out, a)
		if !p.peek().is(",") || p.ahead(1).is(")") {
			return out
		}
		p.next()
	}
}

func (p *parser) importFrom() Stmt {
	from := p.next().Start
	i := &ImportFrom{}
	for p.peek().is(".") || p.peek().is("...") {
		i.Level += len(p.next().Text)
	}
	if !p.peek().is("import") {
		i.Module, _ = p.name()
		for p.eat(".") {
			n, _ := p.name()
			i.Module += "." + n
		}
	} else if i.Level == 0 {
		p.fail(p.peek().Start, "expected a module")
	}
	p.want("import")
	switch {
	case p.peek().is("*"):
		t := p.next()
		i.Names = []Alias{{Place{t.Start, t.End}, "*", ""}}
	case p.eat("("):
		i.Names = p.aliases(false)
		p.eat(",")
		p.want(")")
	default:
		i.Names = p.aliases(false)
	}
	i.Place = Place{from, p.last()}
	return i
}

func (p *parser) typeAlias() Stmt {
	from := p.next().Start
	n, _ := p.name()
	p.typeParams()
	p.want("=")
	p.expr()
	return &TypeAlias{Place{from, p.last()}, n}
}

// typeParams reads over [T, *Ts, **P: bound = default].
func (p *parser) typeParams() {
	if !p.eat("[") {
		return
	}
	for !p.eat("]") {
		if !p.eat("*") {
			p.eat("**")
		}
		p.name()
		if p.eat(":") {
			p.expr()
		}
		if p.eat("=") {
			p.starred(false)
		}
		if !p.eat(",") {
			p.want("]")
			return
		}
	}
}

// assignment is an expression, or any form of assignment.
func (p *parser) assignment(from int) Stmt {
	x := p.rightSide()
	switch t := p.peek(); {
	case t.is("="):
		a := &Assign{}
		for p.eat("=") {
			p.assignable(x)
			a.Targets = append(a.Targets, x)
			x = p.rightSide()
		}
		a.Value = x
		a.Place = Place{from, p.last()}
		return a
	case t.is(":"):
		switch x.(type) {
		case *Ident, *Attr, *Index:
		default:
			p.fail(t.Start, "only a name can be given a type")
		}
		p.next()
		a := &AnnAssign{Target: x, Ann: p.expr()}
		if p.eat("=") {
			a.Value = p.rightSide()
		}
		a.Place = Place{from, p.last()}
		return a
	case t.Kind == Op && strings.HasSuffix(t.Text, "=") && len(t.Text) > 1 && strings.IndexByte("=!<>:", t.Text[0]) < 0 || t.is(">>=") || t.is("<<="):
		switch x.(type) {
		case *Ident, *Attr, *Index:
		default:
			p.fail(t.Start, "this cannot be changed in place")
		}
		p.next()
		v := p.rightSide()
		return &AugAssign{Place{from, p.last()}, x, strings.TrimSuffix(t.Text, "="), v}
	}
	return &ExprStmt{Place{from, p.last()}, x}
}

func (p *parser) rightSide() Expr {
	if p.peek().is("yield") {
		return p.yield()
	}
	return p.stars(false)
}

// assignable fails for what nothing can be assigned to.
func (p *parser) assignable(x Expr) {
	switch x := x.(type) {
	case *Ident, *Attr, *Index:
	case *Star:
		p.assignable(x.X)
	case *Seq:
		if x.Kind == "Set" {
			p.fail(x.From, "nothing can be assigned to a set")
		}
		for _, e := range x.Items {
			p.assignable(e)
		}
	default:
		from, _ := x.Range()
		p.fail(from, "nothing can be assigned to this")
	}
}
