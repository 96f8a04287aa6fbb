package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// evaluator holds what one root module's evaluation shares.
type evaluator struct {
	files step.Files
	root  *Module
	texts map[string]*span.Text // what expressions are parsed from, by the name in their ranges

	steps, depth int
	exhausted    bool
	resources    int
	modules      int

	config *Config
	plan   *Plan // nil if there is none
	// varFile is the tfvars file that Terraform is told of, "" when nobody says.
	varFile string
	dirs    func(string) *Dir
	loaded  map[*Dir]bool
}

func (ev *evaluator) at(r hcl.Range) Place {
	return Place{ev.texts[r.Filename], r.Start.Byte, r.End.Byte}
}

// exhaust reports a bound, once.
func (ev *evaluator) exhaust(at Place, msg string) {
	if ev.exhausted {
		return
	}
	ev.exhausted = true
	ev.problem(at, msg+"; the evaluation of this Terraform configuration stopped", true)
	ev.config.incomplete(msg, at)
}

func (ev *evaluator) problem(at Place, msg string, fatal bool) {
	p := step.Problem{At: at.Span(), Msg: msg, Fatal: fatal}
	if p.At.File == "" {
		p.At.File = ev.root.Dir
	}
	ev.config.Problems = append(ev.config.Problems, p)
}

// expr is the value of e; it never fails: what cannot be evaluated is unknown and says why.
func (ev *evaluator) expr(e hclsyntax.Expression, s *Scope) *Val {
	if e == nil {
		return null
	}
	at := ev.at(e.Range())
	ev.steps++
	if ev.steps > maxSteps {
		ev.exhaust(at, "this configuration takes too long to evaluate")
	}
	if ev.exhausted {
		return unknown("evaluation stopped at a limit", at)
	}
	if ev.depth >= maxDepth {
		return unknown("an expression that is nested too deeply", at)
	}
	ev.depth++
	v := ev.kind(e, s, at)
	ev.depth--
	return v.placed(at)
}

func (ev *evaluator) kind(e hclsyntax.Expression, s *Scope, at Place) *Val {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		if e.Val.Type() == cty.String && e.Val.IsKnown() && !e.Val.IsNull() {
			return text(literalText(at, e.Val.AsString()), at)
		}
		return fromCty(e.Val, at, "not known", 0)
	case *hclsyntax.TemplateExpr:
		return ev.render(e.Parts, s, at)
	case *hclsyntax.TemplateWrapExpr:
		return ev.expr(e.Wrapped, s)
	case *hclsyntax.TemplateJoinExpr:
		v := ev.expr(e.Tuple, s)
		if v.Kind != List {
			return v
		}
		return text(ev.asText(v, at), at)
	case *hclsyntax.ParenthesesExpr:
		return ev.expr(e.Expression, s)
	case *hclsyntax.ScopeTraversalExpr:
		return ev.traverse(e.Traversal, s, at)
	case *hclsyntax.RelativeTraversalExpr:
		return ev.apply(ev.expr(e.Source, s), e.Traversal, at)
	case *hclsyntax.IndexExpr:
		return ev.index(ev.expr(e.Collection, s), ev.expr(e.Key, s), at)
	case *hclsyntax.AnonSymbolExpr:
		return s.anonymous(e)
	case *hclsyntax.SplatExpr:
		return ev.splat(e, s, at)
	case *hclsyntax.ConditionalExpr:
		return ev.conditional(e, s, at)
	case *hclsyntax.TupleConsExpr:
		if len(e.Exprs) > maxItems {
			return unknown("a list that is too long", at)
		}
		out := list(at)
		for _, it := range e.Exprs {
			out.Items = append(out.Items, ev.expr(it, s))
		}
		return out
	case *hclsyntax.ObjectConsExpr:
		return ev.object(e, s, at)
	case *hclsyntax.ObjectConsKeyExpr:
		if k := hcl.ExprAsKeyword(e.Wrapped); k != "" && !e.ForceNonLiteral {
			return text(at.Text(), at)
		}
		return ev.expr(e.Wrapped, s)
	case *hclsyntax.ForExpr:
		return ev.loop(e, s, at)
	case *hclsyntax.BinaryOpExpr:
		return ev.binary(e, s, at)
	case *hclsyntax.UnaryOpExpr:
		return ev.call(e.Op.Impl, at, ev.expr(e.Val, s))
	case *hclsyntax.FunctionCallExpr:
		return ev.function(e, s, at)
	}
	return invalid("an expression that cannot be parsed", at)
}

