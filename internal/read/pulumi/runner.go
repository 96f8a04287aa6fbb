package pulumi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Bounds of one program.
const (
	maxFuel     = 500_000 // values evaluated
	maxDepth    = 100
	maxText     = 1 << 20
	maxProblems = 50
	maxWeight   = 50_000 // values in one
)

// runner is one program while it is evaluated.
type runner struct {
	c         *eval.Config
	files     step.Files
	dir       string       // the project's
	project   *markup.Node // Pulumi.yaml
	root      *markup.Node // the program: Pulumi.yaml too, or Main.yaml
	settings  []setting
	resources map[string]*resource
	order     []*resource
	later     []*resource // parts of others
	known     eval.Once   // variables and configuration
	invoked   map[*markup.Node]*eval.Val
	weights   map[*eval.Val]int
	filling   bool           // everything is, so that properties can be evaluated
	calls     map[string]int // of functions, by name
	azure     *arm.Stack
	fuel      int
	spent     bool
}

// resource is one of the program's resources.
type resource struct {
	name, token string
	node        *markup.Node
	at          eval.Place
	res         *eval.Resource
	own         func(*eval.Val)  // takes the properties, where they are not in Terraform's words
	parts       []*eval.Resource // a network's subnets, in their order
	why         string           // nothing is known of it
	filled      bool             // its properties are evaluated, or are being so
}

func (p *runner) run() {
	n := p.root.Get("resources")
	if n != nil && n.Kind != markup.Map && n.Kind != markup.Null {
		p.refused(n.At, "resources must be a map; correct the program")
		p.c.NotEvaluated("the resources cannot be read", eval.At(n.At))
		return
	}
	var commands []*resource
	if n != nil {
		for _, m := range n.Members {
			if r := p.find(m); r != nil && isCommand(r.token) {
				commands = append(commands, r)
			} else if r != nil {
				p.declare(r)
			}
		}
	}
	commands = p.sorted(commands)
	for _, r := range commands {
		p.declare(r) // last, in their order, as what runs on machines is taken in the order of resources
	}
	p.declareParts()
	p.providers()
	p.filling = true
	for _, r := range p.order {
		p.fill(r)
	}
}

// find reads the head of a resource.
func (p *runner) find(m markup.Member) *resource {
	name, n := m.Key.String(), m.Value
	typ := n.Get("type").Str()
	if n.Alias || n.Kind != markup.Map || typ == "" {
		p.refused(m.Key, fmt.Sprintf("the resource %s has no type of its own; correct the program", name))
		p.c.NotEvaluated("the resource "+name+" cannot be read", eval.At(m.Key))
		return nil
	}
	r := &resource{name: name, token: typ, node: n, at: eval.At(m.Key)}
	p.resources[name] = r
	p.order = append(p.order, r)
	return r
}

// other is the type of a resource that is there to be referred to.
const other = "pulumi_other"

// declare declares a resource, so that others can refer to it before its properties are evaluated.
func (p *runner) declare(r *resource) {
	typ := terraformType(r.token)
	switch {
	case strings.HasPrefix(strings.ToLower(r.token), "pulumi:providers:"):
		typ = other
	case isCommand(r.token):
		typ = "null_resource"
	case p.declareNative(r):
		return
	case typ == opaque:
		p.c.NotEvaluated(fmt.Sprintf("%s (%s) makes machines, and is not evaluated", r.name, r.token), r.at)
	case typ == "":
		p.c.NotEvaluated(fmt.Sprintf("%s (%s) is of a package that is not understood, and may make machines", r.name, r.token), r.at)
		r.why = "made by a package that is not understood"
	}
	if typ == "" || typ == opaque || typ == quiet {
		typ = other
	}
	if r.res = p.c.Declare(typ, r.name, r.at); r.res == nil {
		r.why = "there are too many resources"
		return
	}
	r.res.Named(property)
	r.res.Data = r.node.Get("get") != nil // it exists, and is not made here
}

