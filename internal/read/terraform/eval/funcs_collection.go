package eval

import (
	"math/big"
	"sort"
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// own are the functions that keep the origin of what they pass on, or that read files.
var own map[string]func(*call) *Val

func init() {
	own = map[string]func(*call) *Val{
		"concat": concat, "merge": mergeMaps, "flatten": flatten, "element": element, "lookup": lookup, "coalesce": coalesce,
		"coalescelist": coalesceList, "try": try, "can": can, "tolist": toList, "list": func(c *call) *Val { return list(c.at, c.args...) },
		"toset": toSet, "tomap": first, "map": makeMap, "compact": compact, "distinct": distinct, "values": values, "keys": keys,
		"length": length, "one": one, "reverse": reverse, "slice": slice, "contains": contains, "index": indexOf, "zipmap": zipmap,
		"range": rangeOf, "setproduct": setProduct, "transpose": unsupported, "matchkeys": matchKeys, "sum": sum, "alltrue": allTrue, "anytrue": anyTrue,
		"tostring": toString, "tonumber": toNumber, "tobool": toBool, "sensitive": func(c *call) *Val { return c.arg(0).sensitive() },
		"nonsensitive": nonsensitive, "issensitive": func(c *call) *Val { return boolean(c.arg(0).Sensitive, c.at) },
		"type": unsupported,

		"file": file, "filebase64": fileBase64, "fileexists": fileExists, "fileset": fileSet, "templatefile": templateFile,
		"templatestring": templateString, "basename": base, "dirname": dirName, "abspath": first, "pathexpand": first,
		"filemd5": digestFile, "filesha1": digestFile, "filesha256": digestFile, "filesha512": digestFile,
		"filebase64sha256": digestFile, "filebase64sha512": digestFile,

		"join": join, "format": format, "formatlist": formatList, "replace": replace, "trimspace": trimSpace, "chomp": chomp, "indent": indent,
		"startswith": startsWith, "endswith": endsWith, "strcontains": strContains, "urlencode": urlEncode,
		"jsonencode": jsonEncode, "yamlencode": jsonEncode,
		"base64encode": base64Encode, "base64decode": base64Decode, "base64gzip": base64Gzip, "textencodebase64": base64Encode,
		"textdecodebase64": base64Decode,
		"md5":              digest("md5"), "sha1": digest("sha1"), "sha256": digest("sha256"), "sha512": digest("sha512"),
		"base64sha256": digest("base64sha256"), "base64sha512": digest("base64sha512"),
		"cidrhost": cidr("host"), "cidrsubnet": cidr("subnet"), "cidrnetmask": cidr("netmask"), "cidrsubnets": cidr("subnets"),
	}
}

func first(c *call) *Val { return c.arg(0) }

func unsupported(c *call) *Val { return unknown("a function that is not evaluated", c.at) }

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
