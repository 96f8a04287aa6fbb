package fix

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

var (
	goesOn     = lazyregexp.New(`(?:\\|\||&&)\s*$`)
	background = lazyregexp.New(`[^&>]&\s*$`)
	leading    = lazyregexp.New(`^([ \t]*(?:- )?)[^\s"'\[{-]`)
	superuser  = lazyregexp.New(`\bsudo\b`)
)

// afterInstaller adds the setting after the command that installs TLJH, with the reload that makes it count.
func (w *writer) afterInstaller(o *tljh.Op) {
	src, i, j, ok := w.place(o.At)
	if !ok {
		return
	}
	text := src.Text
	first, last := lineStart(text, i), lineEnd(text, j)
	for first > 0 && goesOn.MatchString(content(text[lineStart(text, first-1):first])) {
		first = lineStart(text, first-1)
	}
	for last < len(text) && goesOn.MatchString(text[lineStart(text, last):last]) {
		last = lineEnd(text, nextLine(text, last))
	}
	m := leading.FindStringSubmatch(text[first:last])
	value := w.change.value
	verbWord := w.change.op
	if list, isList := value.([]any); isList && len(list) == 1 {
		value, verbWord = list[0], "add-item"
	}
	rendered, ok := shellWord(value)
	if m == nil || !ok || background.MatchString(text[lineStart(text, last):last]) {
		w.refuse("%s: nothing can be added after the installer line by line", o.At)
		return
	}
	if w.statusAsked(src.File, text, last) {
		return
	}
	prefix := m[1]
	if superuser.MatchString(text[first:last]) {
		prefix += "sudo "
	}
	lines := []string{prefix + "tljh-config " + verbWord + " " + w.change.dotted() + " " + rendered}
	if !reloads.MatchString(text[last:]) {
		lines = append(lines, prefix+"tljh-config reload")
		if w.change.key[0] == "https" {
			lines = append(lines, prefix+"tljh-config reload proxy")
		}
	}
	br := "\n"
	if strings.HasPrefix(text[last:], "\r\n") {
		br = "\r\n"
	}
	w.splice(src.File, last, last, br+strings.Join(lines, br))
}

func nextLine(text string, i int) int {
	n := strings.IndexByte(text[i:], '\n')
	if n < 0 {
		return len(text)
	}
	return i + n + 1
}
