package vagrant

import (
	"encoding/json"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

var keyed = lazyregexp.New(`^\s*(?:["']([^"']+)["']\s*(?:=>|:)|:?(\w+)\s*=>|(\w+):)\s*`)

// hash is a hash, a list or a plain value as JSON, each scalar at its place; what is worked out when Vagrant runs is a token. False: it is
// none of them.
func (r *reader) hash(t span.Text, depth int) (span.Text, bool) {
	s := t.String()
	body := strings.TrimSpace(s)
	if body == "" || depth > 10 {
		return t, false
	}
	from := strings.Index(s, body)
	t = t.Slice(from, from+len(body))
	last := body[len(body)-1]
	switch {
	case body == "true" || body == "false":
		return t, true
	case body == "nil":
		return span.Literal("null", t), true
	case body[0] == '{' && last == '}' && len(body) > 1:
		return r.elements(t.Slice(1, len(body)-1), "{", "}", func(it span.Text) (span.Text, bool) {
			m := keyed.FindStringSubmatchIndex(it.String())
			if m == nil {
				return it, false
			}
			key := it.Slice(max(m[2], m[4], m[6]), max(m[3], m[5], m[7]))
			v, ok := r.hash(it.Slice(m[1], it.Len()), depth+1)
			return span.Concat(quoted(key), span.Plain(": "), v), ok
		})
	case body[0] == '[' && last == ']' && len(body) > 1:
		return r.elements(t.Slice(1, len(body)-1), "[", "]", func(it span.Text) (span.Text, bool) { return r.hash(it, depth+1) })
	}
	v := r.eval(body, t)
	if v.number || v.hash {
		return v.text, true
	}
	return quoted(v.text), true
}

// elements are what stands between brackets, each as f writes it.
func (r *reader) elements(t span.Text, open, end string, f func(span.Text) (span.Text, bool)) (span.Text, bool) {
	parts := []span.Text{span.Plain(open)}
	for _, it := range split(t, ',') {
		if strings.TrimSpace(it.String()) == "" {
			continue
		}
		if len(parts) > 1 {
			parts = append(parts, span.Plain(", "))
		}
		v, ok := f(it)
		if !ok {
			return t, false
		}
		parts = append(parts, v)
	}
	return span.Concat(append(parts, span.Plain(end))...), true
}

// quoted is a text as a string of JSON.
func quoted(t span.Text) span.Text {
	s := t.String()
	if !strings.ContainsAny(s, "\"\\\n\t\r") {
		return span.Concat(span.Plain(`"`), t, span.Plain(`"`))
	}
	b, err := json.Marshal(s)
	if err != nil {
		return span.Plain(`""`)
	}
	return span.Literal(string(b), t)
}
