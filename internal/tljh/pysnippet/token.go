package pysnippet

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	name kind = iota
	num
	str
	op
	newline
)

// token is one Python token; start and end are byte offsets in the text.
type token struct {
	kind       kind
	text       string
	start, end int
	indent     int    // of the line, for its first token
	first      bool   // of a logical line
	value      string // of a string: its text, escapes undone
	prefix     string // of a string, lower case
}

var errSyntax = errors.New("it is not complete Python")

const maxTokens = 200_000

// tokenize splits text into tokens. Comments, and line breaks inside brackets, are dropped.
func tokenize(s string) ([]token, error) {
	var out []token
	depth, first := 0, true
	for i := 0; i < len(s); {
		if len(out) > maxTokens {
			return nil, errors.New("it is too long")
		}
		c := s[i]
		switch {
		case c == '\n':
			if depth == 0 && !first {
				out = append(out, token{kind: newline, start: i, end: i})
			}
			first = first || depth == 0
			i++
			continue
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			i++
			continue
		case c == '#':
			for i < len(s) && s[i] != '\n' {
				i++
			}
			continue
		case c == '\\':
			rest := strings.TrimLeft(s[i+1:], "\r")
			if !strings.HasPrefix(rest, "\n") {
				return nil, errSyntax
			}
			i = len(s) - len(rest) + 1
			continue
		}
		t, err := next(s, i)
		if err != nil {
			return nil, err
		}
		if t.kind == op {
			switch t.text {
			case "(", "[", "{":
				depth++
			case ")", "]", "}":
				if depth--; depth < 0 {
					return nil, errSyntax
				}
			}
		}
		if first {
			t.first, t.indent, first = true, indentOf(s, i), false
		}
		out = append(out, t)
		i = t.end
	}
	if depth != 0 {
		return nil, errSyntax
	}
	return append(out, token{kind: newline, start: len(s), end: len(s)}), nil
}

func indentOf(s string, i int) int {
	start := strings.LastIndexByte(s[:i], '\n') + 1
	return len(strings.TrimPrefix(s[start:i], "\uFEFF"))
}

// next reads the token at i, which is no white space.
func next(s string, i int) (token, error) {
	if p := stringPrefix(s[i:]); p >= 0 {
		return readString(s, i, p)
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == '\uFEFF':
		return token{kind: op, text: "\uFEFF", start: i, end: i + n}, nil
	case r == '_' || unicode.IsLetter(r) || isUnknownRune(r):
		j := i
		for j < len(s) {
			r, n := utf8.DecodeRuneInString(s[j:])
			if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !isUnknownRune(r) {
				break
			}
			j += n
		}
		return token{kind: name, text: s[i:j], start: i, end: j}, nil
	case r >= '0' && r <= '9' || r == '.' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9':
		j := i
		for j < len(s) && (s[j] == '.' || s[j] == '_' || s[j] < utf8.RuneSelf && (unicode.IsLetter(rune(s[j])) || unicode.IsDigit(rune(s[j]))) ||
			(s[j] == '+' || s[j] == '-') && (s[j-1] == 'e' || s[j-1] == 'E') && !strings.HasPrefix(strings.ToLower(s[i:j]), "0x")) {
			j++
		}
		return token{kind: num, text: s[i:j], start: i, end: j}, nil
	}
	for _, o := range []string{"**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "@=", "**", "//", "<<", ">>"} {
		if strings.HasPrefix(s[i:], o) {
			return token{kind: op, text: o, start: i, end: i + len(o)}, nil
		}
	}
	return token{kind: op, text: s[i : i+n], start: i, end: i + n}, nil
}

// isUnknownRune says whether r belongs to a token of span.Unknown.
func isUnknownRune(r rune) bool { return r >= '\uF6FE' && r <= '\uF7FF' }
