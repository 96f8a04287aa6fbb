package puppet

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// tokenKind is what a token is; operators and brackets are theirs by the text.
type tokenKind uint8

const (
	tEnd  tokenKind = iota
	tOp             // an operator or a bracket
	tName           // a word that begins small
	tType           // a word that begins big
	tVar            // a variable, without its $
	tNum
	tSingle  // a text in single quotes, without them
	tDouble  // a text in double quotes, without them
	tHeredoc // the text of a heredoc
	tRegex
)

// token is one token: its own text, and where it stands in the file.
type token struct {
	kind     tokenKind
	text     string
	from, to int
	spaced   bool // white space stands before it
	newline  bool // a line break does
	doc      *heredoc
}

// heredoc is a text that begins in the next line.
type heredoc struct {
	text     span.Text
	dynamic  bool // variables are put in
	escapes  string
	from, to int
}

// fault is what is wrong with a manifest, and where.
type fault struct {
	at  int
	msg string
}

func (f *fault) Error() string { return f.msg }

var operators = []string{"<<|", "|>>", "<<+", "=>", "->", "~>", "<-", "<~", "==", "!=", "=~", "!~", "<=", ">=", "<<", ">>", "+=", "-=", "+>", "<|", "|>", "@@",
	"{", "}", "[", "]", "(", ")", ",", ";", ":", ".", "?", "|", "+", "-", "*", "/", "%", "!", "=", "<", ">", "@", "\\"}

var (
	nameToken = lazyregexp.New(`^(?:::)?[a-z_](?:[\w-]*\w)?(?:::[a-z_](?:[\w-]*\w)?)*`)
	typeToken = lazyregexp.New(`^(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*`)
	varToken  = lazyregexp.New(`^\$(?:::)?\w+(?:::\w+)*`)
	numToken  = lazyregexp.New(`^(?:0[xX][0-9A-Fa-f]+|[0-9]+(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?)`)
	docToken  = lazyregexp.New(`^@\(\s*("?)([^")/:\n]+?)("?)\s*(?::\s*[\w+]+\s*)?(?:/([\w$]*)\s*)?\)`)
	docEnd    = lazyregexp.New(`^[ \t]*(\|?)[ \t]*(-?)[ \t]*(\S.*?)[ \t\r]*$`)
)

// lex makes tokens of src between two bytes.
func lex(src *span.Source, from, to int) ([]token, error) {
	l := &lexer{src: src, s: src.Text[:to], i: from}
	return l.all()
}

type lexer struct {
	src  *span.Source
	s    string
	i    int
	out  []token
	docs []int // tokens of out that are heredocs
}

func (l *lexer) all() ([]token, error) {
	for {
		spaced, newline, err := l.blank()
		if err != nil {
			return nil, err
		}
		if l.i >= len(l.s) {
			break
		}
		if len(l.out) >= maxTokens {
			return nil, &fault{l.i, "the manifest is too long"}
		}
		t, err := l.one()
		if err != nil {
			return nil, err
		}
		t.spaced, t.newline = spaced, newline
		l.out = append(l.out, t)
		if t.kind == tHeredoc {
			l.docs = append(l.docs, len(l.out)-1)
		}
	}
	if len(l.docs) > 0 {
		return nil, &fault{l.out[l.docs[0]].from, "the text of a heredoc is missing"}
	}
	return append(l.out, token{kind: tEnd, from: l.i, to: l.i, newline: true, spaced: true}), nil
}

// blank passes over white space and comments.
func (l *lexer) blank() (spaced, newline bool, err error) {
	for l.i < len(l.s) {
		switch c := l.s[l.i]; {
		case c == '\n':
			l.i++
			newline, spaced = true, true
			if err := l.bodies(); err != nil {
				return spaced, newline, err
			}
		case c == ' ' || c == '\t' || c == '\r':
			l.i++
			spaced = true
		case strings.HasPrefix(l.s[l.i:], "\xef\xbb\xbf") || strings.HasPrefix(l.s[l.i:], "\u00a0"):
			_, n := utf8.DecodeRuneInString(l.s[l.i:])
			l.i += n
			spaced = true
		case c == '#':
			l.i = lineEnd(l.s, l.i)
			spaced = true
		case strings.HasPrefix(l.s[l.i:], "/*"):
			end := strings.Index(l.s[l.i+2:], "*/")
			if end < 0 {
				return spaced, newline, &fault{l.i, "a comment is not closed"}
			}
			newline = newline || strings.Contains(l.s[l.i:l.i+2+end], "\n")
			l.i += end + 4
			spaced = true
		default:
			return spaced, newline, nil
		}
	}
	return spaced, newline, nil
}

func lineEnd(s string, from int) int {
	if k := strings.IndexByte(s[from:], '\n'); k >= 0 {
		return from + k
	}
	return len(s)
}

// bodies takes the texts of the heredocs of the line that has just ended.
func (l *lexer) bodies() error {
	docs := l.docs
	l.docs = nil
	for _, k := range docs {
		if err := l.body(&l.out[k]); err != nil {
			return err
		}
	}
	return nil
}

