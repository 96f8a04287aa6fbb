package vagrant

import (
	"math"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

var (
	integer = lazyregexp.New(`^[0-9][0-9_]*(?:\.[0-9]+)?$`)
	fromEnv = lazyregexp.New(`^ENV(?:\[\s*["'](\w+)["']\s*\]|\.fetch\(\s*["'](\w+)["']\s*(?:,\s*(.+))?\))$`)
	methods = lazyregexp.New(`\.(?:to_i|to_s|freeze|strip|round|floor)$`)
	word    = lazyregexp.New(`^\$?[A-Za-z_]\w*$`)
)

// eval is the value of an expression, as far as it is made of plain values: at is its place.
func (r *reader) eval(expr string, at span.Text) value {
	return r.evalDepth(strings.TrimSpace(expr), at, 0)
}

func (r *reader) evalDepth(e string, at span.Text, depth int) value {
	unknown := value{text: span.Literal(span.Unknown("it is worked out when Vagrant runs: "+brief(span.Show(e))), at)}
	if depth > 20 || e == "" {
		return unknown
	}
	for methods.MatchString(e) {
		e = strings.TrimSpace(e[:methods.FindStringIndex(e)[0]])
	}
	if k := binary(e, "||"); k >= 0 {
		left := r.evalDepth(strings.TrimSpace(e[:k]), at, depth+1)
		if !span.IsUnknown(left.text.String()) {
			return left
		}
		if right := r.evalDepth(strings.TrimSpace(e[k+2:]), at, depth+1); fromEnv.MatchString(strings.TrimSpace(e[:k])) {
			return right // by default
		}
		return unknown
	}
	for _, ops := range []string{"+-", "*/%"} {
		if k := binary(e, ops); k > 0 {
			a, b := r.evalDepth(strings.TrimSpace(e[:k]), at, depth+1), r.evalDepth(strings.TrimSpace(e[k+1:]), at, depth+1)
			return arithmetic(a, b, e[k], at, unknown)
		}
	}
	switch m := fromEnv.FindStringSubmatch(e); {
	case m != nil && m[3] != "":
		return r.evalDepth(strings.TrimSpace(m[3]), at, depth+1)
	case m != nil:
		return value{text: span.Literal(span.Unknown("the environment variable "+m[1]+m[2]+" is set where Vagrant runs"), at)}
	case integer.MatchString(e):
		return value{text: span.Literal(strings.ReplaceAll(e, "_", ""), at), number: true}
	case len(e) > 1 && e[0] == '"' && strings.IndexByte(e[1:], '"') == len(e)-2:
		return value{text: r.interpolated(part(at, e[1:len(e)-1]))}
	case len(e) > 1 && e[0] == '\'' && strings.IndexByte(e[1:], '\'') == len(e)-2:
		return value{text: part(at, e[1:len(e)-1])}
	case strings.HasPrefix(e, "(") && strings.HasSuffix(e, ")"):
		return r.evalDepth(strings.TrimSpace(e[1:len(e)-1]), at, depth+1)
	case strings.HasPrefix(e, ":") && word.MatchString(e[1:]):
		return value{text: part(at, e[1:])}
	case word.MatchString(e):
		if v, ok := r.vars[e]; ok {
			return v
		}
	}
	return unknown
}

// part is the piece of at that reads s, exact where it stands there as it is.
func part(at span.Text, s string) span.Text {
	if k := strings.Index(at.String(), s); k >= 0 {
		return at.Slice(k, k+len(s))
	}
	return span.Literal(s, at)
}

// binary is the offset of the last operator of ops outside of quotes and brackets, -1 without one. "||" is one operator.
func binary(e, ops string) int {
	depth, quote, found := 0, byte(0), -1
	for k := 0; k < len(e); k++ {
		c := e[k]
		switch {
		case quote != 0 && c == '\\':
			k++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case depth != 0 || k == 0:
		case ops == "||" && strings.HasPrefix(e[k:], "||"):
			return k
		case ops != "||" && strings.IndexByte(ops, c) >= 0:
			found = k
		}
	}
	return found
}

func arithmetic(a, b value, op byte, at span.Text, unknown value) value {
	x, y := a.text.String(), b.text.String()
	for _, s := range []string{x, y} {
		if span.IsUnknown(s) {
			return value{text: span.Literal(span.Unknown(span.Reason(s)), at)}
		}
	}
	n, err1 := strconv.ParseFloat(x, 64)
	m, err2 := strconv.ParseFloat(y, 64)
	if op == '+' && !(a.number && b.number) {
		return value{text: span.Concat(a.text, b.text)}
	}
	if err1 != nil || err2 != nil {
		return unknown
	}
	whole := !strings.Contains(x+y, ".")
	switch op {
	case '+':
		n += m
	case '-':
		n -= m
	case '*':
		n *= m
	case '/', '%':
		if m == 0 {
			return unknown
		}
		if op == '%' {
			n = math.Mod(n, m)
		} else if n /= m; whole {
			n = math.Floor(n)
		}
	}
	if math.IsInf(n, 0) || math.IsNaN(n) || math.Abs(n) > 1e15 {
		return unknown
	}
	return value{text: span.Literal(strconv.FormatFloat(n, 'f', -1, 64), at), number: true}
}
