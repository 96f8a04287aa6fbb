package puppet

import (
	"slices"
	"strings"
)

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
				p.hash(n)
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
			p.hash(n)
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

// hash are the pairs of a hash or of a selector, up to its end: keys and values by turns.
func (p *parser) hash(n *node) {
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
}
