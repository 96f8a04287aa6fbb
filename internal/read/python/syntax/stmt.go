package syntax

// file reads all statements of a file.
func (p *parser) file() []Stmt {
	var out []Stmt
	for p.peek().Kind != End {
		if k := p.peek().Kind; k == Newline || k == Dedent {
			p.next()
			continue
		}
		out = append(out, p.statements()...)
	}
	return out
}

// statements reads one compound statement, or all simple ones of a line. What is no Python becomes Opaque.
func (p *parser) statements() (out []Stmt) {
	from, depth := p.i, p.depth
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		b, ok := r.(bail)
		if !ok {
			panic(r)
		}
		p.depth = depth
		p.i = from
		p.skip()
		if len(p.errs) < 100 {
			p.errs = append(p.errs, b.err)
		}
		out = []Stmt{&Opaque{Place{p.ts[from].Start, p.ts[max(from, p.i-1)].Start}, p.ts[from:p.i], b.err}}
	}()
	if t := p.peek(); t.Kind == Indent {
		p.fail(t.Start, "this line is indented for no reason")
	}
	if s := p.compound(); s != nil {
		return []Stmt{s}
	}
	for {
		out = append(out, p.simple())
		if p.eat(";") && p.peek().Kind != Newline && p.peek().Kind != End {
			continue
		}
		if t := p.peek(); t.Kind != Newline && t.Kind != End {
			p.fail(t.Start, "this does not belong here")
		}
		p.next()
		return out
	}
}

// skip leaves out a line and what is indented below it.
func (p *parser) skip() {
	level := 0
	for p.peek().is("@") { // the lines of decorators belong to what they decorate
		for p.next().Kind != Newline && p.peek().Kind != End {
		}
	}
	if p.peek().Kind == Indent {
		p.next()
		level++
	}
	for {
		t := p.peek()
		switch t.Kind {
		case End:
			return
		case Indent:
			level++
		case Dedent:
			if level == 0 {
				return // the block's own end
			}
			level--
			if level == 0 && p.ahead(1).Kind != Dedent {
				p.next()
				return
			}
		case Newline:
			if level == 0 && p.ahead(1).Kind != Indent {
				p.next()
				return
			}
		}
		p.next()
	}
}

// block is what follows a colon.
func (p *parser) block() []Stmt {
	defer p.enter()()
	p.want(":")
	if p.peek().Kind != Newline {
		return p.line()
	}
	p.next()
	if t := p.peek(); t.Kind != Indent {
		p.fail(t.Start, "expected an indented block")
	}
	p.next()
	var out []Stmt
	for p.peek().Kind != Dedent && p.peek().Kind != End {
		out = append(out, p.statements()...)
	}
	if p.peek().Kind == Dedent {
		p.next()
	}
	return out
}

// line is the simple statements after a colon on the same line.
func (p *parser) line() []Stmt {
	var out []Stmt
	for {
		out = append(out, p.simple())
		if p.eat(";") && p.peek().Kind != Newline && p.peek().Kind != End {
			continue
		}
		if t := p.peek(); t.Kind != Newline && t.Kind != End {
			p.fail(t.Start, "this does not belong here")
		}
		p.next()
		return out
	}
}
