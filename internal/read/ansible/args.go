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
	full string           // as it is written
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
	c := &call{r: r, name: shortName(key.Value), full: key.Value, args: map[string]value{}, key: r.doc.Scalar(key)}
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
			c.full = c.str("module")
			c.name = shortName(c.full)
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
		c.full = strings.TrimPrefix(w[0].String(), "module=")
		c.name = shortName(c.full)
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
