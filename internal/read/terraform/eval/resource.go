package eval

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Resource is one instance of a resource or data source, or a call of a module that is not in the repository.
type Resource struct {
	Addr   string // "module.hub.aws_instance.this[0]"
	Type   string // "aws_instance"; "module" for an opaque module call
	Name   string
	Data   bool
	Source string // of an opaque module call: its source
	Cond   string // why it may not exist, "" if it does
	At     Place  // its header
	Module *Module

	block   *hclsyntax.Block
	planned *planned // what a plan says of it, nil if nothing
	only    bool     // nothing but the plan tells of it
	given   *Val     // its arguments, where another format declares it
	guard   *Val     // of such a resource: whether it is kept when it is to be destroyed
	ignored []string // of such a resource: the arguments whose changes are ignored
	runs    []Provisioner
	alias   string // of such a resource: its provider's
	scope   *Scope
	memo    map[string]*Val
	busy    map[string]bool
}

func (m *Module) newResource(typ, name, addr string, b *hclsyntax.Block, s *Scope, cond string) *Resource {
	r := &Resource{Addr: addr, Type: typ, Name: name, Cond: cond, At: m.ev.at(defRange(b)), Module: m, block: b,
		memo: map[string]*Val{}, busy: map[string]bool{}}
	r.scope = s.with(map[string]*Val{"self": r.val()})
	if m.ev.plan.usable() && typ != "module" {
		r.planned = m.ev.plan.values[addr]
	}
	m.ev.resources++
	return r
}

func (r *Resource) val() *Val { return &Val{Kind: Map, res: r, At: r.At, From: &Link{Res: r}} }

// OnlyPlanned says whether nothing but a plan tells of r.
func (r *Resource) OnlyPlanned() bool { return r.only }

// Replaced says whether a plan destroys r to make it anew.
func (r *Resource) Replaced() bool { return r.planned != nil && r.planned.replaced }

// Generated says whether r makes a secret.
func (r *Resource) Generated() bool {
	switch r.Type {
	case "random_password", "tls_private_key", "random_bytes":
		return true
	}
	return false
}

// resource is the value of an address: one resource, or a collection of them.
func (m *Module) resource(key string) *Val {
	b := m.dir.resources[key]
	if b == nil {
		return invalid(key+" is not declared", Place{})
	}
	return m.once("res."+key, func() *Val {
		at := m.ev.at(defRange(b))
		prefix := ""
		if m.Addr != "" {
			prefix = m.Addr + "."
		}
		ins := m.expand(b, prefix+key, m.scope(), at)
		var vals []*Val
		for _, in := range ins {
			if m.ev.resources > maxResources {
				m.ev.exhaust(at, "this configuration declares too many resources")
				break
			}
			cond := in.cond
			if cond == "" {
				cond = m.Cond
			}
			r := m.newResource(b.Labels[0], b.Labels[1], prefix+key+in.key, b, m.scope().with(in.vars), cond)
			r.Data = b.Type != "resource"
			m.groups[key] = append(m.groups[key], r)
			vals = append(vals, r.val())
		}
		return collection(b, at, ins[:len(vals)], vals)
	})
}

// Attr is what the configuration says of an argument or of the nested blocks called name: null when it says nothing.
func (r *Resource) Attr(name string) *Val {
	if v := r.memo[name]; v != nil {
		return v
	}
	if r.busy[name] {
		return invalid("it refers to itself ("+r.Addr+"."+name+")", r.At)
	}
	r.busy[name] = true
	v := r.configured(name)
	delete(r.busy, name)
	r.memo[name] = v
	return v
}

func (r *Resource) configured(name string) *Val {
	if r.only {
		return r.fromPlan(name)
	}
	v := r.written(name)
	if r.planned != nil && v.IsNull() && computedBlocks[name] {
		if p := r.planned.attr(name); p != nil && len(p.Blocks()) == 1 {
			return p
		}
	}
	if r.planned != nil {
		return filled(v, r.planned.attr(name), 0)
	}
	return v
}

