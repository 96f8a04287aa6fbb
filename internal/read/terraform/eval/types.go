package eval

import (
	"sort"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// convert applies a variable's type as far as it changes meaning: sets, and defaults of optional attributes.
func (ev *evaluator) convert(v *Val, e hclsyntax.Expression) (out *Val) {
	defer func() {
		if recover() != nil {
			out = v
		}
	}()
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(e)
	if diags.HasErrors() {
		return v // 0.11's quoted types, among others
	}
	at := ev.at(e.Range())
	if defaults != nil {
		v = withDefaults(v, defaults, at, 0)
	}
	if ty.IsSetType() && v.Kind == List {
		v = makeSet(v)
	}
	return v
}

func withDefaults(v *Val, d *typeexpr.Defaults, at Place, depth int) *Val {
	if d == nil || depth > 50 || v.Kind != Map && v.Kind != List || v.res != nil {
		return v
	}
	c := *v
	if v.Kind == List {
		c.Items = make([]*Val, len(v.Items))
		for i, it := range v.Items {
			c.Items[i] = withDefaults(it, d.Children[""], at, depth+1)
		}
		return &c
	}
	c.Keys, c.Child = append([]string(nil), v.Keys...), make(map[string]*Val, len(v.Child))
	for k, it := range v.Child {
		child := d.Children[k]
		if child == nil {
			child = d.Children[""]
		}
		c.Child[k] = withDefaults(it, child, at, depth+1)
	}
	names := make([]string, 0, len(d.DefaultValues))
	if d.Type.IsObjectType() {
		for n := range d.DefaultValues {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	for _, n := range names {
		if c.Child[n].IsNull() {
			if dv := d.DefaultValues[n]; dv != cty.NilVal {
				c.put(n, withDefaults(fromCty(dv, at, "not known", 0), d.Children[n], at, depth+1))
			}
		}
	}
	return &c
}
