package eval

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// FromPlan is the configuration that a plan alone tells. What a new resource refers to is worked out from the references
// that the plan keeps of the configuration; locals, lifecycle rules and contents of dynamic blocks are not in a plan.
func FromPlan(files step.Files, p *Plan) *Config {
	c := &Config{Dir: path.Dir(p.File), uses: map[string]bool{}, Files: []string{p.File}, Problems: p.Problems, Plan: p, OnlyPlan: true}
	if !p.usable() {
		c.incomplete(p.File+" cannot be read", Place{p.text, 0, 0})
		return c
	}
	c.Start = p.src.Span(0, 0)
	ev := &evaluator{files: files, texts: map[string]*span.Text{}, config: c, plan: p, loaded: map[*Dir]bool{}, dirs: func(string) *Dir { return nil }}
	ev.root = ev.newModule(&Dir{Path: c.Dir}, "", nil)
	c.root = ev.root
	mods := map[string]*Module{"": ev.root}
	for _, one := range p.order {
		m := mods[one.module]
		if m == nil {
			m = ev.newModule(&Dir{Path: c.Dir}, one.module, ev.root)
			mods[one.module] = m
		}
		b := &hclsyntax.Block{Type: "resource", Labels: []string{one.typ, one.name}, Body: &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}}
		r := m.newResource(one.typ, one.name, one.addr, b, m.scope(), "")
		r.At, r.Data, r.planned, r.only = p.place(one.at), one.data, one, true
		c.Resources = append(c.Resources, r)
	}
	return c
}

// fromPlan is an attribute of a resource that only a plan tells of.
func (r *Resource) fromPlan(name string) *Val {
	p := r.planned
	return p.plan.joined(r, p.after.get(name), p.unknown.get(name), p.sensitives.get(name), p.plan.expressions(r).get(name), 0)
}

// expressions are what a plan keeps of the configuration of a resource's arguments.
func (p *Plan) expressions(r *Resource) *jsonValue {
	if r.planned.exprs == nil {
		r.planned.exprs = p.configured(r)
	}
	return r.planned.exprs
}

func (p *Plan) configured(r *Resource) *jsonValue {
	mod := p.module(r.Module.Addr)
	want := r.Type + "." + r.Name
	if r.Data {
		want = "data." + want
	}
	for _, c := range mod.get("resources").items {
		if c.get("address").text == want {
			return c.get("expressions")
		}
	}
	return nothing
}

// module is the configuration of the module at addr.
func (p *Plan) module(addr string) *jsonValue {
	mod := p.config
	for _, name := range moduleNames(addr) {
		mod = mod.get("module_calls", name, "module")
	}
	return mod
}

// moduleNames are the names in module.a["x"].module.b.
func moduleNames(addr string) []string {
	var out []string
	for _, part := range splitAddr(addr) {
		if part != "module" {
			out = append(out, trimIndex(part))
		}
	}
	return out
}

// splitAddr splits at the dots outside keys.
func splitAddr(addr string) []string {
	if addr == "" {
		return nil
	}
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(addr); i++ {
		switch {
		case addr[i] == '"':
			quoted = !quoted
		case addr[i] == '.' && !quoted:
			out = append(out, addr[start:i])
			start = i + 1
		}
	}
	return append(out, addr[start:])
}

