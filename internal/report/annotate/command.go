package annotate

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// command spells an annotation as a workflow command.
func command(a annotation, prefix string) string {
	props := ""
	add := func(key, value string) {
		if props != "" {
			props += ","
		}
		props += key + "=" + property(value)
	}
	message := sanitize.Lines(a.message)
	if a.at != nil {
		file := path.Join(prefix, a.at.File)
		if clean(file) {
			add("file", file)
			place(*a.at, add)
		} else {
			message = sanitize.Line(a.at.String()) + ": " + message // no annotation can point there
		}
	}
	add("title", cut(sanitize.Line(a.title), maxTitle))
	return "::" + a.level + " " + props + "::" + data(cut(message, maxMessage)) + "\n"
}

// place adds lines and, where they are one, columns: GitHub drops columns of several lines.
func place(at span.Span, add func(key, value string)) {
	line, end := max(at.Start.Line, 1), max(at.End.Line, at.Start.Line, 1)
	add("line", fmt.Sprint(line))
	add("endLine", fmt.Sprint(end))
	if line == end && at.Start.Column > 0 {
		add("col", fmt.Sprint(at.Start.Column))
		add("endColumn", fmt.Sprint(max(at.End.Column, at.Start.Column)))
	}
}

// clean says whether a file's name can stand in a log as it is.
func clean(file string) bool {
	if !utf8.ValidString(file) || len(file) > maxMessage {
		return false
	}
	for _, r := range file {
		if sanitize.Hidden(r) {
			return false
		}
	}
	return true
}

// data and property escape as the runner unescapes: "%" first.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
