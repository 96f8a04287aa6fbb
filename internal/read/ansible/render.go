package ansible

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// native is a template as the value it stands for: where it is one expression and nothing else, that expression's own value.
func (ev *eval) native(t span.Text) value {
	s := t.String()
	if len(s) > maxValue || !ev.spend(1+len(s)/64) {
		return unknownValue("a text that is too long", t)
	}
	from := len(s) - len(strings.TrimLeft(s, " \t\r\n"))
	to := len(strings.TrimRight(s, " \t\r\n"))
	if from+4 <= to && strings.HasPrefix(s[from:], "{{") && exprEnd(s, from+2) == to-2 {
		return ev.expression(t, from+2, to-2)
	}
	return value{kind: str, text: ev.render(t)}
}

// expression is the value of the expression in t[from:to].
func (ev *eval) expression(t span.Text, from, to int) value {
	if from < to && strings.ContainsRune("-+", rune(t.String()[from])) { // {{- and -}} trim around
		from++
	}
	if from < to && t.String()[to-1] == '-' {
		to--
	}
	e, err := parseExpr(t, from, to)
	if err != nil {
		return unknownValue("{{ "+show(t.Slice(from, to))+" }} is not understood", t.Slice(from, to))
	}
	return ev.ready(e(ev))
}

// exprEnd is where the }} stands that ends an expression which starts at from; -1 when there is none.
func exprEnd(s string, from int) int {
	depth := 0
	for i := from; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' || c == '"':
			for i++; i < len(s) && s[i] != c; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		case c == '}' && i+1 < len(s) && s[i+1] == '}':
			return i
		}
	}
	return -1
}

// asText is v inside another text, where it is used. The item of a loop keeps its own place, so that each turn is told from
// the others, and so does what a template file is filled with; anything else is where the playbook names it, as the rest of
// the command is.
func (ev *eval) asText(v value, use span.Text) span.Text {
	v = ev.ready(v)
	at := use
	own := v.item || ev.own
	if own && !v.text.Span().IsZero() {
		at = v.text
	}
	switch v.kind {
	case undefined, unknown:
		return span.Literal(span.Unknown(v.why), use)
	case str:
		if own {
			return v.text
		}
		return span.Literal(v.text.String(), at)
	case null:
		return span.Literal("", at)
	case list, dict:
		v = ev.deep(v)
	}
	return span.Literal(v.python(), at)
}

// render is the text that a template makes. What is not known stays in it as a token, so that the format around it still
// parses.
func (ev *eval) render(t span.Text) span.Text {
	if !templated(t.String()) && !strings.Contains(t.String(), "{#") {
		return t
	}
	r := &renderer{ev: ev, t: t, s: t.String()}
	r.scan()
	parts := r.block(0, len(r.tags))
	return span.Concat(parts...)
}

// tag is one piece of a template: text, {{ expression }}, {% statement %} or a comment.
type tag struct {
	kind     byte // 't', '{', '%', '#'
	from, to int  // all of it
	in, out  int  // what is between the marks
	word     string
}

// renderer renders one template: its tags in order.
type renderer struct {
	ev    *eval
	t     span.Text
	s     string
	tags  []tag
	depth int
}

func (r *renderer) scan() {
	s := r.s
	text := func(from, to int) {
		if from < to {
			r.tags = append(r.tags, tag{kind: 't', from: from, to: to})
		}
	}
	last, trim := 0, false
	for i := 0; i+1 < len(s) && len(r.tags) < 20000; {
		if s[i] != '{' || s[i+1] != '{' && s[i+1] != '%' && s[i+1] != '#' {
			i++
			continue
		}
		k := s[i+1]
		end := -1
		switch k {
		case '{':
			end = exprEnd(s, i+2)
		case '%':
			end = stmtEnd(s, i+2)
		default:
			end = find(s, i+2, "#}")
		}
		if end < 0 {
			i += 2
			continue
		}
		g := tag{kind: k, from: i, to: end + 2, in: i + 2, out: end}
		stop := i
		if g.in < g.out && s[g.in] == '-' {
			g.in++
			stop = last + len(strings.TrimRight(s[last:i], " \t\r\n"))
		} else if g.in < g.out && s[g.in] == '+' {
			g.in++
		}
		trim = false
		if g.in < g.out && s[g.out-1] == '-' {
			g.out--
			trim = true
		}
		text(last, stop)
		if k == '%' {
			g.word, _, _ = strings.Cut(strings.TrimSpace(s[g.in:g.out]), " ")
		}
		r.tags = append(r.tags, g)
		last = g.to
		switch {
		case trim:
			last += len(s[last:]) - len(strings.TrimLeft(s[last:], " \t\r\n"))
		case k != '{' && strings.HasPrefix(s[last:], "\n"): // trim_blocks, which Ansible sets
			last++
		case k != '{' && strings.HasPrefix(s[last:], "\r\n"):
			last += 2
		}
		i = last
		if g.word == "raw" {
			i = r.raw(last)
			last = i
		}
	}
	text(last, len(s))
}

// raw takes what is between {% raw %} and {% endraw %} as it is.
func (r *renderer) raw(from int) int {
	r.tags = r.tags[:len(r.tags)-1]
	for k := from; ; {
		k = find(r.s, k, "{%")
		if k < 0 {
			return from
		}
		end := find(r.s, k, "%}")
		if end < 0 {
			return from
		}
		if strings.Trim(r.s[k+2:end], " -+\t\n") == "endraw" {
			r.tags = append(r.tags, tag{kind: 't', from: from, to: k})
			if strings.HasPrefix(r.s[end+2:], "\n") {
				end++
			}
			return end + 2
		}
		k = end
	}
}

func find(s string, from int, what string) int {
	if k := strings.Index(s[from:], what); k >= 0 {
		return from + k
	}
	return -1
}

// stmtEnd is where the %} stands that ends a statement, strings apart.
func stmtEnd(s string, from int) int {
	for i := from; i+1 < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' || c == '"':
			for i++; i < len(s) && s[i] != c; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case c == '%' && s[i+1] == '}':
			return i
		}
	}
	return -1
}
