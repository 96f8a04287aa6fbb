package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// get is the effective value of a trait for a class: the most specific section that sets it wins; nil when none does.
// A section that may hold more than it shows makes it unknown, unless a more specific one sets it.
func (s *state) get(name string, sections ...string) *doc.Node {
	for _, sec := range sections {
		c := s.traits.Child[sec]
		if c == nil {
			if isOpen(s.traits) {
				return doc.UnknownOf(s.traits.Why, span.Span{})
			}
			if why := s.mayBeSet(sec); why != "" {
				return doc.UnknownOf(why, span.Span{})
			}
			continue
		}
		if t := c.Child[name]; t != nil {
			return t
		}
		if isOpen(c) {
			return doc.UnknownOf(c.Why, c.At)
		}
	}
	return nil
}

// of is the effective value of a trait of the authenticator in force.
func (s *state) of(name string) *doc.Node {
	return s.get(name, append([]string{s.class.name}, s.class.bases...)...)
}

// typeError says why traitlets refuses n for a trait of type t; "" if it takes it, unknown if that depends.
// Traitlets turn text into a list or set of one, and take 1 and 0 for true and false, and true for a whole number
// (reference/tljh.md §7; TRT: traitlets/traitlets.py Bool.validate).
func typeError(n *doc.Node, t trait) (why string, unknown bool) {
	if t.kind == "any" || n == nil {
		return "", false
	}
	kinds := strings.Split(t.kind, "|")
	if isUnknown(n) {
		for _, k := range kinds {
			base, _, _ := strings.Cut(k, "-")
			if k == "code" || n.Kind == doc.String && (base == "str" || base == "set" || base == "list") {
				return "", false
			}
		}
		return "", true
	}
	if n.Kind == doc.Null {
		if t.none {
			return "", false
		}
		return "cannot be empty", false
	}
	for i, k := range kinds {
		w, u := kindError(n, k, true)
		if w == "" {
			return "", u
		}
		if i == 0 {
			why = w
		}
	}
	return why, false
}

// wanted says what a value of each kind is, for people.
var wanted = map[string]string{
	"bool": "true or false", "str": "text", "int": "a whole number", "float": "a number", "code": "a function",
	"dict": "a mapping", "set": "a list", "list": "a list", "level": "one of DEBUG, INFO, WARN, ERROR and CRITICAL",
	"bytes": "a number of bytes, or a number followed by K, M, G or T",
}

// kindError is typeError for one kind. Only a whole trait, not what it holds, makes a list of text.
func kindError(n *doc.Node, kind string, whole bool) (why string, unknown bool) {
	base, of, _ := strings.Cut(kind, "-")
	bad := func() (string, bool) {
		got := typeName(n)
		if base != "str" { // the value may be a secret
			got += quoted(n)
		}
		return "must be " + wanted[base] + ", not " + got, false
	}
	ok := true
	switch base {
	case "bool":
		i, isInt := n.Value.(int64)
		ok = n.Kind == doc.Bool || isInt && (i == 0 || i == 1)
	case "str":
		ok = n.Kind == doc.String
	case "int":
		_, isInt := n.Value.(int64)
		ok = isInt || n.Kind == doc.Bool
	case "float":
		_, ok = number(n)
	case "code":
		ok = false
	case "level":
		switch v := n.Value.(type) {
		case string:
			ok = contains([]string{"DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"}, v)
		case int64:
			ok = v >= 0 && v <= 50 && v%10 == 0
		default:
			ok = false
		}
	case "bytes":
		_, w := byteSize(n)
		ok = w == ""
	case "dict":
		if !isDict(n) {
			return bad()
		}
		if of != "" {
			values := make([]*doc.Node, 0, len(n.Keys))
			for _, k := range n.Keys {
				values = append(values, n.Child[k])
			}
			return itemError(values, base, of)
		}
	case "set", "list":
		if whole && n.Kind == doc.String {
			return itemError([]*doc.Node{n}, base, of)
		}
		if n.Kind != doc.List {
			return bad()
		}
		return itemError(n.Items, base, of)
	}
	if !ok {
		return bad()
	}
	return "", false
}

// itemError is what is wrong with the values that a collection holds.
func itemError(items []*doc.Node, base, of string) (string, bool) {
	unknown := false
	for _, it := range items {
		switch {
		case isUnknown(it):
			unknown = unknown || (of != "" && !(of == "str" && it.Kind == doc.String))
		case base == "set" && (it.Kind == doc.List || isDict(it)):
			return "holds " + typeName(it), false
		case of != "":
			w, u := kindError(it, of, false)
			if w != "" {
				first, _, _ := strings.Cut(of, "-")
				return "must hold " + map[string]string{"str": "text only", "dict": "mappings only"}[first] + map[bool]string{true: "lists only"}[first == "list" || first == "set"] + ", and holds " + typeName(it), false
			}
			unknown = unknown || u
		}
	}
	return "", unknown
}

// quoted shows a scalar of a message, when it cannot be a secret: a number or a truth value.
func quoted(n *doc.Node) string {
	switch n.Kind {
	case doc.Number, doc.Bool:
		b, _ := n.Value.(bool)
		if n.Kind == doc.Bool {
			if b {
				return " (true)"
			}
			return " (false)"
		}
	}
	return ""
}
