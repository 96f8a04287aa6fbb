package yaml12

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// blankUnknownLines replaces each line that holds nothing but unknown tokens by spaces, byte for byte, and says which
// lines (from 1) those were.
func blankUnknownLines(src string) (string, []int) {
	x := newIndex(src)
	out := []byte(src)
	var lines []int
	for n := 1; n <= len(x.starts); n++ {
		start, end := x.line(n)
		if l := strings.TrimSpace(src[start:end]); l == "" || !onlyTokens(l) {
			continue
		}
		for i := start; i < end; i++ {
			out[i] = ' '
		}
		lines = append(lines, n)
	}
	return string(out), lines
}

// onlyTokens says whether s is made of unknown tokens, and white space between them.
func onlyTokens(s string) bool {
	if !span.IsUnknown(s) {
		return false
	}
	return strings.Trim(span.Show(s), "… \t") == "" && !strings.Contains(s, "…")
}

// markOpen makes unknown what the lines that were taken out may decide: each top-level entry that has such a line in it,
// or stands between the first and the last of them, and whatever the file does not show.
func markOpen(root *doc.Node, b *builder, lines []int) {
	first, last := lines[0], lines[len(lines)-1]
	start, end := b.index.line(first)
	why := span.Reason(b.text.String()[start:end])
	if root.Kind != doc.Map {
		*root = *doc.UnknownOf(why, root.At)
		return
	}
	root.State, root.Why = doc.Unknown, why
	for i, k := range b.topKeys {
		until := 1 << 30
		if i+1 < len(b.topKeys) {
			until = b.topKeys[i+1].line
		}
		if until > first && k.line < last {
			if c := root.Child[k.name]; c != nil {
				unknown := doc.UnknownOf(why, c.At)
				unknown.KeyAt = c.KeyAt
				root.Child[k.name] = unknown
			}
		}
	}
}
