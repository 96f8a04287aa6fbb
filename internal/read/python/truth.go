package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// truth is Python's bool(v), and whether that is known.
func (e *evaluator) truth(v *Value) (yes, known bool) {
	switch v.Kind {
	case None:
		return false, true
	case Bool, Int:
		return v.Int != 0, true
	case Float:
		return v.Float != 0, true
	case Text, Bytes:
		if s := v.Text.String(); span.IsUnknown(s) {
			some := strings.Trim(span.Show(s), "…") != ""
			return some, some
		}
		return v.Text.Len() > 0, true
	case List, Tuple, Set, Dict:
		return len(v.Items) > 0, true
	case Thing:
		return true, v.madeByName()
	case Local, Function, Lazy:
		return true, true
	case Ref:
		return true, strings.Contains(v.Name, ".") && !strings.HasPrefix(v.Name, ".") || builtins()[v.Name]
	case Either:
		for i, alt := range v.Items {
			if alt == nil {
				return false, false
			}
			y, k := e.truth(alt)
			if !k || i > 0 && y != yes {
				return false, false
			}
			yes = y
		}
		return yes, len(v.Items) > 0
	}
	return false, false
}

// equal is Python's a == b, and whether that is known.
func equal(a, b *Value) (yes, known bool) {
	left := bound
	return eq(a, b, &left)
}

func eq(a, b *Value, left *int) (yes, known bool) {
	if *left--; *left < 0 {
		return false, false
	}
	if a.Kind == Either || b.Kind == Either {
		if b.Kind == Either {
			a, b = b, a
		}
		for i, alt := range a.Items {
			if alt == nil {
				return false, false
			}
			y, k := eq(alt, b, left)
			if !k || i > 0 && y != yes {
				return false, false
			}
			yes = y
		}
		return yes, len(a.Items) > 0
	}
	if a.Kind == None && b.madeByName() || b.Kind == None && a.madeByName() {
		return false, true
	}
	if a.Reason() != "" || b.Reason() != "" || a.Kind == Unknown || b.Kind == Unknown || a.Kind == Lazy || b.Kind == Lazy {
		return false, false
	}
	x, xn := number(a)
	y, yn := number(b)
	switch {
	case xn && yn:
		if a.Kind != Float && b.Kind != Float {
			return a.Int == b.Int, true
		}
		return x == y, true
	case a.Kind != b.Kind:
		return false, a.Kind != Ref && b.Kind != Ref || a.Kind == None || b.Kind == None || a.Kind == Text || b.Kind == Text
	}
	switch a.Kind {
	case None:
		return true, true
	case Text, Bytes:
		return a.Text.String() == b.Text.String(), true
	case Ref:
		return a.Name == b.Name, a.Name == b.Name
	case List, Tuple:
		if len(a.Items) != len(b.Items) {
			return false, true
		}
		for i := range a.Items {
			if y, k := eq(a.Items[i], b.Items[i], left); !k || !y {
				return false, k
			}
		}
		return true, true
	case Set, Dict:
		if len(a.Items) != len(b.Items) {
			return false, true
		}
		if len(a.Items) == 0 {
			return true, true
		}
		return false, false
	}
	return a == b, a == b
}

func number(v *Value) (float64, bool) {
	switch v.Kind {
	case Bool, Int:
		return float64(v.Int), true
	case Float:
		return v.Float, true
	}
	return 0, false
}

func (e *evaluator) compare(x *syntax.Compare) *Value {
	left := e.eval(x.First)
	for i, op := range x.Ops {
		right := e.eval(x.Rest[i])
		yes, known := e.relation(op, left, right)
		if !known {
			for _, rest := range x.Rest[i+1:] {
				e.eval(rest)
			}
			return unknownAt(firstOf(left.Reason(), firstOf(right.Reason(), "it is not known")), e.at(x))
		}
		if !yes {
			return boolOf(false, e.at(x))
		}
		left = right
	}
	return boolOf(true, e.at(x))
}

func (e *evaluator) relation(op string, a, b *Value) (yes, known bool) {
	switch op {
	case "==":
		return equal(a, b)
	case "!=":
		yes, known = equal(a, b)
		return !yes, known
	case "is", "is not":
		if a.Kind != None && a.Kind != Bool && b.Kind != None && b.Kind != Bool {
			return false, false
		}
		if a.Kind == Lazy || b.Kind == Lazy {
			return op == "is not", true
		}
		yes, known = equal(a, b)
		if known && a.Kind != b.Kind {
			yes = false
		}
		if a.Reason() != "" && a.Kind == Text || b.Reason() != "" && b.Kind == Text {
			return false, false // text that may not be there at all
		}
		return yes == (op == "is"), known
	case "in", "not in":
		yes, known = e.within(a, b)
		return yes == (op == "in"), known
	}
	x, xn := number(a)
	y, yn := number(b)
	if s, ok := a.Str(); ok && !xn {
		t, ok := b.Str()
		if !ok {
			return false, false
		}
		x, y, xn, yn = float64(strings.Compare(s, t)), 0, true, true
	}
	if !xn || !yn {
		return false, false
	}
	switch op {
	case "<":
		return x < y, true
	case "<=":
		return x <= y, true
	case ">":
		return x > y, true
	}
	return x >= y, true
}

// within says whether a is in b.
func (e *evaluator) within(a, b *Value) (yes, known bool) {
	switch b.Kind {
	case Text:
		s, ok := a.Str()
		t, ok2 := b.Str()
		return ok && ok2 && strings.Contains(t, s), ok && ok2
	case Dict:
		i, sure := b.find(a)
		return i >= 0, sure
	case List, Tuple, Set:
		known = true
		for _, it := range b.Items {
			switch y, k := equal(a, it); {
			case k && y:
				return true, true
			case !k:
				known = false
			}
		}
		return false, known
	}
	return false, false
}

// iterate are the members of v in order, and whether they are known.
func (e *evaluator) iterate(v *Value) ([]*Value, bool) {
	switch v.Kind {
	case List, Tuple, Set:
		return append([]*Value(nil), v.Items...), true
	case Dict:
		return append([]*Value(nil), v.Keys...), true
	case Text:
		s, ok := v.Str()
		if !ok || len(s) > maxTurns || !ascii(s) {
			return nil, false
		}
		var out []*Value
		for i := range s {
			out = append(out, textOf(v.Text.Slice(i, i+1)))
		}
		return out, true
	}
	return nil, false
}
