package fix

import (
	"regexp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// argument changes the value that a "tljh-config set" gives.
func (w *writer) argument(o *tljh.Op) {
	src, i, j, ok := w.place(o.Value.Span())
	if !ok {
		w.refuse("%s: what it sets is not written as it stands", o.At)
		return
	}
	text := src.Text
	value := w.change.value
	if list, isList := value.([]any); isList { // tljh-config grows lists item by item
		key, ok := w.keyOf(o)
		before, found := "", false
		if ok && len(list) == 1 && sameText(list[0], o.Value.String()) {
			before, found = verbBefore(text, key)
		}
		if !found {
			w.refuse("%s: tljh-config cannot set a list", o.At)
			return
		}
		at := key - len(before)
		w.splice(src.File, at, at+len("set"), "add-item")
		return
	}
	plainText, _ := scalar(value)
	if text[i:j] != o.Value.String() {
		w.variable(o, plainText)
		return
	}
	if i > 0 && j < len(text) && text[i-1] == text[j] && (text[j] == '"' || text[j] == '\'') {
		if quoted, ok := quotedAs(plainText, text[j]); ok {
			w.splice(src.File, i-1, j+1, quoted)
		}
		return
	}
	if word.MatchString(plainText) {
		w.splice(src.File, i, j, plainText)
	} else if quoted, ok := shellWord(value); ok {
		w.splice(src.File, i, j, quoted)
	}
}

func sameText(v any, s string) bool {
	text, ok := scalar(v)
	return ok && text == s
}

// keyOf is where the key of a command is written, in the file of its value or of its own.
func (w *writer) keyOf(o *tljh.Op) (at int, ok bool) {
	src, i, j, ok := w.place(o.Path.Span())
	return i, ok && src.Text[i:j] == o.Path.String()
}

// verbs is what stands between the verb of a command and its key: blanks, or the quotes and commas of a list of words.
var verb = lazyregexp.New(`(?:^|[\s"',\[])((?:set|add-item)["']?(?:[\s,]|\\\r?\n)+["']?)$`)

// verbBefore is the verb that stands before a key, with all up to the key.
func verbBefore(text string, key int) (before string, ok bool) {
	m := verb.FindStringSubmatch(text[max(0, key-80):key])
	if m == nil {
		return "", false
	}
	return m[1], true
}

// spelt finds the key and the value of a command whose words come from elsewhere, the arguments of a function for instance:
// the only place where one stands after the other.
func (w *writer) spelt(o *tljh.Op) (file string, key, v, vEnd int, ok bool) {
	pair := regexp.MustCompile(`(?m)(?:^|[\s"'])(` + regexp.QuoteMeta(o.Path.String()) + `)["']?[ \t]+["']?(` + regexp.QuoteMeta(o.Value.String()) + `)["']?(?:[\s;)]|$)`)
	places := 0
	for _, f := range w.hub.Sources {
		text, _ := w.from.text(f)
		for _, m := range pair.FindAllStringSubmatchIndex(text, 2) {
			places++
			file, key, v, vEnd = f, m[2], m[4], m[5]
		}
	}
	return file, key, v, vEnd, places == 1
}

// fallback is the value that a variable has unless somebody gives it another.
var fallback = lazyregexp.New(`^\$\{[A-Za-z_0-9]+:?[-=]([^${}"'\\]+)\}$`)

var reference = lazyregexp.New(`^\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})$`)

// variable changes the assignment of a variable that gives a command its value, if it serves nothing else.
func (w *writer) variable(o *tljh.Op, value string) {
	src, i, j, _ := w.place(o.Value.Span())
	if m := fallback.FindStringSubmatchIndex(src.Text[i:j]); m != nil && src.Text[i+m[2]:i+m[3]] == o.Value.String() && word.MatchString(value) {
		w.splice(src.File, i+m[2], i+m[3], value)
		return
	}
	m := reference.FindStringSubmatch(src.Text[i:j])
	if m == nil {
		if file, _, v, vEnd, ok := w.spelt(o); ok && word.MatchString(value) {
			w.splice(file, v, vEnd, value)
			return
		}
		w.refuse("%s: the value is put together, not written as it stands", o.At)
		return
	}
	name := m[1] + m[2]
	assignment := regexp.MustCompile(`(?m)^[ \t]*(?:(?:export|readonly|local|declare(?: -[a-z]+)?)[ \t]+)?` + name + `=("[^"\n]*"|'[^'\n]*'|[^\s"';&|#]*)[ \t]*(?:;|#.*|\r)?$`)
	use := regexp.MustCompile(`\$` + name + `\b|\$\{` + name + `\b|\b` + name + `\b`)
	uses := 0
	var file string
	var at []int
	for _, f := range w.hub.Sources {
		text, ok := w.from.text(f)
		if !ok {
			continue
		}
		uses += len(use.FindAllStringIndex(text, -1))
		for _, found := range assignment.FindAllStringSubmatchIndex(text, -1) {
			file, at = f, found
		}
	}
	text, _ := w.from.text(file)
	if at == nil || uses != 2 || strings.Trim(text[at[2]:at[3]], `"'`) != o.Value.String() {
		w.refuse("%s: the value is that of $%s, which is not written once for this alone", o.At, name)
		return
	}
	old := text[at[2]:at[3]]
	next := value
	if q := old[0]; q == '"' || q == '\'' {
		var ok bool
		if next, ok = quotedAs(value, q); !ok {
			return
		}
	} else if !word.MatchString(value) {
		return
	}
	w.splice(file, at[2], at[3], next)
}
