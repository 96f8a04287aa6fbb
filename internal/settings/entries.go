package settings

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
