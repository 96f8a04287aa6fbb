package eval

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/step"
)

// maxSwitches bounds the variables of a configuration that are noted as switches.
const maxSwitches = 8

// notSwitched notes the root variables that x, which made no instance of something, asks for and that are off (false, 0).
func (m *Module) notSwitched(x hcl.Expression) {
	c := m.ev.config
	for _, name := range m.asked(x, 0) {
		if _, off := m.ev.root.flipped(name); off && len(c.Switches) < maxSwitches && !slices.Contains(c.Switches, name) {
			c.Switches = append(c.Switches, name)
		}
	}
}

// asked are the root variables that an expression of m asks for, through local values and the arguments of modules.
func (m *Module) asked(x hcl.Expression, depth int) []string {
	var out []string
	if depth > 10 {
		return nil
	}
	for _, t := range x.Variables() {
		if len(t) < 2 {
			continue
		}
		a, ok := t[1].(hcl.TraverseAttr)
		if !ok {
			continue
		}
		var from *hclsyntax.Attribute
		in := m
		switch {
		case t.RootName() == "local":
			from = m.dir.locals[a.Name]
		case t.RootName() == "var" && m.parent == nil:
			out = append(out, a.Name)
		case t.RootName() == "var":
			from, in = m.callBlock.Body.Attributes[a.Name], m.parent
		}
		if from != nil {
			out = append(out, in.asked(from.Expr, depth+1)...)
		}
	}
	return out
}

// flipped is the other value of a root variable that is off.
func (m *Module) flipped(name string) (v *Val, off bool) {
	if m.dir.variables[name] == nil {
		return nil, false
	}
	v = m.variable(name)
	if on, ok := v.Bool(); ok && v.Kind == Bool && !on {
		return boolean(true, v.At), true
	}
	if n, ok := v.Int(); ok && v.Kind == Number && n == 0 {
		return number(1, v.At), true
	}
	return nil, false
}

// turnOn gives the root variable called name, which is off, its other value before anything asks for it.
func (m *Module) turnOn(name string) {
	v, off := m.flipped(name)
	if !off {
		return
	}
	m.memo = map[string]*Val{"var." + name: v}
	m.ev.config.Problems = append(m.ev.config.Problems, step.Problem{At: v.At.Span(), Msg: fmt.Sprintf(
		"var.%s is off, so that no hub is made; what is judged is the hub as it is when var.%s is on", name, name)})
}
