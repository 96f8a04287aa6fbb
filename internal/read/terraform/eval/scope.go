package eval

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Scope is what names mean at an expression.
type Scope struct {
	mod      *Module
	parent   *Scope
	vars     map[string]*Val // iterators, each, count, self, a template's variables
	anon     *hclsyntax.AnonSymbolExpr
	anonVal  *Val
	template bool // only vars count: a template file sees nothing else
}

func (s *Scope) with(vars map[string]*Val) *Scope { return &Scope{mod: s.mod, parent: s, vars: vars} }

func (s *Scope) lookup(name string) (v *Val, ok, template bool) {
	for ; s != nil; s = s.parent {
		if v, ok := s.vars[name]; ok {
			return v, true, false
		}
		if s.template {
			return nil, false, true
		}
	}
	return nil, false, false
}

func (s *Scope) anonymous(e *hclsyntax.AnonSymbolExpr) *Val {
	for ; s != nil; s = s.parent {
		if s.anon == e {
			return s.anonVal
		}
	}
	return null
}
