package puppet

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

type kind uint8

const (
	undef   kind = iota
	str          // text; parts of it may be unknown
	num          // text is the number as it is written
	boolean      // yes
	list         // items
	hash         // keys and items
	unknown      // text is a token
	ref          // text is the type, items are titles
	dflt         // the word "default"
)

// value is what an expression gives.
type value struct {
	kind  kind
	text  span.Text
	yes   bool
	items []value
	keys  []string
	rest  string // of a hash: why what other keys hold is not known
	at    span.Text
}

func strValue(t span.Text) value { return value{kind: str, text: t, at: t} }

func boolValue(b bool, at span.Text) value { return value{kind: boolean, yes: b, at: at} }

// unknownValue is a value that is not known, and why.
func unknownValue(why string, at span.Text) value {
	return value{kind: unknown, text: span.Literal(span.Unknown(why), at), at: at}
}

// get is what a hash holds; of a key that stands there twice, the last counts.
func (v value) get(key string) (value, bool) {
	for i := len(v.keys) - 1; i >= 0; i-- {
		if v.keys[i] == key {
			return v.items[i], true
		}
	}
	return value{}, false
}

// with is a hash with one more pair.
func (v value) with(key string, x value) value {
	for i, k := range v.keys {
		if k == key {
			v.items = append([]value(nil), v.items...)
			v.items[i] = x
			return v
		}
	}
	v.keys, v.items = append(v.keys[:len(v.keys):len(v.keys)], key), append(v.items[:len(v.items):len(v.items)], x)
	return v
}

// truth says whether a value counts as true; known is false where that is open.
func (v value) truth() (yes, known bool) {
	switch v.kind {
	case undef:
		return false, true
	case boolean:
		return v.yes, true
	case unknown:
		return false, false
	}
	return true, true
}

// why is why a value is not known, "" if it is.
func (v value) why() string {
	if v.kind == str || v.kind == unknown {
		return span.Reason(v.text.String())
	}
	return ""
}

// asText is a value in a text.
func (r *run) asText(v value) span.Text {
	switch v.kind {
	case str, num, unknown:
		return v.text
	case boolean:
		return span.Literal(strconv.FormatBool(v.yes), v.at)
	case dflt:
		return span.Literal("default", v.at)
	case list:
		return r.joined(v, span.Plain("["), span.Plain(", "), span.Plain("]"))
	case hash, ref:
		return span.Literal(span.Unknown("a "+map[kind]string{hash: "hash", ref: "resource"}[v.kind]+" is put into a text"), v.at)
	}
	return span.Literal("", v.at)
}

// joined is a list as a text.
func (r *run) joined(v value, open, between, end span.Text) span.Text {
	parts := []span.Text{open}
	n := 0
	for i, x := range v.items {
		if i > 0 {
			parts = append(parts, between)
		}
		t := r.asText(x)
		if n += t.Len() + 1; n > maxText || !r.spend(1) {
			return span.Literal(span.Unknown("the text is too long"), v.at)
		}
		parts = append(parts, t)
	}
	return span.Concat(append(parts, end)...)
}

// equal says whether two values are the same to Puppet, to which upper and lower case are; known is false where that is open.
func equal(a, b value) (yes, known bool) {
	if a.kind == unknown || b.kind == unknown {
		return false, false
	}
	switch {
	case (a.kind == str || a.kind == num) && (b.kind == str || b.kind == num):
		x, y := a.text.String(), b.text.String()
		if span.IsUnknown(x) || span.IsUnknown(y) {
			return false, false
		}
		if a.kind == num || b.kind == num {
			m, err1 := strconv.ParseFloat(x, 64)
			n, err2 := strconv.ParseFloat(y, 64)
			return err1 == nil && err2 == nil && m == n, true
		}
		return strings.EqualFold(x, y), true
	case a.kind != b.kind:
		return false, true
	case a.kind == boolean:
		return a.yes == b.yes, true
	case a.kind == undef, a.kind == dflt:
		return true, true
	case len(a.items) == 0 && len(b.items) == 0 && a.kind != ref:
		return true, true
	}
	return false, false
}

// same says whether two values are certainly the same, place aside.
func same(a, b value) bool {
	yes, known := equal(a, b)
	return yes && known && a.text.String() == b.text.String()
}

// all are the elements of a list, or the one value that is none.
func (v value) all() []value {
	switch v.kind {
	case list:
		return v.items
	case undef:
		return nil
	}
	return []value{v}
}
