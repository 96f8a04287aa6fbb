package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// method is base.name(…).
func (e *evaluator) method(base *Value, name string, a *arguments, x *syntax.Call) *Value {
	none := &Value{Kind: None, At: e.at(x)}
	switch base.Kind {
	case Text:
		return e.textMethod(base, name, a, x)
	case List:
		if e.listMethod(base, name, a, x) {
			return none
		}
	case Set:
		if e.setMethod(base, name, a, x) {
			return none
		}
	case Dict:
		return e.dictMethod(base, name, a, x)
	case Lazy:
		e.lazyMethod(base, name, a, x)
		return none
	case SectionOf:
		return e.sectionMethod(base, name, a, x)
	case Config:
		return e.configMethod(name, a, x)
	case Either:
		var out *Value
		for _, alt := range base.Items {
			if alt == nil {
				continue
			}
			v := e.method(alt, name, a, x)
			if out == nil {
				out = v
			} else {
				out = either(base.Why, out, v)
			}
		}
		if out != nil {
			return out
		}
	}
	if base.Kind == List || base.Kind == Set {
		switch name {
		case "copy":
			return &Value{Kind: base.Kind, Items: append([]*Value(nil), base.Items...), At: base.At}
		case "index", "count", "union", "intersection", "difference", "issubset", "issuperset", "isdisjoint":
			return e.unknown(x, "%s", "it is worked out by code that is not followed")
		}
		e.spoil(base, "it is changed in a way that is not followed", e.at(x))
		return none
	}
	f := &Value{Kind: Unknown, Why: base.Reason(), Tainted: base.Tainted}
	return e.opaqueCall(f, a, x)
}

// listMethod changes a list in place; false if the method is another.
func (e *evaluator) listMethod(l *Value, name string, a *arguments, x *syntax.Call) bool {
	at := e.at(x)
	arg := a.get(0, "")
	switch name {
	case "append":
		if arg != nil {
			l.Items = append(l.Items, arg)
			return true
		}
	case "extend":
		if arg != nil {
			if items, known := e.iterate(arg); known {
				l.Items = append(l.Items, items...)
				return true
			}
			e.spoil(l, "something is added that is not known", at)
			return true
		}
	case "insert":
		if v := a.get(1, ""); arg != nil && v != nil && arg.Kind == Int {
			l.Items = insert(l.Items, arg.Int, v)
			return true
		}
	case "prepend":
		if items, known := e.iterate(firstValue(arg, l)); known && arg != nil {
			l.Items = append(append([]*Value(nil), items...), l.Items...)
			return true
		}
	case "remove":
		if arg != nil {
			for i, it := range l.Items {
				same, known := equal(it, arg)
				if !known {
					break
				}
				if same {
					l.remove(i)
					return true
				}
			}
		}
	case "clear":
		l.Items = nil
		return true
	case "sort", "reverse":
		if len(l.Items) < 2 {
			return true
		}
	}
	return false
}

func firstValue(a, b *Value) *Value {
	if a != nil {
		return a
	}
	return b
}

func insert(items []*Value, at int64, v *Value) []*Value {
	n := int64(len(items))
	if at < 0 {
		at += n
	}
	at = max(0, min(at, n))
	out := append([]*Value(nil), items[:at]...)
	return append(append(out, v), items[at:]...)
}

func (e *evaluator) setMethod(s *Value, name string, a *arguments, x *syntax.Call) bool {
	arg := a.get(0, "")
	switch name {
	case "add":
		if arg != nil {
			s.add(arg)
			return true
		}
	case "update":
		for _, v := range a.list {
			items, known := e.iterate(v)
			if !known || a.loose {
				e.spoil(s, "something is added that is not known", e.at(x))
				return true
			}
			for _, it := range items {
				s.add(it)
			}
		}
		return true
	case "discard", "remove":
		if arg == nil {
			return false
		}
		for i, it := range s.Items {
			same, known := equal(it, arg)
			if !known {
				return false
			}
			if same {
				s.remove(i)
				return true
			}
		}
		return name == "discard" || len(s.Items) == 0
	case "clear":
		s.Items = nil
		return true
	}
	return false
}

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

