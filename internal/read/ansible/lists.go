package ansible

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// items is a dict as the list of its keys and values.
func items(v value) value {
	out := listValue(nil, v.text)
	for _, k := range v.keys {
		c := v.child[k]
		at := c.text
		if at.Span().IsZero() {
			at = v.text
		}
		pair := dictValue(at)
		pair.item = v.item || c.item
		pair.put("key", strValue(k, at))
		pair.put("value", c)
		out.items = append(out.items, pair)
	}
	return out
}

func (ev *eval) toDict(v value, at span.Text) value {
	if v.kind != list {
		return unknownValue(openWhy(v), at)
	}
	out := dictValue(at)
	for _, it := range v.items {
		k := ev.attribute(it, strValue("key", at), at)
		if why, open := k.open(); open {
			return unknownValue(why, at)
		}
		out.put(k.python(), ev.attribute(it, strValue("value", at), at))
	}
	return out
}

// mapped is map(attribute='x') and map('filter').
func (ev *eval) mapped(v value, pos []value, named map[string]value, at span.Text) value {
	if v.kind != list {
		return unknownValue(openWhy(v), at)
	}
	out := listValue(nil, at)
	for _, it := range v.items {
		it = ev.ready(it)
		switch a, ok := named["attribute"]; {
		case ok:
			for _, part := range strings.Split(a.python(), ".") {
				it = ev.attribute(it, strValue(part, at), at)
			}
			if d, has := named["default"]; has && it.kind == undefined {
				it = d
			}
		case len(pos) > 0 && pos[0].kind == str:
			var rest []arg
			for _, p := range pos[1:] {
				rest = append(rest, arg{"", func(*eval) value { return p }})
			}
			it = ev.filter(it, pos[0].text.String(), rest, at)
		default:
			return unknownValue("the filter map is not worked out", at)
		}
		out.items = append(out.items, it)
		if !ev.spend(1) {
			break
		}
	}
	return out
}

// selected is select, reject, selectattr and rejectattr.
func (ev *eval) selected(v value, name string, args []arg, pos []value, at span.Text) value {
	if v.kind != list {
		return unknownValue(openWhy(v), at)
	}
	attr := ""
	if strings.HasSuffix(name, "attr") {
		if len(pos) == 0 {
			return unknownValue("the filter "+name+" is not worked out", at)
		}
		attr, pos, args = pos[0].python(), pos[1:], args[1:]
	}
	out := listValue(nil, at)
	for _, it := range v.items {
		it = ev.ready(it)
		of := it
		for _, part := range strings.FieldsFunc(attr, func(r rune) bool { return r == '.' }) {
			of = ev.attribute(of, strValue(part, at), at)
		}
		res := of
		if len(pos) > 0 {
			res = ev.test(of, pos[0].python(), args[1:], at)
		} else if res.kind == undefined {
			res = boolValue(false, at)
		}
		yes, known := res.truth()
		if !known {
			return unknownValue(openWhy(res), at)
		}
		if yes == strings.HasPrefix(name, "select") {
			out.items = append(out.items, it)
		}
		if !ev.spend(1) {
			break
		}
	}
	return out
}

func (ev *eval) combine(v value, pos []value, at span.Text) value {
	if v.kind != dict {
		return unknownValue(openWhy(v), at)
	}
	out := dictValue(at)
	for _, d := range append([]value{v}, pos...) {
		if d.kind != dict {
			return unknownValue(openWhy(d), at)
		}
		for _, k := range d.keys {
			out.put(k, d.child[k])
		}
	}
	return out
}
