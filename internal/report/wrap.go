package report

import (
	"strings"

	"github.com/rivo/uniseg"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// textWidth is how wide paragraphs are set.
const textWidth = 100

// wrap writes a paragraph: first before its first line, rest before the others. Words are never cut: somebody may want
// to copy them.
func (p *printer) wrap(first, rest, text string) {
	line, width := first, uniseg.StringWidth(first)
	empty := true
	for _, word := range strings.Fields(text) {
		n := uniseg.StringWidth(word)
		switch {
		case empty:
		case width+1+n > textWidth:
			p.line(line)
			line, width, empty = rest, uniseg.StringWidth(rest), true
		default:
			line, width = line+" ", width+1
		}
		line, width, empty = line+word, width+n, false
	}
	p.line(line)
}

// block writes text of several lines: indented ones are commands or code and stay as they are, others are wrapped.
func (p *printer) block(indent, text string) {
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			p.wrap(indent, indent, strings.Join(paragraph, " "))
			paragraph = nil
		}
	}
	for _, l := range strings.Split(strings.TrimRight(sanitize.Lines(text), "\n "), "\n") {
		trimmed := strings.TrimSpace(l)
		item := strings.HasPrefix(trimmed, "- ") || strings.HasPrefix(trimmed, "* ") || strings.HasPrefix(trimmed, "```")
		if trimmed == "" || strings.HasPrefix(l, "  ") || item {
			flush()
		}
		switch {
		case trimmed == "":
			p.line("")
		case strings.HasPrefix(l, "  ") || strings.HasPrefix(trimmed, "```"):
			p.line(indent + l)
		default:
			paragraph = append(paragraph, trimmed)
		}
	}
	flush()
}

// FirstSentences is the beginning of a description, without what it says about its own severity.
func FirstSentences(text string, n int) string {
	text = strings.Join(strings.Fields(sanitize.Lines(text)), " ")
	var out []string
	for text != "" && len(out) < n {
		sentence, rest, found := strings.Cut(text, ". ")
		if found {
			sentence += "."
		}
		if !strings.HasPrefix(sentence, "Default severity") {
			out = append(out, sentence)
		}
		text = rest
	}
	return strings.Join(out, " ")
}
