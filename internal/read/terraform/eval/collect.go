package eval

import (
	"sort"
	"strconv"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// elements are the keys and values of a collection, as "for" and for_each see them.
func elements(v *Val) (keys, vals []*Val, ok bool) {
	switch {
	case v.Kind == List:
		for i, it := range v.Items {
			k := number(float64(i), it.At)
			if v.IsSet {
				k = it
			}
			keys, vals = append(keys, k), append(vals, it)
		}
		return keys, vals, true
	case v.Kind == Map && v.res == nil:
		names := append([]string(nil), v.Keys...)
		sort.Strings(names)
		for _, k := range names {
			keys, vals = append(keys, literal(k, v.Child[k].At)), append(vals, v.Child[k])
		}
		return keys, vals, true
	case v.Kind == Map:
		return []*Val{number(0, v.At)}, []*Val{v}, true
	}
	return nil, nil, false
}

func (ev *evaluator) splat(e *hclsyntax.SplatExpr, s *Scope, at Place) *Val {
	src := ev.expr(e.Source, s)
	var items []*Val
	switch {
	case src.Kind == Unknown:
		return src
	case src.IsNull():
	case src.Kind == List:
		items = src.Items
	case src.Kind == Map && src.res == nil && src.mod == nil && !src.block && allResources(src):
		_, items, _ = elements(src)
	default:
		items = []*Val{src}
	}
	out := list(at)
	for _, it := range items {
		out.Items = append(out.Items, ev.expr(e.Each, &Scope{mod: s.mod, parent: s, anon: e.Item, anonVal: it}))
	}
	return out
}

func allResources(v *Val) bool {
	for _, k := range v.Keys {
		if c := v.Child[k]; c.res == nil {
			return false
		}
	}
	return len(v.Keys) > 0
}

func (ev *evaluator) loop(e *hclsyntax.ForExpr, s *Scope, at Place) *Val {
	coll := ev.expr(e.CollExpr, s)
	keys, vals, ok := elements(coll)
	if found := ev.looked(e, coll, s); found != nil {
		keys, vals, ok = []*Val{unknown(coll.Reason(), at)}, []*Val{found}, true
	}
	if !ok {
		return unknown(reasonOf(coll, "a loop over something that is no collection"), at)
	}
	out := list(at)
	if e.KeyExpr != nil {
		out = newMap(at)
	}
	for i := range vals {
		vars := map[string]*Val{e.ValVar: vals[i]}
		if e.KeyVar != "" {
			vars[e.KeyVar] = keys[i]
		}
		in := s.with(vars)
		if e.CondExpr != nil {
			c := ev.expr(e.CondExpr, in)
			b, ok := c.Bool()
			if !ok {
				return unknown(reasonOf(c, "a condition that is not known"), at)
			}
			if !b {
				continue
			}
		}
		v := ev.expr(e.ValExpr, in)
		if e.KeyExpr == nil {
			if out.Items = append(out.Items, v); len(out.Items) > maxItems {
				return unknown("a list that is too long", at)
			}
			continue
		}
		k := ev.expr(e.KeyExpr, in)
		key, ok := k.Str()
		if !ok {
			return unknown(reasonOf(k, "a key that is not known"), at)
		}
		if !e.Group {
			out.put(key, v)
			continue
		}
		group := list(at, v)
		if old := out.Child[key]; old != nil {
			group.Items = append(append([]*Val(nil), old.Items...), v)
		}
		out.put(key, group)
	}
	return out
}

// index is coll[key].
func (ev *evaluator) index(coll, key *Val, at Place) *Val {
	switch {
	case coll.Kind == Unknown:
		return coll
	case key.IsUnknown():
		return unknown(key.Reason(), at)
	case coll.Kind == Ref:
		if k, ok := key.Str(); ok {
			if _, err := strconv.Atoi(k); err != nil {
				k = strconv.Quote(k)
			}
			return &Val{Kind: Ref, From: &Link{Res: coll.From.Res, Path: coll.From.Path + "[" + k + "]"}, Sensitive: coll.Sensitive}
		}
	case coll.res != nil || coll.mod != nil || coll.block:
		if k, ok := key.Str(); ok && key.Kind == String {
			if _, err := strconv.Atoi(k); err != nil && (coll.res == nil || coll.res.Cond == "") {
				return ev.attr(coll, k, at)
			}
		}
		return coll // one instance, because its count is not known or because it has none
	case coll.Kind == List:
		if i, ok := key.Int(); ok && i >= 0 && i < int64(len(coll.Items)) {
			return inherit(coll, coll.Items[i])
		}
		return invalid("an element of a list that does not have it", at)
	case coll.Kind == Map:
		if k, ok := key.Str(); ok {
			return ev.attr(coll, k, at)
		}
	}
	return invalid("an index into something that has no elements", at)
}

func inherit(from, v *Val) *Val {
	if from.Sensitive {
		return v.sensitive()
	}
	return v
}

// looked is the element that a loop picks from a list that only the cloud knows, by what its condition says of it:
// [for f in data.x.flavors : f.id if f.name == "b3-8"] is about the one called b3-8. nil for any other loop.
func (ev *evaluator) looked(e *hclsyntax.ForExpr, coll *Val, s *Scope) *Val {
	cond, ok := e.CondExpr.(*hclsyntax.BinaryOpExpr)
	if coll.Kind != Ref || !coll.From.Res.Data || !ok || cond.Op != hclsyntax.OpEqual || e.KeyExpr != nil {
		return nil
	}
	for _, side := range [][2]hclsyntax.Expression{{cond.LHS, cond.RHS}, {cond.RHS, cond.LHS}} {
		root, attr := keyword(side[0])
		if root != e.ValVar || attr == "" {
			continue
		}
		v := ev.expr(side[1], s)
		if _, known := v.Str(); !known {
			return nil
		}
		one := newMap(ev.at(e.Range()))
		one.put(attr, v)
		one.block = true
		one.From = &Link{coll.From.Res, coll.From.Path + "[?]", one}
		return one
	}
	return nil
}
