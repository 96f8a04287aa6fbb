package doc

// Join is what two possible outcomes have in common: a where both agree, Unknown because of why where they do not.
// It is how a value that depends on something we cannot see (the order of two scripts, say) stays honest.
func Join(a, b *Node, why string) *Node {
	switch {
	case a == nil && b == nil:
		return nil
	case a == nil || b == nil:
		n := a
		if n == nil {
			n = b
		}
		return UnknownOf(why, n.At)
	case a.Kind == Map && b.Kind == Map: // also when one is open: an unknown map has the children it shows
		return joinMaps(a, b, why)
	case a.State == Unknown:
		return a
	case b.State == Unknown:
		return b
	case a.Kind != b.Kind:
		return UnknownOf(why, a.At)
	}
	switch a.Kind {
	case List:
		if !sameItems(a.Items, b.Items) {
			return UnknownOf(why, a.At)
		}
		return a
	default:
		if a.Value != b.Value {
			return UnknownOf(why, a.At)
		}
		if a.State != Set && b.State == Set {
			return b // written somewhere beats the same value by default
		}
		return a
	}
}

func joinMaps(a, b *Node, why string) *Node {
	out := *a
	if b.State == Unknown && a.State != Unknown {
		out.State, out.Why = Unknown, b.Why
	}
	out.Keys, out.Child = nil, make(map[string]*Node, len(a.Child))
	for _, k := range a.Keys {
		out.Put(k, Join(a.Child[k], b.Child[k], why))
	}
	for _, k := range b.Keys {
		if _, ok := a.Child[k]; !ok {
			out.Put(k, Join(nil, b.Child[k], why))
		}
	}
	return &out
}

func sameItems(a, b []*Node) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Same(a[i], b[i]) {
			return false
		}
	}
	return true
}

// Same says whether two nodes hold the same value, and are equally known.
func Same(a, b *Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || a.Value != b.Value || (a.State == Unknown) != (b.State == Unknown) ||
		len(a.Child) != len(b.Child) || !sameItems(a.Items, b.Items) {
		return false
	}
	for k, c := range a.Child {
		if !Same(c, b.Child[k]) {
			return false
		}
	}
	return true
}
