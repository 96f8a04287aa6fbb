package cloudformation

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// condition is whether a named condition holds: true, false, or not known.
func (t *template) condition(name string, at eval.Place) *eval.Val {
	if v := t.memo[name]; v != nil {
		return v
	}
	n := t.root.Get("Conditions").Get(name)
	if n == nil {
		return eval.NotKnown("condition "+name+" is not declared", at)
	}
	if t.busy[name] {
		return eval.NotKnown("condition "+name+" refers to itself", at)
	}
	t.busy[name] = true
	v := t.value(n, 1)
	if n.Kind == markup.Map && len(n.Members) == 1 && n.Members[0].Key.String() == "Condition" {
		v = t.condition(n.Members[0].Value.Str(), at)
	}
	delete(t.busy, name)
	if v.IsNull() {
		v = eval.NotKnown("condition "+name+" cannot be evaluated", at)
	}
	t.memo[name] = v
	return v
}

// truth is a condition where one may be nested: {"Condition": "Name"} names another.
func (t *template) truth(n *markup.Node, at eval.Place, depth int) *eval.Val {
	if n != nil && n.Tag == "" && n.Kind == markup.Map && len(n.Members) == 1 && n.Members[0].Key.String() == "Condition" {
		return t.condition(n.Members[0].Value.Str(), at)
	}
	if v := t.value(n, depth); !v.IsNull() {
		return v
	}
	return eval.NotKnown("a condition that cannot be evaluated", at)
}

// logic evaluates the functions of conditions, with three values.
func (t *template) logic(name string, arg *markup.Node, at eval.Place, depth int) *eval.Val {
	var args []*markup.Node
	if arg.Kind == markup.List {
		args = arg.Items
	}
	switch {
	case name == "Condition" || name == "Fn::Condition":
		return t.condition(arg.Str(), at)
	case name == "Fn::Not" && len(args) == 1:
		v := t.truth(args[0], at, depth)
		if yes, ok := v.Bool(); ok {
			return eval.BoolOf(!yes, at)
		}
		return v
	case name == "Fn::Equals" && len(args) == 2:
		a, b := t.value(args[0], depth), t.value(args[1], depth)
		x, ok1 := a.Str()
		y, ok2 := b.Str()
		if ok1 && ok2 {
			return eval.BoolOf(x == y, at)
		}
		return eval.NotKnown(a.Reason()+b.Reason(), at)
	case name == "Fn::And" || name == "Fn::Or":
		// One false decides "and", one true decides "or".
		decides := name == "Fn::Or"
		why := ""
		for _, n := range args {
			v := t.truth(n, at, depth)
			yes, ok := v.Bool()
			if ok && yes == decides {
				return eval.BoolOf(decides, at)
			} else if !ok {
				why = v.Reason()
			}
		}
		if why == "" && len(args) > 0 {
			return eval.BoolOf(!decides, at)
		}
		return eval.NotKnown(why, at)
	}
	return eval.NotKnown(name+" cannot be evaluated", at)
}

// choose is Fn::If. Where the condition is not known, both sides have to say the same.
func (t *template) choose(cond, yes, no *markup.Node, at eval.Place, depth int) *eval.Val {
	c := t.condition(cond.Str(), at)
	if b, ok := c.Bool(); ok {
		if b {
			return t.value(yes, depth)
		}
		return t.value(no, depth)
	}
	a, b := t.value(yes, depth), t.value(no, depth)
	x, ok1 := a.Str()
	y, ok2 := b.Str()
	if ok1 && ok2 && x == y {
		return a
	}
	if eval.Same(a, b) {
		return a
	}
	shown := ""
	if ok1 && ok2 {
		shown = fmt.Sprintf(" (%q or %q)", x, y)
	}
	return eval.NotKnown(fmt.Sprintf("it depends on condition %s%s: %s", cond.Str(), shown, c.Reason()), at)
}
