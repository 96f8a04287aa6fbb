package puppet

import (
	"fmt"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// node is one expression; in Puppet everything is one.
type node struct {
	op       string // what it is: see the parser
	word     string
	kids     []*node
	attrs    []attr
	params   []param
	body     []*node
	rest     []*node // of else
	from, to int
	doc      *heredoc
	src      *span.Source
}

// attr is an argument of a resource; "*" takes a hash of them.
type attr struct {
	name  string
	value *node
	at    int
}

type param struct {
	name  string
	value *node // nil: it has to be given
	rest  bool
}

func (n *node) text() span.Text { return n.src.Slice(n.from, n.to) }

// parse makes statements of a manifest. The error is a *fault.
func parse(src *span.Source, from, to int) ([]*node, error) {
	ts, err := lex(src, from, to)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, ts: ts}
	defer func() { p.ts = nil }()
	var out []*node
	err = p.guard(func() {
		out = p.statements("")
		if p.ts[p.i].kind != tEnd {
			p.fail("%q is not expected here", p.peek().text)
		}
	})
	return out, err
}

type parser struct {
	src   *span.Source
	ts    []token
	i     int
	depth int
	plain bool // a brace here begins a block, not a resource
}

func (p *parser) guard(f func()) (err error) {
	defer func() {
		if e := recover(); e != nil {
			flt, ok := e.(*fault)
			if !ok {
				panic(e)
			}
			err = flt
		}
	}()
	f()
	return nil
}

func (p *parser) fail(format string, args ...any) {
	panic(&fault{p.peek().from, fmt.Sprintf(format, args...)})
}

func (p *parser) peek() token { return p.ts[p.i] }

func (p *parser) ahead(n int) token { return p.ts[min(p.i+n, len(p.ts)-1)] }

func (p *parser) next() token {
	t := p.ts[p.i]
	if p.i < len(p.ts)-1 {
		p.i++
	}
	return t
}

func (p *parser) at(op string) bool { t := p.peek(); return t.kind == tOp && t.text == op }

func (p *parser) word(w string) bool { t := p.peek(); return t.kind == tName && t.text == w }

func (p *parser) accept(op string) bool {
	if p.at(op) {
		p.next()
		return true
	}
	return false
}

func (p *parser) need(op string) {
	if !p.accept(op) {
		if p.peek().kind == tEnd {
			p.fail("%q is missing before the end of the file", op)
		}
		p.fail("%q is expected here, not %q", op, p.peek().text)
	}
}

func (p *parser) node(op string, from int) *node {
	return &node{op: op, from: from, to: from, src: p.src}
}

func (p *parser) end(n *node) *node {
	n.to = max(n.from, p.ts[max(0, p.i-1)].to)
	return n
}

func (p *parser) deeper() func() {
	if p.depth++; p.depth > maxDepth {
		p.fail("the manifest is nested too deeply")
	}
	return func() { p.depth-- }
}

// statements are what stands up to a bracket, which is left.
func (p *parser) statements(end string) []*node {
	defer p.deeper()()
	was := p.plain
	p.plain = false
	defer func() { p.plain = was }()
	var out []*node
	for {
		for p.accept(";") || p.accept(",") {
		}
		if p.peek().kind == tEnd || end != "" && p.at(end) {
			return out
		}
		out = append(out, p.statement())
	}
}

func (p *parser) block() []*node {
	p.need("{")
	out := p.statements("}")
	p.need("}")
	return out
}

// withoutParens are functions that may be called with their arguments just behind them.
var withoutParens = []string{"include", "require", "contain", "realize", "tag", "notice", "debug", "info", "warning", "err", "fail", "import", "return", "next", "break"}

func (p *parser) statement() *node {
	t := p.peek()
	if t.kind == tName {
		switch n := p.ahead(1); t.text {
		case "class":
			if n.kind == tName {
				return p.definition("class")
			}
		case "define", "function", "plan":
			if n.kind == tName {
				return p.definition(t.text)
			}
		case "node":
			if n.kind != tOp || n.text == "@" {
				return p.nodes()
			}
		case "type":
			if n.kind == tType {
				p.next()
				p.next()
				p.need("=")
				p.expr(0)
				return p.node("nothing", t.from)
			}
		}
	}
	return p.chain()
}

// chain is a statement with those that it is ordered with.
func (p *parser) chain() *node {
	left := p.expr(0)
	for p.peek().kind == tOp && slices.Contains([]string{"->", "~>", "<-", "<~"}, p.peek().text) {
		n := p.node("chain", left.from)
		n.word = p.next().text
		n.kids = []*node{left, p.expr(0)}
		left = p.end(n)
	}
	return left
}
