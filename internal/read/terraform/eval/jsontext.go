package eval

import (
	"encoding/json"

	"github.com/zclconf/go-cty/cty"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// JSON is the value that a text of JSON holds, its strings with their places; null if v holds none. Unknown parts of the
// text stay unknown inside its strings.
func (v *Val) JSON() *Val {
	if v.IsNull() || v.Kind != String || v.T.Len() > maxText {
		return null
	}
	root, err := scanJSON(v.T.String())
	if err != nil {
		return null
	}
	t := v.T
	return fromJSON(root, &t, 0)
}

func fromJSON(j *jsonValue, t *span.Text, depth int) *Val {
	at := Place{t, j.start, j.end}
	switch {
	case depth > 60:
	case j.kind == '{':
		out := newMap(at)
		for _, m := range j.members {
			out.put(m.key.text, fromJSON(m.value, t, depth+1))
		}
		return out
	case j.kind == '[':
		out := list(at)
		for _, it := range j.items {
			out.Items = append(out.Items, fromJSON(it, t, depth+1))
		}
		return out
	case j.kind == '"':
		return text(unescapeText(t.Slice(j.start+1, j.end-1)), Place{t, j.start + 1, j.end - 1})
	case j.kind == '0':
		if n, err := cty.ParseNumberVal(j.text); err == nil {
			return fromCty(n, at, "", 0)
		}
	case j.kind == 't':
		return boolean(j.text == "true", at)
	}
	return &Val{At: at}
}

// unescapeText decodes JSON's escapes, each mapped to where it is written.
func unescapeText(t span.Text) span.Text {
	s := t.String()
	var parts []span.Text
	run := 0
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			i++
			continue
		}
		n := 2
		if i+1 < len(s) && s[i+1] == 'u' {
			if n = 6; i+12 <= len(s) && s[i+6] == '\\' && s[i+7] == 'u' {
				n = 12 // maybe a surrogate pair; two plain escapes come out the same
			}
		}
		stop := min(i+n, len(s))
		var c string
		_ = json.Unmarshal([]byte(`"`+s[i:stop]+`"`), &c)
		parts = append(parts, t.Slice(run, i), span.Literal(c, t.Slice(i, stop)))
		i, run = stop, stop
	}
	return span.Concat(append(parts, t.Slice(run, len(s)))...)
}
