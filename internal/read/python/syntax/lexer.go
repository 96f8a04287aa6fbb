package syntax

import (
	"strings"
	"unicode/utf8"
)

// lexer turns s[i:end] into tokens.
type lexer struct {
	s        string
	i, end   int
	brackets []byte
	opened   []int // where
	indents  []column
	out      []Token
	start    bool // at the start of a logical line
	deep     int  // of f-strings inside f-strings
}

// column is an indentation: tabs count to the next multiple of eight, and as one.
type column struct{ col, alt int }

// Tokenize splits a whole file into tokens. After an error the tokens up to it are returned, ended as if the file
// ended there.
func Tokenize(s string) ([]Token, *Error) {
	l := &lexer{s: s, end: len(s), indents: []column{{}}, start: true}
	if strings.HasPrefix(s, "\ufeff") {
		l.i = len("\ufeff")
	}
	err := l.run()
	if err == nil && !utf8.ValidString(s) {
		err = l.fail("the file is not UTF-8")
	}
	if err == nil && len(l.brackets) > 0 {
		err = &Error{l.opened[len(l.opened)-1], "a bracket is never closed"}
	}
	l.finish()
	return l.out, err
}

// inner splits the expression s[i:end] of an f-string, in which line breaks mean nothing.
func inner(s string, i, end int) ([]Token, *Error) {
	l := &lexer{s: s, i: i, end: end, brackets: []byte{'('}, opened: []int{i}, indents: []column{{}}}
	if err := l.run(); err != nil {
		return nil, err
	}
	if len(l.brackets) != 1 {
		return nil, l.fail("a bracket is never closed")
	}
	return append(l.out, Token{Kind: End, Start: end, End: end}), nil
}

func (l *lexer) fail(msg string) *Error { return &Error{l.i, msg} }

func (l *lexer) emit(k Kind, from, to int) {
	l.out = append(l.out, Token{k, l.s[from:to], from, to})
}

// finish ends the last line and all blocks.
func (l *lexer) finish() {
	if n := len(l.out); n > 0 && l.out[n-1].Kind != Newline && l.out[n-1].Kind != Dedent && l.out[n-1].Kind != Indent {
		l.emit(Newline, l.i, l.i)
	}
	for n := len(l.indents) - 1; n > 0; n-- {
		l.emit(Dedent, l.i, l.i)
	}
	l.emit(End, l.i, l.i)
}

func (l *lexer) run() *Error {
	for l.i < l.end {
		if l.start {
			if err := l.indent(); err != nil {
				return err
			}
			if l.i >= l.end {
				return nil
			}
		}
		if err := l.token(); err != nil {
			return err
		}
	}
	return nil
}

// breakAt is the length of the line break at i: CPython takes a lone carriage return for one, too.
func (l *lexer) breakAt(i int) int {
	switch {
	case i >= l.end:
		return 0
	case l.s[i] == '\n':
		return 1
	case l.s[i] == '\r' && i+1 < l.end && l.s[i+1] == '\n':
		return 2
	case l.s[i] == '\r':
		return 1
	}
	return 0
}

// indent measures the white space of a line and opens or closes blocks; blank lines are skipped.
func (l *lexer) indent() *Error {
	for {
		var c, first column
		for ; l.i < l.end; l.i++ {
			switch l.s[l.i] {
			case ' ':
				c.col++
				c.alt++
				continue
			case '\t':
				c.col = (c.col/8 + 1) * 8
				c.alt++
				continue
			case '\f':
				c = column{}
				continue
			case '\\': // a line that is continued at once keeps the first one's indentation, if it has any
				if n := l.breakAt(l.i + 1); n > 0 && l.i+1+n < l.end {
					if first.col == 0 {
						first = c
					}
					l.i += n
					continue
				}
			}
			break
		}
		if first.col > 0 {
			c = first
		}
		if l.i < l.end && l.s[l.i] == '#' {
			l.comment()
		}
		if n := l.breakAt(l.i); n > 0 {
			l.i += n
			continue
		}
		if l.i >= l.end {
			return nil
		}
		l.start = false
		return l.block(c)
	}
}

func (l *lexer) block(c column) *Error {
	top := l.indents[len(l.indents)-1]
	switch {
	case c.col == top.col:
		if c.alt != top.alt {
			return l.fail("tabs and spaces are mixed in the indentation")
		}
	case c.col > top.col:
		if c.alt <= top.alt {
			return l.fail("tabs and spaces are mixed in the indentation")
		}
		if len(l.indents) >= maxIndents {
			return l.fail("too many levels of indentation")
		}
		l.indents = append(l.indents, c)
		l.emit(Indent, l.i, l.i)
	default:
		for c.col < l.indents[len(l.indents)-1].col {
			l.indents = l.indents[:len(l.indents)-1]
			l.emit(Dedent, l.i, l.i)
		}
		if top := l.indents[len(l.indents)-1]; top.col != c.col {
			return l.fail("this indentation matches no line above")
		} else if top.alt != c.alt {
			return l.fail("tabs and spaces are mixed in the indentation")
		}
	}
	return nil
}

func (l *lexer) comment() {
	for l.i < l.end && l.breakAt(l.i) == 0 {
		l.i++
	}
}
