package eval

import (
	"fmt"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Module is one instance of a module: the root, or one call of a directory with its arguments.
type Module struct {
	ev     *evaluator
	dir    *Dir
	Dir    string
	Addr   string // "" for the root, "module.hub[0]"
	Cond   string // why it may not exist
	parent *Module
	depth  int
	at     Place

	callBlock *hclsyntax.Block // of a child: the call and what its arguments see
	callScope *Scope

	memo     map[string]*Val // "var.x", "local.x", "out.x", "call.x", "res.x"
	busy     map[string]bool
	children map[string][]*Module
	opaque   map[string][]*Resource
	groups   map[string][]*Resource
}

func (ev *evaluator) newModule(d *Dir, addr string, parent *Module) *Module {
	for name, t := range d.texts {
		ev.texts[name] = t
	}
	m := &Module{ev: ev, dir: d, Dir: d.Path, Addr: addr, parent: parent, memo: map[string]*Val{}, busy: map[string]bool{},
		children: map[string][]*Module{}, opaque: map[string][]*Resource{}, groups: map[string][]*Resource{}}
	if parent != nil {
		m.depth = parent.depth + 1
	}
	return m
}

func (m *Module) scope() *Scope { return &Scope{mod: m} }

// once evaluates what is called key one time, and finds circles.
func (m *Module) once(key string, f func() *Val) *Val {
	if v := m.memo[key]; v != nil {
		return v
	}
	if m.busy[key] {
		return invalid("it refers to itself ("+key+")", Place{})
	}
	m.busy[key] = true
	v := f()
	delete(m.busy, key)
	m.memo[key] = v
	return v
}

func (m *Module) variable(name string) *Val {
	b := m.dir.variables[name]
	if b == nil {
		return invalid(fmt.Sprintf("variable %q is not declared", name), Place{})
	}
	return m.once("var."+name, func() *Val {
		v := m.given(name, b)
		if p := m.settled(name); p != nil {
			if eq, known := equal(v, p, 0); !known || !eq {
				v = p
			}
		}
		if t := b.Body.Attributes["type"]; t != nil {
			v = m.ev.convert(v, t.Expr)
		}
		if a := b.Body.Attributes["sensitive"]; a != nil {
			if yes, _ := m.ev.expr(a.Expr, m.scope()).Bool(); yes {
				v = v.sensitive()
			}
		}
		return v
	})
}

// settled is the value that a root variable had when the plan was made; nil where there is no plan, or it hides the value.
func (m *Module) settled(name string) *Val {
	if !m.ev.plan.usable() || m.parent != nil {
		return nil
	}
	if v := m.ev.plan.variables[name]; v != nil && v != nothing {
		return m.ev.plan.value(v)
	}
	return nil
}

// given is the value that a variable gets: an argument or a tfvars file's, else its default.
func (m *Module) given(name string, b *hclsyntax.Block) *Val {
	if m.parent == nil {
		if v := m.chosen(name, m.unchosen(name, b)); v != nil {
			return v
		}
	} else if a := m.callBlock.Body.Attributes[name]; a != nil {
		if v := m.ev.expr(a.Expr, m.callScope); !v.IsNull() || nullable(b) {
			return v
		}
	} else if items := m.ev.blocks(m.callBlock.Body, name, m.callScope, &Link{Res: &Resource{Addr: m.Addr, Type: "module", Module: m}, Path: name}); items != nil {
		return plain(items) // before Terraform 0.12, a map was often written as a block
	}
	if a := b.Body.Attributes["default"]; a != nil && m.parent != nil {
		return m.ev.expr(a.Expr, m.scope())
	}
	if m.parent != nil {
		return unknown(fmt.Sprintf("variable %q of %s has no default and the module call does not set it", name, m.Addr), Place{})
	}
	if len(m.dir.varFiles) > 0 {
		return unknown(fmt.Sprintf("variable %q has no default, and %s is an example to copy; commit a tfvars file or an infra.yaml",
			name, m.dir.varFiles[0]), Place{})
	}
	return unknown(fmt.Sprintf("variable %q has no default and no tfvars file in the repository; commit one or an infra.yaml", name), Place{})
}

// unchosen is a root variable's value where Terraform is told nothing: by the files that it reads itself, else the default;
// nil if it has none.
func (m *Module) unchosen(name string, b *hclsyntax.Block) *Val {
	if a := m.dir.tfvars[name]; a != nil {
		return m.ev.expr(a.Expr, m.scope())
	}
	if a := b.Body.Attributes["default"]; a != nil {
		return m.ev.expr(a.Expr, m.scope())
	}
	return nil
}

// nullable says whether null, given as an argument, is the variable's value rather than "take the default".
func nullable(b *hclsyntax.Block) bool {
	a := b.Body.Attributes["nullable"]
	if a == nil {
		return true
	}
	v, diags := a.Expr.Value(nil)
	return diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type().FriendlyName() != "bool" || v.True()
}

// plain is blocks as the maps that Terraform 0.11 made of them: one is the map itself.
func plain(items []*Val) *Val {
	if len(items) != 1 {
		return list(items[0].At, items...)
	}
	one := *items[0]
	one.block, one.From = false, nil
	return &one
}

func (m *Module) local(name string) *Val {
	a := m.dir.locals[name]
	if a == nil {
		return invalid(fmt.Sprintf("local value %q is not declared", name), Place{})
	}
	return m.once("local."+name, func() *Val { return m.ev.expr(a.Expr, m.scope()) })
}

// output is what a module call's attribute means.
func (m *Module) output(name string, at Place) *Val {
	b := m.dir.outputs[name]
	if b == nil || b.Body.Attributes["value"] == nil {
		return invalid(fmt.Sprintf("%s has no output %q", m.Addr, name), at)
	}
	return m.once("out."+name, func() *Val { return m.ev.expr(b.Body.Attributes["value"].Expr, m.scope()) })
}

func (m *Module) path(name string, at Place) *Val {
	switch name {
	case "module":
		if rel, err := filepath.Rel(m.ev.root.Dir, m.Dir); err == nil {
			return literal(filepath.ToSlash(rel), at)
		}
	case "root", "cwd":
		return literal(".", at)
	}
	return invalid("path."+name+" is not known", at)
}

// instance is one member of a counted thing.
type instance struct {
	key  string // "", "[0]" or `["a"]`
	name *Val   // for_each's key
	vars map[string]*Val
	cond string
}

// expand evaluates count, for_each and enabled of what is called addr.
func (m *Module) expand(b *hclsyntax.Block, addr string, s *Scope, at Place) []instance {
	ev := m.ev
	uncertain := func(why string) []instance {
		if ins, ok := ev.plan.instances(addr, at); ok {
			return ins
		} else if ev.plan.usable() && b.Type == "resource" {
			return nil // the plan makes none
		}
		u := unknown(why, at)
		each := newMap(at)
		each.put("key", u)
		each.put("value", u)
		count := newMap(at)
		count.put("index", u)
		return []instance{{vars: map[string]*Val{"each": each, "count": count}, cond: why}}
	}
	if a := b.Body.Attributes["count"]; a != nil {
		v := ev.expr(a.Expr, s)
		n, ok := v.Int()
		if bl, isBool := v.Bool(); !ok && isBool && v.Kind == Bool {
			n, ok = map[bool]int64{true: 1}[bl], true
		}
		if !ok {
			return uncertain("whether it exists is not known: " + reasonOf(v, "count cannot be evaluated"))
		}
		if n > maxInstances {
			ev.problem(v.At, fmt.Sprintf("count is %d; only the first %d are evaluated", n, maxInstances), true)
			n = maxInstances
		}
		if n == 0 {
			m.notSwitched(a.Expr)
		}
		var out []instance
		for i := int64(0); i < n; i++ {
			count := newMap(at)
			count.put("index", number(float64(i), v.At))
			out = append(out, instance{key: fmt.Sprintf("[%d]", i), vars: map[string]*Val{"count": count}})
		}
		return out
	}
	if a := b.Body.Attributes["for_each"]; a != nil {
		v := ev.expr(a.Expr, s)
		keys, vals, ok := elements(v)
		if !ok {
			return uncertain("how many exist is not known: " + reasonOf(v, "for_each cannot be evaluated"))
		}
		if len(keys) > maxInstances {
			ev.problem(v.At, fmt.Sprintf("for_each has %d elements; only the first %d are evaluated", len(keys), maxInstances), true)
			keys = keys[:maxInstances]
		}
		if len(keys) == 0 {
			m.notSwitched(a.Expr)
		}
		var out []instance
		for i, k := range keys {
			if v.Kind == List { // a list is an error in Terraform, a set is meant
				k = vals[i]
			}
			each := newMap(at)
			each.put("key", k)
			each.put("value", vals[i])
			in := instance{name: k, vars: map[string]*Val{"each": each}}
			if name, ok := k.Str(); ok {
				in.key = fmt.Sprintf("[%q]", name)
			} else {
				in.key, in.cond = fmt.Sprintf("[%d]", i), "its key is not known: "+reasonOf(k, "")
			}
			out = append(out, in)
		}
		return out
	}
	for _, l := range b.Body.Blocks {
		if a := l.Body.Attributes["enabled"]; l.Type == "lifecycle" && a != nil {
			v := ev.expr(a.Expr, s)
			on, ok := v.Bool()
			if !ok {
				return uncertain("whether it exists is not known: " + reasonOf(v, "enabled cannot be evaluated"))
			}
			if !on {
				m.notSwitched(a.Expr)
				return nil
			}
		}
	}
	return []instance{{}}
}

// collection is the value of a counted thing from those of its members.
func collection(b *hclsyntax.Block, at Place, ins []instance, vals []*Val) *Val {
	if b.Body.Attributes["for_each"] != nil && (len(ins) != 1 || ins[0].name != nil) {
		out := newMap(at)
		for i, in := range ins {
			if k, ok := in.name.Str(); ok {
				out.put(k, vals[i])
			}
		}
		return out
	}
	if len(vals) == 1 && (b.Body.Attributes["count"] == nil || ins[0].cond != "") {
		return vals[0]
	}
	return list(at, vals...)
}

// call is the value of module.name.
func (m *Module) call(name string) *Val {
	b := m.dir.calls[name]
	if b == nil {
		return invalid(fmt.Sprintf("module %q is not declared", name), Place{})
	}
	return m.once("call."+name, func() *Val { return m.expandCall(name, b) })
}

func (m *Module) expandCall(name string, b *hclsyntax.Block) *Val {
	ev := m.ev
	at := ev.at(defRange(b))
	source := callSource(b)
	var dir *Dir
	why := ""
	switch {
	case !isLocal(source):
		why = fmt.Sprintf("module.%s is a remote module (%s) that is not evaluated", name, source)
		if source == "" {
			why = fmt.Sprintf("module.%s has a source that is not known", name)
		}
	case m.depth >= maxModuleDepth || ev.modules >= maxModules:
		why = fmt.Sprintf("module.%s: modules are nested too deeply or there are too many", name)
		ev.exhaust(at, why)
	default:
		if dir = ev.dir(m.Dir, source); dir == nil {
			why = fmt.Sprintf("module.%s: there is no Terraform in %s", name, source)
			ev.problem(at, why+"; the module is not evaluated", false)
		}
		for up := m; up != nil && dir != nil; up = up.parent {
			if up.dir == dir {
				why, dir = fmt.Sprintf("module.%s calls itself", name), nil
				ev.problem(at, why+"; it is not evaluated", false)
			}
		}
	}
	prefix := ""
	if m.Addr != "" {
		prefix = m.Addr + "."
	}
	ins := m.expand(b, prefix+"module."+name, m.scope(), at)
	var vals []*Val
	for _, in := range ins {
		addr := prefix + "module." + name + in.key
		scope := m.scope().with(in.vars)
		cond := in.cond
		if cond == "" {
			cond = m.Cond
		}
		if dir == nil {
			r := m.newResource("module", name, addr, b, scope, cond)
			if r.Source = source; source == "" {
				r.Source = "?"
			}
			m.opaque[name] = append(m.opaque[name], r)
			vals = append(vals, r.val())
			continue
		}
		ev.modules++
		child := ev.newModule(dir, addr, m)
		child.callBlock, child.callScope, child.Cond, child.at = b, scope, cond, at
		m.children[name] = append(m.children[name], child)
		vals = append(vals, &Val{Kind: Map, mod: child, At: at})
	}
	if dir == nil && len(ins) > 0 {
		ev.config.incomplete(why, at)
	}
	return collection(b, at, ins, vals)
}

// all evaluates everything of m and its children, and collects resources in the order written.
func (m *Module) all() {
	ev := m.ev
	for _, key := range m.dir.order {
		if ev.exhausted {
			return
		}
		if name, ok := trimPrefix(key, "module."); ok && m.dir.calls[name] != nil {
			m.call(name)
			ev.config.Resources = append(ev.config.Resources, m.opaque[name]...)
			for _, c := range m.children[name] {
				c.all()
			}
			continue
		}
		m.resource(key)
		ev.config.Resources = append(ev.config.Resources, m.groups[key]...)
	}
	for _, b := range m.dir.providers {
		ev.config.Providers = append(ev.config.Providers, m.provider(b))
	}
}

func keyword(e hclsyntax.Expression) (root, attr string) {
	t, diags := hcl.AbsTraversalForExpr(e)
	if diags.HasErrors() || len(t) == 0 {
		return "", ""
	}
	if len(t) > 1 {
		if a, ok := t[1].(hcl.TraverseAttr); ok {
			attr = a.Name
		}
	}
	return t.RootName(), attr
}

// AsText is v as a text with its positions; what is not known, or secret, is a token in it.
func (m *Module) AsText(v *Val) span.Text {
	if v.IsNull() {
		return span.Text{}
	}
	return m.ev.asText(v, v.At)
}
