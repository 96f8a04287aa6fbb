package yaml12

import (
	"encoding/base64"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// objectValue is a Python object of a type that JSON lacks and that nothing here looks into.
type objectValue string

func object(class string, at span.Span) *doc.Node {
	m := doc.NewMap(doc.Set, at)
	m.Put("$object", doc.Of(class, doc.Set, at))
	return m
}

// standard is the name of one of YAML's own tags.
func standard(tag string) (string, bool) {
	if name, ok := strings.CutPrefix(tag, "!!"); ok {
		return name, true
	}
	return strings.CutPrefix(tag, "tag:yaml.org,2002:")
}

func tagOf(n *yaml.Node) string {
	if n.Style&yaml.TaggedStyle == 0 {
		return ""
	}
	name, _ := standard(n.Tag)
	return name
}

// taggedMap is what a tag makes of a mapping; tags that mean nothing to ruamel are dropped (ruamel.yaml: constructor.py).
func (b *builder) taggedMap(n *yaml.Node, m *doc.Node) *doc.Node {
	switch tag := tagOf(n); tag {
	case "set":
		return object("CommentedSet", m.At)
	case "str", "int", "float", "bool", "null", "binary", "timestamp", "seq", "omap", "pairs":
		b.fail(m.At, "a mapping stands here, and its tag !!%s wants something else; TLJH refuses the whole file", tag)
	}
	return m
}

// taggedList is what a tag makes of a list: of !!omap a mapping, of !!pairs a list of pairs.
func (b *builder) taggedList(n *yaml.Node, list *doc.Node) *doc.Node {
	tag := tagOf(n)
	switch tag {
	case "omap", "pairs":
	case "str", "int", "float", "bool", "null", "binary", "timestamp", "map", "set":
		b.fail(list.At, "a list stands here, and its tag !!%s wants something else; TLJH refuses the whole file", tag)
		return list
	default:
		return list
	}
	m, pairs := doc.NewMap(doc.Set, list.At), doc.NewList(doc.Set, list.At)
	for _, it := range list.Items {
		if it.Kind != doc.Map || len(it.Keys) != 1 || it.State == doc.Unknown {
			b.fail(it.At, "the tag !!%s wants a list of mappings of one key each; TLJH refuses the whole file", tag)
			return list
		}
		key, v := it.Keys[0], it.Child[it.Keys[0]]
		m.Put(key, v)
		pairs.Add(doc.NewList(doc.Set, it.At, doc.Of(key, doc.Set, v.KeyAt), v))
	}
	if tag == "omap" {
		return m
	}
	return pairs
}

// resolveTagged is what a scalar with an explicit tag means.
func resolveTagged(tag, s string, yaml11 bool) (any, string) {
	name, std := standard(tag)
	bad := "TLJH cannot read " + fmt.Sprintf("%q", s) + " as " + tag
	switch {
	case !std:
		return taggedValue(tag), ""
	case name == "str":
		return s, ""
	case name == "null":
		return nil, ""
	case name == "bool":
		if v, err := resolvePlain(strings.ToLower(s), true); err == "" {
			if v, ok := v.(bool); ok {
				return v, ""
			}
		}
		return nil, bad
	case name == "int":
		if int12.MatchString(s) {
			if v, ok := parseInt(s, yaml11); ok {
				return v, ""
			}
		}
		return nil, bad
	case name == "float":
		if v, ok := parseFloat(s); ok && strings.ContainsAny(s, ".eE") { // ruamel looks for the point, and fails without one
			return v, ""
		}
		return nil, bad
	case name == "timestamp":
		if date.MatchString(s) || instant.MatchString(s) {
			return resolveDate(s)
		}
		return nil, bad
	case name == "binary":
		if _, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), "")); err != nil {
			return nil, bad
		}
		return objectValue("bytes"), ""
	case name == "map", name == "seq", name == "set", name == "omap", name == "pairs":
		return nil, bad
	}
	return taggedValue(tag), ""
}
