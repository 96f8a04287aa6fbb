package settings

import (
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Bounds of a settings file. Aliases are followed, so what is counted is visits, not nodes.
const (
	MaxBytes  = 1 << 20
	maxVisits = 50_000
	maxDepth  = 32
	maxErrors = 50
)

// decoder walks the YAML tree and collects mistakes; it never stops at the first one.
type decoder struct {
	src    *span.Source
	errs   Problems
	visits int
	full   bool
}

func (d *decoder) fail(at span.Span, format string, args ...any) {
	if d.full {
		return
	}
	if len(d.errs) >= maxErrors {
		d.full = true
		format, args = "there are more mistakes than are shown here", nil
	}
	d.errs = append(d.errs, Problem{at, fmt.Sprintf(format, args...)})
}

// resolve follows aliases. It returns nil once the file's bounds are exceeded, and has said so.
func (d *decoder) resolve(n *yaml.Node) *yaml.Node {
	for hops := 0; n != nil && n.Kind == yaml.AliasNode; hops++ {
		if hops > maxDepth {
			return nil
		}
		n = n.Alias
	}
	if d.visits++; d.visits > maxVisits {
		if d.visits == maxVisits+1 {
			d.fail(d.at(n), "this file is too large once its aliases are expanded (more than %d values); write it out plainly", maxVisits)
		}
		return nil
	}
	return n
}

// entries calls field for every key of a mapping, after checking that the keys are known, plain and not repeated.
// what names the mapping in messages. known nil allows any key.
func (d *decoder) entries(n *yaml.Node, what string, known []string, field func(key string, at span.Span, value *yaml.Node)) {
	if n = d.resolve(n); n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.fail(d.at(n), "%s must be a mapping (lines of \"key: value\"), not %s", what, kindName(n))
		return
	}
	seen := map[string]span.Span{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, at := n.Content[i], d.at(n.Content[i])
		if k.Kind != yaml.ScalarNode || k.Tag == "!!merge" {
			d.fail(at, "%s: keys must be plain words", what)
			continue
		}
		if first, dup := seen[k.Value]; dup {
			d.fail(at, "%q is written twice (first on line %d); keep one", k.Value, first.Start.Line)
			continue
		}
		seen[k.Value] = at
		if known != nil && !contains(known, k.Value) {
			d.fail(at, "unknown key %q in %s%s", k.Value, what, DidYouMean(k.Value, known))
			continue
		}
		field(k.Value, at, n.Content[i+1])
	}
}

// items calls item for every element of a sequence.
func (d *decoder) items(n *yaml.Node, what string, item func(n *yaml.Node)) {
	if n = d.resolve(n); n == nil {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.fail(d.at(n), "%s must be a list (lines beginning with \"- \"), not %s", what, kindName(n))
		return
	}
	for _, it := range n.Content {
		item(it)
	}
}

// text is a string that is not empty; numbers and dates are taken as they are written.
func (d *decoder) text(n *yaml.Node, what string) string {
	if n = d.resolve(n); n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Tag == "!!bool" || n.Tag == "!!binary" {
		d.fail(d.at(n), "%s must be text, not %s", what, kindName(n))
		return ""
	}
	if strings.TrimSpace(n.Value) == "" {
		d.fail(d.at(n), "%s must not be empty", what)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func (d *decoder) boolean(n *yaml.Node, what string) bool {
	if n = d.resolve(n); n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		d.fail(d.at(n), "%s must be true or false, not %s", what, kindName(n))
		return false
	}
	return strings.EqualFold(n.Value, "true")
}

func (d *decoder) integer(n *yaml.Node, what string) *Number {
	if n = d.resolve(n); n == nil {
		return nil
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || v < 0 {
		d.fail(d.at(n), "%s must be a whole number of 0 or more, not %s", what, kindName(n))
		return nil
	}
	return &Number{v, d.at(n)}
}

// oneOf is text that must be one of some words.
func (d *decoder) oneOf(n *yaml.Node, what string, words ...string) string {
	v := d.text(n, what)
	if v != "" && !contains(words, v) {
		d.fail(d.at(n), "%s is %q, but must be one of %s%s", what, v, strings.Join(words, ", "), suggestion(v, words))
		return ""
	}
	return v
}

func suggestion(word string, words []string) string {
	if s := Suggest(word, words); s != "" {
		return `; did you mean "` + s + `"?`
	}
	return ""
}

func contains(words []string, w string) bool {
	for _, x := range words {
		if x == w {
			return true
		}
	}
	return false
}
