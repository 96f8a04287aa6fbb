package syntax

// Module is a parsed file.
type Module struct {
	Body   []Stmt
	Errors []*Error // in order; the statements around them are in Body all the same
	Tokens []Token
}

// Parse parses a whole file.
func Parse(s string) *Module {
	ts, err := Tokenize(s)
	p := &parser{s: s, ts: ts}
	m := &Module{Tokens: ts}
	m.Body = p.file()
	m.Errors = p.errs
	if err != nil {
		for n := len(m.Errors); n > 0 && m.Errors[n-1].At >= err.At; n-- {
			m.Errors = m.Errors[:n-1] // what follows from it
		}
		m.Errors = append(m.Errors, err)
		m.Body = append(m.Body, &Opaque{Place{err.At, len(s)}, nil, err})
	}
	return m
}

type parser struct {
	s     string
	ts    []Token
	i     int
	depth int
	errs  []*Error
}

// bail carries an error out of the statement that it spoils.
type bail struct{ err *Error }

func (p *parser) fail(at int, msg string) { panic(bail{&Error{at, msg}}) }

func (p *parser) peek() Token { return p.ts[p.i] }

func (p *parser) ahead(n int) Token { return p.ts[min(p.i+n, len(p.ts)-1)] }

func (p *parser) next() Token {
	t := p.ts[p.i]
	if p.i < len(p.ts)-1 {
		p.i++
	}
	return t
}

// eat takes the token s if it comes next.
func (p *parser) eat(s string) bool {
	if p.peek().is(s) {
		p.next()
		return true
	}
	return false
}

func (p *parser) want(s string) Token {
	if !p.peek().is(s) {
		p.fail(p.peek().Start, "expected "+s)
	}
	return p.next()
}

// last is the end of the token before; line breaks and the ends of blocks do not count.
func (p *parser) last() int {
	for i := p.i - 1; i >= 0; i-- {
		if k := p.ts[i].Kind; k != Newline && k != Dedent && k != Indent {
			return p.ts[i].End
		}
	}
	return 0
}

// enter counts how deep the grammar is nested; every recursion passes through it.
func (p *parser) enter() func() {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.peek().Start, "the code is nested too deep")
	}
	return func() { p.depth-- }
}

// sub parses the expression of an f-string's field.
func (p *parser) sub(from, to int) Expr {
	ts, err := inner(p.s, from, to)
	if err != nil {
		p.fail(err.At, err.Msg)
	}
	q := &parser{s: p.s, ts: ts, depth: p.depth + 8}
	if q.depth > maxDepth {
		p.fail(from, "the code is nested too deep")
	}
	var x Expr
	if q.peek().is("yield") {
		x = q.yield()
	} else {
		x = q.stars(true)
	}
	if q.peek().Kind != End {
		p.fail(q.peek().Start, "this does not belong in a field of an f-string")
	}
	return x
}

func (p *parser) name() (string, Token) {
	t := p.peek()
	if t.Kind != Name || keywords[t.Text] {
		p.fail(t.Start, "expected a name")
	}
	return p.next().Text, t
}

var keywords = map[string]bool{"False": true, "None": true, "True": true, "and": true, "as": true, "assert": true, "async": true, "await": true, "break": true,
	"class": true, "continue": true, "def": true, "del": true, "elif": true, "else": true, "except": true, "finally": true, "for": true, "from": true,
	"global": true, "if": true, "import": true, "in": true, "is": true, "lambda": true, "nonlocal": true, "not": true, "or": true, "pass": true,
	"raise": true, "return": true, "try": true, "while": true, "with": true, "yield": true}
