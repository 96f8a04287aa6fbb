package arm

import (
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// Template is a template in JSON that something else uses as a module.
type Template struct {
	t  *template
	sc *scope
}

// Use declares the resources of a template; given says what it is given for a parameter, nil for nothing, and cond why it may not be
// deployed. Fill follows when all is declared.
func (s *Stack) Use(root *markup.Node, given func(name string) *eval.Val, cond string) *Template {
	t := &template{stack: s, cond: cond}
	sc := t.scope(root)
	sc.ask = given
	t.declare(sc, root.Get("resources"), 0)
	return &Template{t, sc}
}

// Fuel is what evaluating it has taken so far.
func (u *Template) Fuel() int { return u.t.fuel }

// Fill says what the resources are made of.
func (u *Template) Fill() {
	u.sc.known.Forget()
	u.t.fill()
}

// Output is what a template gives back.
func (u *Template) Output(name string, at eval.Place) *eval.Val {
	v := u.sc.root.Get("outputs").Get(name).Get("value")
	if v == nil {
		return eval.NotKnown("the template has no output "+name, at)
	}
	return u.sc.once("o."+name, at, func() *eval.Val { return u.sc.value(v, 1) })
}
