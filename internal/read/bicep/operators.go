package bicep

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// named are Azure's functions that operators are compiled to.
var named = map[string]string{"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "<": "less", "<=": "lessOrEquals",
	">": "greater", ">=": "greaterOrEquals", "&&": "and", "||": "or", "!": "not"}

func (sc *scope) operator(e *syntax.Expr, at eval.Place) *eval.Val {
	a := sc.eval(e.Args[0])
	if e.Op == syntax.Unary {
		switch e.Name {
		case "-":
			return sc.azure("sub", at, number(0, at), a)
		case "!":
			return sc.azure("not", at, a)
		}
		return a
	}
	if e.Op == syntax.Choice {
		if yes, ok := a.Bool(); ok && yes {
			return sc.eval(e.Args[1])
		} else if ok {
			return sc.eval(e.Args[2])
		}
		return sc.either(a, sc.eval(e.Args[1]), sc.eval(e.Args[2]), at)
	}
	known, ok := a.Bool()
	switch {
	case e.Name == "??" && a.IsNull():
		return sc.eval(e.Args[1])
	case e.Name == "??":
		return a
	case e.Name == "&&" && ok && !known, e.Name == "||" && ok && known:
		return eval.BoolOf(known, at)
	}
	b := sc.eval(e.Args[1])
	switch e.Name {
	case "==", "!=", "=~", "!~":
		v := sc.u.r.equal(a, b, e.Name[1] == '~', at)
		if e.Name[0] == '!' {
			return sc.azure("not", at, v)
		}
		return v
	case "<", "<=", ">", ">=":
		if a.Kind == eval.String || b.Kind == eval.String {
			return eval.NotKnown("an order of texts is not evaluated", at)
		}
	}
	return sc.azure(named[e.Name], at, a, b)
}

// either is one of two values, which of them is not known.
func (sc *scope) either(cond, a, b *eval.Val, at eval.Place) *eval.Val {
	if sc.u.r.same(a, b, 0) {
		return a
	}
	return eval.NotKnown("it depends on what is not known: "+cond.Reason(), at)
}

// equal compares two values. Two lists or objects that are not the same are different only where all of both is known.
func (r *reader) equal(a, b *eval.Val, fold bool, at eval.Place) *eval.Val {
	switch {
	case a.IsUnknown() || b.IsUnknown():
		why := a.Reason()
		if why == "" {
			why = b.Reason()
		}
		return eval.NotKnown(why, at)
	case a.IsNull() || b.IsNull():
		return eval.BoolOf(a.IsNull() && b.IsNull(), at)
	}
	x, ok1 := a.Str()
	y, ok2 := b.Str()
	switch {
	case r.same(a, b, 0):
		return eval.BoolOf(true, at)
	case !r.known(a, 0) || !r.known(b, 0):
		return eval.NotKnown("lists or objects of which not all is known are compared", at)
	case !ok1 || !ok2 || a.Kind != b.Kind:
		return eval.BoolOf(false, at)
	case fold:
		return eval.BoolOf(strings.EqualFold(x, y), at)
	}
	return eval.BoolOf(x == y, at)
}

// known says whether all of a value is.
func (r *reader) known(v *eval.Val, depth int) bool {
	if v.IsUnknown() || depth > 20 || !r.spend() {
		return false
	}
	for _, it := range v.Items {
		if !r.known(it, depth+1) {
			return false
		}
	}
	for _, k := range v.Keys {
		if !r.known(v.Child[k], depth+1) {
			return false
		}
	}
	return true
}

// azure is one of Azure's functions.
func (sc *scope) azure(name string, at eval.Place, args ...*eval.Val) *eval.Val {
	if v, ok := sc.u.r.stack.Call(name, args, at); ok {
		sc.u.r.fuel += arm.Cost(append(args, v)...)
		return v
	}
	return eval.NotKnown("the function "+name+" is not evaluated", at)
}
