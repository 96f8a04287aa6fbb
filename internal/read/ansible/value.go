package ansible

import (
	"math"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

type kind uint8

const (
	undefined kind = iota // no such variable; why says which
	unknown               // why says what is missing
	null
	boolean
	number
	str
	list
	dict
)

// value is what a variable or an expression holds. The zero value is undefined.
type value struct {
	kind  kind
	why   string
	text  span.Text // a str: its text; anything else: where it is written
	b     bool
	n     float64
	whole bool // of a number: an integer
	items []value
	keys  []string
	child map[string]value
	raw   bool    // a str that is a template still to be rendered
	item  bool    // comes from an item of a loop: its own place is the evidence
	sure  bool    // of undefined: a known dict or list lacks it, so that it is certain
	rest  string  // of a dict: why keys that it lacks are not known either
	from  *origin // of unknown: the result of a task in a cloud that it is taken from
	omit  bool    // Ansible's "omit": as if the argument were not given
}

func unknownValue(why string, at span.Text) value { return value{kind: unknown, why: why, text: at} }

func strValue(s string, at span.Text) value { return value{kind: str, text: span.Literal(s, at)} }

func boolValue(b bool, at span.Text) value { return value{kind: boolean, b: b, text: at} }

func numValue(n float64, at span.Text) value {
	return value{kind: number, n: n, whole: n == math.Trunc(n) && math.Abs(n) < 1<<53, text: at}
}

func listValue(items []value, at span.Text) value { return value{kind: list, items: items, text: at} }

func dictValue(at span.Text) value { return value{kind: dict, child: map[string]value{}, text: at} }

func (v *value) put(k string, c value) {
	if _, ok := v.child[k]; !ok {
		v.keys = append(v.keys, k)
	}
	v.child[k] = c
}

// fromNode is a YAML value as PyYAML reads it; templates in it are rendered when they are used.
func fromNode(d *yamltext.Doc, n *yaml.Node) value { return fromNodeAt(d, n, 0) }

func fromNodeAt(d *yamltext.Doc, n *yaml.Node, depth int) value {
	n = yamltext.Resolve(n)
	if n == nil || depth > 40 {
		return value{kind: null}
	}
	at := d.Scalar(n)
	switch n.Kind {
	case yaml.SequenceNode:
		v := listValue(nil, at)
		for _, c := range n.Content {
			v.items = append(v.items, fromNodeAt(d, c, depth+1))
		}
		return v
	case yaml.MappingNode:
		return fromMapping(d, n, at, depth)
	case yaml.ScalarNode:
		return fromScalar(n, at)
	}
	return value{kind: null, text: at}
}

func fromMapping(d *yamltext.Doc, n *yaml.Node, at span.Text, depth int) value {
	v := dictValue(at)
	for k := 0; k+1 < len(n.Content); k += 2 {
		key := yamltext.Resolve(n.Content[k])
		if key.Kind != yaml.ScalarNode {
			return unknownValue("braces without quotes are no template in YAML", at)
		}
		c := fromNodeAt(d, n.Content[k+1], depth+1)
		if key.Value == "<<" && key.Tag == "!!merge" {
			for _, from := range append([]value{c}, c.items...) {
				for _, name := range from.keys {
					if _, ok := v.child[name]; !ok {
						v.put(name, from.child[name])
					}
				}
			}
			continue
		}
		v.put(key.Value, c)
	}
	return v
}

func fromScalar(n *yaml.Node, at span.Text) value {
	switch {
	case n.Tag == "!vault" || strings.HasPrefix(n.Value, "$ANSIBLE_VAULT"):
		return unknownValue("it is encrypted with Ansible Vault", at)
	case n.Tag == "!unsafe":
		return value{kind: str, text: at}
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0:
		if v, ok := plain(n.Value, at); ok {
			return v
		}
	}
	return value{kind: str, text: at, raw: templated(n.Value)}
}

func templated(s string) bool { return strings.Contains(s, "{{") || strings.Contains(s, "{%") }

// plain is an unquoted scalar by YAML 1.1; false: it is a string.
func plain(s string, at span.Text) (value, bool) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return value{kind: null, text: at}, true
	}
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return boolValue(true, at), true
	case "false", "no", "off":
		return boolValue(false, at), true
	}
	if !strings.ContainsAny(s[:1], "-+.0123456789") {
		return value{}, false
	}
	digits := strings.TrimLeft(strings.ReplaceAll(s, "_", ""), "+-")
	if len(digits) > 1 && digits[0] == '0' && strings.Trim(digits, "01234567") == "" {
		if n, err := strconv.ParseInt(digits, 8, 64); err == nil {
			return numValue(float64(n), at), true
		}
	}
	if n, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 0, 64); err == nil {
		return numValue(float64(n), at), true
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && strings.Contains(s, ".") && strings.Trim(s, "+-.0123456789eE") == "" {
		v := numValue(n, at)
		v.whole = false
		return v, true
	}
	return value{}, false
}

// truth is Python's idea of a value: is it true, and is that known.
func (v value) truth() (yes, known bool) {
	switch v.kind {
	case undefined, unknown:
		return false, false
	case null:
		return false, true
	case boolean:
		return v.b, true
	case number:
		return v.n != 0, true
	case str:
		s := v.text.String()
		return s != "", s == "" || !span.IsUnknown(s) || span.Show(s) != "…"
	case list:
		return len(v.items) > 0, true
	}
	return len(v.keys) > 0, true
}

// open says whether v or anything in it is not known, and why.
func (v value) open() (why string, is bool) {
	switch v.kind {
	case undefined, unknown:
		return v.why, true
	case str:
		s := v.text.String()
		if v.raw {
			return "a template that is not rendered", true
		}
		return span.Reason(s), span.IsUnknown(s)
	case list:
		for _, it := range v.items {
			if why, is := it.open(); is {
				return why, true
			}
		}
	case dict:
		if v.rest != "" {
			return v.rest, true
		}
		for _, k := range v.keys {
			if why, is := v.child[k].open(); is {
				return why, true
			}
		}
	}
	return "", false
}
