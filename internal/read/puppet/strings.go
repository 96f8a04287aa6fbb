package puppet

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// escapes are those of a text in double quotes.
const escapes = `tsrn$"'\u`

// single is a text in single quotes: only the quote and the backslash are escaped.
func single(n *node) span.Text {
	return unescaped(n.src.Slice(n.from+1, n.to-1), `'\`)
}

// unescaped is a text without the escapes that are named.
func unescaped(t span.Text, which string) span.Text {
	s := t.String()
	if !strings.Contains(s, `\`) {
		return t
	}
	var parts []span.Text
	from := 0
	for k := 0; k+1 < len(s); k++ {
		if s[k] != '\\' {
			continue
		}
		c := s[k+1]
		n, to := escape(s[k:], which)
		if n == 0 {
			if strings.IndexByte(which, c) < 0 && c == '\\' {
				k++
			}
			continue
		}
		parts = append(parts, t.Slice(from, k), span.Literal(to, t.Slice(k, k+n)))
		from = k + n
		k = from - 1
	}
	return span.Concat(append(parts, t.Slice(from, len(s)))...)
}

// escape is what an escape at the beginning of s stands for, and how long it is; 0 if it is none.
func escape(s, which string) (n int, to string) {
	c := s[1]
	switch {
	case c == '\n' && strings.Contains(which, "L"):
		return 2, ""
	case strings.IndexByte(which, c) < 0 || c == 'L':
		return 0, ""
	}
	switch c {
	case 'n':
		return 2, "\n"
	case 't':
		return 2, "\t"
	case 'r':
		return 2, "\r"
	case 's':
		return 2, " "
	case 'u':
		return 0, "" // rare; it stays as it is written
	}
	return 2, string(c)
}

var plainVar = lazyregexp.New(`^\$(?:::)?[a-z_]\w*(?:::[a-z_]\w*)*|^\$[0-9]+`)

// interpolated is a text with variables and expressions put in.
func (r *run) interpolated(n *node, t span.Text, which string, s *scope) span.Text {
	str := t.String()
	var parts []span.Text
	from, size := 0, 0
	put := func(k, end int, x span.Text) {
		parts = append(parts, t.Slice(from, k), x)
		from, size = end, size+x.Len()
	}
	for k := 0; k < len(str) && r.spend(0); k++ {
		switch {
		case str[k] == '\\' && k+1 < len(str):
			if size, to := escape(str[k:], which); size > 0 {
				put(k, k+size, span.Literal(to, t.Slice(k, k+size)))
				k = from - 1
			} else {
				k++
			}
		case strings.HasPrefix(str[k:], "${"):
			end := closing(str, k+1, 0)
			if end < 0 {
				continue
			}
			at := t.Slice(k, end+1)
			v := r.inner(n, t, k+2, end, s)
			put(k, end+1, span.Literal(r.asText(v).String(), at))
			k = from - 1
		case str[k] == '$':
			m := plainVar.FindString(str[k:])
			if m == "" {
				continue
			}
			at := t.Slice(k, k+len(m))
			v := r.lookup(strings.TrimPrefix(m[1:], "::"), s, at)
			put(k, k+len(m), span.Literal(r.asText(v).String(), at))
			k = from - 1
		}
		if size > maxText {
			r.spend(1000)
			return span.Literal(span.Unknown("the text is too long"), n.text())
		}
	}
	if len(parts) == 0 {
		return t
	}
	r.spend(len(parts) + size/64)
	return span.Concat(append(parts, t.Slice(from, len(str)))...)
}

// inner is the expression between ${ and }, where a name is a variable.
func (r *run) inner(n *node, t span.Text, from, to int, s *scope) value {
	at := t.Slice(from, to)
	a, b := n.src.Offset(t.PosOf(from).Start), n.src.Offset(t.PosOf(to).Start)
	if b < a || n.src.Text[a:b] != at.String() {
		return unknownValue("the expression is spread over indented lines", at)
	}
	r.spend(2 + (b-a)/16)
	ts, err := lex(n.src, a, b)
	if err != nil || len(ts) < 2 {
		return unknownValue("the expression cannot be read", at)
	}
	if next := ts[1]; ts[0].kind == tName && (next.kind != tOp || next.text != "(") && ts[0].text != "if" && ts[0].text != "case" && ts[0].text != "unless" {
		ts[0].kind = tVar
	}
	p := &parser{src: n.src, ts: ts}
	var v value
	var e *node
	if err := p.guard(func() { e = p.chain() }); err != nil || p.peek().kind != tEnd {
		return unknownValue("the expression cannot be read", at)
	}
	v = r.eval(e, s)
	return v
}