// computedBlocks are blocks that the provider fills in as a whole for a machine that exists.
var computedBlocks = map[string]bool{"root_block_device": true, "metadata_options": true, "credit_specification": true, "boot_disk": true, "os_disk": true}

// written is what the configuration itself says.
func (r *Resource) written(name string) *Val {
	if r.given != nil {
		return r.given.Attr(name)
	}
	ev := r.Module.ev
	link := &Link{Res: r, Path: name}
	if a := r.block.Body.Attributes[name]; a != nil {
		return ev.expr(a.Expr, r.scope)
	}
	if items := ev.blocks(r.block.Body, name, r.scope, link); items != nil {
		return list(items[0].At, items...)
	}
	return null
}

// Where is the place of an argument as it is written in r, its header if it is not.
func (r *Resource) Where(name string) Place {
	if r.only || r.given != nil {
		if v := r.Attr(name); !v.At.IsZero() {
			return v.At
		}
	}
	if a := r.block.Body.Attributes[name]; a != nil {
		return r.Module.ev.at(a.SrcRange)
	}
	return r.At
}

// get is what a reference to the attribute means: the configured value, or a Ref.
func (r *Resource) get(name string) *Val {
	if v := r.computed(name); v != nil {
		return v
	}
	if r.Source == "" {
		if v := r.Attr(name); !v.IsNull() {
			if v.Kind == Ref || v.res != nil {
				return v
			}
			return v.linked(&Link{Res: r, Path: name}) // a name given to a volume stays that volume's when it is passed on
		}
	}
	return &Val{Kind: Ref, From: &Link{Res: r, Path: name}, Sensitive: r.Generated()}
}

// blocks evaluates the nested blocks called name, dynamic ones included; nil if there are none.
func (ev *evaluator) blocks(b *hclsyntax.Body, name string, s *Scope, link *Link) []*Val {
	var out []*Val
	for _, n := range b.Blocks {
		switch {
		case n.Type == name:
			out = append(out, ev.block(n, n.Body, s, &Link{Res: link.Res, Path: fmt.Sprintf("%s[%d]", link.Path, len(out))}))
		case n.Type == "dynamic" && len(n.Labels) == 1 && n.Labels[0] == name:
			out = append(out, ev.dynamic(n, s, link, len(out))...)
		}
		if len(out) > maxItems {
			return out[:maxItems]
		}
	}
	return out
}

// block is one nested block as a map.
func (ev *evaluator) block(head *hclsyntax.Block, b *hclsyntax.Body, s *Scope, link *Link) *Val {
	v := newMap(ev.at(defRange(head)))
	v.block, v.From = true, link
	if ev.steps++; ev.steps > maxSteps {
		ev.exhaust(v.At, "this configuration takes too long to evaluate")
	}
	if ev.depth >= maxDepth || ev.exhausted {
		return unknown("nested too deeply", v.At)
	}
	ev.depth++
	defer func() { ev.depth-- }()
	for _, a := range attributes(b) {
		v.put(a.Name, ev.expr(a.Expr, s))
	}
	seen := map[string]bool{}
	for _, n := range b.Blocks {
		name := blockName(n)
		if seen[name] {
			continue
		}
		seen[name] = true
		if items := ev.blocks(b, name, s, &Link{Res: link.Res, Path: link.Path + "." + name}); items != nil {
			v.put(name, list(items[0].At, items...))
		}
	}
	return v
}

