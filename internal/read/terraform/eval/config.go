package eval

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Config is one evaluated root module.
type Config struct {
	Dir       string
	Resources []*Resource // every instance, in the order written, those of local modules included
	Providers []*Provider
	Files     []string // the Terraform files read, sorted
	Uses      []string // other files read: scripts, templates
	// Incomplete says what is not evaluated although it may hold infrastructure.
	Incomplete []Note
	Problems   []step.Problem
	Start      span.Span // where the configuration begins
	// Switches are root variables that are off (false, 0), so that something is not made.
	Switches []string

	// Plan is the plan that fills what the configuration does not know, nil if there is none.
	Plan *Plan
	// Tool and Format are those of a configuration in another format than Terraform's.
	Tool, Format string
	// OnlyPlan: the plan is all there is.
	OnlyPlan bool

	broken bool // some file could not be read wholly
	uses   map[string]bool
	root   *Module
	byAddr map[string]*Resource
	byType map[string][]*Resource
	byName map[string]map[string]*Resource
}

// Note is a reason with its place.
type Note struct {
	Why string
	At  span.Span
}

// Provider is one provider block.
type Provider struct {
	Name, Alias string
	Body        *Val
	Module      *Module
}

func (c *Config) incomplete(why string, at Place) {
	for _, n := range c.Incomplete {
		if n.Why == why {
			return
		}
	}
	c.Incomplete = append(c.Incomplete, Note{why, at.Span()})
}

func (c *Config) use(file string) {
	if !c.uses[file] {
		c.uses[file] = true
		c.Uses = append(c.Uses, file)
	}
}

// Options say what a configuration is evaluated with.
type Options struct {
	Plan    *Plan  // beside it; one that does not fit is left out, and a problem
	VarFile string // the tfvars file that Terraform is told of
	// Switch is a root variable that is off (false, 0) and is evaluated as if it were on; a plan is of what is, and not used.
	Switch string
}

// Load evaluates the root module in dir. dirs gives parsed directories, so that modules are parsed once.
func Load(files step.Files, dirs func(dir string) *Dir, dir string, o Options) *Config {
	p := o.Plan
	if o.Switch != "" || !p.usable() {
		c := evaluate(files, dirs, dir, Options{VarFile: o.VarFile, Switch: o.Switch})
		if p != nil {
			c.Problems = append(c.Problems, p.Problems...)
		}
		return c
	}
	c := evaluate(files, dirs, dir, o)
	why, at := p.overrides(c.root)
	if why == "" {
		why, at = p.stale(c)
	}
	if why == "" {
		c.Plan = p
		return c
	}
	c = evaluate(files, dirs, dir, Options{VarFile: o.VarFile})
	c.Problems = append(c.Problems, step.Problem{At: at.Span(),
		Msg: fmt.Sprintf("the plan %s does not fit the configuration and is not used: %s; make it again, or remove it", p.File, why)})
	return c
}

func evaluate(files step.Files, dirs func(dir string) *Dir, dir string, o Options) *Config {
	c := &Config{Dir: path.Clean(dir), uses: map[string]bool{}}
	ev := &evaluator{files: files, texts: map[string]*span.Text{}, config: c, plan: o.Plan, varFile: o.VarFile}
	d := dirs(c.Dir)
	if d == nil {
		return c
	}
	c.Start = d.start
	ev.dirs = dirs
	ev.loaded = map[*Dir]bool{}
	ev.note(d)
	ev.root = ev.newModule(d, "", nil)
	c.root = ev.root
	if o.Switch != "" {
		ev.root.turnOn(o.Switch)
	}
	ev.root.all()
	sort.Strings(c.Files)
	sort.Strings(c.Uses)
	return c
}

// dir is a local module's directory, nil if there is none.
func (ev *evaluator) dir(from, source string) *Dir {
	p := path.Join(from, source)
	if p == ".." || strings.HasPrefix(p, "../") || strings.HasPrefix(p, "/") {
		return nil
	}
	d := ev.dirs(p)
	if d != nil {
		ev.note(d)
	}
	return d
}

// note records what reading a directory brought, once.
func (ev *evaluator) note(d *Dir) {
	if ev.loaded[d] {
		return
	}
	ev.loaded[d] = true
	for _, f := range d.Files {
		if !ev.leavesOut(d, f) {
			ev.config.Files = append(ev.config.Files, f)
		}
	}
	ev.config.Problems = append(ev.config.Problems, d.Problems...)
	ev.config.broken = ev.config.broken || len(d.Broken) > 0
	for _, f := range d.Broken {
		ev.config.incomplete(f+" cannot be read wholly", Place{d.texts[f], 0, 0})
	}
}

func (m *Module) provider(b *hclsyntax.Block) *Provider {
	p := &Provider{Name: b.Labels[0], Module: m}
	p.Body = m.ev.block(b, b.Body, m.scope(), &Link{Res: &Resource{Addr: "provider." + b.Labels[0], Type: "provider", Module: m}})
	p.Alias, _ = p.Body.Attr("alias").Str()
	return p
}

// ProviderOf is the provider block that r uses, nil if there is none: its own module's, else the root's.
func (c *Config) ProviderOf(r *Resource) *Provider {
	name, alias := r.Provider()
	for m := r.Module; m != nil; m = m.parent {
		name, alias = m.renamed(name, alias, r.Module)
		for _, p := range c.Providers {
			if p.Module == m && p.Name == name && p.Alias == alias {
				return p
			}
		}
	}
	return nil
}

// renamed is what a provider that a module below m uses is called in m: the call's "providers" says it.
func (m *Module) renamed(name, alias string, from *Module) (string, string) {
	child := from
	for child != nil && child.parent != m {
		child = child.parent
	}
	if child == nil || child.callBlock == nil || m == from {
		return name, alias
	}
	a := child.callBlock.Body.Attributes["providers"]
	if a == nil {
		return name, alias
	}
	obj, ok := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return name, alias
	}
	inside := name
	if alias != "" {
		inside += "." + alias
	}
	for _, it := range obj.Items {
		key := it.KeyExpr
		if k, ok := key.(*hclsyntax.ObjectConsKeyExpr); ok {
			key = k.Wrapped
		}
		if k, attr := keyword(key); k != "" && strings.TrimSuffix(k+"."+attr, ".") == inside {
			return keyword(it.ValueExpr)
		}
	}
	return name, alias
}
