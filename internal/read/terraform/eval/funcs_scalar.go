package eval

import "github.com/tljh-policy/tljh-policy/internal/span"

func allTrue(c *call) *Val { return truth(c, false) }
func anyTrue(c *call) *Val { return truth(c, true) }

// truth finds an element equal to decides; without one the answer is the opposite.
func truth(c *call, decides bool) *Val {
	items, ok := c.items(0)
	if !ok {
		return c.notKnown(0)
	}
	why := ""
	for _, it := range items {
		b, ok := it.Bool()
		if ok && b == decides {
			return boolean(decides, c.at)
		}
		if !ok {
			why = firstReason(it)
		}
	}
	if why != "" {
		return unknown(why, c.at)
	}
	return boolean(!decides, c.at)
}

func toString(c *call) *Val {
	a := c.arg(0)
	if s, ok := a.Str(); ok && a.Kind != String {
		return text(span.Literal(s, a.At.Text()), a.At)
	}
	return a
}

func toNumber(c *call) *Val {
	a := c.arg(0)
	if f, ok := a.Num(); ok && a.Kind == String {
		return number(f, a.At)
	}
	return a
}

func toBool(c *call) *Val {
	a := c.arg(0)
	if b, ok := a.Bool(); ok && a.Kind == String {
		return boolean(b, a.At)
	}
	return a
}

func nonsensitive(c *call) *Val {
	out := *c.arg(0)
	out.Sensitive = false
	return &out
}
