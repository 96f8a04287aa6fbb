package eval

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// traverse resolves a name such as var.size, local.tags["x"], aws_instance.hub[0].id or each.value.
func (ev *evaluator) traverse(t hcl.Traversal, s *Scope, at Place) *Val {
	root := t.RootName()
	v, ok, template := s.lookup(root)
	switch {
	case ok:
		return ev.apply(v, t[1:], at)
	case template:
		return invalid("the template is given no variable "+root, at)
	}
	name := func(i int) string {
		if i < len(t) {
			if a, ok := t[i].(hcl.TraverseAttr); ok {
				return a.Name
			}
		}
		return ""
	}
	rest := func(n int) hcl.Traversal { return t[min(n, len(t)):] }
	switch root {
	case "var":
		v, t = s.mod.variable(name(1)), rest(2)
	case "local":
		v, t = s.mod.local(name(1)), rest(2)
	case "module":
		v, t = s.mod.call(name(1)), rest(2)
	case "data":
		v, t = s.mod.resource("data."+name(1)+"."+name(2)), rest(3)
	case "path":
		v, t = s.mod.path(name(1), at), rest(2)
	case "terraform", "tofu":
		return unknown("the workspace is chosen when Terraform runs", at)
	case "each", "count", "self", "ephemeral":
		return invalid(root+" is not known here", at)
	default:
		v, t = s.mod.resource(root+"."+name(1)), rest(2)
	}
	if v.IsUnknown() && v.Kind == Unknown {
		c := *v
		c.At = at // where the unknown value is used is the place to look at
		return &c
	}
	return ev.apply(v, t, at)
}

// apply applies attributes and indices.
func (ev *evaluator) apply(v *Val, t hcl.Traversal, at Place) *Val {
	for _, st := range t {
		switch st := st.(type) {
		case hcl.TraverseAttr:
			v = ev.attr(v, st.Name, at)
		case hcl.TraverseIndex:
			k := fromCty(st.Key, at, "", 0)
			if st.Key.Type() == cty.Number && v.Kind == Map && v.res == nil && v.mod == nil && !v.block {
				if s, ok := k.Str(); ok {
					k = literal(s, at)
				}
			}
			v = ev.index(v, k, at)
		default:
			return invalid("an expression that is not supported", at)
		}
	}
	return v
}

// attr is v.name.
func (ev *evaluator) attr(v *Val, name string, at Place) *Val {
	switch {
	case v.Kind == Unknown:
		return v
	case v.Kind == Ref:
		return &Val{Kind: Ref, From: &Link{v.From.Res, v.From.Path + "." + name, v.From.Of}, Sensitive: v.Sensitive}
	case v.res != nil:
		return v.res.get(name)
	case v.mod != nil:
		return v.mod.output(name, at)
	case v.Kind == Map:
		if c := v.Child[name]; c != nil {
			return inherit(v, c)
		}
		if v.block && v.From != nil {
			return &Val{Kind: Ref, From: &Link{v.From.Res, strings.TrimPrefix(v.From.Path+"."+name, "."), v.From.Of}}
		}
		return invalid("there is no "+name+" here", at)
	case v.Kind == List && len(v.Items) > 0 && (v.Items[0].res != nil || v.Items[0].block || v.Items[0].mod != nil):
		return ev.attr(v.Items[0], name, at) // before Terraform 0.12, x.id meant the first of several
	}
	return invalid("there is no "+name+" here", at)
}
