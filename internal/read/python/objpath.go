package python

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// pathAttr is an attribute of a path (pathlib); nil if it is none that is known here.
func (e *evaluator) pathAttr(p *Value, name string, x syntax.Node) *Value {
	s, known := textOf(p.Text).Str()
	switch {
	case name == "parent" && known:
		return e.pathOf(span.Literal(path.Dir(s), p.Text), x)
	case name == "name" && known:
		return textOf(span.Literal(path.Base(s), p.Text))
	}
	return nil
}

func (e *evaluator) pathOf(t span.Text, x syntax.Node) *Value {
	return e.openFile(textOf(t), &Value{Kind: None}, x)
}

// pathMethod is a method of a path or of an open file; nil if it is none that is known here.
func (e *evaluator) pathMethod(p *Value, name string, a *arguments, x *syntax.Call) *Value {
	switch name {
	case "resolve", "absolute", "expanduser", "__enter__":
		return p
	case "joinpath":
		return e.below(p, a.list, x)
	case "as_posix", "__str__":
		return textOf(p.Text)
	case "open":
		return e.openFile(textOf(p.Text), firstValue(a.get(0, "mode"), &Value{Kind: None}), x)
	case "read", "read_text", "readlines":
		t := e.contents(p, x)
		if s, ok := t.Str(); ok && name == "readlines" {
			return e.split(t, s, "splitlines", "")
		}
		return t
	case "close", "__exit__":
		return &Value{Kind: None, At: e.at(x)}
	}
	return nil
}

// contents is the text of a file that the program reads.
func (e *evaluator) contents(p *Value, x syntax.Node) *Value {
	s, known := textOf(p.Text).Str()
	if known && e.opts.Outside.Open != nil {
		if t, ok := e.opts.Outside.Open(s); ok {
			return &Value{Kind: Text, Text: t, At: e.at(x)}
		}
		return e.unknownText("the file "+s+" is not in the repository", e.slice(x))
	}
	return e.unknownText(firstOf(textOf(p.Text).Reason(), "it is read from a file"), e.slice(x))
}

// below is a path below p; nil if p or what follows it is no path.
func (e *evaluator) below(p *Value, rest []*Value, x syntax.Node) *Value {
	isPath := func(v *Value) bool { return v.Kind == Unknown && v.Name == OpenFile }
	if !isPath(p) && (len(rest) != 1 || !isPath(rest[0])) {
		return nil
	}
	parts := []span.Text{e.asText(p, x).Text}
	for _, r := range rest {
		t := e.asText(r, x).Text
		if strings.HasPrefix(t.String(), "/") {
			parts = nil
		} else {
			parts = append(parts, span.Literal("/", e.slice(x)))
		}
		parts = append(parts, t)
	}
	return e.pathOf(span.Concat(parts...), x)
}
