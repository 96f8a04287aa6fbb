package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// bashTest is [[ … ]].
func (r *run) bashTest(x syntax.TestExpr, depth int) status {
	if depth > 200 || !r.spend(1) {
		return status{kind: unsure, why: "it is nested too deeply"}
	}
	switch x := x.(type) {
	case *syntax.Word:
		return nonEmpty(r.single(x).String())
	case *syntax.ParenTest:
		return r.bashTest(x.X, depth+1)
	case *syntax.UnaryTest:
		if x.Op == syntax.TsNot {
			return r.bashTest(x.X, depth+1).not()
		}
		if w, ok := x.X.(*syntax.Word); ok {
			if x.Op == syntax.TsVarSet {
				return r.isSet(r.single(w).String())
			}
			return unary(x.Op.String(), r.single(w).String())
		}
	case *syntax.BinaryTest:
		switch x.Op {
		case syntax.AndTest:
			return either(r.bashTest(x.X, depth+1).not(), r.bashTest(x.Y, depth+1).not()).not()
		case syntax.OrTest:
			return either(r.bashTest(x.X, depth+1), r.bashTest(x.Y, depth+1))
		}
		a, okA := x.X.(*syntax.Word)
		b, okB := x.Y.(*syntax.Word)
		if okA && okB {
			return compare(x.Op.String(), r.single(a).String(), r.single(b).String(), true)
		}
	}
	return status{kind: unsure, why: "it is not worked out"}
}

// isSet is -v NAME.
func (r *run) isSet(name string) status {
	if span.IsUnknown(name) {
		return unknownStatus(name)
	}
	if _, ok := r.vars[name]; ok {
		return status{kind: yes}
	}
	_, _, why := r.get(name)
	return status{kind: unsure, why: why, input: true}
}

// conditionWords joins what makes a test unsure to a message.
func conditionWords(s status) string {
	if s.why == "" {
		return ""
	}
	return " (" + s.why + ")"
}
