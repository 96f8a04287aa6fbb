package syntax

// Bounds of one file.
const (
	maxText  = 2 << 20
	maxNodes = 200_000
	maxDepth = 120
)

// levels are how tightly operators bind.
var levels = map[string]int{"??": 1, "||": 2, "&&": 3, "==": 4, "!=": 4, "=~": 4, "!~": 4, "<": 5, "<=": 5, ">": 5, ">=": 5,
	"+": 6, "-": 6, "*": 7, "/": 7, "%": 7}

func (p *parser) enter() {
	p.depth++
	if p.nodes++; p.depth > maxDepth || p.nodes > maxNodes {
		p.fail(p.tok.from, "this is nested too deeply, or there is too much of it")
	}
}

// since sets where e is written: from from to the end of the last token.
func (p *parser) since(from int, e *Expr) *Expr {
	e.At = p.text(from, p.last)
	return e
}

func (p *parser) expr() *Expr {
	p.enter()
	defer func() { p.depth-- }()
	from := p.tok.from
	e := p.binary(0)
	if t := p.after(); t.kind == sign && t.s == "?" {
		p.lines()
		p.next()
		p.lines()
		yes := p.expr()
		p.lines()
		p.want(":")
		p.lines()
		no := p.expr()
		return p.since(from, &Expr{Op: Choice, Args: []*Expr{e, yes, no}})
	}
	if e.Op == Group {
		p.fail(from, "there are several expressions where one belongs")
	}
	return e
}

func (p *parser) binary(above int) *Expr {
	from := p.tok.from
	e := p.unary()
	for {
		level := 0
		if p.tok.kind == sign {
			level = levels[p.tok.s]
		}
		if level <= above {
			return e
		}
		if p.nodes++; p.nodes > maxNodes {
			p.enter()
		}
		op := p.tok.s
		p.next()
		e = &Expr{Op: Binary, Name: op, Args: []*Expr{e, p.binary(level)}}
		p.since(from, e)
	}
}

func (p *parser) unary() *Expr {
	p.enter()
	defer func() { p.depth-- }()
	from := p.tok.from
	for _, op := range []string{"!", "-", "+"} {
		if p.eat(op) {
			return p.since(from, &Expr{Op: Unary, Name: op, Args: []*Expr{p.unary()}})
		}
	}
	e := p.primary()
	for {
		switch {
		case p.eat("!"): // it is not null
		case p.eat("."):
			e = p.member(from, e)
		case p.eat("::"):
			e = p.since(from, &Expr{Op: Child, Args: []*Expr{e}, Name: p.name("the name of a nested resource")})
		case p.eat("["):
			x := &Expr{Op: Index}
			x.Safe = p.eat("?")
			x.FromEnd = p.eat("^")
			x.Args = []*Expr{e, p.expr()}
			p.want("]")
			e = p.since(from, x)
		default:
			return e
		}
		if p.nodes++; p.nodes > maxNodes {
			p.enter()
		}
	}
}

func (p *parser) member(from int, e *Expr) *Expr {
	safe := p.eat("?")
	name := p.name("the name of a property")
	if p.is("(") {
		return p.since(from, &Expr{Op: Method, Name: name, Args: append([]*Expr{e}, p.args()...)})
	}
	return p.since(from, &Expr{Op: Member, Args: []*Expr{e}, Name: name, Safe: safe})
}

// args are what stands in ( ), over several lines or not.
func (p *parser) args() []*Expr {
	var out []*Expr
	p.want("(")
	p.lines()
	for !p.eat(")") {
		out = append(out, p.expr())
		p.lines()
		if !p.is(")") {
			p.want(",")
			p.lines()
		}
	}
	return out
}

func (p *parser) primary() *Expr {
	from := p.tok.from
	switch {
	case p.tok.kind == quote:
		return p.quoted()
	case p.tok.kind == number:
		n := p.tok.s
		p.next()
		return p.since(from, &Expr{Op: Int, Name: n})
	case p.is("["):
		return p.array()
	case p.is("{"):
		return p.object()
	case p.is("("):
		args := p.args()
		if p.is("=>") {
			return p.lambda(from, args)
		}
		if len(args) != 1 {
			return p.since(from, &Expr{Op: Group, Args: args})
		}
		return args[0]
	case p.tok.kind != word:
		p.fail(from, "a value is missing here")
	}
	name := p.tok.s
	p.next()
	switch {
	case p.is("("):
		return p.since(from, &Expr{Op: Call, Name: name, Args: p.args()})
	case p.is("=>"):
		return p.lambda(from, []*Expr{{Op: Name, Name: name}})
	case name == "true" || name == "false":
		return p.since(from, &Expr{Op: Bool, Name: name})
	case name == "null":
		return p.since(from, &Expr{Op: Null})
	}
	return p.since(from, &Expr{Op: Name, Name: name})
}

