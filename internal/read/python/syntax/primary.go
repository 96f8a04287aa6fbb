package syntax

// primary is an atom followed by any number of .name, (arguments) and [index].
func (p *parser) primary() Expr {
	from := p.peek().Start
	x := p.atom()
	for {
		switch t := p.peek(); {
		case t.is("."):
			p.next()
			n := p.peek()
			if n.Kind != Name || keywords[n.Text] {
				p.fail(n.Start, "expected a name after the dot")
			}
			p.next()
			x = &Attr{Place{from, p.last()}, x, n.Text}
		case t.is("("):
			p.next()
			args, named := p.args()
			x = &Call{Place{from, p.last()}, x, args, named}
		case t.is("["):
			p.next()
			i := p.index()
			p.want("]")
			x = &Index{Place{from, p.last()}, x, i}
		default:
			return x
		}
	}
}

// args reads the arguments of a call and the bracket that ends them.
func (p *parser) args() (args []Expr, named []Named) {
	open := p.ts[p.i-1].Start
	for !p.eat(")") {
		from := p.peek().Start
		switch t := p.peek(); {
		case t.is("**"):
			p.next()
			v := p.expr()
			named = append(named, Named{Place{from, p.last()}, "", v})
		case t.is("*"):
			for _, n := range named {
				if n.Name == "" {
					p.fail(from, "a * argument cannot follow a ** one")
				}
			}
			p.next()
			v := p.expr()
			args = append(args, &Star{Place{from, p.last()}, v})
		case t.Kind == Name && p.ahead(1).is("="):
			n, _ := p.name()
			p.next()
			v := p.expr()
			named = append(named, Named{Place{from, p.last()}, n, v})
		default:
			if len(named) > 0 {
				p.fail(from, "an argument without a name follows one with a name")
			}
			x := p.named()
			if p.startsComp() {
				fors := p.compFors()
				p.want(")")
				g := &Comp{Place{from, p.ts[p.i-2].End}, "GeneratorExp", x, nil, fors}
				if len(args) == 0 && len(named) == 0 {
					g.Place = Place{open, p.last()}
				}
				return append(args, g), named
			}
			args = append(args, x)
		}
		if !p.eat(",") {
			p.want(")")
			break
		}
	}
	return args, named
}

// index is what stands between square brackets.
func (p *parser) index() Expr {
	from := p.peek().Start
	first := p.slice()
	if !p.peek().is(",") {
		if s, ok := first.(*Star); ok {
			return &Seq{s.Place, "Tuple", []Expr{s}}
		}
		return first
	}
	t := &Seq{Kind: "Tuple", Items: []Expr{first}}
	for p.eat(",") {
		if p.peek().is("]") {
			break
		}
		t.Items = append(t.Items, p.slice())
	}
	t.Place = Place{from, p.last()}
	return t
}

func (p *parser) slice() Expr {
	from := p.peek().Start
	var low Expr
	if !p.peek().is(":") {
		low = p.starred(true)
		if !p.peek().is(":") {
			return low
		}
	}
	s := &Slice{Low: low}
	p.want(":")
	ends := func() bool { t := p.peek(); return t.is(":") || t.is(",") || t.is("]") }
	if !ends() {
		s.High = p.expr()
	}
	if p.eat(":") && !ends() {
		s.Step = p.expr()
	}
	s.Place = Place{from, p.last()}
	return s
}

func (p *parser) startsComp() bool {
	return p.peek().is("for") || p.peek().is("async") && p.ahead(1).is("for")
}

func (p *parser) compFors() []CompFor {
	var out []CompFor
	for p.startsComp() {
		f := CompFor{Async: p.eat("async")}
		p.want("for")
		f.Target = p.target()
		p.assignable(f.Target)
		p.want("in")
		f.In = p.or()
		for p.eat("if") {
			f.Ifs = append(f.Ifs, p.condition())
		}
		out = append(out, f)
	}
	return out
}

// condition is a condition of a comprehension: no if-else, but := may stand in it.
func (p *parser) condition() Expr {
	if t := p.peek(); t.Kind == Name && !keywords[t.Text] && p.ahead(1).is(":=") {
		return p.named()
	}
	defer p.enter()()
	return p.or()
}

// target is what a for assigns to.
func (p *parser) target() Expr {
	from := p.peek().Start
	one := func() Expr {
		if t := p.peek(); t.is("*") {
			p.next()
			x := p.primary()
			return &Star{Place{t.Start, p.last()}, x}
		}
		defer p.enter()()
		return p.primary()
	}
	first := one()
	if !p.peek().is(",") {
		return first
	}
	t := &Seq{Kind: "Tuple", Items: []Expr{first}}
	for p.eat(",") {
		if p.peek().is("in") || p.peek().is("=") {
			break
		}
		t.Items = append(t.Items, one())
	}
	t.Place = Place{from, p.last()}
	return t
}
