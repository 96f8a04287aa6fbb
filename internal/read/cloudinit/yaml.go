package cloudinit

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// cloud-init reads YAML 1.1 with PyYAML, and scripts in block scalars must keep the place of every character: hence the
// library's node tree here, rather than package yaml12, which is TLJH's dialect.

type parseError struct {
	at  span.Span
	msg string
}

const (
	maxText  = 1 << 20
	maxNodes = 50000
	maxDepth = 50
)

var lineOf = regexp.MustCompile(`line (\d+): (.*)`)

// parse yields the root node of text, nil for an empty document.
func parse(text span.Text) (root *yaml.Node, perr *parseError) {
	if text.Len() > maxText {
		return nil, &parseError{text.PosOf(0), fmt.Sprintf("the cloud-config is larger than %d KiB", maxText>>10)}
	}
	n, err := decode(text.String())
	if err != nil {
		at, msg := text.PosOf(0), strings.TrimPrefix(err.Error(), "yaml: ")
		if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
			s := &source{text: text}
			s.index()
			line, _ := strconv.Atoi(m[1])
			if line >= 1 && line <= len(s.lines) {
				at = text.PosOf(s.lines[line-1])
			}
			msg = m[2]
		}
		return nil, &parseError{at, "not valid YAML: " + span.Show(msg)}
	}
	if n == nil || len(n.Content) == 0 {
		return nil, nil
	}
	if count(n, 0, map[*yaml.Node]bool{}, new(int)) > maxNodes {
		return nil, &parseError{text.PosOf(0), "the cloud-config is too large or too deeply nested"}
	}
	return resolve(n.Content[0]), nil
}

func decode(s string) (n *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, err = nil, errors.New("yaml: it cannot be read")
		}
	}()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(s), &doc); err != nil {
		return nil, err
	}
	return &doc, nil
}

// count is the number of nodes once aliases are expanded; a bound that is hit counts as too many.
func count(n *yaml.Node, depth int, active map[*yaml.Node]bool, total *int) int {
	if *total++; *total > maxNodes || depth > maxDepth || active[n] {
		*total = maxNodes + 1
		return *total
	}
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		active[n] = true
		count(n.Alias, depth+1, active, total)
		delete(active, n)
	}
	for _, c := range n.Content {
		if count(c, depth+1, active, total) > maxNodes {
			break
		}
	}
	return *total
}

func resolve(n *yaml.Node) *yaml.Node {
	for hop := 0; n != nil && n.Kind == yaml.AliasNode && hop < 10; hop++ {
		n = n.Alias
	}
	return n
}

// get is the value of a key of a mapping; hyphens and underscores are the same.
func get(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var out *yaml.Node
	for k := 0; k+1 < len(n.Content); k += 2 {
		if strings.ReplaceAll(n.Content[k].Value, "-", "_") == key {
			out = resolve(n.Content[k+1])
		}
	}
	return out
}

// source maps nodes to places.
type source struct {
	text  span.Text
	lines []int
}

func (s *source) index() {
	s.lines = []int{0}
	for k, c := range []byte(s.text.String()) {
		if c == '\n' {
			s.lines = append(s.lines, k+1)
		}
	}
}

func (s *source) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(s.lines) {
		return 0
	}
	str := s.text.String()
	off := s.lines[n.Line-1]
	for c := 1; c < n.Column && off < len(str) && str[off] != '\n'; c++ {
		_, w := utf8.DecodeRuneInString(str[off:])
		off += w
	}
	return off
}

func (s *source) at(n *yaml.Node) span.Span { return s.text.PosOf(s.offset(n)) }

// scalar is the text of a scalar with its place: exact where its characters stand in the file as they are.
func (s *source) scalar(n *yaml.Node) span.Text {
	str := s.text.String()
	off := min(s.offset(n), len(str))
	if n.Kind != yaml.ScalarNode {
		return s.text.Slice(off, s.lineEnd(off))
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
		if t, ok := s.block(n, off); ok {
			return t
		}
	case off < len(str) && (str[off] == '"' || str[off] == '\''):
		if strings.HasPrefix(str[off+1:], n.Value) {
			return s.text.Slice(off+1, off+1+len(n.Value))
		}
		return span.Literal(n.Value, s.text.Slice(off, closing(str, off)))
	case strings.HasPrefix(str[off:], n.Value):
		return s.text.Slice(off, off+len(n.Value))
	}
	return span.Literal(n.Value, s.text.Slice(off, s.lineEnd(off)))
}

func (s *source) lineEnd(off int) int {
	if k := strings.IndexByte(s.text.String()[off:], '\n'); k >= 0 {
		return off + k
	}
	return s.text.Len()
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
func (s *source) block(n *yaml.Node, off int) (span.Text, bool) {
	str := s.text.String()
	pos := s.lineEnd(off) + 1
	var parts []span.Text
	want := n.Value
	indent := -1
	for pos <= len(str) && want != "" && len(parts) < 100000 {
		end := s.lineEnd(min(pos, len(str)))
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
		parts = append(parts, s.text.Slice(min(stop-len(content), len(str)), min(stop, len(str))))
		if want == "" {
			break
		}
		if want[0] != '\n' && !(n.Style&yaml.FoldedStyle != 0 && want[0] == ' ') {
			return span.Text{}, false
		}
		parts = append(parts, span.Literal(want[:1], s.text.Slice(min(stop, len(str)), min(end+1, len(str)))))
		want = want[1:]
		pos = end + 1
	}
	if want != "" {
		return span.Text{}, false
	}
	return span.Concat(parts...), true
}

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
