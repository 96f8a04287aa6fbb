package syntax

// match is a match statement; nil when "match" is just a name here.
func (p *parser) match() Stmt {
	start := p.i
	m, ok := p.tryMatch()
	if !ok {
		p.i = start
		return nil
	}
	return m
}

// header reads the subject; false when what follows is no match statement.
func (p *parser) header(m *Match) (ok bool) {
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
	m.Subject = p.stars(true)
	return p.peek().is(":") && p.ahead(1).Kind == Newline && p.ahead(2).Kind == Indent && p.ahead(3).is("case")
}

func (p *parser) tryMatch() (Stmt, bool) {
	from := p.peek().Start
	m := &Match{}
	if !p.header(m) {
		return nil, false
	}
	p.i += 3
	for p.peek().is("case") {
		p.next()
		c := Case{Pattern: p.pattern()}
		if p.eat("if") {
			c.Guard = p.named()
		}
		c.Body = p.block()
		m.Cases = append(m.Cases, c)
	}
	if p.peek().Kind == Dedent {
		p.next()
	} else if p.peek().Kind != End {
		p.fail(p.peek().Start, "expected a case")
	}
	m.Place = Place{from, p.last()}
	return m, true
}

// pattern takes the tokens of a pattern, up to its guard or colon.
func (p *parser) pattern() []Token {
	from, level := p.i, 0
	for {
		t := p.peek()
		switch {
		case t.Kind == Newline || t.Kind == End:
			p.fail(t.Start, "expected a colon after the pattern")
		case level == 0 && (t.is(":") || t.is("if")):
			if p.i == from {
				p.fail(t.Start, "expected a pattern")
			}
			return p.ts[from:p.i]
		case t.Kind == Op && (t.Text == "(" || t.Text == "[" || t.Text == "{"):
			level++
		case t.Kind == Op && (t.Text == ")" || t.Text == "]" || t.Text == "}"):
			level--
		}
		p.next()
	}
}
