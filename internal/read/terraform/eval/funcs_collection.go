package eval

import "strconv"

func first(c *call) *Val { return c.arg(0) }

// named is a function whose result nobody can tell here.
func named(name string) func(*call) *Val {
	return func(c *call) *Val { return unknown("the function "+name+"() is not evaluated", c.at) }
}

// items are the elements of argument i; ok is false when they are not known.
func (c *call) items(i int) ([]*Val, bool) {
	_, vals, ok := elements(c.arg(i))
	return vals, ok || c.arg(i).IsNull()
}

func (c *call) notKnown(i int) *Val {
	return unknown(reasonOf(c.arg(i), "a collection that is not known"), c.at)
}

func concat(c *call) *Val {
	out := list(c.at)
	for i := range c.args {
		items, ok := c.items(i)
		if !ok {
			// What is known stays, next to an element that says that more may follow.
			items = []*Val{c.notKnown(i)}
		}
		if out.Items = append(out.Items, items...); len(out.Items) > maxItems {
			return unknown("a list that is too long", c.at)
		}
	}
	c.ev.steps += len(out.Items) / 4
	if len(c.args) == 1 {
		out.At = c.args[0].At
	}
	return out
}

func mergeMaps(c *call) *Val {
	out := newMap(c.at)
	for i, a := range c.args {
		if a.IsNull() {
			continue
		}
		if a.Kind != Map || a.res != nil {
			return c.notKnown(i)
		}
		for _, k := range a.Keys {
			out.put(k, a.Child[k])
		}
		if c.ev.steps += len(a.Keys); len(out.Keys) > maxItems {
			return unknown("an object that is too large", c.at)
		}
	}
	return out
}

func flatten(c *call) *Val {
	out := list(c.at)
	var walk func(v *Val, depth int) bool
	walk = func(v *Val, depth int) bool {
		if v.Kind != List || depth > 60 {
			out.Items = append(out.Items, v)
			return len(out.Items) <= maxItems
		}
		for _, it := range v.Items {
			if !walk(it, depth+1) {
				return false
			}
		}
		return true
	}
	if c.arg(0).Kind != List {
		return c.notKnown(0)
	}
	if !walk(c.arg(0), 0) {
		return unknown("a list that is too long", c.at)
	}
	c.ev.steps += len(out.Items) / 4
	return out
}

func element(c *call) *Val {
	items, ok := c.items(0)
	i, ok2 := c.arg(1).Int()
	if !ok || !ok2 {
		return unknown(firstReason(c.args...), c.at)
	}
	if len(items) == 0 {
		return invalid("an element of an empty list", c.at)
	}
	n := int64(len(items))
	return items[(i%n+n)%n]
}

func lookup(c *call) *Val {
	m := c.arg(0)
	k, ok := c.arg(1).Str()
	if m.Kind != Map || !ok || m.res != nil {
		return unknown(firstReason(c.args...), c.at)
	}
	if v := m.Child[k]; v != nil {
		return v
	}
	if len(c.args) > 2 {
		return c.args[2]
	}
	return invalid("lookup finds no "+strconv.Quote(k), c.at)
}

func coalesce(c *call) *Val {
	for _, a := range c.args {
		switch {
		case a.Kind == Unknown || a.Kind == Ref && len(c.args) == 1:
			return a
		case a.IsNull(), a.Kind == String && a.T.Len() == 0:
		default:
			return a
		}
	}
	return invalid("coalesce finds no value", c.at)
}

func coalesceList(c *call) *Val {
	for i, a := range c.args {
		items, ok := c.items(i)
		if !ok || len(items) > 0 {
			return a
		}
	}
	return invalid("coalescelist finds no value", c.at)
}

func try(c *call) *Val {
	for _, a := range c.args {
		if !a.invalid {
			return a
		}
	}
	return invalid("no argument of try() can be evaluated", c.at)
}

func can(c *call) *Val {
	if a := c.arg(0); !a.invalid && a.Kind == Unknown {
		return unknown(a.Why, c.at)
	}
	return boolean(!c.arg(0).invalid, c.at)
}

func makeMap(c *call) *Val {
	out := newMap(c.at)
	for i := 0; i+1 < len(c.args); i += 2 {
		k, ok := c.args[i].Str()
		if !ok {
			return c.notKnown(i)
		}
		out.put(k, c.args[i+1])
	}
	return out
}

// transpose turns a map of lists around: {a = [1, 2]} becomes {1 = [a], 2 = [a]}.
func transpose(c *call) *Val {
	m := c.arg(0)
	if m.Kind != Map || m.res != nil {
		return c.notKnown(0)
	}
	out := newMap(c.at)
	n := 0
	for _, k := range m.Keys {
		_, vals, ok := elements(m.Child[k])
		if !ok {
			return unknown(reasonOf(m.Child[k], "a list that is not known"), c.at)
		}
		if n += len(vals); n > maxItems {
			return unknown("an object that is too large", c.at)
		}
		for _, v := range vals {
			s, ok := v.Str()
			if !ok {
				return unknown(reasonOf(v, "an element that is not known"), c.at)
			}
			l := list(c.at)
			if old := out.Child[s]; old != nil {
				l.Items = append(l.Items, old.Items...)
			}
			l.Items = append(l.Items, literal(k, m.Child[k].At))
			out.put(s, l)
		}
	}
	c.ev.steps += n
	return out
}
