package fix

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// inYAML makes the change in a config.yaml: a file of the checkout, or text in one that becomes it.
func (w *writer) inYAML(o *tljh.Op, root *doc.Node) {
	if root == nil {
		return
	}
	n, depth := root, 0
	for depth < len(w.change.key) && n.Kind == doc.Map && n.Child[w.change.key[depth]] != nil {
		n = n.Child[w.change.key[depth]]
		depth++
	}
	rest := w.change.key[depth:]
	src, i, j, ok := w.place(n.At)
	switch {
	case !ok || n.State == doc.Unknown:
		w.refuse("%s: what is there is not written as it stands", o.At)
	case len(rest) == 0 && w.change.op == "set":
		w.replaceNode(src, i, j, n)
	case len(rest) == 0:
		w.addToList(src, i, j, n)
	case n.Kind == doc.Map && strings.HasPrefix(src.Text[i:j], "{"):
		w.addToFlow(src, j, n, rest)
	case n.Kind == doc.Map && len(n.Keys) > 0:
		w.addToBlock(src, j, n, rest, depth == 0)
	case n.Kind == doc.Null && depth > 0 && strings.HasSuffix(src.Text[i:j], ":"):
		last := lineEnd(src.Text, j)
		indent := src.Text[lineStart(src.Text, i):i]
		if strings.TrimSpace(indent) == "" {
			w.insertLines(src, last, w.block(root, indent+unit(root), unit(root), rest))
		}
	default:
		w.refuse("%s: %s stands in the way", n.At, strings.Join(w.change.key[:depth], "."))
	}
}

// replaceNode writes the value over a scalar or a flow collection, in the quotes that are there.
func (w *writer) replaceNode(src *span.Source, i, j int, n *doc.Node) {
	old := src.Text[i:j]
	if n.Kind == doc.Null && strings.HasSuffix(old, ":") { // nothing is written
		if text, ok := yamlValue(w.change.value); ok {
			w.splice(src.File, j, j, " "+text)
		}
		return
	}
	if strings.Contains(old, "\n") || old == "" {
		w.refuse("%s: the value takes several lines", n.At)
		return
	}
	if raw := strings.Trim(old, `"'`); reference.MatchString(raw) && n.Kind == doc.String && raw != n.Value.(string) {
		text, _ := scalar(w.change.value)
		if !w.variable(raw, n.Value.(string), text) {
			w.refuse("%s: the value is that of %s, which is not written once for this alone", n.At, raw)
		}
		return
	}
	if list, ok := w.change.value.([]any); ok && len(list) == 1 && n.Kind == doc.String && sameText(list[0], n.Value.(string)) {
		w.splice(src.File, i, j, "["+old+"]")
		return
	}
	if text, isText := w.change.value.(string); isText && (old[0] == '"' || old[0] == '\'') {
		if quoted, ok := quotedAs(text, old[0]); ok {
			w.splice(src.File, i, j, quoted)
		}
	}
	if text, ok := yamlValue(w.change.value); ok {
		w.splice(src.File, i, j, text)
	}
}

// addToList adds an item, in the manner of the list.
func (w *writer) addToList(src *span.Source, i, j int, n *doc.Node) {
	item, ok := yamlScalar(w.change.value)
	text := src.Text
	switch {
	case !ok:
	case n.Kind == doc.Null && strings.HasSuffix(text[i:j], ":"):
		w.splice(src.File, j, j, " ["+item+"]")
	case n.Kind != doc.List:
		w.refuse("%s: it is no list", n.At)
	case text[i] == '[':
		end := i + len(strings.TrimRight(strings.TrimSuffix(text[i:j], "]"), " \t\r\n"))
		switch {
		case len(n.Items) == 0:
		case text[end-1] == ',':
			item = " " + item
		default:
			item = ", " + item
		}
		w.splice(src.File, end, end, item)
	default:
		_, a, b, ok := w.place(n.Items[len(n.Items)-1].At)
		lead := ""
		if ok {
			lead = text[lineStart(text, a):a]
		}
		if !dash.MatchString(lead) {
			w.refuse("%s: nothing can be added to this list line by line", n.At)
			return
		}
		w.insertLines(src, lineEnd(text, b), []string{lead + item})
	}
}

var dash = lazyregexp.New(`^\s*-\s+$`)