// joined is a planned value in which what is known only after apply refers to the resource that will give it.
func (p *Plan) joined(r *Resource, v, unknowns, secret, expr *jsonValue, depth int) *Val {
	if depth > 20 || secret.isTrue() {
		return p.resolved(v, unknowns, secret, depth)
	}
	at := p.place(r.planned.at)
	if v.kind != 0 {
		at = p.place(v)
	}
	refs := expr.get("references")
	switch {
	case unknowns.isTrue() || (v.kind == 0 || v.kind == 'n') && unknowns.kind == '[':
		if out := p.refs(r, refs, at, 0); out != nil {
			return out
		}
		if unknowns.isTrue() {
			return unknown("known only after apply", at)
		}
	case v.kind == '[' && expr.kind == '[':
		out := list(at)
		for i, it := range v.items {
			e := expr.at(i)
			if len(expr.items) != len(v.items) {
				e = nothing // a dynamic block made them
			}
			out.Items = append(out.Items, p.joined(r, it, unknowns.at(i), secret.at(i), e, depth+1))
		}
		return out
	case v.kind == '[' && unknowns.kind == '[' && len(refs.items) > 0:
		for i := range unknowns.items {
			if unknowns.at(i).isTrue() {
				if out := p.refs(r, refs, at, 0); out != nil {
					return out
				}
			}
		}
	case v.kind == '{' && expr.kind == '{' && len(refs.items) == 0:
		out := newMap(at)
		for _, m := range v.members {
			out.put(m.key.text, p.joined(r, m.value, unknowns.get(m.key.text), secret.get(m.key.text), expr.get(m.key.text), depth+1))
		}
		for _, m := range unknowns.members {
			if _, ok := out.Child[m.key.text]; !ok {
				if u := p.joined(r, nothing, m.value, nothing, expr.get(m.key.text), depth+1); !u.IsNull() {
					out.put(m.key.text, u)
				}
			}
		}
		return out
	case v.kind == '{' && len(refs.items) > 0 && len(unknowns.members) > 0:
		// A map with one unknown member ({ InstanceId = … }): the references are those of the whole map.
		out := p.resolved(v, unknowns, secret, depth)
		if ref := p.refs(r, refs, at, 0); ref != nil && out.Kind == Map {
			for _, k := range out.Keys {
				if out.Child[k].Kind == Unknown {
					out.Child[k] = ref
				}
			}
		}
		return out
	case v.kind != 0 && v.kind != 'n' && len(refs.items) > 0:
		// A known value that comes from another resource is that resource's, so that names still join.
		out := p.resolved(v, unknowns, secret, depth)
		if ref := p.refs(r, refs, at, 0); ref != nil && ref.Kind == Ref {
			return out.linked(ref.From)
		}
		return out
	}
	return p.resolved(v, unknowns, secret, depth)
}

// refs is what a list of references stands for: the one resource attribute, or a list of several; nil if none is found.
func (p *Plan) refs(r *Resource, refs *jsonValue, at Place, depth int) *Val {
	seen := map[string]bool{}
	out := list(at)
	for _, it := range refs.items {
		for _, l := range p.ref(r.Module, r, it.text, depth) {
			if !seen[l.Res.Addr] {
				seen[l.Res.Addr] = true
				out.Items = append(out.Items, &Val{Kind: Ref, From: l, At: at})
			}
		}
	}
	switch len(out.Items) {
	case 0:
		return nil
	case 1:
		return out.Items[0]
	}
	return out
}

// ref is one reference, written in module m for resource r: a resource's attribute, or what a variable or an output stands for.
func (p *Plan) ref(m *Module, r *Resource, text string, depth int) []*Link {
	parts := splitAddr(text)
	if len(parts) < 2 || depth > maxModuleDepth {
		return nil
	}
	follow := func(addr string, expr *jsonValue) []*Link {
		var out []*Link
		for _, it := range expr.get("references").items {
			out = append(out, p.ref(&Module{Addr: addr, ev: m.ev}, r, it.text, depth+1)...)
		}
		return out
	}
	switch parts[0] {
	case "var":
		if up, name, ok := parent(m.Addr); ok {
			return follow(up, p.module(up).get("module_calls", name, "expressions", parts[1]))
		}
		return nil
	case "module":
		if len(parts) < 3 {
			return nil
		}
		child := strings.TrimPrefix(m.Addr+".module."+parts[1], ".")
		return follow(child, p.module(child).get("outputs", parts[2], "expression"))
	case "local", "each", "count", "path", "terraform", "self":
		return nil
	}
	n := 2
	if parts[0] == "data" {
		n = 3
	}
	if len(parts) <= n {
		return nil // the shorter form beside a longer one
	}
	base := strings.TrimPrefix(m.Addr+"."+strings.Join(parts[:n], "."), ".")
	attr := strings.Join(parts[n:], ".")
	c := m.ev.config
	if one := c.ByAddr(base); one != nil {
		return []*Link{{Res: one, Path: attr}}
	}
	if mine := c.ByAddr(base + key(r.planned.index)); mine != nil && mine != r {
		return []*Link{{Res: mine, Path: attr}} // the one that goes with r
	}
	var out []*Link
	for _, index := range p.keys[base] {
		if res := c.ByAddr(base + key(index)); res != nil {
			out = append(out, &Link{Res: res, Path: attr})
		}
	}
	return out
}

// parent is the module around addr, and what addr's call is named there.
func parent(addr string) (up, name string, ok bool) {
	parts := splitAddr(addr)
	if len(parts) < 2 {
		return "", "", false
	}
	return strings.Join(parts[:len(parts)-2], "."), trimIndex(parts[len(parts)-1]), true
}
