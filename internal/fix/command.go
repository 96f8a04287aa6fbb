package fix

import (
	"regexp"

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
		if m := fallback.FindStringSubmatchIndex(text[i:j]); m != nil && text[i+m[2]:i+m[3]] == o.Value.String() && word.MatchString(plainText) {
			w.splice(src.File, i+m[2], i+m[3], plainText)
			return
		}
		if w.variable(text[i:j], o.Value.String(), plainText) {
			return
		}
		if file, _, v, vEnd, ok := w.spelt(o); ok && word.MatchString(plainText) {
			w.splice(file, v, vEnd, plainText)
			return
		}
		w.refuse("%s: the value, %s, is not written as it stands once for this alone", o.At, text[i:j])
		return
	}
	if kSrc, _, keyEnd, ok := w.place(o.Path.Span()); ok && !(kSrc.File == src.File && besides(text, keyEnd, i-len(opens.FindString(text[max(0, i-80):i])))) && !w.declaredFor(text, i) {
		w.refuse("%s: the value is declared for more than this", o.Value.Span())
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
	pair := regexp.MustCompile(`(?m)(?:^|[\s"'])(` + regexp.QuoteMeta(o.Path.String()) + `)["']?[ \t=]+["']?(` + regexp.QuoteMeta(o.Value.String()) + `)["']?(?:[\s;)]|$)`)
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
