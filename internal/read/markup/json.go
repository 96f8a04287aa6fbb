package markup

import (
	"encoding/json"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// JSON reads text as JSON with what Azure's templates allow besides: comments, commas after the last element, and strings
// of several lines.
func JSON(text span.Text) (*Node, *Error) {
	if text.Len() > maxText {
		return nil, &Error{text.PosOf(0), "the text is too large to be read"}
	}
	p := &scanner{t: text, s: text.String()}
	if strings.HasPrefix(p.s, "\uFEFF") {
		p.i = len("\uFEFF")
	}
	n := p.value()
	if p.space(); p.err == nil && p.i < len(p.s) {
		p.fail("unexpected text after the value")
	}
	if p.err != nil {
		return nil, p.err
	}
	return n, nil
}

type scanner struct {
	t            span.Text
	s            string
	i            int
	depth, nodes int
	err          *Error
}

func (p *scanner) fail(msg string) *Node {
	if p.err == nil {
		p.err = &Error{p.t.PosOf(p.i), "not valid JSON: " + msg}
	}
	return &Node{}
}

// space passes blanks and comments.
func (p *scanner) space() {
	for p.i < len(p.s) {
		switch rest := p.s[p.i:]; {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			p.i++
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			p.i += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest, "*/")
			if end < 0 {
				p.fail("this comment has no end")
				p.i = len(p.s)
				return
			}
			p.i += end + 2
		default:
			return
		}
	}
}

func (p *scanner) eat(c byte) bool {
	if p.space(); p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *scanner) value() *Node {
	if p.space(); p.err != nil || p.i >= len(p.s) {
		return p.fail("a value is missing")
	}
	p.nodes++
	if p.depth++; p.depth > maxDepth || p.nodes > maxNodes {
		return p.fail("it is too large or nested too deeply")
	}
	defer func() { p.depth-- }()
	start := p.i
	n := &Node{At: p.t.Slice(start, start+1)}
	switch p.s[p.i] {
	case '{':
		n.Kind = Map
		for p.i++; !p.eat('}') && p.err == nil; {
			key := p.str()
			if p.err == nil && !p.eat(':') {
				return p.fail("a colon is missing")
			}
			n.Members = append(n.Members, Member{key.Text, p.value()})
			p.comma('}')
		}
	case '[':
		n.Kind = List
		for p.i++; !p.eat(']') && p.err == nil; {
			n.Items = append(n.Items, p.value())
			p.comma(']')
		}
	case '"':
		return p.str()
	default:
		p.word(n)
	}
	return n
}

// comma wants a comma, or the end of the collection.
func (p *scanner) comma(end byte) {
	if p.eat(',') || p.err != nil {
		return
	}
	if p.space(); p.i >= len(p.s) || p.s[p.i] != end {
		p.fail("a comma or " + string(end) + " is missing")
	}
}

func (p *scanner) word(n *Node) {
	start := p.i
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n,:]}[{\"/", p.s[p.i]) < 0 {
		p.i++
	}
	word := p.s[start:p.i]
	if !json.Valid([]byte(word)) {
		p.i = start
		p.fail("this is no value")
		return
	}
	n.Text, n.Kind = p.t.Slice(start, p.i), Number
	n.At = n.Text
	switch word[0] {
	case 't', 'f':
		n.Kind = Bool
	case 'n':
		n.Kind = Null
	}
}

func (p *scanner) str() *Node {
	if p.space(); p.i >= len(p.s) || p.s[p.i] != '"' {
		return p.fail("a string is missing")
	}
	start := p.i
	for p.i++; p.i < len(p.s) && p.s[p.i] != '"'; p.i++ {
		if p.s[p.i] == '\\' {
			p.i++
		}
	}
	if p.i >= len(p.s) {
		p.i = start
		return p.fail("this string has no end")
	}
	p.i++
	text, ok := unescape(p.t.Slice(start+1, p.i-1))
	if !ok {
		p.i = start
		return p.fail("this string has a wrong escape")
	}
	return &Node{Kind: String, Text: text, At: p.t.Slice(start, p.i)}
}

var surrogate = lazyregexp.New(`^[dD][89abAB]`)

// unescape undoes JSON's escapes, each mapped to where it is written.
func unescape(t span.Text) (span.Text, bool) {
	s := t.String()
	if !strings.Contains(s, `\`) {
		return t, true
	}
	var parts []span.Text
	run := 0
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			i++
			continue
		}
		n := 2
		if i+1 < len(s) && s[i+1] == 'u' {
			if n = 6; i+12 <= len(s) && s[i+6] == '\\' && s[i+7] == 'u' && surrogate.MatchString(s[i+2:i+6]) {
				n = 12 // a surrogate pair is one character
			}
		}
		stop := min(i+n, len(s))
		var c string
		if json.Unmarshal([]byte(`"`+s[i:stop]+`"`), &c) != nil {
			return t, false
		}
		parts = append(parts, t.Slice(run, i), span.Literal(c, t.Slice(i, stop)))
		i, run = stop, stop
	}
	return span.Concat(append(parts, t.Slice(run, len(s)))...), true
}