func (ev *evaluator) object(e *hclsyntax.ObjectConsExpr, s *Scope, at Place) *Val {
	out := newMap(at)
	if len(e.Items) > maxItems {
		return unknown("an object that is too large", at)
	}
	for _, it := range e.Items {
		k := ev.expr(it.KeyExpr, s)
		key, ok := k.Str()
		if !ok {
			return unknown("an object with a key that is not known: "+k.Reason(), at)
		}
		out.put(key, ev.expr(it.ValueExpr, s))
	}
	return out
}

func (ev *evaluator) conditional(e *hclsyntax.ConditionalExpr, s *Scope, at Place) *Val {
	c := ev.expr(e.Condition, s)
	if b, ok := c.Bool(); ok {
		if b {
			return ev.expr(e.TrueResult, s)
		}
		return ev.expr(e.FalseResult, s)
	}
	a, b := ev.expr(e.TrueResult, s), ev.expr(e.FalseResult, s)
	if eq, known := equal(a, b, 0); known && eq {
		return a
	}
	return unknown(reasonOf(c, "a condition that is not known"), at)
}

func reasonOf(v *Val, otherwise string) string {
	if r := v.Reason(); r != "" {
		return r
	}
	return otherwise
}

func (ev *evaluator) binary(e *hclsyntax.BinaryOpExpr, s *Scope, at Place) *Val {
	l, r := ev.expr(e.LHS, s), ev.expr(e.RHS, s)
	switch e.Op {
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		eq, known := equal(l, r, 0)
		if !known {
			return unknown(firstReason(l, r), at)
		}
		return boolean(eq == (e.Op == hclsyntax.OpEqual), at)
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
		decides := e.Op == hclsyntax.OpLogicalOr
		a, aok := l.Bool()
		b, bok := r.Bool()
		switch {
		case aok && a == decides, bok && b == decides:
			return boolean(decides, at)
		case aok && bok:
			return boolean(!decides, at)
		}
		return unknown(firstReason(l, r), at)
	}
	return ev.call(e.Op.Impl, at, l, r)
}

func firstReason(vs ...*Val) string {
	budget := 1000
	for _, v := range vs {
		if r := v.anyReason(&budget); r != "" {
			return r
		}
	}
	return "it cannot be evaluated"
}

// equal compares as Terraform does; known is false when the repository does not tell.
func equal(a, b *Val, depth int) (eq, known bool) {
	switch {
	case depth > 50 || a.IsUnknown() || b.IsUnknown():
		return false, false
	case a.IsNull() || b.IsNull():
		return a.IsNull() == b.IsNull(), true
	case a.Kind != b.Kind:
		x, ok := a.Str()
		y, ok2 := b.Str()
		return ok && ok2 && x == y, true // lenient, as Terraform 0.11 was
	}
	switch a.Kind {
	case List:
		if len(a.Items) != len(b.Items) {
			return false, true
		}
		for i := range a.Items {
			if eq, known = equal(a.Items[i], b.Items[i], depth+1); !eq || !known {
				return eq, known
			}
		}
		return true, true
	case Map:
		if a.res != nil || b.res != nil {
			return a.res == b.res, a.res == b.res
		}
		if len(a.Keys) != len(b.Keys) {
			return false, true
		}
		for _, k := range a.Keys {
			if b.Child[k] == nil {
				return false, true
			}
			if eq, known = equal(a.Child[k], b.Child[k], depth+1); !eq || !known {
				return eq, known
			}
		}
		return true, true
	case Number:
		return a.N.Cmp(b.N) == 0, true
	}
	x, ok := a.Str()
	y, ok2 := b.Str()
	return x == y, ok && ok2
}
