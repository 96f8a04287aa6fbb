package bicep

import (
	"path"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// module is a use of another file with parameters of its own.
func (sc *scope) module(d *syntax.Decl, body *syntax.Expr, cond string) *eval.Val {
	u, r := sc.u, sc.u.r
	at := eval.At(d.At)
	file := d.Type.Plain()
	lost := func(why string) *eval.Val {
		why = "the module " + d.Name + " is not evaluated: " + why
		r.stack.Config.NotEvaluated(why, eval.At(d.Type.At))
		return eval.NotKnown(why, at)
	}
	switch {
	case remote(file):
		return lost(file + " is not in this repository")
	case u.nested >= maxNested:
		return lost("modules use each other too deeply")
	case r.modules >= maxModules || !r.spend():
		return lost("there are too many modules")
	}
	if path.Ext(file) == ".json" {
		return sc.template(d, body, cond, lost)
	}
	f, why := r.load(u.dir, file)
	if why != "" {
		return lost(why)
	}
	for up := u; up != nil; up = up.up {
		if up.f == f {
			return lost("it uses itself")
		}
	}
	r.modules++
	r.config(f.Src.File)
	in := r.unit(f, u)
	in.cond = cond
	in.given = sc.params(body)
	v := eval.NotKnown("a module ("+d.Name+")", at)
	r.objects[v] = &module{in, d.Name}
	in.declare()
	return v
}

// params are what a module is given: each is evaluated when it is asked for. nil: it is not given.
func (sc *scope) params(body *syntax.Expr) func(name string) *eval.Val {
	e := body.Get("params")
	memo := map[string]*eval.Val{}
	busy := map[string]bool{}
	return func(name string) *eval.Val {
		if e == nil {
			for _, m := range body.Members {
				if m.Key == nil { // params may stand in what is spread
					return eval.NotKnown("the parameters of the module are not known", eval.At(m.Value.At))
				}
			}
			return nil
		}
		if one := e.Get(name); one != nil && !spreads(e) {
			if v := memo[name]; v != nil {
				return v
			}
			if busy[name] {
				return eval.NotKnown("it refers to itself", eval.At(one.At))
			}
			busy[name] = true
			defer delete(busy, name)
			v := sc.eval(one)
			if sc.u.r.filling {
				memo[name] = v
			}
			return v
		}
		if e.Op == syntax.Object && !spreads(e) {
			return nil
		}
		v := sc.eval(e)
		if v.Kind != eval.Map {
			return eval.NotKnown("the parameters of the module are not known: "+v.Reason(), eval.At(e.At))
		}
		return v.Child[name]
	}
}

// spreads says whether properties of an object stand elsewhere, or under names that are made up.
func spreads(e *syntax.Expr) bool {
	for _, m := range e.Members {
		if m.Key == nil || m.Key.Plain() == "" {
			return true
		}
	}
	return false
}

// module is a module in use, to refer to.
type module struct {
	u    *unit
	name string
}

func (m *module) member(name string, at eval.Place) *eval.Val {
	if name != "outputs" {
		return eval.NotKnown("known only when the template is deployed ("+m.name+"."+name+")", at)
	}
	v := eval.NotKnown("the outputs of a module", at)
	m.u.r.objects[v] = outputs{m.u}
	return v
}

type outputs struct{ u *unit }

func (o outputs) member(name string, at eval.Place) *eval.Val {
	d := o.u.outputs[name]
	if d == nil || d.Value == nil {
		return eval.NotKnown("the module has no output "+name, at)
	}
	if d.Decorated("secure") {
		return eval.NotKnown("output "+name+" is a secret", at)
	}
	return o.u.once("output "+name, at, func() *eval.Val { return o.u.scope().eval(d.Value) })
}

// template is a use of a template in JSON.
func (sc *scope) template(d *syntax.Decl, body *syntax.Expr, cond string, lost func(why string) *eval.Val) *eval.Val {
	r := sc.u.r
	src, why := r.open(sc.u.dir, d.Type.Plain())
	if why != "" {
		return lost(why)
	}
	root, bad := markup.JSON(src.Whole())
	if bad != nil {
		r.stack.Config.Problems = append(r.stack.Config.Problems, step.Problem{At: bad.At, Msg: bad.Msg + "; correct the template, what it declares is not known", Fatal: true})
		return lost(src.File + " cannot be read")
	}
	if root.Get("resources") == nil {
		return lost(src.File + " declares no resources")
	}
	r.modules++
	r.config(src.File)
	t := r.stack.Use(root, sc.params(body), cond)
	r.fuel += t.Fuel()
	r.todo = append(r.todo, func() {
		before := t.Fuel()
		t.Fill()
		r.fuel += t.Fuel() - before
	})
	v := eval.NotKnown("a module ("+d.Name+")", eval.At(d.At))
	r.objects[v] = inJSON{r, t, d.Name}
	return v
}

// inJSON is a template in use, or its outputs.
type inJSON struct {
	r    *reader
	t    *arm.Template
	name string // "" for the outputs
}

func (m inJSON) member(name string, at eval.Place) *eval.Val {
	switch {
	case m.name == "":
		return m.t.Output(name, at)
	case name != "outputs":
		return eval.NotKnown("known only when the template is deployed ("+m.name+"."+name+")", at)
	}
	v := eval.NotKnown("the outputs of a module", at)
	m.r.objects[v] = inJSON{r: m.r, t: m.t}
	return v
}
