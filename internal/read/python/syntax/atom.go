package syntax

func (p *parser) atom() Expr {
	t := p.peek()
	at := Place{t.Start, t.End}
	switch t.Kind {
	case Number:
		p.next()
		return &Const{at, t.Text}
	case String:
		return p.str()
	case Name:
		switch t.Text {
		case "None", "True", "False":
			p.next()
			return &Const{at, t.Text}
		}
		if !keywords[t.Text] {
			p.next()
			return &Ident{at, t.Text}
		}
	case Op:
		switch t.Text {
		case "...":
			p.next()
			return &Const{at, t.Text}
		case "(":
			return p.round()
		case "[":
			return p.square()
		case "{":
			return p.curly()
		}
	}
	p.fail(t.Start, "expected an expression")
	return nil
}

// str is one or more strings side by side.
func (p *parser) str() Expr {
	s := &Str{}
	from := p.peek().Start
	for p.peek().Kind == String {
		s.Parts = append(s.Parts, p.strPart(p.next()))
	}
	for i := range s.Parts {
		if s.Parts[i].Bytes() != s.Parts[0].Bytes() {
			p.fail(from, "bytes and text cannot stand side by side")
		}
	}
	s.Place = Place{from, p.last()}
	return s
}

// round is a tuple, a generator, or an expression in brackets.
func (p *parser) round() Expr {
	defer p.enter()()
	from := p.next().Start
	if p.eat(")") {
		return &Seq{Place{from, p.last()}, "Tuple", nil}
	}
	if p.peek().is("yield") {
		x := p.yield()
		p.want(")")
		return x
	}
	first := p.starred(true)
	if p.startsComp() {
		fors := p.compFors()
		p.want(")")
		return &Comp{Place{from, p.last()}, "GeneratorExp", first, nil, fors}
	}
	if p.eat(")") {
		if s, ok := first.(*Star); ok {
			p.fail(s.From, "cannot use a starred expression here")
		}
		return first
	}
	items := p.items(first, ")")
	return &Seq{Place{from, p.last()}, "Tuple", items}
}

// items reads the rest of a list of expressions and the bracket that ends it.
func (p *parser) items(first Expr, shut string) []Expr {
	items := []Expr{first}
	for p.eat(",") {
		if p.peek().is(shut) {
			break
		}
		items = append(items, p.starred(true))
	}
	p.want(shut)
	return items
}

func (p *parser) square() Expr {
	defer p.enter()()
	from := p.next().Start
	if p.eat("]") {
		return &Seq{Place{from, p.last()}, "List", nil}
	}
	first := p.starred(true)
	if p.startsComp() {
		fors := p.compFors()
		p.want("]")
		return &Comp{Place{from, p.last()}, "ListComp", first, nil, fors}
	}
	items := p.items(first, "]")
	return &Seq{Place{from, p.last()}, "List", items}
}

// curly is a set or a dict.
func (p *parser) curly() Expr {
	defer p.enter()()
	from := p.next().Start
	if p.eat("}") {
		return &Dict{Place: Place{from, p.last()}}
	}
	if !p.peek().is("**") {
		first := p.starred(true)
		if !p.peek().is(":") {
			if p.startsComp() {
				fors := p.compFors()
				p.want("}")
				return &Comp{Place{from, p.last()}, "SetComp", first, nil, fors}
			}
			items := p.items(first, "}")
			return &Seq{Place{from, p.last()}, "Set", items}
		}
		p.next()
		v := p.expr()
		if p.startsComp() {
			fors := p.compFors()
			p.want("}")
			return &Comp{Place{from, p.last()}, "DictComp", first, v, fors}
		}
		return p.dict(from, first, v)
	}
	p.next()
	return p.dict(from, nil, p.binary(0))
}

func (p *parser) dict(from int, key, value Expr) Expr {
	d := &Dict{Keys: []Expr{key}, Values: []Expr{value}}
	for p.eat(",") {
		if p.peek().is("}") {
			break
		}
		if p.eat("**") {
			d.Keys, d.Values = append(d.Keys, nil), append(d.Values, p.binary(0))
			continue
		}
		k := p.expr()
		p.want(":")
		d.Keys, d.Values = append(d.Keys, k), append(d.Values, p.expr())
	}
	p.want("}")
	d.Place = Place{from, p.last()}
	return d
}

func (p *parser) yield() Expr {
	from := p.next().Start
	y := &Yield{}
	if p.eat("from") {
		y.Full, y.X = true, p.expr()
	} else if p.startsExpr() {
		y.X = p.stars(false)
	}
	y.Place = Place{from, p.last()}
	return y
}

// params reads the parameters of a function up to the token that ends them, which is left.
func (p *parser) params(annotated bool, shut string) *Params {
	ps := &Params{}
	star := false
	for !p.peek().is(shut) {
		switch t := p.peek(); {
		case ps.Names != nil:
			p.fail(t.Start, "nothing can follow the ** parameter")
		case t.is("/"):
			p.next()
			ps.Only, ps.Plain = ps.Plain, nil
		case t.is("**"):
			p.next()
			q := p.param(annotated)
			ps.Names = &q
		case t.is("*"):
			p.next()
			star = true
			if !p.peek().is(",") {
				q := p.param(annotated)
				ps.Rest = &q
			}
		case star:
			ps.Keyword = append(ps.Keyword, p.param(annotated))
		default:
			q := p.param(annotated)
			if before := append(ps.Only, ps.Plain...); q.Default == nil && len(before) > 0 && before[len(before)-1].Default != nil {
				p.fail(q.From, "a parameter without a default follows one with a default")
			}
			ps.Plain = append(ps.Plain, q)
		}
		if !p.eat(",") {
			break
		}
	}
	return ps
}

func (p *parser) param(annotated bool) Param {
	n, t := p.name()
	q := Param{Name: n}
	if annotated && p.eat(":") {
		q.Ann = p.starred(false)
	}
	q.Place = Place{t.Start, p.last()}
	if p.eat("=") {
		q.Default = p.expr()
	}
	return q
}
