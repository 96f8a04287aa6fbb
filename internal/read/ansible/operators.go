package ansible

import (
	"math"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func compare(op string, a, b value) value {
	at := a.text
	if op == "in" || op == "not in" {
		v := contains(b, a, at)
		if v.kind == boolean && op == "not in" {
			v.b = !v.b
		}
		return v
	}
	for _, v := range []value{a, b} {
		if why, open := v.open(); open {
			return unknownValue(why, at)
		}
	}
	switch op {
	case "==":
		return boolValue(a.same(b), at)
	case "!=":
		return boolValue(!a.same(b), at)
	}
	var less, equal bool
	switch {
	case a.kind == number && b.kind == number:
		less, equal = a.n < b.n, a.n == b.n
	case a.kind == str && b.kind == str:
		less, equal = a.text.String() < b.text.String(), a.text.String() == b.text.String()
	default:
		return unknownValue("a comparison of values of different types", at)
	}
	return boolValue(map[string]bool{"<": less, "<=": less || equal, ">": !less && !equal, ">=": !less}[op], at)
}

func contains(in, v value, at span.Text) value {
	for _, x := range []value{v, in} {
		if why, open := x.open(); open {
			return unknownValue(why, at)
		}
	}
	switch in.kind {
	case str:
		if v.kind == str {
			return boolValue(strings.Contains(in.text.String(), v.text.String()), at)
		}
	case list:
		for _, it := range in.items {
			if it.raw {
				return unknownValue("a list of templates", at)
			}
			if it.same(v) {
				return boolValue(true, at)
			}
		}
		return boolValue(false, at)
	case dict:
		_, ok := in.child[v.python()]
		return boolValue(ok, at)
	}
	return unknownValue("a comparison of values of different types", at)
}

func (ev *eval) arith(op string, a, b value, at span.Text) value {
	a, b = ev.ready(a), ev.ready(b)
	switch {
	case op == "+" && a.kind == str && b.kind == str:
		return ev.bounded(span.Concat(a.text, b.text), at)
	case op == "+" && a.kind == list && b.kind == list && len(a.items)+len(b.items) <= 10*maxItems:
		return listValue(append(append([]value(nil), a.items...), b.items...), at)
	}
	for _, v := range []value{a, b} {
		if why, open := v.open(); open {
			return unknownValue(why, at)
		}
	}
	if op == "%" && a.kind == str {
		return ev.format(a.text.String(), b, at)
	}
	if a.kind == boolean {
		a = numValue(b2f(a.b), at)
	}
	if a.kind != number || b.kind != number || (op == "/" || op == "//" || op == "%") && b.n == 0 {
		return unknownValue("an operation on values that do not fit", at)
	}
	var n float64
	switch op {
	case "+":
		n = a.n + b.n
	case "-":
		n = a.n - b.n
	case "*":
		n = a.n * b.n
	case "/":
		n = a.n / b.n
	case "//":
		n = math.Floor(a.n / b.n)
	case "%":
		n = a.n - b.n*math.Floor(a.n/b.n)
	default:
		n = math.Pow(a.n, b.n)
	}
	out := numValue(n, at)
	out.whole = out.whole && a.whole && b.whole && op != "/"
	return out
}

// format is Python's "%s" % value.
func (ev *eval) format(f string, v value, at span.Text) value {
	args := []value{v}
	if v.kind == list {
		args = v.items
	}
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		if f[i] != '%' || i+1 == len(f) {
			b.WriteByte(f[i])
			continue
		}
		i++
		switch {
		case f[i] == '%':
			b.WriteByte('%')
		case (f[i] == 's' || f[i] == 'd') && len(args) > 0:
			b.WriteString(ev.ready(args[0]).python())
			args = args[1:]
		default:
			return unknownValue("a format that is not worked out", at)
		}
	}
	return strValue(b.String(), at)
}
