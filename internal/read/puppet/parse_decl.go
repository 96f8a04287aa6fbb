package puppet

// definition is a class, a type of resources, or a function.
func (p *parser) definition(op string) *node {
	n := p.node(op, p.next().from)
	n.word = p.next().text
	if p.at("(") {
		n.params = p.parameters("(", ")")
	}
	if p.accept(">>") { // what a function gives
		p.plain = true
		p.expr(8)
		p.plain = false
	}
	if p.word("inherits") {
		p.next()
		p.plain = true
		n.kids = append(n.kids, p.primary())
		p.plain = false
	}
	n.body = p.block()
	return p.end(n)
}

func (p *parser) nodes() *node {
	n := p.node("node", p.next().from)
	p.plain = true
	for {
		k := p.node("host", p.peek().from)
		switch t := p.next(); t.kind {
		case tSingle, tDouble, tName, tNum:
			k.word = t.text
			for p.accept(".") {
				k.word += "." + p.next().text
			}
		case tRegex:
			k.op, k.word = "regex", t.text
		default:
			p.i--
			p.fail("the name of a machine is expected here")
		}
		n.kids = append(n.kids, p.end(k))
		if !p.accept(",") || p.at("{") {
			break
		}
	}
	if p.word("inherits") {
		p.next()
		p.next()
	}
	p.plain = false
	n.body = p.block()
	return p.end(n)
}

// parameters are those of a class or of a block of code.
func (p *parser) parameters(open, end string) []param {
	p.need(open)
	var out []param
	for !p.at(end) {
		if p.peek().kind == tType { // what it has to be
			p.next()
			if p.at("[") {
				p.index()
			}
		}
		rest := p.accept("*")
		t := p.peek()
		if t.kind != tVar {
			p.fail("the name of a parameter is expected here, not %q", t.text)
		}
		p.next()
		v := param{name: t.text, rest: rest}
		if p.accept("=") {
			if end == "|" {
				v.value = p.unary()
			} else {
				v.value = p.expr(0)
			}
		}
		out = append(out, v)
		if !p.accept(",") {
			break
		}
	}
	p.need(end)
	return out
}

func (p *parser) condition() *node {
	was := p.plain
	p.plain = true
	v := p.expr(0)
	p.plain = was
	return v
}

func (p *parser) ifElse(n *node) *node {
	defer p.deeper()()
	n.op = "if"
	unless := n.word == "unless"
	c := p.condition()
	if unless {
		not := p.node("unary", c.from)
		not.word, not.kids, not.to = "!", []*node{c}, c.to
		c = not
	}
	n.kids = []*node{c}
	n.body = p.block()
	switch {
	case p.word("elsif"):
		t := p.next()
		k := p.node("", t.from)
		k.word = "if"
		n.rest = []*node{p.ifElse(k)}
	case p.word("else"):
		p.next()
		n.rest = p.block()
	}
	return p.end(n)
}

// caseOf is "case": each option is a node with its values and its block.
func (p *parser) caseOf(n *node) *node {
	n.op = "case"
	n.kids = []*node{p.condition()}
	p.need("{")
	for !p.at("}") {
		k := p.node("option", p.peek().from)
		was := p.plain
		p.plain = true
		for {
			k.kids = append(k.kids, p.expr(0))
			if !p.accept(",") || p.at(":") {
				break
			}
		}
		p.plain = was
		p.need(":")
		k.body = p.block()
		n.rest = append(n.rest, p.end(k))
	}
	p.need("}")
	return p.end(n)
}

// resource is "type { title: name => value, …; title: … }": a node with one kid a title, whose attrs are its arguments.
func (p *parser) resource(n *node) {
	n.op = "resource"
	p.need("{")
	if p.peek().kind == tName && p.ahead(1).kind == tOp && p.ahead(1).text == "=>" || p.at("}") { // "file { mode => x }" means nothing
		p.fail("a resource without a title")
	}
	for !p.at("}") {
		k := p.node("title", p.peek().from)
		k.kids = []*node{p.expr(0)}
		p.end(k)
		p.need(":")
		k.attrs = p.pairs()
		n.kids = append(n.kids, k)
		if !p.accept(";") {
			break
		}
	}
	p.need("}")
	p.end(n)
}

// attributes are arguments in braces.
func (p *parser) attributes() []attr {
	p.need("{")
	out := p.pairs()
	p.accept(";")
	p.need("}")
	return out
}

func (p *parser) pairs() []attr {
	was := p.plain
	p.plain = false
	defer func() { p.plain = was }()
	var out []attr
	for p.peek().kind == tName || p.at("*") || p.peek().kind == tSingle || p.peek().kind == tDouble {
		t := p.next()
		if !p.accept("=>") && !p.accept("+>") {
			p.fail("\"=>\" is expected here, not %q", p.peek().text)
		}
		out = append(out, attr{t.text, p.expr(0), t.from})
		if !p.accept(",") {
			break
		}
	}
	return out
}

// collector is "Type <| tag == x |>", with what is set of the resources.
func (p *parser) collector(n *node) {
	n.op = "collect"
	end := map[string]string{"<|": "|>", "<<|": "|>>"}[p.next().text]
	if !p.at(end) {
		n.kids = []*node{p.expr(1)}
	}
	p.need(end)
	if p.at("{") && !p.plain {
		n.attrs = p.attributes()
	}
	p.end(n)
}
