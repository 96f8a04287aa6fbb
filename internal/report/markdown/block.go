package markdown

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// The bounds of a block of code.
const (
	maxLines = 60
	maxLine  = 400
)

// Fence is a block of code. info is ours: the language, or "diff" or "suggestion".
func Fence(info, text string) string {
	lines := strings.Split(sanitize.Lines(strings.TrimRight(text, "\n ")), "\n")
	if len(lines) > maxLines {
		lines = append(lines[:maxLines], "…")
	}
	for i, l := range lines {
		lines[i] = strings.ReplaceAll(strings.TrimRight(cut(l, maxLine), " "), "<!--", "<!"+breaker+"--")
	}
	return Exact(info, lines)
}

// Exact is a block of code with lines as they are: the caller has seen to it that they are harmless.
func Exact(info string, lines []string) string {
	n := 2
	for _, l := range lines {
		n = max(n, longestRun(l, '`'))
	}
	fence := strings.Repeat("`", n+1)
	text := ""
	for _, l := range lines {
		text += l + "\n"
	}
	return fence + info + "\n" + text + fence
}

// Block is a text of several paragraphs, such as what to do about a rule: lines indented by four are code, other indented
// lines and those that begin with a dash are items of a list, the rest is prose. Each element is a string of its own; an
// empty line belongs between them.
func Block(text string) []string {
	var out, lines []string
	kind := ""
	flush := func() {
		if len(lines) == 0 {
			return
		}
		switch kind {
		case "code":
			out = append(out, Fence("", dedent(lines)))
		case "list":
			for i := range lines {
				lines[i] = "- " + Prose(lines[i], MaxProse)
			}
			out = append(out, strings.Join(lines, "\n"))
		default:
			out = append(out, Prose(strings.Join(lines, " "), MaxProse))
		}
		lines = nil
	}
	all := strings.Split(strings.ReplaceAll(cut(text, 4*MaxProse), "\t", "    "), "\n")
	for _, l := range all {
		t := strings.TrimSpace(l)
		now := "prose"
		switch {
		case strings.HasPrefix(l, "    ") && t != "":
			now = "code"
		case strings.HasPrefix(t, "- ") || strings.HasPrefix(t, "* "):
			now, l = "list", t[2:]
		case strings.HasPrefix(l, "  ") && t != "":
			now = "list"
		case t == "" && kind == "code":
			now = "code"
		case t == "":
			flush()
			kind = ""
			continue
		}
		if now != kind {
			flush()
			kind = now
		}
		lines = append(lines, l)
	}
	flush()
	return out
}

// dedent takes the indentation away that all lines share.
func dedent(lines []string) string {
	indent := -1
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if n := len(l) - len(strings.TrimLeft(l, " ")); indent < 0 || n < indent {
			indent = n
		}
	}
	for i, l := range lines {
		lines[i] = l[min(max(indent, 0), len(l)):]
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n ")
}
