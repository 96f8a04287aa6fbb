package ansible

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// values are the arguments: positional ones by number, others by name.
func (ev *eval) values(args []arg) (pos []value, named map[string]value) {
	named = map[string]value{}
	for _, a := range args {
		v := ev.ready(a.e(ev))
		if a.name != "" {
			named[a.name] = v
		} else {
			pos = append(pos, v)
		}
	}
	return pos, named
}

// filter is v | name(args), by Jinja's and Ansible's filters.
func (ev *eval) filter(v value, name string, args []arg, at span.Text) value {
	if !ev.spend(1) {
		return unknownValue("the playbook does more than can be followed", at)
	}
	pos, named := ev.values(args)
	v = ev.ready(v)
	arg := func(i int, key string) (value, bool) {
		if i < len(pos) {
			return pos[i], true
		}
		a, ok := named[key]
		return a, ok
	}
	if v.from != nil && !slices.Contains([]string{"default", "d", "mandatory", "ternary"}, name) && !strings.HasPrefix(name, "to_") && name != "tojson" {
		out := unknownValue(v.why, at)
		out.from = v.from
		return out
	}
	switch name {
	case "default", "d":
		def, ok := arg(0, "default_value")
		if !ok {
			def = strValue("", at)
		}
		flag, _ := arg(1, "boolean")
		falsy, _ := flag.truth()
		yes, known := v.truth()
		switch {
		case v.kind == undefined, falsy && known && !yes:
			return def
		case falsy && !known && v.kind == unknown:
			return v
		}
		return v
	case "mandatory":
		return v
	case "list":
		if items, ok := sequence(v); ok {
			return listValue(items, v.text)
		}
	case "first", "last":
		if v.kind == list && len(v.items) > 0 {
			if name == "first" {
				return ev.ready(v.items[0])
			}
			return ev.ready(v.items[len(v.items)-1])
		}
	case "length", "count":
		switch {
		case v.kind == list:
			return numValue(float64(len(v.items)), at)
		case v.kind == dict:
			return numValue(float64(len(v.keys)), at)
		case v.kind == str && !span.IsUnknown(v.text.String()):
			return numValue(float64(len([]rune(v.text.String()))), at)
		}
	case "dict2items":
		if v.kind == dict {
			return items(v)
		}
	case "subelements":
		return ev.subelements(append([]value{v}, pos...), at)
	case "items2dict":
		return ev.toDict(v, at)
	case "map":
		return ev.mapped(v, pos, named, at)
	case "select", "reject", "selectattr", "rejectattr":
		return ev.selected(v, name, args, pos, at)
	case "combine":
		return ev.combine(v, pos, at)
	case "union", "difference", "intersect", "unique", "flatten", "sort", "reverse", "zip", "product", "batch":
		return ev.lists(v, name, pos, at)
	case "join":
		return ev.join(v, pos, named, at)
	case "ternary":
		if yes, known := v.truth(); known && len(pos) >= 2 {
			if yes {
				return pos[0]
			}
			return pos[1]
		}
	case "quote":
		if v.kind == str {
			return ev.bounded(span.Concat(span.Plain("'"), v.text, span.Plain("'")), at)
		}
	}
	d := ev.deep(v)
	if name == "to_yaml" || name == "to_nice_yaml" || name == "to_json" || name == "to_nice_json" || name == "tojson" {
		if t, ok := ev.asYAML(d, map[string]int{"to_yaml": inYAML, "to_nice_yaml": inNice}[name]); ok {
			return ev.bounded(t, at)
		}
	}
	if why, open := d.open(); open {
		if name == "trim" || name == "string" {
			return v
		}
		return unknownValue(why, at)
	}
	for _, p := range pos {
		if why, open := p.open(); open {
			return unknownValue(why, at)
		}
	}
	out := ev.known(d, name, pos, named, at)
	if out.kind == str && (v.item || name == "trim" || name == "string") {
		out.text = span.Literal(out.text.String(), v.text)
	}
	out.item = v.item
	return out
}