// attribute is what an attribute of a resource means.
func (p *runner) attribute(r *resource, steps []accessor, at eval.Place) *eval.Val {
	if r.res == nil {
		return eval.NotKnown(r.name+" is not known: "+r.why, at)
	}
	if len(steps) == 0 {
		return r.res.Body()
	}
	if r.why != "" {
		return eval.NotKnown(r.why+" ("+r.name+"."+steps[0].name+")", at)
	}
	if sub, rest := r.part(steps); sub != nil && len(rest) > 0 {
		return follow(sub.Body(), rest, at)
	}
	if p.filling {
		p.fill(r) // what another resource says may stand further down
	}
	v := r.res.Ref(markup.Snake(steps[0].name))
	if v.IsUnknown() {
		v = v.AtPlace(at)
	}
	return follow(v, steps[1:], at)
}

// fill evaluates a resource's properties and options.
func (p *runner) fill(r *resource) {
	if r.res == nil || r.filled {
		return
	}
	r.filled = true
	p.options(r)
	n := r.node.Get("properties")
	if get := r.node.Get("get"); get != nil {
		n = get.Get("state")
		if id := p.value(get.Get("id"), 1); !id.IsNull() {
			r.res.Give("id", id)
		}
	}
	v := p.value(n, 1)
	if v.Kind != eval.Map {
		if !v.IsNull() {
			p.c.NotEvaluated("the properties of "+r.name+" are not known: "+v.Reason(), r.at)
		}
		v = eval.MapAt(r.at)
	}
	switch {
	case r.own != nil:
		r.own(v)
		return
	case isCommand(r.token):
		p.command(r, v)
		return
	}
	for _, k := range v.Keys {
		c := v.Child[k]
		if c.Kind == eval.Map && strings.HasSuffix(strings.ToLower(k), "policy") && c.Child["Statement"] != nil {
			c = p.c.JSONText(c) // a document of rights, which Terraform has as text
		}
		if name := renamed[r.res.Type+"."+k]; name != "" {
			k = name
		}
		r.res.Give(k, c)
	}
}

// renamed are properties that have another name than Terraform's arguments, beyond their spelling.
// Source: the schemas of the providers that tokens.txt names.
var renamed = map[string]string{"aws_autoscaling_group.tags": "tag", "aws_sns_topic_subscription.topic": "topic_arn"}

// options are what the program says of how a resource is kept.
func (p *runner) options(r *resource) {
	n := r.node.Get("options")
	for _, key := range []string{"protect", "retainOnDelete"} {
		v := p.value(n.Get(key), 1)
		if on, known := v.Bool(); on || !known && !v.IsNull() {
			r.res.Guard(v)
		}
	}
	for _, it := range p.value(n.Get("ignoreChanges"), 1).List() {
		s, _ := it.Str()
		s, _, _ = strings.Cut(s, ".")
		s, _, _ = strings.Cut(s, "[")
		r.res.Ignore(singulars(markup.Snake(s))...)
	}
	if s := strings.TrimSpace(n.Get("provider").Str()); strings.HasPrefix(s, "${") {
		r.res.Through(strings.TrimSuffix(strings.TrimPrefix(s, "${"), "}"))
	}
}

// providers are how the clouds are spoken to: by the configuration, and by resources of their own.
func (p *runner) providers() {
	for _, pkg := range slices.Sorted(maps.Keys(providers)) {
		name := providers[pkg]
		body := eval.MapAt(p.start())
		for _, key := range []string{"region", "zone", "defaultTags", "defaultLabels", "authUrl", "cloud", "endpointOverrides", "features"} {
			v := p.config(pkg+":"+key, p.start())
			if v == nil {
				continue
			}
			if s := v.TextString(); strings.HasPrefix(strings.TrimSpace(s), "{") && v.Kind == eval.String {
				v = v.JSON()
			}
			body.Put(key, v)
		}
		p.c.Providers = append(p.c.Providers, &eval.Provider{Name: name, Body: body.Named(property), Module: p.c.Module()})
	}
	for _, r := range p.order {
		pkg, ok := strings.CutPrefix(strings.ToLower(r.token), "pulumi:providers:")
		if !ok || providers[pkg] == "" {
			continue
		}
		one := &eval.Provider{Name: providers[pkg], Alias: r.name, Body: p.value(r.node.Get("properties"), 1), Module: p.c.Module()}
		p.c.Providers = append(p.c.Providers, one)
		if on, _ := p.value(r.node.Get("defaultProvider"), 1).Bool(); on {
			own := *one
			own.Alias = ""
			p.c.Providers = append([]*eval.Provider{&own}, p.c.Providers...)
		}
	}
}

// start is where the program begins.
func (p *runner) start() eval.Place { return eval.At(p.root.At) }
