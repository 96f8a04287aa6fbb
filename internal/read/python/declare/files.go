package declare

import (
	"path"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Known is what calls of Python's own library give that read configuration: json, yaml, textwrap and base64; nil for others.
func (p *Program) Known(c *python.Call) *python.Value {
	switch c.Name {
	case "json.load", "json.loads", "yaml.safe_load", "yaml.load":
		return p.parsed(c)
	case "textwrap.dedent", "inspect.cleandoc":
		return dedented(c)
	case "bytes", "base64.b64encode", "base64.standard_b64encode", ".decode":
		return p.encoded(c)
	}
	return nil
}

// encoded is a script that is encoded for a cloud, by itself: what reads it decodes what is encoded, and takes what is not
// as it is. Other texts are not known in another form.
func (p *Program) encoded(c *python.Call) *python.Value {
	v := c.On
	if v == nil && len(c.Args) > 0 {
		v = c.Args[0]
	}
	if v == nil || v.Kind != python.Text && v.Kind != python.Bytes || !strings.HasPrefix(strings.TrimSpace(v.Text.String()), "#") {
		return nil
	}
	out := *v
	out.Kind = python.Bytes
	if c.Name == ".decode" {
		out.Kind = python.Text
	}
	return &out
}

// parsed is what a file of JSON or YAML holds.
func (p *Program) parsed(c *python.Call) *python.Value {
	if len(c.Args) == 0 {
		return nil
	}
	v := c.Args[0]
	var t span.Text
	file := ""
	switch {
	case v.Kind == python.Unknown && v.Name == python.OpenFile:
		file = v.Text.String()
		read, ok := p.Open(file)
		if !ok || span.IsUnknown(file) {
			return nil
		}
		t = read
	case v.Kind == python.Text:
		t = v.Text
	default:
		return nil
	}
	if span.IsUnknown(t.String()) {
		return nil
	}
	var n *markup.Node
	var bad *markup.Error
	if strings.HasPrefix(c.Name, "json") {
		n, bad = markup.JSON(t)
	} else {
		n, bad = markup.YAML(t, "the file")
	}
	if bad != nil || n == nil {
		return python.UnknownOf("the file "+path.Base(file)+" cannot be read", c.At)
	}
	return Value(n)
}

// Value is JSON or YAML as Python has it.
func Value(n *markup.Node) *python.Value { return value(n, 0) }

func value(n *markup.Node, depth int) *python.Value {
	at := n.At.Span()
	if depth > maxDepth || n.Tag != "" {
		return python.UnknownOf("it is nested too deeply, or of a type of its own", at)
	}
	switch n.Kind {
	case markup.Map:
		v := &python.Value{Kind: python.Dict, At: at}
		for _, m := range n.Members {
			v.Keys = append(v.Keys, &python.Value{Kind: python.Text, Text: m.Key, At: m.Key.Span()})
			v.Items = append(v.Items, value(m.Value, depth+1))
		}
		return v
	case markup.List:
		v := &python.Value{Kind: python.List, At: at}
		for _, it := range n.Items {
			v.Items = append(v.Items, value(it, depth+1))
		}
		return v
	case markup.Null:
		return &python.Value{Kind: python.None, At: at}
	case markup.Bool:
		v := python.BoolOf(strings.EqualFold(n.Str(), "true"))
		v.At = at
		return v
	case markup.Number:
		if i, err := strconv.ParseInt(n.Str(), 10, 64); err == nil {
			return &python.Value{Kind: python.Int, Int: i, At: at}
		}
		if f, err := strconv.ParseFloat(n.Str(), 64); err == nil {
			return &python.Value{Kind: python.Float, Float: f, At: at}
		}
		return python.UnknownOf("the number cannot be read", at)
	}
	return &python.Value{Kind: python.Text, Text: n.Text, At: at}
}

// dedented is a text without the blanks that all its lines begin with; lines that hold only blanks do not count.
func dedented(c *python.Call) *python.Value {
	if len(c.Args) != 1 || c.Args[0].Kind != python.Text {
		return nil
	}
	t := c.Args[0].Text
	s := t.String()
	lines := strings.SplitAfter(s, "\n")
	margin, known := "", false
	for _, l := range lines {
		body := strings.TrimLeft(l, " \t")
		if strings.TrimSpace(body) == "" {
			continue
		}
		lead := l[:len(l)-len(body)]
		if !known {
			margin, known = lead, true
		}
		for !strings.HasPrefix(lead, margin) {
			margin = margin[:len(margin)-1]
		}
	}
	var parts []span.Text
	at := 0
	for _, l := range lines {
		cut := 0
		if strings.HasPrefix(l, margin) {
			cut = len(margin)
		}
		if strings.TrimSpace(l) == "" {
			cut = len(strings.TrimRight(l, "\n"))
		}
		parts = append(parts, t.Slice(at+cut, at+len(l)))
		at += len(l)
	}
	return &python.Value{Kind: python.Text, Text: span.Concat(parts...), At: c.Args[0].At}
}
