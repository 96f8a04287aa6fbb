package eval

func compact(c *call) *Val {
	items, ok := c.items(0)
	if !ok {
		return c.notKnown(0)
	}
	out := list(c.at)
	for _, it := range items {
		if s, ok := it.Str(); !it.IsNull() && (!ok || s != "") {
			out.Items = append(out.Items, it)
		}
	}
	return out
}

func distinct(c *call) *Val {
	items, ok := c.items(0)
	if !ok {
		return c.notKnown(0)
	}
	out := list(c.at)
	for _, it := range items {
		c.ev.steps += len(out.Items)
		dup := false
		for _, o := range out.Items {
			if eq, known := equal(it, o, 0); eq && known {
				dup = true
				break
			}
		}
		if !dup {
			out.Items = append(out.Items, it)
		}
		if c.ev.steps > maxSteps {
			break
		}
	}
	return out
}

func values(c *call) *Val {
	_, vals, ok := elements(c.arg(0))
	if !ok {
		return c.notKnown(0)
	}
	return list(c.at, vals...)
}

func keys(c *call) *Val {
	ks, _, ok := elements(c.arg(0))
	if !ok {
		return c.notKnown(0)
	}
	return list(c.at, ks...)
}

func length(c *call) *Val {
	a := c.arg(0)
	if a.Kind == String && !a.IsUnknown() {
		return number(float64(len([]rune(a.T.String()))), c.at)
	}
	items, ok := c.items(0)
	if !ok {
		return c.notKnown(0)
	}
	return number(float64(len(items)), c.at)
}

func one(c *call) *Val {
	items, ok := c.items(0)
	switch {
	case !ok:
		return c.notKnown(0)
	case len(items) == 0:
		return null
	}
	return items[0]
}

func reverse(c *call) *Val {
	items, ok := c.items(0)
	if !ok {
		return c.notKnown(0)
	}
	out := list(c.at)
	for i := len(items) - 1; i >= 0; i-- {
		out.Items = append(out.Items, items[i])
	}
	return out
}

func slice(c *call) *Val {
	items, ok := c.items(0)
	i, ok2 := c.arg(1).Int()
	j, ok3 := c.arg(2).Int()
	if !ok || !ok2 || !ok3 {
		return unknown(firstReason(c.args...), c.at)
	}
	if i < 0 || j < i || j > int64(len(items)) {
		return invalid("slice() beyond its list", c.at)
	}
	return list(c.at, items[i:j]...)
}

func contains(c *call) *Val {
	items, ok := c.items(0)
	if !ok || c.arg(1).IsUnknown() {
		return unknown(firstReason(c.args...), c.at)
	}
	why := ""
	for _, it := range items {
		eq, known := equal(it, c.arg(1), 0)
		if eq && known {
			return boolean(true, c.at)
		}
		if !known {
			why = firstReason(it)
		}
	}
	if why != "" {
		return unknown(why, c.at)
	}
	return boolean(false, c.at)
}

func indexOf(c *call) *Val {
	items, ok := c.items(0)
	if !ok {
		return c.notKnown(0)
	}
	for i, it := range items {
		eq, known := equal(it, c.arg(1), 0)
		if !known {
			return unknown(firstReason(it, c.arg(1)), c.at)
		}
		if eq {
			return number(float64(i), c.at)
		}
	}
	return invalid("index() does not find its element", c.at)
}

func zipmap(c *call) *Val {
	ks, ok := c.items(0)
	vs, ok2 := c.items(1)
	if !ok || !ok2 || len(ks) != len(vs) {
		return unknown(firstReason(c.args...), c.at)
	}
	out := newMap(c.at)
	for i, k := range ks {
		s, ok := k.Str()
		if !ok {
			return unknown(firstReason(k), c.at)
		}
		out.put(s, vs[i])
	}
	return out
}
