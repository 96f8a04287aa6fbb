package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (e *evaluator) dictMethod(d *Value, name string, a *arguments, x *syntax.Call) *Value {
	at := e.at(x)
	none := &Value{Kind: None, At: at}
	arg := a.get(0, "")
	list := func(items []*Value) *Value { return &Value{Kind: List, Items: items, At: at} }
	switch name {
	case "update":
		if !e.update(d, a) {
			e.spoil(d, "something is added that is not known", at)
		}
		return none
	case "get", "pop", "setdefault":
		if arg == nil {
			break
		}
		i, sure := d.find(arg)
		other := firstValue(a.get(1, ""), none)
		switch {
		case i >= 0:
			v := d.Items[i]
			if name == "pop" {
				d.remove(i)
			}
			return v
		case sure && name == "pop" && a.get(1, "") == nil:
			e.raised = &Issue{"a key is taken out that is not there, which raises a KeyError", at}
			return none
		case sure:
			if name == "setdefault" {
				d.put(arg, other)
			}
			return other
		case name != "get":
			e.spoil(d, "a key is used that is not known", at)
		}
		return unknownAt(firstOf(arg.Reason(), "it is not known which item this is"), at)
	case "items":
		var out []*Value
		for i, k := range d.Keys {
			out = append(out, &Value{Kind: Tuple, Items: []*Value{k, d.Items[i]}, At: k.At})
		}
		return list(out)
	case "keys":
		return list(append([]*Value(nil), d.Keys...))
	case "values":
		return list(append([]*Value(nil), d.Items...))
	case "copy":
		return &Value{Kind: Dict, Keys: append([]*Value(nil), d.Keys...), Items: append([]*Value(nil), d.Items...), At: d.At}
	case "clear":
		d.Keys, d.Items = nil, nil
		return none
	}
	e.spoil(d, "it is changed in a way that is not followed", at)
	return unknownAt("it is worked out by code that is not followed", at)
}

// update adds the arguments of dict.update; false if they are not known.
func (e *evaluator) update(d *Value, a *arguments) bool {
	if a.loose {
		return false
	}
	for _, v := range a.list {
		if v.Kind == Dict {
			for i, k := range v.Keys {
				d.put(k, v.Items[i])
			}
			continue
		}
		pairs, known := e.iterate(v)
		if !known {
			return false
		}
		for _, p := range pairs {
			kv, known := e.iterate(p)
			if !known || len(kv) != 2 || !kv[0].known() {
				return false
			}
			d.put(kv[0], kv[1])
		}
	}
	for _, k := range sortedNames(a.named) {
		d.put(textOf(span.Plain(k)), a.named[k])
	}
	return true
}
