package tljh

import (
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
// Traitlets turn text into a list or set of one, and take true for a whole number (reference/tljh.md §7).
func typeError(n *doc.Node, t trait) (why string, unknown bool) {
	if t.kind == "any" || n == nil {
		return "", false
	}
	if isUnknown(n) {
		return "", !(n.Kind == doc.String && (t.kind == "str" || t.kind == "set" || t.kind == "list" || t.kind == "set-str" || t.kind == "list-str"))
	}
	if n.Kind == doc.Null {
		if t.none {
			return "", false
		}
		return "cannot be empty", false
	}
	bad := func(want string) (string, bool) {
		return "must be " + want + ", not " + typeName(n) + quoted(n), false
	}
	switch t.kind {
	case "bool":
		if n.Kind != doc.Bool {
			return bad("true or false")
		}
	case "str":
		if n.Kind != doc.String {
			return "must be text, not " + typeName(n), false // the value may be a secret
		}
	case "int":
		_, isInt := n.Value.(int64)
		if !isInt && n.Kind != doc.Bool {
			return bad("a whole number")
		}
	case "float":
		if _, ok := number(n); !ok {
			return bad("a number")
		}
	case "dict":
		if !isDict(n) {
			return bad("a mapping")
		}
	case "set", "list", "set-str", "list-str":
		if n.Kind == doc.String {
			return "", false
		}
		if n.Kind != doc.List {
			return bad("a list")
		}
		return itemError(n, t.kind)
	}
	return "", false
}

func itemError(n *doc.Node, kind string) (string, bool) {
	unknown := false
	for _, it := range n.Items {
		switch {
		case isUnknown(it):
			unknown = unknown || (it.Kind != doc.String && len(kind) > 4)
		case (kind == "set" || kind == "set-str") && (it.Kind == doc.List || isDict(it)):
			return "holds " + typeName(it), false
		case len(kind) > 4 && it.Kind != doc.String:
			return "must hold text only, and holds " + typeName(it), false
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
