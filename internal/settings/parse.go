package settings

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Parse reads a settings file. The error, if any, is Problems: every mistake with its place. Whether rule ids and
// parameters exist is not known yet: see Check.
func Parse(src *span.Source) (*Settings, error) {
	s := Default()
	s.Source = src
	d := &decoder{src: src}
	if root := d.document(); root != nil {
		d.root(root, s)
	}
	return s, d.errs.sorted().Err()
}

// document parses the one YAML document of the file; nil after a mistake.
func (d *decoder) document() (root *yaml.Node) {
	start := span.Span{File: d.src.File, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 1, Column: 1}}
	if len(d.src.Text) > MaxBytes {
		d.fail(start, "this file is larger than %d bytes", MaxBytes)
		return nil
	}
	if !utf8.ValidString(d.src.Text) || strings.ContainsRune(d.src.Text, 0) {
		d.fail(start, "this is not a text file in UTF-8")
		return nil
	}
	defer func() { // the YAML parser is known to panic on some malformed input
		if r := recover(); r != nil {
			root = nil
			d.fail(start, "this is not valid YAML: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader([]byte(d.src.Text)))
	var n, second yaml.Node
	switch err := dec.Decode(&n); {
	case errors.Is(err, io.EOF):
		d.fail(start, `this file is empty; write "version: 1", or delete it`)
		return nil
	case err != nil:
		d.errs = append(d.errs, syntax(d.src, err))
		return nil
	}
	if err := dec.Decode(&second); err == nil {
		d.fail(d.at(&second), `a second YAML document begins here; a settings file is one document (remove the "---")`)
		return nil
	} else if !errors.Is(err, io.EOF) {
		d.errs = append(d.errs, syntax(d.src, err))
		return nil
	}
	return n.Content[0]
}

func (d *decoder) root(n *yaml.Node, s *Settings) {
	version := false
	known := []string{"version", "hubs", "rules", "waivers", "policies", "fail_on", "strict", "runbooks"}
	d.entries(n, "the settings", known, func(key string, at span.Span, v *yaml.Node) {
		switch key {
		case "version":
			version = true
			if num := d.integer(v, "version"); num != nil && num.Value != 1 {
				d.fail(num.At, "version is %d, but this program knows version 1 only", num.Value)
			}
		case "hubs":
			d.items(v, "hubs", func(n *yaml.Node) { d.hub(n, s) })
		case "rules":
			d.entries(v, "rules", nil, func(id string, at span.Span, v *yaml.Node) { d.rule(id, at, v, s) })
		case "waivers":
			d.items(v, "waivers", func(n *yaml.Node) { d.waiver(n, s) })
		case "policies":
			d.items(v, "policies", func(n *yaml.Node) {
				if p := d.path(n, "a directory of policies"); p != "" {
					s.Policies = append(s.Policies, Path{p, d.at(n)})
				}
			})
		case "fail_on":
			if l := d.oneOf(v, "fail_on", "error", "warning", "info", "never"); l != "" {
				s.FailOn = Level(l)
			}
		case "strict":
			s.Strict = d.boolean(v, "strict")
		case "runbooks":
			s.Runbooks = d.boolean(v, "runbooks")
		}
	})
	if !version && n.Kind == yaml.MappingNode {
		d.fail(d.at(n), `"version: 1" is missing`)
	}
}
