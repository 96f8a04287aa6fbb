// Package yamltext is YAML as PyYAML programs read it (cloud-init, Ansible): the library's tree of nodes, with the place of
// every character of a scalar. Scripts stand in block scalars and must keep their lines and columns; hence this, rather than
// package yaml12, which is TLJH's dialect and yields values.
package yamltext

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Error says where a text is no YAML, and why.
type Error struct {
	At  span.Span
	Msg string
}

// Bounds of one document.
const (
	maxText  = 1 << 20
	maxNodes = 50000
	maxDepth = 50
)

// Doc is a YAML document. Root is nil for an empty one.
type Doc struct {
	Text  span.Text
	Root  *yaml.Node
	lines []int // byte offset at which each line starts
}

var lineOf = lazyregexp.New(`line (\d+): (.*)`)

// Parse reads the first document of text; what is how messages call it ("the cloud-config"). It is never nil: a text that
// cannot be read has no Root, and an Error.
func Parse(text span.Text, what string) (*Doc, *Error) {
	d := &Doc{Text: text, lines: []int{0}}
	if text.Len() > maxText {
		return d, &Error{text.PosOf(0), fmt.Sprintf("%s is larger than %d KiB", what, maxText>>10)}
	}
	for k, c := range []byte(text.String()) {
		if c == '\n' {
			d.lines = append(d.lines, k+1)
		}
	}
	n, err := decode(text.String())
	if err != nil {
		at, msg := text.PosOf(0), strings.TrimPrefix(err.Error(), "yaml: ")
		if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
			line, _ := strconv.Atoi(m[1])
			if line >= 1 && line <= len(d.lines) {
				at = text.PosOf(d.lines[line-1])
			}
			msg = m[2]
		}
		return d, &Error{at, "not valid YAML: " + span.Show(msg)}
	}
	if n == nil || len(n.Content) == 0 {
		return d, nil
	}
	if count(n, 0, map[*yaml.Node]bool{}, new(int)) > maxNodes {
		return d, &Error{text.PosOf(0), what + " is too large or too deeply nested"}
	}
	d.Root = Resolve(n.Content[0])
	return d, nil
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

// Resolve follows aliases.
func Resolve(n *yaml.Node) *yaml.Node {
	for hop := 0; n != nil && n.Kind == yaml.AliasNode && hop < 10; hop++ {
		n = n.Alias
	}
	return n
}
