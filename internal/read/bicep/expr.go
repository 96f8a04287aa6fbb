package bicep

import (
	"math/big"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func number(n int, at eval.Place) *eval.Val {
	return eval.NumberOf(new(big.Float).SetInt64(int64(n)), at)
}

// eval is what an expression means. It never fails: what cannot be told is unknown, with the reason.
func (sc *scope) eval(e *syntax.Expr) *eval.Val {
	if e == nil {
		return eval.None()
	}
	r := sc.u.r
	at := eval.At(e.At)
	if r.depth >= maxDepth || !r.spend() {
		return eval.NotKnown("this Bicep file takes too long to evaluate", at)
	}
	r.depth++
	defer func() { r.depth-- }()
	switch e.Op {
	case syntax.Bool:
		return eval.BoolOf(e.Name == "true", at)
	case syntax.Int:
		n, _, err := big.ParseFloat(e.Name, 10, 64, big.ToNearestEven)
		if err != nil || n.IsInf() {
			return eval.NotKnown("a number that is too large", at)
		}
		return eval.NumberOf(n, at)
	case syntax.Literal:
		return eval.TextOf(e.Lit)
	case syntax.Text:
		return r.charged(sc.text(e, at))
	case syntax.Array:
		return r.charged(sc.array(e, at))
	case syntax.Object:
		return r.charged(sc.object(e, at))
	case syntax.Loop:
		return sc.loop(e, at)
	case syntax.Name:
		if v, ok := sc.lookup(e.Name, at); ok {
			return v
		}
		return eval.NotKnown(e.Name+" is not declared", at)
	case syntax.Member:
		return sc.safe(e, sc.member(sc.eval(e.Args[0]), e.Name, at))
	case syntax.Index:
		return sc.safe(e, sc.index(e, at))
	case syntax.Child:
		if x, ok := r.objects[sc.eval(e.Args[0])].(*resource); ok {
			if d := x.nestedDecl(e.Name); d != nil {
				return x.child(d, at)
			}
		}
		return eval.NotKnown("there is no nested resource "+e.Name+" here", at)
	case syntax.Call:
		return sc.call(e, at)
	case syntax.Method:
		return sc.method(e, at)
	case syntax.Unary, syntax.Binary, syntax.Choice:
		return sc.operator(e, at)
	case syntax.Null:
		return eval.None()
	}
	return eval.NotKnown("this expression is not evaluated", at)
}

// charged is v, with what it took to put it together.
func (r *reader) charged(v *eval.Val) *eval.Val {
	r.fuel += arm.Cost(v)
	return v
}

// text is a text with what stands in ${}.
func (sc *scope) text(e *syntax.Expr, at eval.Place) *eval.Val {
	if len(e.Args) == 1 && e.Args[0].Op == syntax.Literal {
		return eval.TextOf(e.Args[0].Lit)
	}
	var parts []span.Text
	size, assumed := 0, ""
	for _, a := range e.Args {
		t := a.Lit
		if a.Op != syntax.Literal {
			v := sc.eval(a)
			if t = sc.u.r.stack.Text(v); assumed == "" {
				assumed = v.Assumed
			}
		}
		if parts, size = append(parts, t), size+t.Len(); size > maxText {
			return eval.NotKnown("a text that is too long", at)
		}
	}
	v := eval.TextOf(span.Concat(parts...)).AtPlace(at)
	if assumed != "" {
		return v.Assume(assumed)
	}
	return v
}

func (sc *scope) array(e *syntax.Expr, at eval.Place) *eval.Val {
	out := eval.ListAt(at)
	for _, a := range e.Args {
		if a.Op != syntax.Spread {
			out.Items = append(out.Items, sc.eval(a))
			continue
		}
		v := sc.eval(a.Args[0])
		if v.Kind != eval.List {
			return eval.NotKnown("a list that is put in is not known: "+v.Reason(), eval.At(a.At))
		}
		if out.Items = append(out.Items, v.Items...); len(out.Items) > maxItems {
			return eval.NotKnown("a list that is too long", at)
		}
	}
	return out
}

func (sc *scope) object(e *syntax.Expr, at eval.Place) *eval.Val {
	out := eval.MapAt(at)
	for _, m := range e.Members {
		if m.Key == nil {
			v := sc.eval(m.Value.Args[0])
			if v.Kind != eval.Map {
				return eval.NotKnown("an object that is put in is not known: "+v.Reason(), eval.At(m.Value.At))
			}
			if len(out.Keys)+len(v.Keys) > maxItems {
				return eval.NotKnown("an object that is too large", at)
			}
			for _, k := range v.Keys {
				out.Put(k, v.Child[k])
			}
			continue
		}
		key, ok := sc.eval(m.Key).Str()
		if !ok {
			return eval.NotKnown("the name of a property is not known", eval.At(m.Key.At))
		}
		out.Put(key, sc.eval(m.Value))
	}
	return out
}

// loop is a list that is made of another one.
func (sc *scope) loop(e *syntax.Expr, at eval.Place) *eval.Val {
	list := sc.eval(e.Args[0])
	if list.Kind != eval.List {
		return eval.NotKnown("how many there are is not known: "+list.Reason(), at)
	}
	out := eval.ListAt(at)
	for i, it := range list.Items {
		out.Items = append(out.Items, sc.turn(e, it, number(i, at)).eval(e.Args[1]))
	}
	return out
}

// member is v.name.
func (sc *scope) member(v *eval.Val, name string, at eval.Place) *eval.Val {
	if o := sc.u.r.objects[v]; o != nil {
		return o.member(name, at)
	}
	if out := arm.Member(v, name, at); !out.IsNull() || v.IsNull() || v.Kind != eval.Map || has(v, name) {
		return out
	}
	return eval.NotKnown("there is no "+name+" here", at)
}

func has(v *eval.Val, name string) bool {
	for _, k := range v.Keys {
		if strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

// safe is null for what is not there, if that was asked for.
func (sc *scope) safe(e *syntax.Expr, v *eval.Val) *eval.Val {
	if e.Safe && v.Kind == eval.Unknown && (strings.HasPrefix(v.Why, "there is no ") || strings.HasSuffix(v.Why, notMade)) {
		return eval.None()
	}
	return v
}

func (sc *scope) index(e *syntax.Expr, at eval.Place) *eval.Val {
	v, i := sc.eval(e.Args[0]), sc.eval(e.Args[1])
	if n, ok := i.Int(); ok && e.FromEnd && v.Kind == eval.List {
		i = number(len(v.Items)-int(min(n, 1<<30)), at)
	}
	if s, ok := i.Str(); ok && (v.Kind != eval.List || i.Kind == eval.String) {
		return sc.member(v, s, at)
	}
	if v.IsNull() {
		return eval.None()
	}
	if v.Kind == eval.Unknown {
		return v
	}
	return arm.Index(v, i, at)
}