// dynamic expands a dynamic block by hand: hcl's own extension loses its iterator (reference/providers.md §8.4).
func (ev *evaluator) dynamic(n *hclsyntax.Block, s *Scope, link *Link, from int) []*Val {
	at := ev.at(defRange(n))
	iterator := n.Labels[0]
	if a := n.Body.Attributes["iterator"]; a != nil {
		if k := hcl.ExprAsKeyword(a.Expr); k != "" {
			iterator = k
		}
	}
	var content *hclsyntax.Block
	for _, c := range n.Body.Blocks {
		if c.Type == "content" {
			content = c
		}
	}
	a := n.Body.Attributes["for_each"]
	if a == nil || content == nil {
		return nil
	}
	coll := ev.expr(a.Expr, s)
	keys, vals, ok := elements(coll)
	if !ok {
		if coll.IsNull() {
			return nil
		}
		return []*Val{unknown("how many "+n.Labels[0]+" blocks there are is not known: "+reasonOf(coll, "for_each cannot be evaluated"), at)}
	}
	var out []*Val
	for i := range keys {
		if i >= maxInstances {
			ev.problem(at, fmt.Sprintf("this dynamic block has %d elements; only the first %d are evaluated", len(keys), maxInstances), true)
			break
		}
		it := newMap(coll.At)
		it.put("key", keys[i])
		it.put("value", vals[i])
		in := s.with(map[string]*Val{iterator: it})
		l := &Link{Res: link.Res, Path: fmt.Sprintf("%s[%d]", link.Path, from+len(out))}
		out = append(out, ev.block(n, content.Body, in, l))
	}
	return out
}

// Lifecycle says what the lifecycle block sets.
func (r *Resource) Lifecycle() (preventDestroy *Val, ignored []string) {
	if r.only {
		return unknown("a plan does not tell lifecycle rules; commit the configuration too", r.At), nil
	}
	preventDestroy = null
	if r.guard != nil {
		preventDestroy = r.guard
	}
	ignored = r.ignored
	for _, b := range r.block.Body.Blocks {
		if b.Type != "lifecycle" {
			continue
		}
		if a := b.Body.Attributes["prevent_destroy"]; a != nil {
			preventDestroy = r.Module.ev.expr(a.Expr, r.scope)
		}
		if a := b.Body.Attributes["ignore_changes"]; a != nil {
			ignored = append(ignored, names(a.Expr)...)
		}
	}
	return preventDestroy, ignored
}

// names are the attributes listed in ignore_changes: [ami, tags["x"]], ["ami"], or all.
func names(e hclsyntax.Expression) []string {
	if k := hcl.ExprAsKeyword(e); k != "" {
		return []string{k}
	}
	t, ok := e.(*hclsyntax.TupleConsExpr)
	if !ok {
		return nil
	}
	var out []string
	for _, it := range t.Exprs {
		if root, _ := keyword(it); root != "" {
			out = append(out, root)
		} else if v, diags := it.Value(nil); !diags.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type().FriendlyName() == "string" {
			out = append(out, strings.SplitN(v.AsString(), ".", 2)[0])
		}
	}
	return out
}

// Provisioner is a provisioner block; Type is "remote-exec", "file" or another.
type Provisioner struct {
	Type string
	Body *Val
	// Connection is its own connection block, or its resource's.
	Connection *Val
}

// Provisioners are those that run when the resource is made, in order.
func (r *Resource) Provisioners() []Provisioner {
	if r.Type == "module" {
		return nil
	}
	out := r.runs
	for _, b := range r.block.Body.Blocks {
		if b.Type != "provisioner" || len(b.Labels) != 1 {
			continue
		}
		if a := b.Body.Attributes["when"]; a != nil && hcl.ExprAsKeyword(a.Expr) == "destroy" {
			continue
		}
		p := Provisioner{Type: b.Labels[0], Body: r.Module.ev.block(b, b.Body, r.scope, &Link{Res: r, Path: "provisioner"})}
		if p.Connection = p.Body.Block("connection"); p.Connection.IsNull() {
			p.Connection = r.val().Block("connection")
		}
		out = append(out, p)
	}
	return out
}

// Provider is the provider configuration that r uses: "aws" and an alias, "" for the default one.
func (r *Resource) Provider() (name, alias string) {
	name, _, _ = strings.Cut(r.Type, "_")
	if r.alias != "" {
		return name, r.alias
	}
	if a := r.block.Body.Attributes["provider"]; a != nil {
		if root, attr := keyword(a.Expr); root != "" {
			return root, attr
		}
		if s, ok := r.Module.ev.expr(a.Expr, r.scope).Str(); ok {
			name, alias, _ = strings.Cut(s, ".")
		}
	}
	return name, alias
}

func trimPrefix(s, prefix string) (string, bool) { return strings.CutPrefix(s, prefix) }
