// Package markdowntest renders Markdown the way GitHub does, with raw HTML left in, and says what in the result is not
// ours. Only tests and tools use it.
package markdowntest

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmhtml "github.com/yuin/goldmark/renderer/html"
)

// Render is the HTML of a text in GitHub Flavored Markdown, with the hard line breaks that comments have.
func Render(text string) (string, error) {
	md := goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.Footnote),
		goldmark.WithParserOptions(parser.WithAttribute()),
		goldmark.WithRendererOptions(gmhtml.WithUnsafe(), gmhtml.WithHardWraps()),
	)
	var b bytes.Buffer
	err := md.Convert([]byte(text), &b)
	return b.String(), err
}

// Elements are what our texts are made of.
var Elements = strings.Fields("h3 h4 p ul ol li table thead tbody tr th td details summary blockquote code pre strong em br hr sub b a")

var (
	tag    = regexp.MustCompile(`(?s)<(!--.*?--|/?[^>]*)>`)
	attrs  = regexp.MustCompile(`([a-zA-Z-]+)(?:="([^"]*)")?`)
	traces = []*regexp.Regexp{
		regexp.MustCompile(`@[\pL\pN_-]`),
		regexp.MustCompile(`#\d`),
		regexp.MustCompile(`(?i)\bgh-\d`),
		regexp.MustCompile(`\b[0-9a-fA-F]{7,40}\b`),
		regexp.MustCompile(`(?i)\b(https?|ftp)://`),
		regexp.MustCompile(`(?i)\bwww\.`),
		regexp.MustCompile(`:[A-Za-z0-9_+-]+:`),
	}
)

// Foreign lists what the rendered text holds that is not made by us: elements other than Elements, attributes, links that do not
// begin with one of links, comments other than the first line's, unclosed elements, and text that GitHub would turn into a
// mention, a reference or a link.
func Foreign(text string, links ...string) []string {
	rendered, err := Render(text)
	if err != nil {
		return []string{err.Error()}
	}
	var bad, stack []string
	say := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	inCode := 0
	check := func(s string) {
		if s = html.UnescapeString(s); inCode > 0 {
			return
		}
		for _, re := range traces {
			if m := re.FindString(s); m != "" {
				say("%q in the text %q", m, s)
			}
		}
	}
	last := 0
	for _, m := range tag.FindAllStringSubmatchIndex(rendered, -1) {
		check(rendered[last:m[0]])
		last = m[1]
		inside := rendered[m[2]:m[3]]
		if strings.HasPrefix(inside, "!--") {
			if m[0] != 0 {
				say("a comment: <%s>", inside)
			}
			continue
		}
		closing := strings.HasPrefix(inside, "/")
		name, rest, _ := strings.Cut(strings.Trim(inside, "/ "), " ")
		if !known(name) {
			say("an element: <%s>", inside)
		}
		if closing {
			if len(stack) == 0 || stack[len(stack)-1] != name {
				say("</%s> closes %v", name, stack)
				continue
			}
			stack = stack[:len(stack)-1]
		} else if name != "br" && name != "hr" {
			stack = append(stack, name)
		}
		if name == "code" || name == "pre" {
			inCode += map[bool]int{true: -1, false: 1}[closing]
		}
		for _, a := range attrs.FindAllStringSubmatch(rest, -1) {
			key, value := a[1], html.UnescapeString(a[2])
			switch {
			case name == "a" && key == "href" && startsWithOne(value, links):
			case name == "details" && key == "open", name == "code" && key == "class", (name == "th" || name == "td") && (key == "align" || key == "style"):
			default:
				say("an attribute: <%s>", inside)
			}
		}
	}
	check(rendered[last:])
	if len(stack) > 0 {
		say("not closed: %v", stack)
	}
	return bad
}

func known(name string) bool {
	for _, e := range Elements {
		if e == name {
			return true
		}
	}
	return false
}

func startsWithOne(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
