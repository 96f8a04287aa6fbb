package ansible

import (
	"encoding/json"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// asYAML writes a value as to_nice_yaml does, or on one line as to_json does, each scalar at the place where it is written.
// Values that are not known become tokens.
func (ev *eval) asYAML(v value, oneLine bool) (span.Text, bool) {
	d := &dumper{ev: ev}
	if oneLine {
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
			if c.kind == list && len(c.items) > 0 || c.kind == dict && len(c.keys) > 0 {
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
