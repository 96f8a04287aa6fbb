package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// touchTokens makes unknown what code may change that is not followed.
func (e *evaluator) touchTokens(n syntax.Node, why string) {
	from, to := n.Range()
	f, t := firstLine(e.src, n)
	e.missed(why, e.text.SpanOf(f, t))
	e.touchRange(e.tokens, from, to, why, e.text.SpanOf(f, t), map[int]bool{}, true)
}

func (e *evaluator) touchRange(tokens []syntax.Token, from, to int, why string, at span.Span, seen map[int]bool, here bool) {
	if seen[from] {
		return
	}
	seen[from] = true
	for i := firstToken(tokens, from); i < len(tokens) && tokens[i].Start < to; i++ {
		t := tokens[i]
		if t.Kind == syntax.String && strings.Contains(t.Text, "{") && (strings.Contains(t.Text, "load_subconfig(") || strings.Contains(t.Text, "exec(") || strings.Contains(t.Text, "eval(") || strings.Contains(t.Text, "{c.")) {
			e.open(why, at)
			return
		}
		if t.Kind != syntax.Name || i > 0 && tokens[i-1].Text == "." {
			continue
		}
		if reaching[t.Text] || span.IsUnknown(t.Text) && here {
			e.open(why, at)
			return
		}
		next := func(k int) syntax.Token { return tokens[min(i+k, len(tokens)-1)] }
		v := e.lookup(t.Text)
		switch {
		case v == nil:
		case v.Kind == Function && v.fn.from != from:
			e.touchRange(v.fn.tokens, v.fn.from, v.fn.to, why, at, seen, false)
		case v.Kind == Config && next(1).Text == "." && upper(next(2).Text) && next(3).Text == "." && next(4).Kind == syntax.Name:
			e.touchTrait(next(2).Text, next(4).Text, next(5).Text == "(", why, at)
		case v.Kind == SectionOf && next(1).Text == "." && next(2).Kind == syntax.Name:
			e.touchTrait(v.Name, next(2).Text, next(3).Text == "(", why, at)
		case v.Kind == Config && next(1).Text == "." && !upper(next(2).Text) && next(2).Kind == syntax.Name && next(3).Text == ".":
		default:
			e.touch(v, why, at)
		}
		if op := next(1).Text; here && v != nil && v.Kind != Config && v.Kind != SectionOf && (op == "=" || len(op) > 1 && strings.HasSuffix(op, "=") && !strings.Contains("== <= >= !=", op)) {
			e.set(t.Text, unknownAt(located(why, at), at))
		}
	}
}

// firstToken is the index of the first token at or after a place.
func firstToken(tokens []syntax.Token, from int) int {
	lo, hi := 0, len(tokens)
	for lo < hi {
		if m := (lo + hi) / 2; tokens[m].Start < from {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

func (e *evaluator) touchTrait(class, trait string, all bool, why string, at span.Span) {
	s := e.st.conf.section(class, at)
	if all {
		e.openSection(s, located(why, at), at)
		return
	}
	s.put(trait, unknownAt(located(why, at), at))
}

// reaching are names by which code can get at the configuration, or at any variable, without naming it.
var reaching = map[string]bool{"get_config": true, "load_subconfig": true, "exec": true, "eval": true, "globals": true, "locals": true, "vars": true, "__import__": true, "compile": true, "__builtins__": true}
