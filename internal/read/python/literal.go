package python

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func constant(x *syntax.Const, at span.Span) *Value {
	switch x.Text {
	case "None":
		return &Value{Kind: None, At: at}
	case "True", "False":
		return boolOf(x.Text == "True", at)
	case "...":
		return unknownAt("it is only a placeholder, ...", at)
	}
	s := strings.ReplaceAll(x.Text, "_", "")
	if strings.ContainsAny(s, "jJ") && !strings.HasPrefix(strings.ToLower(s), "0x") {
		return unknownAt("it is a complex number", at)
	}
	if strings.Trim(s, "0") == "" {
		return intOf(0, at)
	}
	if i, err := strconv.ParseInt(s, 0, 64); err == nil {
		return intOf(i, at)
	}
	if !strings.HasPrefix(s, "0") || strings.ContainsAny(s, ".eE") {
		if f, err := strconv.ParseFloat(s, 64); err == nil || strings.ContainsAny(s, ".eE") {
			return &Value{Kind: Float, Float: f, At: at}
		}
	}
	return unknownAt("the number is too large", at)
}

// seq is a list, tuple or set; members that are unpacked must be known.
func (e *evaluator) seq(x *syntax.Seq) *Value {
	v := &Value{Kind: map[string]Kind{"List": List, "Tuple": Tuple, "Set": Set}[x.Kind], At: e.at(x)}
	for _, i := range x.Items {
		s, unpack := i.(*syntax.Star)
		if !unpack {
			it := e.eval(i)
			if v.Kind == Set {
				v.add(it)
			} else {
				v.Items = append(v.Items, it)
			}
			continue
		}
		src := e.eval(s.X)
		items, known := e.iterate(src)
		if !known {
			u := e.unknown(x, "%s", firstOf(src.Reason(), "something that is not known is unpacked into it"))
			u.Tainted = reaches(src)
			return u
		}
		if v.Items = append(v.Items, items...); len(v.Items) > maxTurns*10 {
			return e.unknown(x, "it has too many members")
		}
	}
	return v
}

func (e *evaluator) dict(x *syntax.Dict) *Value {
	v := &Value{Kind: Dict, At: e.at(x)}
	for i, k := range x.Keys {
		val := e.eval(x.Values[i])
		if k == nil {
			if val.Kind != Dict {
				u := e.unknown(x, "%s", firstOf(val.Reason(), "something that is not known is unpacked into it"))
				u.Tainted = reaches(val)
				return u
			}
			for j, key := range val.Keys {
				v.put(key, val.Items[j])
			}
			continue
		}
		key := e.eval(k)
		if !key.known() {
			u := e.unknown(x, "%s", firstOf(key.Reason(), "one of its keys is not known"))
			u.Tainted = reaches(val)
			return u
		}
		if !val.mutable() {
			c := *val
			c.KeyAt = key.At
			val = &c
		}
		if len(v.Keys) > 200 { // looked up one by one
			return e.unknown(x, "it has more keys than are followed")
		}
		v.put(key, val)
	}
	return v
}
