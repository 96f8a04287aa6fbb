package syntax

// compound is a statement with a block; nil if none starts here.
func (p *parser) compound() Stmt {
	t := p.peek()
	if t.is("@") {
		return p.decorated()
	}
	if t.Kind != Name {
		return nil
	}
	switch t.Text {
	case "if":
		return p.ifStmt()
	case "for":
		return p.forStmt(t.Start, false)
	case "while":
		p.next()
		w := &While{Test: p.named(), Body: p.block()}
		if p.peek().is("else") {
			p.next()
			w.Else = p.block()
		}
		w.Place = Place{t.Start, p.last()}
		return w
	case "with":
		return p.with(t.Start, false)
	case "try":
		return p.try()
	case "def":
		return p.def(t.Start, nil, false)
	case "class":
		return p.class(nil)
	case "async":
		p.next()
		switch {
		case p.peek().is("def"):
			return p.def(t.Start, nil, true)
		case p.peek().is("for"):
			return p.forStmt(t.Start, true)
		case p.peek().is("with"):
			return p.with(t.Start, true)
		}
		p.fail(t.Start, "async must stand before def, for or with")
	case "match":
		return p.match()
	}
	return nil
}

func (p *parser) ifStmt() Stmt {
	defer p.enter()()
	from := p.next().Start
	s := &If{Test: p.named(), Body: p.block()}
	switch {
	case p.peek().is("elif"):
		s.Else = []Stmt{p.ifStmt()}
	case p.eat("else"):
		s.Else = p.block()
	}
	s.Place = Place{from, p.last()}
	return s
}

func (p *parser) forStmt(from int, async bool) Stmt {
	p.next()
	f := &For{Target: p.target(), Async: async}
	p.assignable(f.Target)
	p.want("in")
	f.In = p.stars(true)
	f.Body = p.block()
	if p.eat("else") {
		f.Else = p.block()
	}
	f.Place = Place{from, p.last()}
	return f
}

func (p *parser) with(from int, async bool) Stmt {
	p.next()
	w := &With{Async: async}
	if start := p.i; p.peek().is("(") && !p.bracketedWith(w) {
		p.i, w.Items = start, nil
	}
	for len(w.Items) == 0 || p.eat(",") {
		w.Items = append(w.Items, p.withItem())
	}
	w.Body = p.block()
	w.Place = Place{from, p.last()}
	return w
}

// bracketedWith reads with (a as b, c): …; false if the bracket belongs to an expression.
func (p *parser) bracketedWith(w *With) (ok bool) {
	depth := p.depth
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(bail); !is {
				panic(r)
			}
			p.depth, ok = depth, false
		}
	}()
	p.next()
	for !p.peek().is(")") {
		w.Items = append(w.Items, p.withItem())
		if !p.eat(",") {
			break
		}
	}
	p.want(")")
	return p.peek().is(":") && len(w.Items) > 0
}

func (p *parser) withItem() WithItem {
	i := WithItem{X: p.expr()}
	if p.eat("as") {
		if p.peek().is("*") {
			p.fail(p.peek().Start, "cannot use a starred expression here")
		}
		i.Target = p.primary()
		p.assignable(i.Target)
	}
	return i
}

func (p *parser) try() Stmt {
	from := p.next().Start
	t := &Try{Body: p.block()}
	for p.peek().is("except") {
		h := Handler{Place: Place{From: p.next().Start}}
		p.eat("*")
		if !p.peek().is(":") {
			h.Type = p.stars(false) // a tuple without brackets as of 3.14
			if p.eat("as") {
				h.Name, _ = p.name()
			}
		}
		h.Body = p.block()
		h.To = p.last()
		t.Handlers = append(t.Handlers, h)
		t.To = h.To
	}
	if len(t.Handlers) > 0 && p.eat("else") {
		t.Else = p.block()
		t.To = p.last()
	}
	if p.eat("finally") {
		t.Final = p.block()
		t.To = p.last()
	} else if len(t.Handlers) == 0 {
		p.fail(from, "a try needs an except or a finally")
	}
	t.From = from
	return t
}

func (p *parser) decorated() Stmt {
	var ds []Expr
	for p.eat("@") {
		ds = append(ds, p.named())
		if p.peek().Kind != Newline {
			p.fail(p.peek().Start, "a decorator stands on a line of its own")
		}
		p.next()
	}
	switch t := p.peek(); {
	case t.is("def"):
		return p.def(t.Start, ds, false)
	case t.is("class"):
		return p.class(ds)
	case t.is("async") && p.ahead(1).is("def"):
		p.next()
		return p.def(t.Start, ds, true)
	}
	p.fail(p.peek().Start, "a decorator must stand before def or class")
	return nil
}

func (p *parser) def(from int, ds []Expr, async bool) Stmt {
	p.next()
	f := &Func{Decorators: ds, Async: async}
	f.Name, _ = p.name()
	p.typeParams()
	p.want("(")
	f.Params = p.params(true, ")")
	p.want(")")
	if p.eat("->") {
		p.stars(false)
	}
	f.Body = p.block()
	f.Place = Place{from, p.last()}
	return f
}

func (p *parser) class(ds []Expr) Stmt {
	from := p.next().Start
	c := &Class{Decorators: ds}
	c.Name, _ = p.name()
	p.typeParams()
	if p.eat("(") {
		c.Bases, c.Named = p.args()
	}
	c.Body = p.block()
	c.Place = Place{from, p.last()}
	return c
}
