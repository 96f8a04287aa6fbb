package ansible

import (
	"encoding/json"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// The ways to write a value.
const (
	inJSON = iota // on one line
	inYAML        // as to_yaml does: what holds only scalars is on one line, as PyYAML has it by default
	inNice        // as to_nice_yaml does
)

// asYAML writes a value in one of these ways, each scalar at the place where it is written. Values that are not known become
// tokens.
func (ev *eval) asYAML(v value, how int) (span.Text, bool) {
	d := &dumper{ev: ev, leaves: how == inYAML}
	if how == inJSON {
		d.flow(v, 0)
	} else {
		d.block(v, 0, false)
	}
	return span.Concat(d.parts...), d.size <= maxValue && !d.deep
}

type dumper struct {
	ev    *eval
	parts []span.Text
	size  int
	deep  bool

	leaves bool // collections of scalars are on one line
}

// leaf says whether v holds nothing but scalars.
func leaf(v value) bool {
	for _, it := range v.items {
		if it.kind == list || it.kind == dict {
			return false
		}
	}
	for _, c := range v.child {
		if c.kind == list || c.kind == dict {
			return false
		}
	}
	return v.kind == list || v.kind == dict
}

func (d *dumper) add(t span.Text) {
	if d.size += t.Len(); d.size <= maxValue && d.ev.spend(1) {
		d.parts = append(d.parts, t)
	}
}

func (d *dumper) plain(s string) { d.add(span.Plain(s)) }

// scalar is a value in JSON, which is YAML too; a text keeps its place.
func (d *dumper) scalar(v value) {
	switch v.kind {
	case undefined, unknown:
		d.add(span.Literal(span.Unknown(v.why), v.text))
	case null:
		d.add(span.Literal("null", v.text))
	case boolean:
		d.add(span.Literal(map[bool]string{true: "true", false: "false"}[v.b], v.text))
	case number:
		d.add(span.Literal(v.digits(), v.text))
	default:
		d.add(span.Literal(quotedJSON(v.python()), v.text))
	}
}

func quotedJSON(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func sorted(v value) []string {
	keys := append([]string(nil), v.keys...)
	sort.Strings(keys)
	return keys
}

func (d *dumper) flow(v value, depth int) {
	if d.deep = d.deep || depth > 40; d.deep {
		return
	}
	switch v.kind {
	case list:
		d.plain("[")
		for i, it := range v.items {
			if i > 0 {
				d.plain(", ")
			}
			d.flow(it, depth+1)
		}
		d.plain("]")
	case dict:
		d.plain("{")
		for i, k := range v.keys {
			if i > 0 {
				d.plain(", ")
			}
			d.plain(quotedJSON(k) + ": ")
			d.flow(v.child[k], depth+1)
		}
		d.plain("}")
	default:
		d.scalar(v)
	}
}

// block writes a value in lines; inline says that it begins on a line that is begun.
func (d *dumper) block(v value, depth int, inline bool) {
	if d.deep = d.deep || depth > 40; d.deep {
		return
	}
	pad := strings.Repeat("    ", depth)
	switch {
	case d.leaves && leaf(v):
		d.flow(v, depth)
		d.plain("\n")
	case v.kind == list && len(v.items) > 0:
		for i, it := range v.items {
			if i > 0 || !inline {
				d.plain(pad)
			}
			d.plain("-   ")
			d.block(it, depth+1, true)
		}
	case v.kind == dict && len(v.keys) > 0:
		for i, k := range sorted(v) {
			if i > 0 || !inline {
				d.plain(pad)
			}
			d.plain(quotedJSON(k) + ":")
			c := v.child[k]
			if (c.kind == list && len(c.items) > 0 || c.kind == dict && len(c.keys) > 0) && !(d.leaves && leaf(c)) {
				d.plain("\n")
				d.block(c, depth+1, false)
				continue
			}
			d.plain(" ")
			d.block(c, depth+1, true)
		}
	case v.kind == list:
		d.plain("[]\n")
	case v.kind == dict:
		d.plain("{}\n")
	default:
		d.scalar(v)
		d.plain("\n")
	}
}
