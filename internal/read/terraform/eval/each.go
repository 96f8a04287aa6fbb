package eval

// Each is a list with f of each of v's elements, a value by itself being its only one; null and what is not known stay as they are.
func (v *Val) Each(f func(*Val) *Val) *Val {
	if v.IsNull() || v.IsUnknown() {
		return v
	}
	out := ListAt(v.At)
	for _, it := range v.List() {
		out.Items = append(out.Items, f(it))
	}
	return out
}

// Rename is v with other keys in its maps: name gives the new key, and whether those of what lies below are renamed too. What
// lies deeper than depth stays as it is.
func (v *Val) Rename(depth int, name func(key string) (as string, below bool)) *Val {
	switch {
	case depth < 0:
	case v.Kind == List:
		out := ListAt(v.At)
		for _, it := range v.Items {
			out.Items = append(out.Items, it.Rename(depth-1, name))
		}
		return out
	case v.Kind == Map && v.Child != nil:
		out := MapAt(v.At)
		for _, k := range v.Keys {
			as, below := name(k)
			c := v.Child[k]
			if below {
				c = c.Rename(depth-1, name)
			}
			out.Put(as, c)
		}
		return out
	}
	return v
}
