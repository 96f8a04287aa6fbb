package syntax

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// quoted reads a text from its first quote: 'one line', ”'several lines”', and $”'several lines with ${x}”'.
func (p *parser) quoted() *Expr {
	from := p.tok.from
	p.i = from
	dollars := 0
	for at(p.s, p.i) == '$' {
		dollars++
		p.i++
	}
	e := &Expr{Op: Text}
	if dollars > 0 || strings.HasPrefix(p.s[p.i:], "'''") {
		p.i += 3
		p.block(e, from, dollars)
	} else {
		p.i++
		p.line(e, from)
	}
	e.At = p.text(from, p.i)
	p.tok.to = p.i
	p.next()
	return e
}

// line reads a text of one line, in which \ escapes, to behind its last quote.
func (p *parser) line(e *Expr, from int) {
	var parts []span.Text
	run := p.i
	done := func(last bool) {
		parts = append(parts, p.text(run, p.i))
		if t := span.Concat(parts...); t.Len() > 0 || last && len(e.Args) == 0 {
			e.Args = append(e.Args, &Expr{Op: Literal, Lit: t, At: t})
		}
		parts = nil
	}
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == '\'':
			done(true)
			p.i++
			return
		case c == '\n':
			p.fail(from, "this text has no end on its line; texts of several lines stand in '''")
		case c == '\\':
			parts = append(parts, p.text(run, p.i))
			start := p.i
			s := p.escape()
			parts = append(parts, span.Literal(s, p.text(start, p.i)))
			run = p.i
		case strings.HasPrefix(p.s[p.i:], "${"):
			done(false)
			p.i += 2
			e.Args = append(e.Args, p.hole())
			run = p.i
		default:
			p.i++
		}
	}
	p.fail(from, "this text has no end")
}

var escapes = map[byte]string{'n': "\n", 'r': "\r", 't': "\t", '\\': "\\", '\'': "'", '$': "$"}

func (p *parser) escape() string {
	start := p.i
	c := at(p.s, p.i+1)
	if s, ok := escapes[c]; ok {
		p.i += 2
		return s
	}
	if strings.HasPrefix(p.s[p.i:], `\u{`) {
		if n := strings.IndexByte(p.s[p.i:min(len(p.s), p.i+12)], '}'); n > 0 {
			if code, err := strconv.ParseUint(p.s[p.i+3:p.i+n], 16, 32); err == nil && code <= 0x10FFFF {
				p.i += n + 1
				return string(rune(code))
			}
		}
	}
	p.fail(start, `this escape is none of \n, \r, \t, \\, \', \$ and \u{…}`)
	return ""
}

// block reads a text of several lines to behind its last quotes; a line break right after the first ones is not part of it.
func (p *parser) block(e *Expr, from, dollars int) {
	hole := strings.Repeat("$", dollars) + "{"
	if at(p.s, p.i) == '\r' {
		p.i++
	}
	if at(p.s, p.i) == '\n' {
		p.i++
	}
	run := p.i
	done := func(to int, last bool) {
		if to > run || last && len(e.Args) == 0 {
			t := p.text(run, to)
			e.Args = append(e.Args, &Expr{Op: Literal, Lit: t, At: t})
		}
	}
	for p.i < len(p.s) {
		switch {
		case strings.HasPrefix(p.s[p.i:], "'''"):
			p.i += 3
			for at(p.s, p.i) == '\'' { // of more quotes, the last three end it
				p.i++
			}
			done(p.i-3, true)
			return
		case dollars > 0 && strings.HasPrefix(p.s[p.i:], hole):
			done(p.i, false)
			p.i += len(hole)
			e.Args = append(e.Args, p.hole())
			run = p.i
		default:
			p.i++
		}
	}
	p.fail(from, "this text has no end")
}

// hole is the expression up to a }, which is taken.
func (p *parser) hole() *Expr {
	p.next()
	p.lines()
	e := p.expr()
	p.lines()
	if !p.is("}") {
		p.fail(p.tok.from, "\"}\" is missing here")
	}
	p.i = p.tok.to
	return e
}
