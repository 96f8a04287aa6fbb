package cloudinit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
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

var lineOf = lazyregexp.New(`line (\d+): (.*)`)

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
