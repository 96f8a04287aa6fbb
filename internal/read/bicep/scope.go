package bicep

import (
	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// scope is what names mean at an expression: those of loops and lambdas, nested resources, the file's.
type scope struct {
	u    *unit
	up   *scope
	name string
	val  *eval.Val
	in   *resource // whose nested resources can be named
}

// with is the scope in which a name stands for a value.
func (sc *scope) with(name string, v *eval.Val) *scope {
	return &scope{u: sc.u, up: sc, name: name, val: v}
}

// lookup is what a name stands for; false: nothing.
func (sc *scope) lookup(name string, at eval.Place) (*eval.Val, bool) {
	for s := sc; s != nil; s = s.up {
		if s.name == name && s.val != nil {
			return s.val, true
		}
		if s.in != nil {
			if d := s.in.nestedDecl(name); d != nil {
				return s.in.child(d, at), true
			}
		}
	}
	return sc.u.lookup(name, at)
}

// function is the function that a file declares or imports, nil if there is none of this name.
func (u *unit) function(name string) (*syntax.Decl, *unit) {
	if d := u.named[name]; d != nil {
		if d.Kind == "func" {
			return d, u
		}
		return nil, nil
	}
	if b, ok := u.imported(name); ok && b.from != nil && b.name != "*" {
		return b.from.function(b.name)
	}
	return nil, nil
}

// apply is a function of the language's user with arguments.
func (u *unit) apply(d *syntax.Decl, args []*eval.Val) *eval.Val {
	sc := u.scope()
	for i, v := range d.Vars {
		if i < len(args) {
			sc = sc.with(v, args[i])
		}
	}
	return sc.eval(d.Value)
}
