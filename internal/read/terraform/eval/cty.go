package eval

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// toCty is v for the libraries' functions: what is not wholly known becomes unknown.
func toCty(v *Val, depth int) cty.Value {
	if v == nil || depth > 60 {
		return cty.DynamicVal
	}
	switch v.Kind {
	case Null:
		return cty.NullVal(cty.DynamicPseudoType)
	case Bool:
		return cty.BoolVal(v.B)
	case Number:
		if tooLarge(v.N) {
			return cty.UnknownVal(cty.Number)
		}
		return cty.NumberVal(v.N)
	case String:
		if s := v.T.String(); !span.IsUnknown(s) {
			return cty.StringVal(s)
		}
		return cty.UnknownVal(cty.String)
	case List:
		items := make([]cty.Value, len(v.Items))
		for i, it := range v.Items {
			items[i] = toCty(it, depth+1)
		}
		return cty.TupleVal(items)
	case Map:
		if v.res != nil {
			return cty.DynamicVal
		}
		m := make(map[string]cty.Value, len(v.Keys))
		for _, k := range v.Keys {
			m[k] = toCty(v.Child[k], depth+1)
		}
		return cty.ObjectVal(m)
	}
	return cty.DynamicVal
}

// fromCty is a function's result; all of it is placed at at, and what is unknown has the reason why.
func fromCty(c cty.Value, at Place, why string, depth int) *Val {
	c, _ = c.Unmark()
	switch {
	case !c.IsKnown() || depth > 60:
		return unknown(why, at)
	case c.IsNull():
		return &Val{At: at}
	}
	switch t := c.Type(); {
	case t == cty.Bool:
		return boolean(c.True(), at)
	case t == cty.Number:
		if n := c.AsBigFloat(); !tooLarge(n) {
			return &Val{Kind: Number, N: n, At: at}
		}
		return unknown("a number that is too large", at)
	case t == cty.String:
		if s := c.AsString(); len(s) <= maxText {
			return literal(s, at)
		}
		return unknown("a text that is too long", at)
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		out := list(at)
		out.IsSet = t.IsSetType()
		for it := c.ElementIterator(); it.Next(); {
			_, e := it.Element()
			out.Items = append(out.Items, fromCty(e, at, why, depth+1))
		}
		return out
	case t.IsObjectType() || t.IsMapType():
		out := newMap(at)
		for it := c.ElementIterator(); it.Next(); {
			k, e := it.Element()
			out.put(k.AsString(), fromCty(e, at, why, depth+1))
		}
		return out
	}
	return unknown(why, at)
}
