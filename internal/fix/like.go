package fix

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// like looks at how ops[n] is written; ok is false for what is not written word by word, once.
func (w *writer) like(ops []tljh.Op, n int) (l like, ok bool) {
	o := &ops[n]
	src, key, keyEnd, ok := w.place(o.Path.Span())
	if !ok || src.Text[key:keyEnd] != o.Path.String() {
		return w.call(o)
	}
	for k := range ops {
		if k != n && ops[k].Path.Len() > 0 && ops[k].Path.Span() == o.Path.Span() {
			w.refuse("%s runs more than once", o.At)
			return l, false
		}
	}
	before, ok := verbBefore(src.Text, key)
	if !ok {
		return l, false
	}
	l = like{file: src.File, text: src.Text, verb: key - len(before), keyEnd: keyEnd}
	l.gap = strings.TrimPrefix(strings.TrimPrefix(before, "set"), "add-item")
	vSrc, v, vEnd, placed := w.place(o.Value.Span())
	if placed && vSrc.File == src.File && besides(src.Text, keyEnd, v) {
		l.value, l.after = unquoted(src.Text, v, vEnd)
	} else if m := nextWord.FindStringSubmatchIndex(src.Text[keyEnd:]); m != nil { // its value comes from elsewhere
		l.value, l.after = keyEnd+m[2], keyEnd+m[3]
	} else {
		return l, false
	}
	l.from, l.to = l.verb, l.after
	at, a, b, ok := w.place(o.At)
	if ok && at.File == src.File && a <= l.verb && b >= l.after && !strings.Contains(continued.ReplaceAllString(src.Text[a:b], ""), "\n") {
		l.from, l.to = a, a+len(strings.TrimRight(src.Text[a:b], "\r"))
	}
	return l, true
}

var (
	nextWord  = lazyregexp.New(`^["']?(?:[ \t]+|\\\r?\n|[ \t]*,[ \t]*)+("[^"\n]*"|'[^'\n]*'|[^\s"';&|,\])]+)`)
	continued = lazyregexp.New(`\\\r?\n`)
)

// besides says whether what ends at i and what starts at j stand side by side.
func besides(text string, i, j int) bool {
	return i <= j && strings.Trim(text[i:j], " \t\r\n\\\"',") == ""
}

// called is what stands before the key in a line that calls a function.
var called = lazyregexp.New(`^[ \t]*[A-Za-z_][\w-]*[ \t]+["']?$`)

// call is a function called with a key and a value, on a line of its own.
func (w *writer) call(o *tljh.Op) (l like, ok bool) {
	file, key, v, vEnd, ok := w.spelt(o)
	sets := o.Kind == tljh.OpSet
	if _, isList := w.change.value.([]any); !ok || isList || sets != (w.change.op == "set") {
		return l, false
	}
	text, _ := w.from.text(file)
	if !called.MatchString(text[lineStart(text, key):key]) {
		return l, false
	}
	l = like{file: file, text: text, verb: key, keyEnd: key + o.Path.Len(), call: true}
	l.value, l.after = unquoted(text, v, vEnd)
	l.from, l.to = l.verb, l.after
	return l, true
}
