package arm

import "github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"

// union is lists in one, each value once, or objects in one: what stands later wins, objects in objects are joined.
func union(args []*eval.Val, at eval.Place) *eval.Val {
	if len(args) > 0 && args[0].Kind == eval.List {
		all := joined(args, at)
		if all.IsUnknown() || len(all.Items) > 500 {
			return all
		}
		out := eval.ListAt(at)
		for _, it := range all.Items {
			if !holds(out.Items, it) {
				out.Items = append(out.Items, it)
			}
		}
		return out
	}
	out, budget := eval.MapAt(at), maxItems
	for _, a := range args {
		if out = overlaid(out, a, at, &budget); out.Kind != eval.Map {
			return out
		}
	}
	return out
}

func holds(list []*eval.Val, v *eval.Val) bool {
	for _, it := range list {
		if eval.Same(it, v) {
			return true
		}
	}
	return false
}

// overlaid is under with what over says.
func overlaid(under, over *eval.Val, at eval.Place, budget *int) *eval.Val {
	if over.IsUnknown() {
		return eval.NotKnown(over.Reason(), at)
	}
	out := eval.MapAt(at)
	for _, v := range []*eval.Val{under, over} {
		for _, k := range v.Keys {
			if *budget--; *budget < 0 {
				return eval.NotKnown("an object that is too large", at)
			}
			c, had := v.Child[k], out.Child[k]
			if had != nil && had != c && had.Kind == eval.Map && c.Kind == eval.Map {
				c = overlaid(had, c, at, budget)
			}
			out.Put(k, c)
		}
	}
	return out
}
