package ansible

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// subelements are pairs of an item and each element of one of its lists, as lists of two.
func (ev *eval) subelements(args []value, at span.Text) value {
	if len(args) < 2 || args[1].kind != str {
		return unknownValue("subelements without a key", at)
	}
	of := ev.ready(args[0])
	if of.kind != list {
		return unknownValue(openWhy(of), at)
	}
	out := listValue(nil, at)
	for _, it := range of.items {
		it = ev.ready(it)
		subs := ev.attribute(it, args[1], at)
		switch subs.kind {
		case list:
		case undefined:
			continue // skip_missing, or an error
		default:
			return unknownValue(openWhy(subs), at)
		}
		for _, s := range subs.items {
			s = ev.ready(s)
			out.items = append(out.items, listValue([]value{it, s}, s.text))
			if !ev.spend(1) || len(out.items) > maxItems {
				return unknownValue("a list that is too long", at)
			}
		}
	}
	return out
}

// lists are filters that make lists of lists.
func (ev *eval) lists(v value, name string, pos []value, at span.Text) value {
	v = ev.deep(v)
	others := append([]value{v}, pos...)
	for i := range others {
		others[i] = ev.deep(others[i])
		if why, open := others[i].open(); open {
			return unknownValue(why, at)
		}
	}
	if v.kind != list {
		return unknownValue("the filter "+name+" is not worked out", at)
	}
	out := listValue(nil, at)
	out.item = v.item
	has := func(items []value, x value) bool {
		for _, it := range items {
			if it.same(x) {
				return true
			}
		}
		return false
	}
	var second []value
	if len(others) > 1 {
		second = others[1].items
	}
	if !ev.spend(len(v.items) * (1 + len(second)) / 16) {
		return unknownValue("the playbook does more than can be followed", at)
	}
	switch name {
	case "unique", "union":
		for _, it := range append(append([]value(nil), v.items...), second...) {
			if !has(out.items, it) {
				out.items = append(out.items, it)
			}
		}
	case "difference", "intersect":
		for _, it := range v.items {
			if has(second, it) == (name == "intersect") {
				out.items = append(out.items, it)
			}
		}
	case "flatten":
		out.items = flat(v.items, 0)
	case "sort":
		out.items = append(out.items, v.items...)
		sortValues(out.items)
	case "reverse":
		for i := len(v.items) - 1; i >= 0; i-- {
			out.items = append(out.items, v.items[i])
		}
	default:
		return unknownValue("the filter "+name+" is not worked out", at)
	}
	return out
}

func flat(items []value, depth int) []value {
	var out []value
	for _, it := range items {
		if it.kind == list && depth < 20 {
			out = append(out, flat(it.items, depth+1)...)
		} else if it.kind != null {
			out = append(out, it)
		}
	}
	return out
}

// join keeps the parts of a list that are not known as parts of the text.
func (ev *eval) join(v value, pos []value, named map[string]value, at span.Text) value {
	sep := ""
	if len(pos) > 0 {
		sep = pos[0].python()
	}
	items, ok := sequence(v)
	if !ok {
		if v.kind == str {
			return v
		}
		return unknownValue(openWhy(v), at)
	}
	if _, ok := named["attribute"]; ok {
		v = ev.mapped(v, nil, named, at)
		items = v.items
	}
	var b strings.Builder
	for i, it := range items {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(ev.deep(it).python())
		if !ev.spend(1) || b.Len() > maxValue {
			return unknownValue("a text that is too long", at)
		}
	}
	out := strValue(b.String(), at)
	out.item = v.item
	if v.item {
		out.text = span.Literal(b.String(), v.text)
	}
	return out
}