// lazyMethod edits a value that is not known yet (TRT: traitlets/config/loader.py LazyConfigValue).
func (e *evaluator) lazyMethod(v *Value, name string, a *arguments, x *syntax.Call) {
	at, l := e.at(x), v.Lazy
	if v.At.IsZero() || l.Empty() {
		v.At = at
	}
	arg := a.get(0, "")
	items, known := []*Value(nil), false
	if arg != nil {
		items, known = e.iterate(arg)
	}
	switch {
	case arg == nil || a.loose:
		e.spoil(v, "it is changed in a way that is not followed", at)
	case name == "append":
		l.Extend = append(l.Extend, arg)
	case name == "extend" && known:
		l.Extend = append(l.Extend, items...)
	case name == "prepend" && known:
		l.Prepend = append(append([]*Value(nil), items...), l.Prepend...)
	case name == "insert" && arg.Kind == Int && len(a.list) > 1:
		l.Inserts = append(l.Inserts, Insert{arg.Int, a.list[1]})
	case name == "add" || name == "update" && known:
		if name == "add" {
			arg = &Value{Kind: Set, Items: []*Value{arg}, At: at}
		}
		if l.Update == nil {
			l.Update = &Value{Kind: Set, At: at}
			if arg.Kind == Dict {
				l.Update.Kind = Dict
			}
		}
		switch {
		case l.Update.Kind == Dict && arg.Kind == Dict:
			for i, k := range arg.Keys {
				l.Update.put(k, arg.Items[i])
			}
		case l.Update.Kind == Set && arg.Kind != Dict:
			for _, it := range firstItems(arg, items) {
				l.Update.add(it)
			}
		default:
			e.spoil(v, "something is added to it that does not fit", at)
		}
	default:
		e.spoil(v, "something is added to it that is not known", at)
	}
}

func firstItems(v *Value, items []*Value) []*Value {
	if v.Kind == Set || items == nil {
		return v.Items
	}
	return items
}

func (e *evaluator) sectionMethod(s *Value, name string, a *arguments, x *syntax.Call) *Value {
	at := e.at(x)
	none := &Value{Kind: None, At: at}
	arg := a.get(0, "")
	sec := e.st.conf.section(s.Name, at)
	switch name {
	case "update", "merge":
		d := &Value{Kind: Dict}
		if e.update(d, a) {
			for i, k := range d.Keys {
				if n, ok := k.Str(); ok {
					e.setTrait(s.Name, n, d.Items[i], at)
				} else {
					e.openSection(sec, located("an option is set whose name is not known", at), at)
				}
			}
			return none
		}
	case "clear":
		if !e.st.live && sec.Open == nil {
			for _, k := range append([]string(nil), sec.Order...) {
				sec.remove(k)
			}
			return none
		}
	case "get", "setdefault":
		if n, ok := arg.Str(); ok {
			if v := sec.Traits[n]; v != nil {
				return v
			}
			if !e.st.live && sec.Open == nil && e.st.conf.open == nil {
				other := firstValue(a.get(1, ""), none)
				if name == "setdefault" {
					e.setTrait(s.Name, n, other, at)
				}
				return other
			}
			if name == "get" {
				return unknownAt("what it was before is not known", at)
			}
		}
	case "pop":
		if n, ok := arg.Str(); ok && sec.Traits[n] != nil {
			v := sec.Traits[n]
			e.remove(s, n, at)
			return v
		}
	case "has_key", "keys", "items", "values", "copy":
		return unknownAt("it depends on the whole configuration", at)
	}
	e.openSection(sec, located("it is changed in a way that is not followed", at), at)
	for _, v := range a.all() {
		e.touch(v, "it is given to the configuration", at)
	}
	return unknownAt("it is worked out by code that is not followed", at)
}

func (e *evaluator) configMethod(name string, a *arguments, x *syntax.Call) *Value {
	at := e.at(x)
	none := &Value{Kind: None, At: at}
	if name == "merge" && len(a.list) == 1 && a.list[0].Kind == Dict {
		for i, k := range a.list[0].Keys {
			class, isName := k.Str()
			traits := a.list[0].Items[i]
			if !isName || traits.Kind != Dict {
				e.open("the configuration is changed in a way that is not followed", at)
				continue
			}
			for j, t := range traits.Keys {
				if n, isName := t.Str(); isName {
					e.setTrait(class, n, traits.Items[j], at)
				}
			}
		}
		return none
	}
	if name == "clear" && !e.st.live {
		e.st.conf = newConfig()
		return none
	}
	if name == "get" || name == "keys" || name == "items" || name == "has_key" || name == "copy" {
		return &Value{Kind: Unknown, Why: "it depends on the whole configuration", At: at, Tainted: name != "keys" && name != "has_key"}
	}
	e.open("the configuration is changed in a way that is not followed, "+e.quote(x), at)
	return unknownAt("it is worked out by code that is not followed", at)
}

