package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/doc"
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
	known := []string{"version", "hubs", "rules", "waivers", "policies", "fail_on", "strict"}
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
		}
	})
	if !version && n.Kind == yaml.MappingNode {
		d.fail(d.at(n), `"version: 1" is missing`)
	}
}

func (d *decoder) hub(n *yaml.Node, s *Settings) {
	h := Hub{At: d.at(n)}
	known := []string{"name", "dir", "sources", "expected_users"}
	seen := map[string]bool{}
	d.entries(n, "a hub", known, func(key string, at span.Span, v *yaml.Node) {
		seen[key] = true
		switch key {
		case "name":
			h.Name = d.text(v, "name")
			for _, other := range s.Hubs {
				if h.Name != "" && other.Name == h.Name {
					d.fail(d.at(v), "there are two hubs named %q", h.Name)
				}
			}
		case "dir":
			h.Dir = d.path(v, "dir")
		case "sources":
			d.items(v, "sources", func(n *yaml.Node) {
				if p := d.path(n, "a source"); p != "" {
					h.Sources = append(h.Sources, p)
				}
			})
		case "expected_users":
			d.entries(v, "expected_users", []string{"active", "total"}, func(key string, _ span.Span, v *yaml.Node) {
				num := d.integer(v, key)
				if key == "active" {
					h.ExpectedUsers.Active = num
				} else {
					h.ExpectedUsers.Total = num
				}
			})
		}
	})
	if n = d.resolve(n); n == nil || n.Kind != yaml.MappingNode {
		return
	}
	if !seen["name"] {
		d.fail(h.At, `this hub has no "name"`)
	}
	if seen["dir"] == seen["sources"] {
		d.fail(h.At, `a hub needs either "dir" (its directory) or "sources" (its files), one of the two`)
	}
	if a, t := h.ExpectedUsers.Active, h.ExpectedUsers.Total; a != nil && t != nil && a.Value > t.Value {
		d.fail(a.At, "active (%d users at the same time) is more than total (%d users in all)", a.Value, t.Value)
	}
	s.Hubs = append(s.Hubs, h)
}

func (d *decoder) rule(id string, at span.Span, n *yaml.Node, s *Settings) {
	r := Rule{ID: id, At: at}
	d.entries(n, fmt.Sprintf("rule %q", id), []string{"severity", "off", "params"}, func(key string, at span.Span, v *yaml.Node) {
		switch key {
		case "severity":
			r.Severity = Level(d.oneOf(v, "severity", "error", "warning", "info"))
		case "off":
			r.OffAt = at
			if rv := d.resolve(v); rv != nil && rv.Tag == "!!bool" {
				d.fail(d.at(v), `"off" takes the reason for switching the rule off, for instance: off: "backups are the university's task"`)
				return
			}
			r.Off = d.text(v, `"off" (the reason)`)
		case "params":
			d.entries(v, "params", nil, func(name string, at span.Span, v *yaml.Node) {
				r.Params = append(r.Params, Param{Name: name, Value: d.value(v, 0), At: at, ValueAt: d.at(v)})
			})
		}
	})
	s.Rules = append(s.Rules, r)
}

func (d *decoder) waiver(n *yaml.Node, s *Settings) {
	w := Waiver{At: d.at(n)}
	seen := map[string]bool{}
	d.entries(n, "a waiver", []string{"rule", "hub", "path", "reason", "owner", "expires"}, func(key string, at span.Span, v *yaml.Node) {
		seen[key] = true
		switch key {
		case "rule":
			w.Rule, w.RuleAt = d.text(v, "rule"), d.at(v)
		case "hub":
			w.Hub, w.HubAt = d.text(v, "hub"), d.at(v)
		case "path":
			w.Path = pointer(d.text(v, "path"))
		case "reason":
			w.Reason = d.text(v, "reason")
		case "owner":
			w.Owner = d.text(v, "owner")
		case "expires":
			w.Expires = d.date(v, "expires")
		}
	})
	if n = d.resolve(n); n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for _, must := range []string{"rule", "reason", "owner", "expires"} {
		if !seen[must] {
			d.fail(w.At, "this waiver has no %q; a waiver needs rule, reason, owner and expires", must)
		}
	}
	s.Waivers = append(s.Waivers, w)
}

// date is a day, written 2027-01-31.
func (d *decoder) date(n *yaml.Node, what string) time.Time {
	v := d.text(n, what)
	if v == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, v)
	if err != nil {
		d.fail(d.at(n), "%s is %q, but must be a day such as 2027-01-31", what, v)
	}
	return t
}

// path is a place beneath the checkout, cleaned.
func (d *decoder) path(n *yaml.Node, what string) string {
	v := d.text(n, what)
	if v == "" {
		return ""
	}
	p := path.Clean(v)
	if strings.Contains(v, `\`) || path.IsAbs(v) || p == ".." || strings.HasPrefix(p, "../") {
		d.fail(d.at(n), "%s is %q, but must be a path inside the repository, with \"/\" between its parts", what, v)
		return ""
	}
	return p
}

// value is a YAML value as JSON has it, for parameters.
func (d *decoder) value(n *yaml.Node, depth int) any {
	at := d.at(n)
	if n = d.resolve(n); n == nil {
		return nil
	}
	if depth > maxDepth {
		d.fail(at, "this is nested too deeply (more than %d levels)", maxDepth)
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		d.entries(n, "this parameter", nil, func(key string, _ span.Span, v *yaml.Node) { out[key] = d.value(v, depth+1) })
		return out
	case yaml.SequenceNode:
		out := []any{}
		d.items(n, "this parameter", func(n *yaml.Node) { out = append(out, d.value(n, depth+1)) })
		return out
	}
	return d.scalar(n)
}

// pointer makes a JSON pointer of a path, which may be written as one or with dots: "config.https.enabled".
func pointer(p string) string {
	if p == "" || strings.HasPrefix(p, "/") {
		return strings.TrimRight(p, "/")
	}
	parts := strings.Split(p, ".")
	for i := range parts {
		parts[i] = doc.Escape(parts[i])
	}
	return "/" + strings.Join(parts, "/")
}
