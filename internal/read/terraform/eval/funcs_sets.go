package eval

import "sort"

func toList(c *call) *Val {
	a := c.arg(0)
	if a.Kind != List {
		return a
	}
	out := *a
	out.IsSet = false
	return &out
}

func toSet(c *call) *Val {
	if c.arg(0).Kind != List {
		return c.arg(0)
	}
	return makeSet(c.arg(0))
}

// makeSet sorts and removes duplicates; elements that are not known stay, at the end.
func makeSet(v *Val) *Val {
	out := *v
	out.IsSet, out.Items = true, nil
	seen := map[string]bool{}
	for _, it := range v.Items {
		k, ok := it.Str()
		if ok && seen[k] {
			continue
		}
		seen[k] = ok
		out.Items = append(out.Items, it)
	}
	sort.SliceStable(out.Items, func(i, j int) bool {
		if x, y := out.Items[i], out.Items[j]; x.Kind == Number && y.Kind == Number {
			return x.N.Cmp(y.N) < 0
		}
		a, aok := out.Items[i].Str()
		b, bok := out.Items[j].Str()
		return aok && (!bok || a < b)
	})
	return &out
}
