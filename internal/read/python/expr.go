package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
)

// eval is the value of an expression, never nil.
func (e *evaluator) eval(x syntax.Expr) *Value {
	if x == nil {
		return &Value{Kind: None}
	}
	if !e.step(x) || e.depth > 4*maxDepth || e.raised != nil {
		return e.unknown(x, "the code does more than can be followed")
	}
	e.depth++
	v := e.expression(x)
	e.depth--
	if v.At.IsZero() {
		if v.mutable() {
			v.At = e.at(x)
		} else {
			n := *v
			n.At = e.at(x)
			v = &n
		}
	}
	return v
}

func (e *evaluator) expression(x syntax.Expr) *Value {
	switch x := x.(type) {
	case *syntax.Ident:
		return e.ident(x)
	case *syntax.Const:
		return constant(x, e.at(x))
	case *syntax.Str:
		return e.str(x)
	case *syntax.Seq:
		return e.seq(x)
	case *syntax.Dict:
		return e.dict(x)
	case *syntax.Unary:
		return e.unary(x)
	case *syntax.Bin:
		l, r := e.eval(x.L), e.eval(x.R)
		return e.binary(x.Op, l, r, x)
	case *syntax.Logic:
		return e.logic(x)
	case *syntax.Compare:
		return e.compare(x)
	case *syntax.Cond:
		switch yes, known := e.truth(e.eval(x.Test)); {
		case known && yes:
			return e.eval(x.Then)
		case known:
			return e.eval(x.Else)
		}
		why := located("it depends on a condition that is not known, "+e.quote(x.Test), e.at(x.Test))
		return either(why, e.perhaps(x.Then, why), e.perhaps(x.Else, why))
	case *syntax.Lambda:
		return e.lambda(x)
	case *syntax.Call:
		return e.call(x)
	case *syntax.Attr:
		return e.attr(e.eval(x.X), x.Name, x)
	case *syntax.Index:
		base := e.eval(x.X)
		if s, ok := x.I.(*syntax.Slice); ok {
			return e.sliced(base, s, x)
		}
		return e.item(base, e.eval(x.I), x)
	case *syntax.Slice:
		return e.unknown(x, "it is a slice")
	case *syntax.Star:
		return e.eval(x.X)
	case *syntax.Comp:
		return e.comprehension(x)
	case *syntax.Await:
		v := e.eval(x.X)
		u := e.unknown(x, "it is awaited, which is not followed")
		u.Tainted = reaches(v)
		return u
	case *syntax.Yield:
		if x.X != nil {
			e.eval(x.X)
		}
		return e.unknown(x, "it is what a generator is sent")
	case *syntax.Walrus:
		v := e.eval(x.Value)
		e.set(x.Target.Name, v)
		return v
	}
	return e.unknown(x, "this code is not read")
}

func (e *evaluator) unary(x *syntax.Unary) *Value {
	v := e.eval(x.X)
	at := e.at(x)
	if x.Op == "not" {
		if yes, known := e.truth(v); known {
			return boolOf(!yes, at)
		}
		return unknownAt(firstOf(v.Reason(), "it is not known"), at)
	}
	switch {
	case (v.Kind == Int || v.Kind == Bool) && x.Op == "-" && v.Int != -1<<63:
		return intOf(-v.Int, at)
	case (v.Kind == Int || v.Kind == Bool) && x.Op == "+":
		return intOf(v.Int, at)
	case (v.Kind == Int || v.Kind == Bool) && x.Op == "~":
		return intOf(^v.Int, at)
	case v.Kind == Float && x.Op == "-":
		return &Value{Kind: Float, Float: -v.Float, At: at}
	case v.Kind == Float && x.Op == "+":
		return v
	}
	return unknownAt(firstOf(v.Reason(), "it is worked out by code that is not followed"), at)
}

func (e *evaluator) logic(x *syntax.Logic) *Value {
	var v *Value
	for i, it := range x.Items {
		v = e.eval(it)
		if i == len(x.Items)-1 {
			return v
		}
		yes, known := e.truth(v)
		if !known {
			rest, why := v, located("it depends on "+e.quote(x)+", which is not known", e.at(x))
			for _, later := range x.Items[i+1:] {
				rest = either(why, rest, e.perhaps(later, why))
			}
			return rest
		}
		if yes == (x.Op == "or") {
			return v
		}
	}
	return v
}
