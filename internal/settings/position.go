package settings

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// at is the place of a node: exact for scalars on one line, else its first line.
func (d *decoder) at(n *yaml.Node) span.Span {
	s := span.Span{File: d.src.File, Start: span.Pos{Line: 1, Column: 1}}
	if n != nil && n.Line > 0 {
		s.Start = span.Pos{Line: n.Line, Column: n.Column}
	}
	line := d.src.Line(s.Start.Line)
	s.End = span.Pos{Line: s.Start.Line, Column: utf8.RuneCountInString(line) + 1}
	if n != nil && n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		rest := d.src.Text[d.src.Offset(s.Start):]
		width := len(n.Value)
		if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
			width += 2
		}
		if width <= len(rest) && strings.Contains(rest[:width], n.Value) && !strings.Contains(rest[:width], "\n") {
			s.End.Column = s.Start.Column + utf8.RuneCountInString(rest[:width])
		}
	}
	if s.End.Column < s.Start.Column {
		s.End.Column = s.Start.Column
	}
	return s
}

func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	}
	v := n.Value
	if r := []rune(v); len(r) > 40 {
		v = string(r[:40]) + "…"
	}
	return strconv.Quote(v)
}

var yamlLine = lazyregexp.New(`^yaml: (?:line (\d+): )?`)

// syntax turns an error of the YAML parser into a Problem with the line that it names.
func syntax(src *span.Source, err error) Problem {
	msg, line := err.Error(), 1
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		msg = msg[len(m[0]):]
		if n, e := strconv.Atoi(m[1]); e == nil && n > 0 {
			line = n
		}
	}
	at := span.Span{File: src.File, Start: span.Pos{Line: line, Column: 1}}
	text := src.Line(line)
	at.Start.Column += utf8.RuneCountInString(text) - utf8.RuneCountInString(strings.TrimLeft(text, " \t"))
	at.End = span.Pos{Line: line, Column: max(at.Start.Column, utf8.RuneCountInString(text)+1)}
	return Problem{at, "this is not valid YAML: " + msg}
}

func (ps Problems) sorted() Problems {
	sort.SliceStable(ps, func(i, j int) bool {
		a, b := ps[i].At.Start, ps[j].At.Start
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	return ps
}
