package settings

import (
	"math"

	"gopkg.in/yaml.v3"
)

// scalar is a YAML scalar as JSON has it: null, bool, int64, float64 or string. Dates stay as written.
func (d *decoder) scalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return d.boolean(n, "this value")
	case "!!int":
		var i int64
		if n.Decode(&i) == nil {
			return i
		}
		d.fail(d.at(n), "this number is too large")
		return nil
	case "!!float":
		var f float64
		if n.Decode(&f) == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f
		}
		d.fail(d.at(n), "this is no usable number")
		return nil
	case "!!str", "!!timestamp":
		return n.Value
	}
	d.fail(d.at(n), "the tag %s is not known here", n.Tag)
	return nil
}
