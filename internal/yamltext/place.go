package yamltext

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (d *Doc) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(d.lines) {
		return 0
	}
	str := d.Text.String()
	off := d.lines[n.Line-1]
	for c := 1; c < n.Column && off < len(str) && str[off] != '\n'; c++ {
		_, w := utf8.DecodeRuneInString(str[off:])
		off += w
	}
	return off
}

// At is where a node begins, a span of no width.
func (d *Doc) At(n *yaml.Node) span.Span { return d.Text.PosOf(d.offset(n)) }

// Scalar is the text of a scalar with its place: exact where its characters stand in the file as they are.
func (d *Doc) Scalar(n *yaml.Node) span.Text {
	str := d.Text.String()
	off := min(d.offset(n), len(str))
	if n.Kind != yaml.ScalarNode {
		return d.Text.Slice(off, d.lineEnd(off))
	}
	for off < len(str) && (str[off] == '&' || str[off] == '!') { // anchors and tags stand before the value
		end := strings.IndexAny(str[off:], " \t\n")
		if end < 0 {
			break
		}
		off += end
		off += len(str[off:]) - len(strings.TrimLeft(str[off:], " \t\n"))
	}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		if t, ok := d.block(n, off); ok {
			return t
		}
	case off < len(str) && (str[off] == '"' || str[off] == '\''):
		if strings.HasPrefix(str[off+1:], n.Value) {
			return d.Text.Slice(off+1, off+1+len(n.Value))
		}
		return span.Literal(n.Value, d.Text.Slice(off, closing(str, off)))
	case strings.HasPrefix(str[off:], n.Value):
		return d.Text.Slice(off, off+len(n.Value))
	}
	return span.Literal(n.Value, d.Text.Slice(off, d.lineEnd(off)))
}

func (d *Doc) lineEnd(off int) int {
	if k := strings.IndexByte(d.Text.String()[off:], '\n'); k >= 0 {
		return off + k
	}
	return d.Text.Len()
}

// closing is the offset after the quote that ends the scalar at off.
func closing(str string, off int) int {
	q := str[off]
	for k := off + 1; k < len(str); k++ {
		switch {
		case str[k] == '\\' && q == '"':
			k++
		case str[k] == q && q == '\'' && k+1 < len(str) && str[k+1] == q:
			k++
		case str[k] == q:
			return k + 1
		}
	}
	return len(str)
}

// block maps a literal block scalar line by line; a folded one where it has a single line to a paragraph.
func (d *Doc) block(n *yaml.Node, off int) (span.Text, bool) {
	str := d.Text.String()
	pos := d.lineEnd(off) + 1
	var parts []span.Text
	want := n.Value
	indent := -1
	for pos <= len(str) && want != "" && len(parts) < 100000 {
		end := d.lineEnd(min(pos, len(str)))
		line := strings.TrimSuffix(str[min(pos, len(str)):end], "\r")
		body := strings.TrimLeft(line, " ")
		if indent < 0 && body != "" {
			// the first line with text sets the indentation, which may be less than its own with an indicator
			first, _, _ := strings.Cut(strings.TrimLeft(want, "\n"), "\n")
			if !strings.HasSuffix(line, first) {
				return span.Text{}, false
			}
			indent = len(line) - len(first)
		}
		content := ""
		if indent >= 0 && len(line) >= indent {
			content = line[indent:]
		}
		if !strings.HasPrefix(want, content) {
			return span.Text{}, false
		}
		want = want[len(content):]
		stop := pos + len(line)
		parts = append(parts, d.Text.Slice(min(stop-len(content), len(str)), min(stop, len(str))))
		if want == "" {
			break
		}
		if want[0] != '\n' && !(n.Style&yaml.FoldedStyle != 0 && want[0] == ' ') {
			return span.Text{}, false
		}
		parts = append(parts, span.Literal(want[:1], d.Text.Slice(min(stop, len(str)), min(end+1, len(str)))))
		want = want[1:]
		pos = end + 1
	}
	if want != "" {
		return span.Text{}, false
	}
	return span.Concat(parts...), true
}
