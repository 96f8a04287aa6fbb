package main

import (
	_ "embed" // the style sheet is a file of its own
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report/markdown/markdowntest"
)

//go:embed style.css
var style string

var (
	alert = regexp.MustCompile(`(?s)<blockquote>\s*<p>\[!([A-Z]+)\](?:<br>)?\s*(.*?)</blockquote>`)
	diff  = regexp.MustCompile(`(?s)<code class="language-diff">(.*?)</code>`)
)

// page is a whole page with one or several texts, each in a box as wide as l says.
func page(l look, open bool, texts ...string) (string, error) {
	var boxes strings.Builder
	for _, t := range texts {
		body, err := markdowntest.Render(t)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&boxes, "<main style=\"width:%dpx\"><div class=\"comment\"><div class=\"head\">github-actions <span>bot</span></div><article>\n%s</article></div></main>\n", l.width, dress(body, open))
	}
	theme := "light"
	if l.dark {
		theme = "dark"
	}
	return fmt.Sprintf("<!doctype html>\n<html lang=\"en\" data-theme=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title><style>\n%s</style></head><body>\n%s</body></html>\n",
		theme, html.EscapeString(l.name), style, boxes.String()), nil
}

// dress adds what GitHub adds: coloured boxes, coloured differences, the frame of a suggestion.
func dress(body string, open bool) string {
	body = alert.ReplaceAllStringFunc(body, func(s string) string {
		m := alert.FindStringSubmatch(s)
		kind := strings.ToLower(m[1])
		return `<div class="alert ` + kind + `"><p class="title">` + strings.ToUpper(kind[:1]) + kind[1:] + "</p><p>" + m[2] + "</div>"
	})
	body = diff.ReplaceAllStringFunc(body, func(s string) string {
		lines := strings.Split(diff.FindStringSubmatch(s)[1], "\n")
		for i, l := range lines {
			switch {
			case strings.HasPrefix(l, "+"):
				lines[i] = "<ins>" + l + "</ins>"
			case strings.HasPrefix(l, "-"):
				lines[i] = "<del>" + l + "</del>"
			}
		}
		return "<code>" + strings.Join(lines, "\n") + "</code>"
	})
	body = strings.ReplaceAll(body, `<pre><code class="language-suggestion">`, `<pre class="suggestion"><code>`)
	if open {
		body = strings.ReplaceAll(body, "<details>", "<details open>")
	}
	return body
}
