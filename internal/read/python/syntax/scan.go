package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// token reads the next token inside a line, or the line's end.
func (l *lexer) token() *Error {
	c := l.s[l.i]
	if n := l.breakAt(l.i); n > 0 {
		if len(l.brackets) == 0 {
			l.emit(Newline, l.i, l.i+n)
			l.start = true
		}
		l.i += n
		return nil
	}
	switch {
	case c == ' ' || c == '\t' || c == '\f':
		l.i++
		return nil
	case c == '#':
		l.comment()
		return nil
	case c == '\\':
		n := l.breakAt(l.i + 1)
		if n == 0 {
			return l.fail("a backslash must end its line")
		}
		l.i += 1 + n
		if l.i >= l.end {
			return l.fail("the file ends after a backslash")
		}
		return nil
	case c >= '0' && c <= '9' || c == '.' && l.i+1 < l.end && isDigit(l.s[l.i+1]):
		return l.number()
	}
	if p := prefix(l.s[l.i:l.end]); p >= 0 {
		to, err := l.str(l.i, p)
		if err != nil {
			return err
		}
		l.emit(String, l.i, to)
		l.i = to
		return nil
	}
	if n := nameLen(l.s[l.i:l.end]); n > 0 {
		l.emit(Name, l.i, l.i+n)
		if t := &l.out[len(l.out)-1]; !ascii(t.Text) && !span.IsUnknown(t.Text) {
			t.Text = norm.NFKC.String(t.Text) // different letters may spell the same name
		}
		l.i += n
		return nil
	}
	return l.operator()
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// nameLen is the length of the identifier that s starts with.
func nameLen(s string) int {
	i := 0
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		case r >= '0' && r <= '9':
			if i == 0 {
				return 0
			}
		case r < utf8.RuneSelf:
			return i
		case r == utf8.RuneError && n == 1:
			return i
		case hole(r) || unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start):
		case i > 0 && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue):
		default:
			return i
		}
		i += n
	}
	return i
}

// hole says whether r belongs to a token of span.Unknown.
func hole(r rune) bool { return r >= '\uF6FE' && r <= '\uF7FF' }

var operators = [...]string{"**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "@=", "**", "//", "<<", ">>"}

func (l *lexer) operator() *Error {
	rest := l.s[l.i:l.end]
	n := 0
	for _, o := range operators {
		if strings.HasPrefix(rest, o) {
			n = len(o)
			break
		}
	}
	if n == 0 && strings.IndexByte("+-*/%@&|^~<>()[]{},:.;=", rest[0]) >= 0 {
		n = 1
	}
	if n == 0 {
		return l.fail("this character is no Python")
	}
	switch c := rest[0]; c {
	case '(', '[', '{':
		if len(l.brackets) >= maxBrackets {
			return l.fail("too many brackets inside each other")
		}
		l.brackets, l.opened = append(l.brackets, c), append(l.opened, l.i)
	case ')', ']', '}':
		last := len(l.brackets) - 1
		if last < 0 || !matches(l.brackets[last], c) {
			return l.fail("a bracket is closed that was not opened")
		}
		l.brackets, l.opened = l.brackets[:last], l.opened[:last]
	}
	l.emit(Op, l.i, l.i+n)
	l.i += n
	return nil
}

func matches(open, shut byte) bool {
	return open == '(' && shut == ')' || open != '(' && shut == open+2
}
