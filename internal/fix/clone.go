package fix

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// like is a command whose lines can be repeated, by its bytes in a file.
type like struct {
	file, text   string
	from, to     int    // the command
	verb         int    // its verb, up to the key
	gap          string // between verb and key
	keyEnd       int
	value, after int // its value with its quotes
	call         bool
}

// command adds the setting by a command like ops[n], which surely runs: its lines are repeated, with its prefix,
// indentation and quotes, and with another verb, key and value.
func (w *writer) command(ops []tljh.Op, n int) {
	l, ok := w.like(ops, n)
	if !ok {
		return
	}
	made, ok := w.words(l)
	if !ok {
		return
	}
	text := l.text
	first, last := lineStart(text, l.from), lineEnd(text, l.to)
	if w.secret(l.file, text, first, last) {
		return
	}
	if member.MatchString(text[first:l.from]) {
		w.refuse("%s: line %d is one of several that belong together", l.file, 1+strings.Count(text[:l.from], "\n"))
		return
	}
	if separator.MatchString(text[first:l.from]) || !simpleTail.MatchString(text[l.to:last]) {
		w.inline(l, made)
		return
	}
	br := "\n"
	if strings.HasPrefix(text[last:], "\r\n") {
		br = "\r\n"
	}
	if w.statusAsked(l.file, text, last) {
		return
	}
	line := strings.TrimRight(comment.ReplaceAllString(text[first:l.verb]+made+text[l.after:last], ""), " \t")
	if and := chained(text, first); and != "" && strings.TrimSpace(comment.ReplaceAllString(text[l.to:last], "")) == "" {
		w.splice(l.file, first, first, line+and+br)
	}
	w.splice(l.file, last, last, br+line)
	if strings.HasSuffix(line, `"`) || strings.HasSuffix(line, "]") { // the last item of a list has no comma
		w.splice(l.file, first, first, line+","+br)
	}
}

// words is verb, key and value of the command to add, written as l is.
func (w *writer) words(l like) (string, bool) {
	verb, value := w.change.op, w.change.value
	if list, isList := value.([]any); isList {
		if len(list) != 1 {
			w.refuse("tljh-config cannot set a list of several items at once")
			return "", false
		}
		verb, value = "add-item", list[0]
	}
	rendered, ok := shellWord(value)
	if q := l.text[l.value]; (q == '"' || q == '\'') && strings.Contains(l.gap, ",") { // a list of words
		plain, _ := scalar(value)
		rendered, ok = quotedAs(plain, q)
	}
	if l.call {
		verb = ""
	}
	return verb + l.gap + w.change.dotted() + l.text[l.keyEnd:l.value] + rendered, ok
}

// secret says whether a line of text[i:j] holds a secret; it is not repeated.
func (w *writer) secret(file, text string, i, j int) bool {
	first, last := 1+strings.Count(text[:i], "\n"), 1+strings.Count(text[:j], "\n")
	for _, at := range places(w.hub.Root.Get("secrets"), nil) {
		if at.File == file && at.Start.Line <= last && at.End.Line >= first {
			return true
		}
	}
	return false
}

var status = lazyregexp.New(`\$\?|\$\{\?\}|PIPESTATUS|errorlevel`)

// statusAsked says whether what follows byte i asks how the command before it ended; nothing can come between them.
func (w *writer) statusAsked(file, text string, i int) bool {
	for line := range strings.Lines(text[min(i, len(text)):]) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if status.MatchString(line) {
			w.refuse("%s: the line after %d asks whether the command has worked", file, 1+strings.Count(text[:i], "\n"))
			return true
		}
		return false
	}
	return false
}

// unquoted widens the place of a value to its quotes.
func unquoted(text string, i, j int) (int, int) {
	if i > 0 && j < len(text) && text[i-1] == text[j] && (text[j] == '"' || text[j] == '\'') && (i < 2 || text[i-2] != '\\') {
		return i - 1, j + 1
	}
	return i, j
}

var (
	// separator is what makes a command one of several on its line.
	separator = lazyregexp.New(`&&|[|;{(]|(?:^|\s)(?:then|do|else|if|while|until|case|for)\s`)
	// member is the beginning of a line whose command is the value of a key: other lines may belong to the same thing.
	member = lazyregexp.New(`^\s*(?:- +)?["']?[\w.-]+["']?\s*[:=]\s`)
	// simpleTail is what may follow a command on its line so that the line can be repeated.
	simpleTail = lazyregexp.New(`^["'\]),}]*(?:\s*(?:&&|\|\||\\|;|\|\|\s*(?:true|:)|[0-9]?>>?\s*\S+|[0-9]>&[0-9]))*\s*,?\s*(?:#.*)?$`)
	comment    = lazyregexp.New(`\s+#.*$`)
	chain      = lazyregexp.New(`(\s*&&(?:\s*\\)?)\s*$`)
)

// chained is the "&& \" that ends the line before the one at first.
func chained(text string, first int) string {
	if first == 0 {
		return ""
	}
	if m := chain.FindStringSubmatch(text[lineStart(text, first-1) : first-1]); m != nil {
		return m[1]
	}
	return ""
}

// inline adds a command on the line of another, with the separator that is used there.
func (w *writer) inline(l like, made string) {
	text := l.text
	command := text[l.from:l.verb] + made + text[l.after:l.to]
	rest := text[l.to:lineEnd(text, l.to)]
	line := text[lineStart(text, l.from):lineEnd(text, l.to)]
	last := strings.TrimSpace(comment.ReplaceAllString(rest, "")) == ""
	switch {
	case l.from == l.verb:
		w.refuse("%s: nothing can be added on line %d", l.file, 1+strings.Count(text[:l.from], "\n"))
	case andThen.MatchString(rest), strings.Contains(line, "&&") && last:
		w.splice(l.file, l.to, l.to, " && "+command)
	case strings.HasPrefix(strings.TrimSpace(rest), ";"):
		w.splice(l.file, l.to, l.to, "; "+command)
	default:
		w.refuse("%s: line %d holds more than this command", l.file, 1+strings.Count(text[:l.from], "\n"))
	}
}

var andThen = lazyregexp.New(`^\s*&&\s*[^\s\\]`)

func lineStart(text string, i int) int { return strings.LastIndexByte(text[:i], '\n') + 1 }

// lineEnd is the end of a line, without its line break.
func lineEnd(text string, i int) int {
	n := strings.IndexByte(text[i:], '\n')
	if n < 0 {
		return len(text)
	}
	if i+n > 0 && text[i+n-1] == '\r' {
		return i + n - 1
	}
	return i + n
}