func (e *evaluator) textMethod(t *Value, name string, a *arguments, x *syntax.Call) *Value {
	s, known := t.Str()
	at := e.at(x)
	arg := a.get(0, "")
	first, isText := arg.Str()
	lit := func(s string) *Value { v := textOf(span.Literal(s, t.Text)); v.At = t.At; return v }
	switch name {
	case "format":
		if !a.loose {
			return e.format(t, a.list, a.named, x)
		}
	case "join":
		return e.joinText(t, arg, x)
	case "strip", "lstrip", "rstrip":
		set := " \t\n\r\f\v"
		if arg != nil && arg.Kind != None {
			if !isText {
				break
			}
			set = first
		}
		if known && ascii(set) {
			lo, hi := 0, len(s)
			if name != "rstrip" {
				lo = len(s) - len(strings.TrimLeft(s, set))
			}
			if name != "lstrip" {
				hi = max(lo, len(strings.TrimRight(s, set)))
			}
			v := textOf(t.Text.Slice(lo, hi))
			v.At = t.At
			return v
		}
	case "lower", "upper", "title", "capitalize":
		if known && ascii(s) {
			switch name {
			case "lower":
				return lit(strings.ToLower(s))
			case "upper":
				return lit(strings.ToUpper(s))
			case "capitalize":
				if s != "" {
					return lit(strings.ToUpper(s[:1]) + strings.ToLower(s[1:]))
				}
			}
		}
	case "replace":
		second, ok := a.get(1, "").Str()
		if known && isText && ok && len(a.list) == 2 && first != "" && (len(second)+1)*len(s) < maxText {
			return lit(strings.ReplaceAll(s, first, second))
		}
	case "startswith", "endswith":
		if isText {
			if name == "startswith" && known {
				return boolOf(strings.HasPrefix(s, first), at)
			}
			if known {
				return boolOf(strings.HasSuffix(s, first), at)
			}
		}
	case "split", "splitlines":
		if known && len(a.list) < 2 && len(a.named) == 0 && (arg == nil || isText && first != "") {
			return e.split(t, s, name, first)
		}
	case "encode", "decode":
		v := *t
		v.Kind = Bytes
		return &v
	case "isdigit":
		if known && ascii(s) {
			return boolOf(s != "" && strings.Trim(s, "0123456789") == "", at)
		}
	}
	switch name {
	case "startswith", "endswith", "isdigit", "isalpha", "isalnum", "count", "find", "index", "isspace", "split", "splitlines", "partition", "rsplit", "rpartition":
		return unknownAt(firstOf(t.Reason(), "it is worked out by code that is not followed"), at)
	}
	return e.unknownText(firstOf(t.Reason(), "it is put together by code that is not followed"), e.slice(x))
}

func (e *evaluator) split(t *Value, s, name, sep string) *Value {
	out := &Value{Kind: List, At: t.At}
	add := func(i, j int) {
		if len(out.Items) < maxTurns {
			out.Items = append(out.Items, textOf(t.Text.Slice(i, j)))
		}
	}
	switch {
	case name == "splitlines":
		i := 0
		for i < len(s) {
			j := strings.IndexByte(s[i:], '\n')
			if j < 0 {
				j = len(s) - i
			}
			add(i, i+j)
			i += j + 1
		}
	case sep == "":
		for i := 0; i < len(s); {
			if strings.IndexByte(" \t\n\r\f\v", s[i]) >= 0 {
				i++
				continue
			}
			j := strings.IndexAny(s[i:], " \t\n\r\f\v")
			if j < 0 {
				j = len(s) - i
			}
			add(i, i+j)
			i += j
		}
	default:
		i := 0
		for {
			j := strings.Index(s[i:], sep)
			if j < 0 {
				add(i, len(s))
				break
			}
			add(i, i+j)
			i += j + len(sep)
		}
	}
	return out
}

func (e *evaluator) joinText(sep, list *Value, x syntax.Node) *Value {
	if list != nil {
		if items, known := e.iterate(list); known {
			var parts []span.Text
			n := 0
			for i, it := range items {
				if i > 0 {
					parts = append(parts, sep.Text)
				}
				t := e.asText(it, x).Text
				n += t.Len() + sep.Text.Len()
				parts = append(parts, t)
			}
			if n < maxText {
				return &Value{Kind: Text, Text: span.Concat(append(parts, span.Text{})...), At: e.at(x)}
			}
		}
	}
	why := ""
	if list != nil {
		why = list.Reason()
	}
	return e.unknownText(firstOf(why, "it is put together by code that is not followed"), e.slice(x))
}
