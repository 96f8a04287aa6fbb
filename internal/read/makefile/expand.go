package makefile

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// scope is what references can name beside the variables of the file.
type scope struct {
	target *Target
	auto   map[string]span.Text
	given  map[string]span.Text // on the command line of make
	depth  int
}

// expand replaces references to variables by their values; nil: outside a recipe.
func (m *Makefile) expand(t span.Text, sc *scope) span.Text {
	s := t.String()
	if strings.IndexByte(s, '$') < 0 {
		return t
	}
	if sc == nil {
		sc = &scope{}
	}
	var parts []span.Text
	last := 0
	for k := 0; k+1 < len(s); k++ {
		if s[k] != '$' {
			continue
		}
		if m.fuel--; m.fuel < 0 || sc.depth > 30 {
			parts = append(parts, t.Slice(last, k), span.Literal(span.Unknown("the Makefile's variables are too many to follow"), t.Slice(k, len(s))))
			return span.Concat(parts...)
		}
		parts = append(parts, t.Slice(last, k))
		end := k + 2
		switch c := s[k+1]; c {
		case '$':
			parts = append(parts, t.Slice(k+1, k+2))
		case '(', '{':
			end = closing(s, k+1)
			parts = append(parts, m.reference(t.Slice(k, end), t.Slice(k+2, max(k+2, end-1)), sc))
		default:
			parts = append(parts, m.reference(t.Slice(k, end), t.Slice(k+1, end), sc))
		}
		k, last = end-1, end
	}
	return span.Concat(append(parts, t.Slice(min(last, len(s)), len(s)))...)
}

// closing is the offset after the bracket that closes the one at k.
func closing(s string, k int) int {
	depth := 0
	for ; k < len(s); k++ {
		switch s[k] {
		case '(', '{':
			depth++
		case ')', '}':
			if depth--; depth == 0 {
				return k + 1
			}
		}
	}
	return len(s)
}

// reference is the value of a variable or function.
func (m *Makefile) reference(at, inner span.Text, sc *scope) span.Text {
	sc = &scope{sc.target, sc.auto, sc.given, sc.depth + 1}
	name := strings.TrimSpace(inner.String())
	if strings.ContainsAny(name, "$") {
		name = m.expand(inner, sc).String()
	}
	if v, ok := sc.given[name]; ok {
		return span.Literal(v.String(), at)
	}
	if v, ok := sc.auto[name]; ok {
		return span.Literal(v.String(), at)
	}
	if sc.target != nil {
		if v, ok := sc.target.vars[name]; ok {
			return span.Literal(m.expand(v.text, sc).String(), at)
		}
	}
	if v, ok := m.vars[name]; ok {
		if name == ".DEFAULT_GOAL" || v.text.Len() < maxValue {
			return m.value(v, at, sc)
		}
	}
	switch name {
	case "CURDIR", "PWD":
		return span.Literal("${CURDIR}", at) // for the shell, where a space in it does no harm
	case "MAKE":
		return span.Literal("make", at)
	case "SHELL":
		return span.Literal("/bin/sh", at)
	case "HOME":
		return span.Literal("~", at)
	}
	return span.Literal(m.function(name, sc), at)
}

// value is the text of a variable. Several lines ("define") keep their places, so that scripts in them can be cited.
func (m *Makefile) value(v variable, at span.Text, sc *scope) span.Text {
	t := m.expand(v.text, sc)
	if strings.Contains(t.String(), "\n") {
		return t
	}
	return span.Literal(t.String(), at)
}

// function is the value of the functions that need nothing but their words; an unknown token for everything else.
func (m *Makefile) function(call string, sc *scope) string {
	word, rest, found := strings.Cut(call, " ")
	if !found {
		return span.Unknown("the variable " + word + " is not set in the Makefile; it is given to make")
	}
	args := strings.Split(rest, ",")
	switch {
	case word == "strip":
		return strings.Join(strings.Fields(rest), " ")
	case word == "subst" && len(args) == 3 && args[0] != "":
		if out := strings.ReplaceAll(args[2], args[0], args[1]); len(out) < maxValue {
			return out
		}
	case word == "addprefix" && len(args) == 2, word == "addsuffix" && len(args) == 2:
		words := strings.Fields(args[1])
		for k := range words {
			if word == "addprefix" {
				words[k] = args[0] + words[k]
			} else {
				words[k] += args[0]
			}
		}
		return strings.Join(words, " ")
	case word == "info" || word == "warning" || word == "error":
		return ""
	case word == "eval":
		if name, _, ok := strings.Cut(rest, "="); ok {
			name = strings.Trim(name, " :?+")
			m.vars[name] = variable{text: span.Plain(span.Unknown("variable " + name + " is set when the recipe runs"))}
		}
		return ""
	case word == "abspath" || word == "realpath":
		return "${CURDIR}/" + strings.TrimSpace(rest)
	}
	return span.Unknown("it is worked out by make's function " + word)
}

// exported are the variables that recipes find in their environment.
func (m *Makefile) exported(sc *scope) map[string]span.Text {
	out := map[string]span.Text{"CURDIR": span.Plain(path.Join(shell.Checkout, m.dir))}
	for name, v := range m.vars {
		if v.exported {
			out[name] = m.expand(v.text, sc)
		}
	}
	return out
}

// escape keeps an expanded value from being expanded again.
func escape(t span.Text) span.Text {
	s := t.String()
	if !strings.Contains(s, "$") {
		return t
	}
	return span.Literal(strings.ReplaceAll(s, "$", "$$"), t)
}
