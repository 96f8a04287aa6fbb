package bicep

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// notMade is why there is nothing to refer to.
const notMade = " is not made: its condition is false"

// declare declares the resources of a file, and those of its modules.
func (u *unit) declare() {
	for _, d := range u.f.Decls {
		switch {
		case d.Kind != "resource" && d.Kind != "module" || u.r.spent:
		case u.named[d.Name] != d:
			u.r.stack.Config.NotEvaluated(d.Name+" is declared twice", eval.At(d.At))
		default:
			u.symbol(d, eval.At(d.At))
		}
	}
}

// symbol is a resource or module, declared the first time that it is asked for: a resource's name may be made of another's.
func (u *unit) symbol(d *syntax.Decl, at eval.Place) *eval.Val {
	return u.made.Do(d.Name, "it refers to itself", at, func() *eval.Val { return u.scope().declare(d, nil) })
}

// declare declares a resource or module, or each of a loop. in is the resource that it lies in.
func (sc *scope) declare(d *syntax.Decl, in *resource) *eval.Val {
	return sc.each(d, d.Value, sc.u.cond, func(s *scope, body *syntax.Expr, cond string) *eval.Val {
		if d.Kind == "module" {
			return s.module(d, body, cond)
		}
		return s.resource(d, body, cond, in)
	})
}

// each calls one for what an expression makes: an object, an object under a condition, a loop of either.
func (sc *scope) each(d *syntax.Decl, e *syntax.Expr, cond string, one func(sc *scope, body *syntax.Expr, cond string) *eval.Val) *eval.Val {
	c := sc.u.r.stack.Config
	at := eval.At(d.At)
	switch {
	case !sc.u.r.spend():
		return eval.NotKnown("this Bicep file takes too long to evaluate", at)
	case e == nil:
	case e.Op == syntax.Object:
		return one(sc, e, cond)
	case e.Op == syntax.If:
		v := sc.eval(e.Args[0])
		if yes, ok := v.Bool(); ok && !yes {
			return eval.NotKnown(d.Name+notMade, at)
		} else if !ok {
			cond = "it is made only under a condition that is not known: " + v.Reason()
		}
		return sc.each(d, e.Args[1], cond, one)
	case e.Op == syntax.Loop:
		list := sc.eval(e.Args[0])
		if list.Kind != eval.List || len(list.Items) > maxCopies {
			why := "how many there are is not known: " + list.Reason()
			if list.Kind == eval.List {
				why = fmt.Sprintf("there are more than %d of them", maxCopies)
			}
			sc.each(d, e.Args[1], why, func(_ *scope, body *syntax.Expr, why string) *eval.Val {
				return one(sc.turn(e, eval.NotKnown(why, at), eval.NotKnown(why, at)), body, why)
			})
			return eval.NotKnown(why, at)
		}
		out := eval.ListAt(at)
		for i, it := range list.Items {
			s := sc.turn(e, it, number(i, at))
			out.Items = append(out.Items, s.each(d, e.Args[1], cond, one))
		}
		return out
	}
	c.NotEvaluated("what "+d.Name+" is made of cannot be read", at)
	return eval.NotKnown("what "+d.Name+" is made of cannot be read", at)
}

// turn is the scope within one turn of a loop.
func (sc *scope) turn(e *syntax.Expr, item, index *eval.Val) *scope {
	for i, name := range e.Vars {
		if i == 0 {
			sc = sc.with(name, item)
		} else {
			sc = sc.with(name, index)
		}
	}
	return sc
}
