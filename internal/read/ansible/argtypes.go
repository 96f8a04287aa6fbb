package ansible

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// has says whether an argument is given.
func (c *call) has(key string) bool { return c.get(key).kind != undefined }

// get is an argument, rendered; the first of several names that is given.
func (c *call) get(keys ...string) value {
	for _, k := range keys {
		if v, ok := c.args[k]; ok {
			v = c.r.ready(v)
			if !v.omit && v.kind != null {
				return v
			}
		}
	}
	return value{}
}

// text is an argument as text with its place; false when it is not given.
func (c *call) text(keys ...string) (span.Text, bool) {
	v := c.get(keys...)
	if v.kind == undefined && v.why == "" {
		return span.Text{}, false
	}
	if v.kind == str {
		return v.text, true
	}
	return c.r.asText(v, v.text), true
}

// str is an argument as a string, "" when it is not given.
func (c *call) str(keys ...string) string {
	t, _ := c.text(keys...)
	return t.String()
}

// flag is a boolean argument; known is false when it is given and not known.
func (c *call) flag(keys ...string) (on, given, known bool) {
	v := c.get(keys...)
	switch v.kind {
	case undefined:
		return false, v.why != "", v.why == ""
	case boolean:
		return v.b, true, true
	}
	switch s := strings.ToLower(v.python()); {
	case span.IsUnknown(s):
		return false, true, false
	case s == "yes" || s == "true" || s == "on" || s == "1" || s == "y" || s == "t":
		return true, true, true
	}
	return false, true, true
}

// texts is an argument that is a list, or one text with commas.
func (c *call) texts(keys ...string) []span.Text {
	v := c.get(keys...)
	switch v.kind {
	case undefined:
		if v.why != "" {
			return []span.Text{c.r.asText(v, v.text)}
		}
		return nil
	case list:
		var out []span.Text
		for _, it := range v.items {
			it = c.r.ready(it)
			switch it.kind {
			case str:
				out = append(out, it.text)
			case list: // a template inside a list that yields a list
				for _, sub := range it.items {
					out = append(out, c.r.asText(sub, it.text))
				}
			case dict:
				out = append(out, c.r.asText(c.r.attribute(it, strValue("name", it.text), it.text), it.text))
			default:
				out = append(out, c.r.asText(it, it.text))
			}
		}
		return out
	case str:
		var out []span.Text
		s := v.text.String()
		for from := 0; from <= len(s); {
			to := len(s)
			if k := strings.IndexByte(s[from:], ','); k >= 0 && !span.IsUnknown(s) {
				to = from + k
			}
			if t := trimmed(v.text.Slice(from, to)); t.Len() > 0 {
				out = append(out, t)
			}
			from = to + 1
		}
		return out
	}
	return []span.Text{c.r.asText(v, v.text)}
}

// state is the argument "state", with what it is when it is not given.
func (c *call) state(def string) string {
	if s := c.str("state"); s != "" {
		return s
	}
	return def
}

// present says whether a thing is to be there; where that is not known, the task becomes conditional.
func (c *call) present() bool {
	switch state := c.state("present"); {
	case span.IsUnknown(state):
		c.r.doubt("whether it is to be there is not known: "+span.Reason(state), c.at)
		return true
	case state == "absent" || state == "removed" || state == "disabled" || state == "uninstalled" || state == "deleted":
		return false
	}
	return true
}

// lit is a word of a command that the module stands for.
func (c *call) lit(s string) span.Text { return span.Literal(s, c.key) }

// argv makes words of strings and texts.
func (c *call) argv(words ...any) []span.Text {
	var out []span.Text
	for _, w := range words {
		switch w := w.(type) {
		case string:
			out = append(out, c.lit(w))
		case span.Text:
			out = append(out, w)
		case []span.Text:
			out = append(out, w...)
		}
	}
	return out
}
