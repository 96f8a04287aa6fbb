package syntax

// stars is a list of expressions: one, or a tuple without brackets. walrus allows NAME := value in it.
func (p *parser) stars(walrus bool) Expr {
	from := p.peek().Start
	first := p.starred(walrus)
	if !p.peek().is(",") {
		return first
	}
	t := &Seq{Kind: "Tuple", Items: []Expr{first}}
	for p.eat(",") {
		if !p.startsExpr() {
			break
		}
		t.Items = append(t.Items, p.starred(walrus))
	}
	if at, _ := first.Range(); at < from {
		from = at
	}
	t.Place = Place{from, p.last()}
	return t
}

func (p *parser) starred(walrus bool) Expr {
	if t := p.peek(); t.is("*") {
		defer p.enter()()
		p.next()
		x := p.binary(0)
		return &Star{Place{t.Start, p.last()}, x}
	}
	if walrus {
		return p.named()
	}
	return p.expr()
}

// startsExpr says whether the next token can start an expression.
func (p *parser) startsExpr() bool {
	switch t := p.peek(); t.Kind {
	case Number, String:
		return true
	case Name:
		switch t.Text {
		case "None", "True", "False", "not", "lambda", "await", "yield":
			return true
		}
		return !keywords[t.Text]
	case Op:
		switch t.Text {
		case "(", "[", "{", "-", "+", "~", "*", "...":
			return true
		}
	}
	return false
}

// named is an expression, or NAME := value.
func (p *parser) named() Expr {
	if t := p.peek(); t.Kind == Name && !keywords[t.Text] && p.ahead(1).is(":=") {
		p.next()
		p.next()
		v := p.expr()
		return &Walrus{Place{t.Start, p.last()}, &Ident{Place{t.Start, t.End}, t.Text}, v}
	}
	return p.expr()
}

func (p *parser) expr() Expr {
	defer p.enter()()
	from := p.peek().Start
	if p.peek().is("lambda") {
		p.next()
		ps := p.params(false, ":")
		p.want(":")
		body := p.expr()
		return &Lambda{Place{from, p.last()}, ps, body}
	}
	x := p.or()
	if !p.peek().is("if") {
		return x
	}
	p.next()
	test := p.or()
	p.want("else")
	other := p.expr()
	return &Cond{Place{from, p.last()}, test, x, other}
}

func (p *parser) or() Expr { return p.logic("or", func() Expr { return p.logic("and", p.not) }) }

func (p *parser) logic(op string, item func() Expr) Expr {
	from := p.peek().Start
	x := item()
	if !p.peek().is(op) {
		return x
	}
	l := &Logic{Op: op, Items: []Expr{x}}
	for p.eat(op) {
		l.Items = append(l.Items, item())
	}
	l.Place = Place{from, p.last()}
	return l
}

func (p *parser) not() Expr {
	if t := p.peek(); t.is("not") {
		defer p.enter()()
		p.next()
		x := p.not()
		return &Unary{Place{t.Start, p.last()}, "not", x}
	}
	return p.compare()
}

func (p *parser) compare() Expr {
	from := p.peek().Start
	x := p.binary(0)
	var c *Compare
	for {
		op := p.comparison()
		if op == "" {
			break
		}
		if c == nil {
			c = &Compare{First: x}
		}
		c.Ops = append(c.Ops, op)
		c.Rest = append(c.Rest, p.binary(0))
	}
	if c == nil {
		return x
	}
	c.Place = Place{from, p.last()}
	return c
}

// comparison takes a comparison operator, "" if none comes.
func (p *parser) comparison() string {
	t := p.peek()
	switch {
	case t.Kind == Op && (t.Text == "<" || t.Text == ">" || t.Text == "==" || t.Text == "!=" || t.Text == "<=" || t.Text == ">="):
		return p.next().Text
	case t.is("in"):
		return p.next().Text
	case t.is("is"):
		p.next()
		if p.eat("not") {
			return "is not"
		}
		return "is"
	case t.is("not") && p.ahead(1).is("in"):
		p.next()
		p.next()
		return "not in"
	}
	return ""
}

// levels are the binary operators, weakest first.
var levels = [...][]string{{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "//", "%", "@"}}

func (p *parser) binary(level int) Expr {
	if level == len(levels) {
		return p.unary()
	}
	from := p.peek().Start
	x := p.binary(level + 1)
	for {
		op := ""
		for _, o := range levels[level] {
			if t := p.peek(); t.Kind == Op && t.Text == o {
				op = o
			}
		}
		if op == "" {
			return x
		}
		p.next()
		r := p.binary(level + 1)
		x = &Bin{Place{from, p.last()}, op, x, r}
	}
}

func (p *parser) unary() Expr {
	t := p.peek()
	if t.Kind == Op && (t.Text == "-" || t.Text == "+" || t.Text == "~") {
		defer p.enter()()
		p.next()
		x := p.unary()
		return &Unary{Place{t.Start, p.last()}, t.Text, x}
	}
	x := p.await()
	if p.peek().is("**") {
		defer p.enter()()
		p.next()
		r := p.unary()
		return &Bin{Place{t.Start, p.last()}, "**", x, r}
	}
	return x
}

func (p *parser) await() Expr {
	if t := p.peek(); t.is("await") {
		p.next()
		x := p.primary()
		return &Await{Place{t.Start, p.last()}, x}
	}
	return p.primary()
}
