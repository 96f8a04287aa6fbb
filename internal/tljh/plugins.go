package tljh

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
)

// runPlugins applies tljh_custom_jupyterhub_config of the plugins: after config.yaml, before the snippets
// (TLJH: tljh/jupyterhub_config.py, tljh/hooks.py). What is there before can be read there.
func (s *state) runPlugins() {
	for _, p := range s.r.plugins {
		opts := python.Options{Import: p.Import, Requires: true, Base: func(class, trait string) (*python.Value, bool) {
			sec := s.traits.Child[class]
			if n := sec.Get(trait); n != nil {
				return s.value(n, s.sets[class+"."+trait]), true
			}
			return nil, !isOpen(s.traits) && !isOpen(sec)
		}}
		if res, _, ok := python.Invoke(p.Text, "tljh_custom_jupyterhub_config", opts, nil); ok {
			s.take(res, "the plugin "+p.Module, p.Maybe, p.Text.Span())
		}
	}
}

// postInstall applies tljh_config_post_install of a plugin, which the installer calls with the content of config.yaml before
// it sets the administrators (TLJH: tljh/installer.py ensure_config_yaml).
func (r *replay) postInstall(p *Plugin) {
	if r.file.broken != nil {
		return
	}
	before := r.file.root
	if before == nil {
		before = doc.NewMap(doc.Set, p.Text.Span())
	}
	c := &valuer{}
	config := c.value(before, false)
	_, _, ok := python.Invoke(p.Text, "tljh_config_post_install", python.Options{Import: p.Import, Requires: true}, map[string]*python.Value{"config": config})
	if !ok {
		return
	}
	after := (&converter{}).node(config)
	if !isDict(after) {
		after = doc.NewMap(doc.Unknown, p.Text.Span()).Because("the plugin " + p.Module + " changes config.yaml in a way that is not followed")
	}
	if r.file.root == nil {
		r.file.whole = p.Maybe == ""
	}
	r.file.raw = nil
	if p.Maybe != "" {
		after = join(before, after, defaultConfig(r.version, doc.Default, ""), p.Maybe)
	}
	r.file.root = after
}

// valuer turns nodes into values of Python.
type valuer struct{ nodes int }

func (s *state) value(n *doc.Node, isSet bool) *python.Value { return (&valuer{}).value(n, isSet) }

func (c *valuer) value(n *doc.Node, isSet bool) *python.Value {
	if c.nodes++; c.nodes > maxNodes {
		return python.UnknownOf("it is larger than is followed", n.At)
	}
	v := c.plain(n)
	v.At, v.KeyAt = n.At, n.KeyAt
	if v.Kind == python.List && isSet {
		v.Kind = python.Set
	}
	return v
}

func (c *valuer) plain(n *doc.Node) *python.Value {
	if n.State == doc.Unknown || isObject(n) {
		if s, ok := n.Str(); ok {
			return python.TextOf(s, n.At)
		}
		return python.UnknownOf(firstOf(n.Why, "it is not known"), n.At)
	}
	switch x := n.Value.(type) {
	case bool:
		return python.BoolOf(x)
	case int64:
		return &python.Value{Kind: python.Int, Int: x}
	case float64:
		return &python.Value{Kind: python.Float, Float: x}
	case string:
		return python.TextOf(x, n.At)
	}
	switch n.Kind {
	case doc.List:
		v := &python.Value{Kind: python.List}
		for _, it := range n.Items {
			v.Items = append(v.Items, c.value(it, false))
		}
		return v
	case doc.Map:
		v := &python.Value{Kind: python.Dict}
		for _, k := range n.Keys {
			v.Keys = append(v.Keys, python.TextOf(k, n.Child[k].KeyAt))
			v.Items = append(v.Items, c.value(n.Child[k], false))
		}
		return v
	}
	return &python.Value{Kind: python.None}
}