// body reads lines up to the one that ends a heredoc.
func (l *lexer) body(t *token) error {
	from := l.i
	for pos := from; pos < len(l.s); {
		end := lineEnd(l.s, pos)
		m := docEnd.FindStringSubmatch(l.s[pos:end])
		if m == nil || m[3] != t.text {
			pos = end + 1
			continue
		}
		indent := 0
		if m[1] != "" {
			indent = strings.IndexByte(l.s[pos:end], '|')
		}
		t.doc.text = l.lines(from, pos, indent)
		if m[2] != "" {
			n := t.doc.text.Len()
			if strings.HasSuffix(t.doc.text.String(), "\n") {
				n--
			}
			t.doc.text = t.doc.text.Slice(0, n)
		}
		t.doc.from, t.doc.to = from, pos
		l.i = min(end+1, len(l.s))
		return nil
	}
	return &fault{t.from, "the heredoc is not closed"}
}

// lines is a text without the first bytes of each line, where those are white space.
func (l *lexer) lines(from, to, indent int) span.Text {
	if indent == 0 {
		return l.src.Slice(from, to)
	}
	var parts []span.Text
	for pos := from; pos < to; {
		end := min(lineEnd(l.s, pos)+1, to)
		cut := pos
		for cut < end && cut-pos < indent && (l.s[cut] == ' ' || l.s[cut] == '\t') {
			cut++
		}
		parts = append(parts, l.src.Slice(cut, end))
		pos = end
	}
	return span.Concat(parts...)
}

func (l *lexer) one() (token, error) {
	rest, from := l.s[l.i:], l.i
	take := func(k tokenKind, n, lead, trail int) token {
		l.i += n
		return token{kind: k, text: rest[lead : n-trail], from: from, to: l.i}
	}
	switch c := rest[0]; {
	case c == '\'' || c == '"':
		for k := 1; k < len(rest); k++ {
			switch {
			case rest[k] == '\\':
				k++
			case rest[k] == c && c == '\'':
				return take(tSingle, k+1, 1, 1), nil
			case rest[k] == c:
				return take(tDouble, k+1, 1, 1), nil
			case c == '"' && strings.HasPrefix(rest[k:], "${"):
				end := closing(rest, k+1, 0)
				if end < 0 {
					return token{}, &fault{from + k, "${ is not closed"}
				}
				k = end
			}
		}
		return token{}, &fault{from, "a text is not closed"}
	case c == '@':
		if m := docToken.FindStringSubmatch(rest); m != nil && m[1] == m[3] {
			t := take(tHeredoc, len(m[0]), 0, 0)
			t.text = strings.TrimSpace(m[2])
			t.doc = &heredoc{dynamic: m[1] != "", escapes: m[4]}
			if strings.HasSuffix(strings.TrimSuffix(m[0], ")"), "/") {
				t.doc.escapes = `tsrnL$u`
			}
			return t, nil
		}
	case c == '$':
		if m := varToken.FindString(rest); m != "" {
			t := take(tVar, len(m), 1, 0)
			t.text = strings.TrimPrefix(t.text, "::")
			return t, nil
		}
	case c >= '0' && c <= '9':
		return take(tNum, len(numToken.FindString(rest)), 0, 0), nil
	case c == '/' && l.operand():
		for k := 1; k < len(rest) && rest[k] != '\n'; k++ {
			if rest[k] == '\\' {
				k++
			} else if rest[k] == '/' {
				return take(tRegex, k+1, 1, 1), nil
			}
		}
	}
	if m := typeToken.FindString(rest); m != "" {
		return take(tType, len(m), 0, 0), nil
	}
	if m := nameToken.FindString(rest); m != "" {
		t := take(tName, len(m), 0, 0)
		t.text = strings.TrimPrefix(t.text, "::")
		return t, nil
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			return take(tOp, len(op), 0, 0), nil
		}
	}
	return token{}, &fault{l.i, "this character means nothing in Puppet"}
}

// operand says whether a value may stand here, so that a slash begins a pattern.
func (l *lexer) operand() bool {
	if len(l.out) == 0 {
		return true
	}
	switch t := l.out[len(l.out)-1]; t.kind {
	case tOp:
		return t.text != ")" && t.text != "]" && t.text != "}" || t.text == "}"
	case tName:
		return slices.Contains([]string{"and", "or", "in", "if", "unless", "elsif", "case", "node"}, t.text)
	}
	return false
}

// closing is the bracket that closes the one at from, past texts in quotes; -1 if there is none.
func closing(s string, from, depth int) int {
	if depth > 20 {
		return -1
	}
	level := 0
	for k := from; k < len(s); k++ {
		switch s[k] {
		case '{':
			level++
		case '}':
			if level--; level == 0 {
				return k
			}
		case '\'', '"':
			end := k + 1
			for end < len(s) && s[end] != s[k] {
				if s[end] == '\\' {
					end++
				} else if s[k] == '"' && strings.HasPrefix(s[end:], "${") {
					inner := closing(s, end+1, depth+1)
					if inner < 0 {
						return -1
					}
					end = inner
				}
				end++
			}
			k = end
		}
	}
	return -1
}