func (p *parser) lambda(from int, vars []*Expr) *Expr {
	e := &Expr{Op: Lambda, Vars: p.names(from, vars)}
	p.want("=>")
	p.lines()
	e.Args = []*Expr{p.expr()}
	return p.since(from, e)
}

func (p *parser) names(from int, vars []*Expr) []string {
	var out []string
	for _, v := range vars {
		if v.Op != Name {
			p.fail(from, "only names can stand here")
		}
		out = append(out, v.Name)
	}
	return out
}

// body is what a resource or module is made of: an object, a condition before one, or a loop of them.
func (p *parser) body() *Expr {
	if !p.word("if") {
		return p.expr()
	}
	p.enter()
	defer func() { p.depth-- }()
	from := p.tok.from
	p.next()
	if !p.is("(") {
		p.fail(p.tok.from, "\"(\" is missing here")
	}
	args := p.args()
	if len(args) != 1 {
		p.fail(from, "one condition belongs here")
	}
	p.lines()
	return p.since(from, &Expr{Op: If, Args: []*Expr{args[0], p.object()}})
}

// array is [a, b], or [for x in list: …].
func (p *parser) array() *Expr {
	p.enter()
	defer func() { p.depth-- }()
	from := p.tok.from
	p.want("[")
	p.lines()
	if p.word("for") {
		return p.loop(from)
	}
	e := &Expr{Op: Array}
	for !p.eat("]") {
		e.Args = append(e.Args, p.spread())
		p.separator("]")
	}
	return p.since(from, e)
}

func (p *parser) spread() *Expr {
	from := p.tok.from
	if !p.eat("...") {
		return p.expr()
	}
	return p.since(from, &Expr{Op: Spread, Args: []*Expr{p.expr()}})
}

// separator is a comma, or a new line, or both, before more or the end.
func (p *parser) separator(closing string) {
	before := p.tok
	p.lines()
	if p.eat(",") {
		p.lines()
		return
	}
	if before.kind != newline && !p.is(closing) {
		p.fail(p.tok.from, "a comma or a new line is missing here")
	}
}

func (p *parser) loop(from int) *Expr {
	p.next()
	e := &Expr{Op: Loop}
	if p.is("(") {
		e.Vars = p.names(from, p.args())
	} else {
		e.Vars = []string{p.name("the name of the loop's element")}
	}
	if !p.word("in") {
		p.fail(p.tok.from, "\"in\" is missing here")
	}
	p.next()
	list := p.expr()
	p.want(":")
	p.lines()
	e.Args = []*Expr{list, p.body()}
	p.lines()
	p.want("]")
	return p.since(from, e)
}

func (p *parser) object() *Expr {
	p.enter()
	defer func() { p.depth-- }()
	from := p.tok.from
	p.want("{")
	p.lines()
	e := &Expr{Op: Object}
	for !p.eat("}") {
		p.property(e)
		p.separator("}")
	}
	return p.since(from, e)
}

func (p *parser) property(e *Expr) {
	if p.is("@") || p.word("resource") && p.nextIsWord() {
		e.Nested = append(e.Nested, p.declaration())
		return
	}
	if p.is("...") {
		e.Members = append(e.Members, Entry{nil, p.spread()})
		return
	}
	var key *Expr
	switch p.tok.kind {
	case word:
		t := p.text(p.tok.from, p.tok.to)
		key = &Expr{Op: Literal, Lit: t, At: t}
		p.next()
	case quote:
		key = p.quoted()
	default:
		p.fail(p.tok.from, "the name of a property is missing here")
	}
	p.want(":")
	p.lines()
	e.Members = append(e.Members, Entry{key, p.expr()})
}

func (p *parser) nextIsWord() bool {
	before := *p
	p.next()
	is := p.tok.kind == word
	*p = before
	return is
}
