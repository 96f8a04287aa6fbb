package syntax

import "fmt"

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens. Comments and line breaks inside brackets are left out.
const (
	Name Kind = iota
	Number
	String
	Op
	Newline
	Indent
	Dedent
	End
)

// Token is one token: the bytes [Start, End) of the text.
type Token struct {
	Kind       Kind
	Text       string
	Start, End int
}

// is says whether t is the operator or keyword s.
func (t Token) is(s string) bool { return (t.Kind == Op || t.Kind == Name) && t.Text == s }

// Error is something that is no Python.
type Error struct {
	At  int // byte offset
	Msg string
}

func (e *Error) Error() string { return fmt.Sprintf("at byte %d: %s", e.At, e.Msg) }

// bounds that CPython has as well; deeper code would overflow its stack or ours.
const (
	maxBrackets = 200
	maxIndents  = 100
	maxDepth    = 400
)
