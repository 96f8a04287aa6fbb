package eval

import "math/big"

func rangeOf(c *call) *Val {
	n := make([]float64, 3)
	for i := range c.args {
		f, ok := c.arg(i).Num()
		if !ok || i > 2 {
			return unknown(firstReason(c.args...), c.at)
		}
		n[i] = f
	}
	start, end, by := 0.0, n[0], 1.0
	if len(c.args) > 1 {
		if start, end = n[0], n[1]; end < start {
			by = -1
		}
	}
	if len(c.args) > 2 {
		by = n[2]
	}
	out := list(c.at)
	for x := start; by != 0 && (by > 0 && x < end || by < 0 && x > end); x += by {
		if out.Items = append(out.Items, number(x, c.at)); len(out.Items) > maxInstances {
			return unknown("a range that is too long", c.at)
		}
	}
	c.ev.steps += len(out.Items)
	return out
}

func setProduct(c *call) *Val {
	combos := [][]*Val{nil}
	for i := range c.args {
		items, ok := c.items(i)
		if !ok {
			return c.notKnown(i)
		}
		if len(combos)*len(items) > maxItems {
			return unknown("a product that is too large", c.at)
		}
		var next [][]*Val
		for _, base := range combos {
			for _, it := range items {
				next = append(next, append(base[:len(base):len(base)], it))
			}
		}
		combos = next
	}
	c.ev.steps += len(combos)
	out := list(c.at)
	for _, cb := range combos {
		out.Items = append(out.Items, list(c.at, cb...))
	}
	return out
}

func matchKeys(c *call) *Val {
	vs, ok := c.items(0)
	ks, ok2 := c.items(1)
	want, ok3 := c.items(2)
	if !ok || !ok2 || !ok3 || len(vs) != len(ks) {
		return unknown(firstReason(c.args...), c.at)
	}
	if c.ev.steps += len(ks) * len(want); c.ev.steps > maxSteps {
		return unknown("evaluation stopped at a limit", c.at)
	}
	out := list(c.at)
	for i, k := range ks {
		for _, w := range want {
			if eq, known := equal(k, w, 0); eq && known {
				out.Items = append(out.Items, vs[i])
				break
			}
		}
	}
	return out
}

func sum(c *call) *Val {
	items, ok := c.items(0)
	if !ok {
		return c.notKnown(0)
	}
	total := new(big.Float)
	for _, it := range items {
		f, ok := it.Num()
		if !ok {
			return unknown(firstReason(it), c.at)
		}
		total.Add(total, big.NewFloat(f))
	}
	return &Val{Kind: Number, N: total, At: c.at}
}
