package puppet

import (
	"fmt"
	"slices"
	"strings"

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

// index is a list in brackets.
func (p *parser) index() []*node {
	p.need("[")
	was := p.plain
	p.plain = false
	out := p.list("]")
	p.plain = was
	p.need("]")
	return out
}

// list is expressions with commas between them; a pair "a => b" is a hash of one.
func (p *parser) list(end string) []*node {
	var out []*node
	for !p.at(end) {
		v := p.expr(0)
		if p.at("=>") {
			h := p.node("hash", v.from)
			for {
				p.need("=>")
				h.kids = append(h.kids, v, p.expr(0))
				if !p.at(",") || p.hashEnds() {
					break
				}
				p.next()
				v = p.expr(0)
			}
			v = p.end(h)
		}
		out = append(out, v)
		if !p.accept(",") {
			break
		}
	}
	return out
}

// hashEnds says whether no pair follows the comma here; hashes without braces are the last argument.
func (p *parser) hashEnds() bool {
	t := p.ahead(1)
	return t.kind == tOp && (t.text == ")" || t.text == "]")
}

// levels are the operators, the loosest first.
var levels = [][]string{{"="}, {"or"}, {"and"}, {"<", ">", "<=", ">="}, {"==", "!="}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"}, {"=~", "!~", "in"}}

func (p *parser) expr(level int) *node {
	if level >= len(levels) {
		return p.unary()
	}
	if level == 0 {
		defer p.deeper()()
	}
	left := p.expr(level + 1)
	for {
		t := p.peek()
		if t.kind != tOp && t.kind != tName || !slices.Contains(levels[level], t.text) && !(level == 0 && (t.text == "+=" || t.text == "-=")) {
			return left
		}
		if t.kind == tOp && t.text == "-" && t.newline { // a new statement cannot begin so, but be careful
			return left
		}
		p.next()
		n := p.node("binary", left.from)
		n.word = t.text
		if level == 0 {
			n.op = "assign"
			n.kids = []*node{left, p.expr(0)}
		} else {
			n.kids = []*node{left, p.expr(level + 1)}
		}
		left = p.end(n)
	}
}

func (p *parser) unary() *node {
	t := p.peek()
	if t.kind == tOp && (t.text == "!" || t.text == "-" || t.text == "*") {
		defer p.deeper()()
		p.next()
		n := p.node("unary", t.from)
		n.word = t.text
		n.kids = []*node{p.unary()}
		return p.end(n)
	}
	return p.postfix(p.primary())
}

// postfix is what is done to a value: indexes, calls, choices.
func (p *parser) postfix(left *node) *node {
	for {
		t := p.peek()
		switch {
		case t.kind != tOp:
			return left
		case t.text == "[" && !t.newline && (!t.spaced || left.op == "var"):
			n := p.node("index", left.from)
			n.kids = append([]*node{left}, p.index()...)
			left = p.end(n)
			if left.kids[0].op == "type" && p.at("{") && !p.plain { // of one that is declared elsewhere
				n.op, n.attrs = "override", p.attributes()
				p.end(n)
			}
		case t.text == ".":
			p.next()
			n := p.node("call", left.from)
			name := p.next()
			if name.kind != tName && name.kind != tType {
				p.i--
				p.fail("the name of a function is expected here")
			}
			n.word, n.kids = name.text, []*node{left}
			p.arguments(n)
			left = n
		case t.text == "?":
			p.next()
			n := p.node("select", left.from)
			n.kids = []*node{left}
			if p.accept("{") {
				was := p.plain
				p.plain = false
				for !p.at("}") {
					k := p.expr(0)
					p.need("=>")
					n.kids = append(n.kids, k, p.expr(0))
					if !p.accept(",") {
						break
					}
				}
				p.plain = was
				p.need("}")
			} else {
				k := p.expr(1)
				p.need("=>")
				n.kids = append(n.kids, k, p.expr(1))
			}
			left = p.end(n)
		case t.text == "{" && left.op == "var" && !p.plain && !t.newline: // of a type that a variable names
			n := p.node("", left.from)
			n.word = "$" + left.word
			p.resource(n)
			left = n
		case t.text == "(" && !t.newline && left.op == "type":
			n := p.node("call", left.from)
			n.word = left.word
			p.arguments(n)
			left = n
		default:
			return left
		}
	}
}

// arguments are those of a call in parentheses, and the code behind them.
func (p *parser) arguments(n *node) {
	if p.at("(") {
		p.next()
		was := p.plain
		p.plain = false
		n.kids = append(n.kids, p.list(")")...)
		p.plain = was
		p.need(")")
	}
	p.lambda(n)
	p.end(n)
}

func (p *parser) lambda(n *node) {
	if p.at("|") {
		k := p.node("lambda", p.peek().from)
		k.params = p.parameters("|", "|")
		if p.accept(">>") {
			p.plain = true
			p.expr(8)
			p.plain = false
		}
		k.body = p.block()
		n.kids = append(n.kids, p.end(k))
	}
}

func (p *parser) primary() *node {
	defer p.deeper()()
	t := p.next()
	n := p.node("", t.from)
	n.word, n.to = t.text, t.to
	switch t.kind {
	case tSingle:
		n.op = "single"
	case tDouble:
		n.op = "double"
	case tHeredoc:
		n.op, n.doc = "heredoc", t.doc
	case tNum:
		n.op = "num"
	case tVar:
		n.op = "var"
	case tRegex:
		n.op = "regex"
	case tType:
		n.op = "type"
		n.word = strings.TrimPrefix(n.word, "::")
		switch {
		case p.at("{") && !p.plain:
			n.op, n.attrs = "defaults", p.attributes()
			p.end(n)
		case p.at("<|") || p.at("<<|"):
			p.collector(n)
		}
	case tName:
		return p.named(n)
	case tOp:
		switch t.text {
		case "(":
			was := p.plain
			p.plain = false
			v := p.chain()
			p.plain = was
			p.need(")")
			return v
		case "[":
			p.i--
			n.op, n.kids = "list", p.index()
		case "{":
			n.op = "hash"
			was := p.plain
			p.plain = false
			for !p.at("}") {
				k := p.expr(0)
				p.need("=>")
				n.kids = append(n.kids, k, p.expr(0))
				if !p.accept(",") {
					break
				}
			}
			p.plain = was
			p.need("}")
		case "@", "@@":
			if p.peek().kind != tName {
				p.fail("a resource is expected here")
			}
			v := p.primary()
			if v.op == "resource" {
				v.op = "virtual"
			}
			return v
		default:
			p.i--
			p.fail("%q is not expected here", t.text)
		}
		p.end(n)
	default:
		panic(&fault{t.from, "the file ends in the middle of something"})
	}
	return n
}

// named is what begins with a word: a keyword, a call, a resource, or the word itself.
func (p *parser) named(n *node) *node {
	switch n.word {
	case "if", "unless":
		return p.ifElse(n)
	case "case":
		return p.caseOf(n)
	case "true", "false", "undef", "default":
		n.op = "const"
		return n
	}
	t := p.peek()
	switch {
	case t.kind == tOp && t.text == "(":
		n.op = "call"
		p.arguments(n)
	case t.kind == tOp && t.text == "{" && !p.plain:
		p.resource(n)
	case t.kind == tOp && t.text == "|" && !t.spaced, t.kind == tOp && t.text == "|" && p.ahead(1).kind == tVar:
		n.op = "call"
		p.arguments(n)
	case slices.Contains(withoutParens, n.word) && !t.newline && t.kind != tEnd && (t.kind != tOp || t.text == "[" || t.text == "*"):
		n.op = "call"
		for {
			n.kids = append(n.kids, p.expr(0))
			if !p.at(",") || p.ahead(1).kind == tOp && p.ahead(1).text == "}" {
				break
			}
			p.next()
		}
		p.end(n)
	case slices.Contains(withoutParens, n.word) && (t.newline || t.kind == tOp && t.text == "}"):
		n.op = "call"
	default:
		n.op = "name"
	}
	return n
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
