package cloudinit

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func jinja(s string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(s, " \t\r\n"), "\n")
	return strings.HasPrefix(strings.ToLower(strings.ReplaceAll(first, " ", "")), "##template:jinja")
}

// unknownBraces replaces {{ … }} by unknown tokens and takes {% … %} out.
func unknownBraces(t span.Text) span.Text {
	s := t.String()
	var parts []span.Text
	from := 0
	for from < len(s) && len(parts) < 20000 {
		k := strings.Index(s[from:], "{{")
		j := strings.Index(s[from:], "{%")
		open, end := k, "}}"
		if k < 0 || j >= 0 && j < k {
			open, end = j, "%}"
		}
		if open < 0 {
			break
		}
		stop := strings.Index(s[from+open:], end)
		if stop < 0 {
			break
		}
		a, b := from+open, from+open+stop+2
		parts = append(parts, t.Slice(from, a))
		if end == "}}" {
			parts = append(parts, span.Literal(span.Unknown("a value that cloud-init fills in on the machine"), t.Slice(a, b)))
		}
		from = b
	}
	return span.Concat(append(parts, t.Slice(from, len(s)))...)
}
