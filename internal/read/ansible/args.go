package ansible

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// call is a module with its arguments, templates rendered as they are asked for.
type call struct {
	r    *run
	name string           // without its collection
	free span.Text        // free-form text, as of command
	args map[string]value // by name
	key  span.Text        // where the module is named
	at   span.Span        // the module with its arguments
}

// freeForm are the modules whose arguments are a command.
var freeForm = []string{"command", "shell", "raw", "script", "win_command", "win_shell"}

// shortName is a module's name without its collection: ansible.builtin.copy is copy.
func shortName(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }

// callOf reads the arguments of a task's module, in all their spellings.
func (r *run) callOf(n, key, arg *yaml.Node) *call {
	c := &call{r: r, name: shortName(key.Value), args: map[string]value{}, key: r.doc.Scalar(key)}
	switch {
	case arg.Kind == yaml.MappingNode:
		v := fromNode(r.doc, arg)
		if v.kind != dict {
			r.problem(r.doc.At(arg), "the arguments of "+c.name+" hold a template without quotes; Ansible refuses this task")
		}
		for _, k := range v.keys {
			c.args[k] = v.child[k]
		}
		if c.name == "action" || c.name == "local_action" {
			c.name = shortName(c.str("module"))
			delete(c.args, "module")
		}
	case arg.Kind == yaml.ScalarNode && arg.Tag != "!!null":
		c.words(fromNode(r.doc, arg))
	}
	if a := field(n, "args"); a != nil {
		v := r.ready(fromNode(r.doc, a))
		for _, k := range v.keys {
			c.args[k] = v.child[k]
		}
	}
	c.at = r.extent(key, arg)
	return c
}

// words reads the old spelling: key=value pairs, or a command in which a few of them may stand.
func (c *call) words(v value) {
	t := v.text
	if v.kind != str {
		c.free = t
		return
	}
	if c.name == "action" || c.name == "local_action" {
		w := splitWords(t)
		if len(w) == 0 {
			return
		}
		c.name = shortName(w[0].String())
		if w[0].String() == "module" || strings.HasPrefix(w[0].String(), "module=") {
			c.name = shortName(strings.TrimPrefix(w[0].String(), "module="))
		}
		rest := w[0].Len() + strings.Index(t.String(), w[0].String())
		t = t.Slice(rest, t.Len())
	}
	if !v.raw && !strings.Contains(t.String(), "=") && !slices.Contains(freeForm, c.name) {
		c.free = trimmed(t)
		return
	}
	if slices.Contains(freeForm, c.name) {
		c.free = c.options(t)
		return
	}
	named := false
	for _, w := range splitWords(t) {
		k, _, ok := strings.Cut(w.String(), "=")
		if !ok || !isKey(k) {
			continue
		}
		named = true
		val := w.Slice(len(k)+1, w.Len())
		c.args[k] = word(val)
	}
	if !named {
		c.free = trimmed(t)
	}
}

func trimmed(t span.Text) span.Text {
	s := t.String()
	body := strings.TrimSpace(s)
	k := strings.Index(s, body)
	return t.Slice(k, k+len(body))
}

// word is a value of a key=value pair: without its quotes, and as text.
func word(t span.Text) value {
	s := t.String()
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		t = t.Slice(1, len(s)-1)
	}
	return value{kind: str, text: t, raw: templated(t.String())}
}

func isKey(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// options takes creates=, removes=, chdir= and their like out of a free-form command, at its beginning and its end.
func (c *call) options(t span.Text) span.Text {
	t = trimmed(t)
	for again := true; again; {
		again = false
		words := splitWords(t)
		if len(words) == 0 {
			return t
		}
		for _, k := range []int{0, len(words) - 1} {
			key, _, ok := strings.Cut(words[k].String(), "=")
			if !ok || !slices.Contains([]string{"creates", "removes", "chdir", "executable", "warn", "stdin", "cmd"}, key) || key == "cmd" && k > 0 {
				continue
			}
			w := words[k]
			c.args[key] = word(w.Slice(len(key)+1, w.Len()))
			s := t.String()
			if k == 0 {
				t = trimmed(t.Slice(strings.Index(s, w.String())+w.Len(), t.Len()))
			} else {
				t = trimmed(t.Slice(0, strings.LastIndex(s, w.String())))
			}
			again = t.Len() > 0
			break
		}
	}
	return t
}

// extent is from the module's name to the end of its arguments.
func (r *run) extent(key, arg *yaml.Node) span.Span {
	at := r.doc.Scalar(key).Span()
	last := arg
	for last != nil && len(last.Content) > 0 && last.Kind != yaml.AliasNode {
		last = last.Content[len(last.Content)-1]
	}
	if last != nil {
		if end := r.doc.Scalar(last).Span(); end.File == at.File && (end.End.Line > at.End.Line || end.End.Line == at.End.Line && end.End.Column > at.End.Column) {
			at.End = end.End
		}
	}
	return at
}

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
