package puppet

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (r *run) unary(n *node, s *scope) value {
	v, at := r.eval(n.kids[0], s), n.text()
	switch n.word {
	case "!":
		yes, known := v.truth()
		if !known {
			return unknownValue(v.why(), at)
		}
		return boolValue(!yes, at)
	case "-":
		if x, err := strconv.ParseFloat(v.text.String(), 64); v.kind == num && err == nil {
			return number(-x, at)
		}
		return unknownValue("a number is not known", at)
	}
	return v
}

func number(x float64, at span.Text) value {
	return value{kind: num, text: span.Literal(strconv.FormatFloat(x, 'f', -1, 64), at), at: at}
}

// binary is an operator between two values.
func (r *run) binary(n *node, s *scope) value {
	at := n.text()
	open := func(v ...value) value {
		for _, x := range v {
			if w := x.why(); w != "" {
				return unknownValue(w, at)
			}
		}
		return unknownValue("it is not worked out", at)
	}
	a := r.eval(n.kids[0], s)
	if n.word == "and" || n.word == "or" {
		x, known := a.truth()
		if known && x == (n.word == "or") {
			return boolValue(x, at)
		}
		b := r.eval(n.kids[1], s)
		y, known2 := b.truth()
		if known2 && y == (n.word == "or") {
			return boolValue(y, at)
		}
		if !known || !known2 {
			return open(a, b)
		}
		return boolValue(y, at)
	}
	b := r.eval(n.kids[1], s)
	switch n.word {
	case "==", "!=":
		yes, known := equal(a, b)
		if !known {
			return open(a, b)
		}
		return boolValue(yes == (n.word == "=="), at)
	case "=~", "!~":
		r.spend(20)
		yes, known := matches(a, b)
		if !known {
			return open(a, b)
		}
		return boolValue(yes == (n.word == "=~"), at)
	case "in":
		return r.in(a, b, at, open)
	case "+":
		switch {
		case a.kind == list && b.kind == list && len(a.items)+len(b.items) < 5000:
			return value{kind: list, items: append(a.items[:len(a.items):len(a.items)], b.items...), at: at}
		case a.kind == list && b.kind != unknown && b.kind != hash && len(a.items) < 5000:
			return value{kind: list, items: append(a.items[:len(a.items):len(a.items)], b), at: at}
		case a.kind == hash && b.kind == hash:
			return r.merged(a, b)
		}
	case "<<":
		if a.kind == list && len(a.items) < 5000 {
			return value{kind: list, items: append(a.items[:len(a.items):len(a.items)], b), at: at}
		}
	}
	x, err1 := strconv.ParseFloat(a.text.String(), 64)
	y, err2 := strconv.ParseFloat(b.text.String(), 64)
	if err1 != nil || err2 != nil || a.kind != num && a.kind != str || b.kind != num && b.kind != str {
		return open(a, b)
	}
	switch n.word {
	case "+":
		return number(x+y, at)
	case "-":
		return number(x-y, at)
	case "*":
		return number(x*y, at)
	case "/", "%":
		if y == 0 || x != math.Trunc(x) || y != math.Trunc(y) {
			return open(a, b)
		}
		if n.word == "%" {
			return number(math.Mod(x, y), at)
		}
		return number(math.Trunc(x/y), at)
	case "<":
		return boolValue(x < y, at)
	case ">":
		return boolValue(x > y, at)
	case "<=":
		return boolValue(x <= y, at)
	case ">=":
		return boolValue(x >= y, at)
	}
	return open(a, b)
}

func (r *run) merged(a, b value) value {
	for i, k := range b.keys {
		if !r.spend(1 + len(a.keys)/16) {
			break
		}
		a = a.with(k, b.items[i])
	}
	if a.rest == "" {
		a.rest = b.rest
	}
	return a
}

func (r *run) in(a, b value, at span.Text, open func(...value) value) value {
	switch b.kind {
	case list:
		sure := true
		for _, x := range b.items {
			yes, known := equal(a, x)
			if yes && known {
				return boolValue(true, at)
			}
			sure = sure && known
		}
		if sure {
			return boolValue(false, at)
		}
	case hash:
		if _, ok := b.get(a.text.String()); ok || b.rest == "" && a.why() == "" {
			return boolValue(ok, at)
		}
	case str:
		if a.why() == "" && b.why() == "" && a.kind == str {
			return boolValue(strings.Contains(strings.ToLower(b.text.String()), strings.ToLower(a.text.String())), at)
		}
	}
	return open(a, b)
}

// matches says whether a pattern, or a type, fits a value.
func matches(v, pattern value) (yes, known bool) {
	if v.why() != "" || v.kind == unknown {
		return false, false
	}
	if pattern.kind == ref {
		switch t := pattern.text.String(); t {
		case "String":
			return v.kind == str, len(pattern.items) == 0
		case "Array":
			return v.kind == list, len(pattern.items) == 0 || v.kind != list
		case "Hash":
			return v.kind == hash, len(pattern.items) == 0 || v.kind != hash
		case "Boolean":
			return v.kind == boolean, len(pattern.items) == 0
		case "Undef":
			return v.kind == undef, true
		case "NotUndef":
			return v.kind != undef, true
		}
		return false, false
	}
	p := pattern.text.String()
	if pattern.rest != "regex" && pattern.kind != str || span.IsUnknown(p) || len(p) > 500 || v.kind != str && v.kind != num {
		return false, false
	}
	p = strings.NewReplacer(`\Z`, `\z`, `\/`, `/`).Replace(p)
	re, err := regexp.Compile("(?m)" + p)
	if err != nil {
		return false, false
	}
	return re.MatchString(v.text.String()), true
}
