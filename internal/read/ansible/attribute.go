package ansible

import (
	"fmt"
	"math"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// attribute is v.key and v[key].
func (ev *eval) attribute(v, key value, at span.Text) value {
	out := ev.attributeOf(v, key, at)
	out.item = out.item || v.item
	return ev.ready(out)
}

func (ev *eval) attributeOf(v, key value, at span.Text) value {
	if why, open := key.open(); open {
		out := unknownValue(why, at)
		out.from = v.from
		return out
	}
	switch v.kind {
	case undefined:
		return v
	case unknown:
		out := unknownValue(v.why, at)
		out.from = v.from.sub(key)
		return out
	case str:
		if key.kind != number || span.IsUnknown(v.text.String()) {
			break
		}
		r := []rune(v.text.String())
		if i, ok := index(key.n, len(r)); ok {
			return strValue(string(r[i]), v.text)
		}
	case dict:
		if c, ok := v.child[key.python()]; ok {
			return c
		}
		if v.rest != "" {
			return unknownValue(v.rest, at)
		}
	case list:
		n := key.n
		if key.kind == str {
			if _, err := fmt.Sscan(key.text.String(), &n); err != nil {
				break
			}
		}
		if i, ok := index(n, len(v.items)); ok {
			return v.items[i]
		}
	}
	return value{why: fmt.Sprintf("%s is not set in the repository", show(at)), text: at, sure: v.kind == dict || v.kind == list}
}

func index(n float64, size int) (int, bool) {
	i := int(n)
	if i < 0 {
		i += size
	}
	return i, i >= 0 && i < size
}

func (ev *eval) slice(v value, lo, hi expr, at span.Text) value {
	size := len(v.items)
	var runes []rune
	if v.kind == str && !span.IsUnknown(v.text.String()) {
		runes = []rune(v.text.String())
		size = len(runes)
	} else if v.kind != list {
		out := unknownValue(openWhy(v), at)
		out.from = v.from
		return out
	}
	bound := func(e expr, def int) (int, bool) {
		if e == nil {
			return def, true
		}
		n := e(ev)
		if n.kind != number {
			return 0, false
		}
		i := int(math.Max(-1e9, math.Min(1e9, n.n)))
		if i < 0 {
			i += size
		}
		return max(0, min(i, size)), true
	}
	i, ok1 := bound(lo, 0)
	j, ok2 := bound(hi, size)
	if !ok1 || !ok2 {
		return unknownValue("a part of a list whose bounds are not known", at)
	}
	j = max(i, j)
	if v.kind == str {
		return strValue(string(runes[i:j]), v.text)
	}
	return listValue(v.items[i:j], at)
}
