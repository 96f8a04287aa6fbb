package ansible

import (
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokName
	tokNumber
	tokString
	tokOp
	tokBad
)

// token is a word of an expression: the bytes [from, to) of its text.
type token struct {
	kind     tokenKind
	from, to int
	s        string // a string's value, unescaped
}

// operators, longest first.
var operators = []string{"**", "//", "==", "!=", "<=", ">=", "<", ">", "=", "+", "-", "*", "/", "%", "~", "|", "(", ")", "[", "]", "{", "}", ".", ",", ":"}

// lex splits s[from:to] into the tokens of Jinja's expressions.
func lex(s string, from, to int) []token {
	var out []token
	for i := from; i < to; {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '\'' || c == '"':
			t := lexString(s, i, to)
			out = append(out, t)
			i = t.to
		case c >= '0' && c <= '9':
			j := i
			for j < to && (s[j] >= '0' && s[j] <= '9' || s[j] == '_' || s[j] == '.' && j+1 < to && s[j+1] >= '0' && s[j+1] <= '9') {
				j++
			}
			out = append(out, token{tokNumber, i, j, strings.ReplaceAll(s[i:j], "_", "")})
			i = j
		case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			j := i
			for j < to && (s[j] == '_' || s[j] >= 'a' && s[j] <= 'z' || s[j] >= 'A' && s[j] <= 'Z' || s[j] >= '0' && s[j] <= '9') {
				j++
			}
			out = append(out, token{tokName, i, j, s[i:j]})
			i = j
		default:
			t := token{tokBad, i, i + 1, ""}
			for _, op := range operators {
				if strings.HasPrefix(s[i:to], op) {
					t = token{tokOp, i, i + len(op), op}
					break
				}
			}
			if t.kind == tokBad {
				_, n := utf8.DecodeRuneInString(s[i:to])
				t.to = i + n
			}
			out = append(out, t)
			i = t.to
		}
	}
	return append(out, token{tokEnd, to, to, ""})
}

func lexString(s string, i, to int) token {
	quote := s[i]
	var b strings.Builder
	for j := i + 1; j < to; j++ {
		switch {
		case s[j] == quote:
			return token{tokString, i, j + 1, b.String()}
		case s[j] == '\\' && j+1 < to:
			j++
			switch s[j] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case 'r':
				b.WriteByte('\r')
			case '\\', '\'', '"':
				b.WriteByte(s[j])
			default:
				b.WriteString(s[j-1 : j+1])
			}
		default:
			b.WriteByte(s[j])
		}
	}
	return token{tokBad, i, to, ""}
}
