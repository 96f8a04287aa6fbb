package eval

import (
	"encoding/json"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// jsonValue is a JSON value with its place; kind is its first character ('0' for numbers, 't' for both booleans).
type jsonValue struct {
	kind       byte
	start, end int
	text       string
	items      []*jsonValue
	members    []jsonMember
}

type jsonMember struct{ key, value *jsonValue }

// each is v, or v's elements if it is a list; only objects.
func (v *jsonValue) each() []*jsonValue {
	var out []*jsonValue
	for _, it := range append([]*jsonValue{v}, v.items...) {
		if it.kind == '{' {
			out = append(out, it)
		}
	}
	return out
}

type jsonError struct {
	at   int
	msg  string
	deep bool
}

type jsonScanner struct {
	s     string
	i     int
	depth int
	err   *jsonError
}

func scanJSON(s string) (*jsonValue, *jsonError) {
	p := &jsonScanner{s: s}
	v := p.value()
	p.space()
	if p.err == nil && p.i < len(s) {
		p.fail("unexpected text after the value")
	}
	return v, p.err
}

func (p *jsonScanner) fail(msg string) *jsonValue {
	if p.err == nil {
		p.err = &jsonError{at: p.i, msg: msg}
	}
	return &jsonValue{kind: 'n', start: p.i, end: p.i}
}

func (p *jsonScanner) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

func (p *jsonScanner) eat(c byte) bool {
	if p.space(); p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *jsonScanner) value() *jsonValue {
	p.space()
	if p.err != nil || p.i >= len(p.s) {
		return p.fail("a value is missing")
	}
	if p.depth++; p.depth > maxNesting {
		p.fail("nested too deeply")
		p.err.deep = true
		return p.fail("")
	}
	defer func() { p.depth-- }()
	v := &jsonValue{kind: p.s[p.i], start: p.i}
	switch c := p.s[p.i]; {
	case c == '{':
		p.i++
		for !p.eat('}') && p.err == nil {
			if len(v.members) > 0 && !p.eat(',') {
				return p.fail("a comma or } is missing")
			}
			p.space()
			k := p.str()
			if !p.eat(':') {
				return p.fail("a colon is missing")
			}
			v.members = append(v.members, jsonMember{k, p.value()})
		}
	case c == '[':
		p.i++
		for !p.eat(']') && p.err == nil {
			if len(v.items) > 0 && !p.eat(',') {
				return p.fail("a comma or ] is missing")
			}
			v.items = append(v.items, p.value())
		}
	case c == '"':
		return p.str()
	default:
		for p.i < len(p.s) && strings.IndexByte(" \t\r\n,:]}[{\"", p.s[p.i]) < 0 {
			p.i++
		}
		v.text = p.s[v.start:p.i]
		if !json.Valid([]byte(v.text)) {
			p.i = v.start
			return p.fail("this is no JSON value")
		}
		if v.kind = '0'; c == 't' || c == 'f' {
			v.kind = 't'
		} else if c == 'n' {
			v.kind = 'n'
		}
	}
	v.end = p.i
	return v
}

func (p *jsonScanner) str() *jsonValue {
	if p.i >= len(p.s) || p.s[p.i] != '"' {
		return p.fail("a string is missing")
	}
	v := &jsonValue{kind: '"', start: p.i}
	for p.i++; p.i < len(p.s) && p.s[p.i] != '"' && p.s[p.i] >= ' '; p.i++ {
		if p.s[p.i] == '\\' {
			p.i++
		}
	}
	if p.i >= len(p.s) || p.s[p.i] != '"' {
		p.i = v.start
		return p.fail("this string has no end")
	}
	p.i++
	v.end = p.i
	if json.Unmarshal([]byte(p.s[v.start:v.end]), &v.text) != nil {
		p.i = v.start
		return p.fail("this string has a wrong escape")
	}
	return v
}

// unescapeJSON is the string written in [start, end) of src, each escape mapped to where it is written.
func unescapeJSON(src *span.Source, start, end int) span.Text {
	var parts []span.Text
	run := start
	for i := start; i < end; {
		if src.Text[i] != '\\' {
			i++
			continue
		}
		n := 2
		if i+1 < end && src.Text[i+1] == 'u' {
			n = 6
			if i+12 <= end && src.Text[i+6] == '\\' && src.Text[i+7] == 'u' {
				n = 12 // maybe a surrogate pair; two plain escapes come out the same
			}
		}
		var s string
		stop := min(i+n, end)
		_ = json.Unmarshal([]byte(`"`+src.Text[i:stop]+`"`), &s)
		parts = append(parts, src.Slice(run, i), span.Literal(s, src.Slice(i, stop)))
		i, run = stop, stop
	}
	return span.Concat(append(parts, src.Slice(run, end))...)
}
