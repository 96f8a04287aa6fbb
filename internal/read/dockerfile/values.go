package dockerfile

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

var reference = lazyregexp.New(`\\\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?([-+])([^{}]*))?\})`)

// expand replaces variables of ENV and ARG.
func (b *builder) expand(t span.Text) span.Text {
	s := t.String()
	var parts []span.Text
	last := 0
	for _, m := range reference.FindAllStringSubmatchIndex(s, 1000) {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return s[m[2*n]:m[2*n+1]]
		}
		name := group(1) + group(2)
		if name == "" {
			continue
		}
		value := ""
		v, ok := b.env[name]
		if !ok {
			v, ok = b.args[name]
		}
		switch {
		case ok && group(3) == "+":
			value = group(4)
		case ok:
			value = v.String()
		case group(3) == "-":
			value = group(4)
		}
		parts = append(parts, t.Slice(last, m[0]), span.Literal(value, t.Slice(m[0], m[1])))
		last = m[1]
	}
	return span.Concat(append(parts, t.Slice(last, len(s)))...)
}

// arg is ARG NAME=default: what the build is told, else the default.
func (b *builder) arg(in instruction) {
	for _, w := range assignments(in.args) {
		name, value, found := w.name, w.value, w.found
		switch given, ok := b.o.Args[name]; {
		case ok:
			b.args[name] = given
		case found:
			b.args[name] = b.expand(value)
		default:
			if g, ok := b.global[name]; ok {
				b.args[name] = g
			} else {
				b.args[name] = span.Literal(span.Unknown("the build argument "+name+" has no default; it is given to the build"), in.args)
			}
		}
	}
}

// setEnv is ENV NAME=value …, or the old form ENV NAME value.
func (b *builder) setEnv(in instruction) {
	words := fields(in.args)
	if len(words) > 1 && !strings.Contains(words[0].String(), "=") {
		name := words[0].String()
		s := in.args.String()
		from := strings.Index(s, name) + len(name)
		from += len(s[from:]) - len(strings.TrimLeft(s[from:], " \t"))
		b.env[name] = b.expand(in.args.Slice(from, len(s)))
		return
	}
	for _, w := range assignments(in.args) {
		if w.found {
			b.env[w.name] = b.expand(w.value)
		}
	}
}

type assigned struct {
	name  string
	value span.Text
	found bool
}

var pair = lazyregexp.New(`([A-Za-z_]\w*)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']*))?`)

func assignments(t span.Text) []assigned {
	var out []assigned
	for _, m := range pair.FindAllStringSubmatchIndex(t.String(), 500) {
		a := assigned{name: t.String()[m[2]:m[3]]}
		if m[4] >= 0 {
			a.found, a.value = true, t.Slice(m[4], m[5])
			if v := a.value.String(); len(v) > 1 && (v[0] == '"' || v[0] == '\'') {
				a.value = a.value.Slice(1, len(v)-1)
			}
		}
		out = append(out, a)
	}
	return out
}
