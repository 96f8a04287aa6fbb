package syntax

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

type kind uint8

const (
	end kind = iota
	newline
	word
	number
	sign  // an operator or bracket
	quote // the start of a text; the parser reads on
)

type token struct {
	kind     kind
	from, to int
	s        string // of a word, number or sign
}

// parser reads tokens on demand: inside a text other rules hold.
type parser struct {
	src   *span.Source
	s     string
	i     int // after tok
	tok   token
	last  int // where the token before tok ends
	depth int
	nodes int
}

// signs are operators of more than one character, the longest first.
var signs = []string{"...", "&&", "||", "??", "==", "!=", "=~", "!~", "<=", ">=", "=>", "::"}

func letter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// fail stops the declaration that is being read.
func (p *parser) fail(at int, msg string) {
	panic(&Error{p.src.Span(at, at), msg})
}

// next reads the next token; line breaks in a row are one.
func (p *parser) next() {
	p.last = p.tok.to
	lines := p.space()
	from := p.i
	if lines >= 0 {
		p.tok = token{newline, lines, lines + 1, ""}
		return
	}
	if p.i >= len(p.s) {
		p.tok = token{end, from, from, ""}
		return
	}
	c := p.s[p.i]
	k := sign
	switch {
	case letter(c):
		k = word
		for p.i < len(p.s) && (letter(p.s[p.i]) || digit(p.s[p.i])) {
			p.i++
		}
	case digit(c):
		k = number
		for p.i < len(p.s) && digit(p.s[p.i]) {
			p.i++
		}
	case c == '\'' || c == '$' && strings.HasPrefix(strings.TrimLeft(p.s[p.i:], "$"), "'''"):
		k = quote
		p.i++
	default:
		p.i++
		for _, s := range signs {
			if strings.HasPrefix(p.s[from:], s) {
				p.i = from + len(s)
				break
			}
		}
		if p.i == from+1 && strings.IndexByte("@()[]{}.,:=?!<>+-*/%|^;", c) < 0 {
			p.i = from
			p.fail(from, "this character means nothing in Bicep")
		}
	}
	p.tok = token{k, from, p.i, p.s[from:p.i]}
}

// space skips blanks and comments; it is the place of the first line break among them, -1 if there is none.
func (p *parser) space() int {
	lines := -1
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == '\n':
			if lines < 0 {
				lines = p.i
			}
			p.i++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			p.i++
		case strings.HasPrefix(p.s[p.i:], "\u00a0"), strings.HasPrefix(p.s[p.i:], "\ufeff"):
			p.i += len(p.s[p.i:]) - len(strings.TrimPrefix(strings.TrimPrefix(p.s[p.i:], "\u00a0"), "\ufeff"))
		case c == '#' && letter(at(p.s, p.i+1)), strings.HasPrefix(p.s[p.i:], "//"):
			n := strings.IndexByte(p.s[p.i:], '\n')
			if n < 0 {
				n = len(p.s) - p.i
			}
			p.i += n
		case strings.HasPrefix(p.s[p.i:], "/*"):
			n := strings.Index(p.s[p.i+2:], "*/")
			if n < 0 {
				from := p.i
				p.i = len(p.s)
				p.fail(from, "this comment has no end")
			}
			p.i += n + 4
		default:
			return lines
		}
	}
	return lines
}

func at(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}

func (p *parser) is(s string) bool   { return p.tok.kind == sign && p.tok.s == s }
func (p *parser) word(s string) bool { return p.tok.kind == word && p.tok.s == s }

// eat takes a sign if it is the next token.
func (p *parser) eat(s string) bool {
	if !p.is(s) {
		return false
	}
	p.next()
	return true
}

// want takes a sign that has to be there.
func (p *parser) want(s string) {
	if !p.eat(s) {
		p.fail(p.tok.from, "\""+s+"\" is missing here")
	}
}

// name takes a word that has to be there.
func (p *parser) name(what string) string {
	if p.tok.kind != word {
		p.fail(p.tok.from, what+" is missing here")
	}
	s := p.tok.s
	p.next()
	return s
}

func (p *parser) lines() {
	for p.tok.kind == newline {
		p.next()
	}
}

// after is the first token after line breaks, which stay.
func (p *parser) after() token {
	before := *p
	p.lines()
	t := p.tok
	*p = before
	return t
}

func (p *parser) text(from, to int) span.Text { return p.src.Slice(from, max(from, to)) }