// addToFlow adds a key to {…}.
func (w *writer) addToFlow(src *span.Source, j int, n *doc.Node, rest []string) {
	text := src.Text
	var b strings.Builder
	asJSON := strings.Contains(text[lineStart(text, j):j], `":`)
	for k, key := range rest {
		if k > 0 {
			b.WriteString("{")
		}
		if asJSON {
			b.WriteString(jsonText(key) + ": ")
		} else {
			b.WriteString(key + ": ")
		}
	}
	value := w.change.value
	if w.change.op == "add-item" {
		value = []any{value}
	}
	if asJSON {
		b.WriteString(jsonText(value))
	} else if s, ok := yamlValue(value); ok {
		b.WriteString(s)
	} else {
		return
	}
	b.WriteString(strings.Repeat("}", len(rest)-1))
	end := len(strings.TrimRight(text[:j-1], " \t\r\n"))
	switch made := b.String(); {
	case len(n.Keys) == 0:
		if lineStart(text, j) == j-len("{}") && lineEnd(text, j) == j && n.At.Start.Column == 1 && !asJSON { // the whole file is {}
			w.splice(src.File, j-len("{}"), j, strings.Join(w.block(n, "", "  ", rest), "\n"))
		}
		w.splice(src.File, end, end, made)
	case text[end-1] == ',':
		w.splice(src.File, end, end, " "+made)
	default:
		w.splice(src.File, end, end, ", "+made)
	}
}

// addToBlock adds lines after the last one of a block mapping, indented as its keys are.
func (w *writer) addToBlock(src *span.Source, j int, n *doc.Node, rest []string, top bool) {
	text := src.Text
	_, a, _, ok := w.place(n.Child[n.Keys[0]].KeyAt)
	indent := ""
	if ok {
		indent = text[lineStart(text, a):a]
	}
	if !ok || strings.TrimSpace(indent) != "" {
		w.refuse("%s: nothing can be added to this mapping line by line", n.At)
		return
	}
	if j > 0 && text[j-1] == '\n' {
		j--
	}
	lines := w.block(n, indent, unit(n), rest)
	if top && len(n.Keys) > 1 && w.spaced(n) {
		lines = append([]string{""}, lines...)
	}
	w.insertLines(src, lineEnd(text, j), lines)
}

// spaced says whether a blank line stands before every key but the first, comments aside.
func (w *writer) spaced(n *doc.Node) bool {
	for _, key := range n.Keys[1:] {
		src, a, _, ok := w.place(n.Child[key].KeyAt)
		if !ok {
			return false
		}
		at := lineStart(src.Text, a)
		for at > 0 && strings.HasPrefix(strings.TrimSpace(src.Text[lineStart(src.Text, at-1):at]), "#") {
			at = lineStart(src.Text, at-1)
		}
		if at > 0 && strings.TrimSpace(src.Text[lineStart(src.Text, at-1):at]) != "" {
			return false
		}
	}
	return true
}

// unit is how far n, or something in it, indents the keys of a mapping in a mapping.
func unit(n *doc.Node) string {
	for _, key := range n.Keys {
		c := n.Child[key]
		if c.Kind == doc.Map && len(c.Keys) > 0 {
			in := c.Child[c.Keys[0]].KeyAt
			if d := in.Start.Column - c.KeyAt.Start.Column; d > 0 && d <= 8 && in.Start.Line > c.KeyAt.Start.Line {
				return strings.Repeat(" ", d)
			}
		}
	}
	return "  "
}

// block is a setting as lines of a block mapping, in the manner of n.
func (w *writer) block(n *doc.Node, indent, unit string, keys []string) []string {
	var lines []string
	for _, key := range keys[:len(keys)-1] {
		lines = append(lines, indent+key+":")
		indent += unit
	}
	last := indent + keys[len(keys)-1] + ":"
	if w.change.op == "add-item" {
		if w.outdented(n) {
			unit = ""
		}
		item, _ := yamlScalar(w.change.value)
		return append(lines, last, indent+unit+"- "+item)
	}
	text, _ := yamlValue(w.change.value)
	return append(lines, last+" "+text)
}

// outdented says whether a list in n has its dashes below the first letter of its key.
func (w *writer) outdented(n *doc.Node) bool {
	for _, key := range n.Keys {
		c := n.Child[key]
		if items := c.List(); len(items) > 0 {
			src, a, _, ok := w.place(items[0].At)
			if ok && dash.MatchString(src.Text[lineStart(src.Text, a):a]) {
				return strings.IndexByte(src.Line(items[0].At.Start.Line), '-')+1 == c.KeyAt.Start.Column
			}
		}
	}
	return false
}

// insertLines adds lines after the line that ends at byte end.
func (w *writer) insertLines(src *span.Source, end int, lines []string) {
	br := "\n"
	if strings.HasPrefix(src.Text[end:], "\r\n") || end == len(src.Text) && strings.Contains(src.Text, "\r\n") {
		br = "\r\n"
	}
	w.splice(src.File, end, end, br+strings.Join(lines, br))
}
