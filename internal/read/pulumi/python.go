package pulumi

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// ReadPython follows the program in Python of the project whose Pulumi.yaml src is; it is never run. Its resources are those
// of programs in YAML, with names that are written with underscores.
func ReadPython(files step.Files, src *span.Source, stack string) terraform.Module {
	project, bad := markup.YAML(src.Whole(), "the project")
	main := path.Join(path.Dir(src.File), project.Get("main").Str())
	if path.Ext(main) != ".py" {
		main = path.Join(main, "__main__.py")
	}
	var code *span.Source
	if bad == nil && !strings.HasPrefix(main, "..") && files.Exists(main) {
		code, _ = files.Open(main)
	}
	if code == nil {
		c := eval.New(files, src, "Pulumi", format)
		if bad != nil {
			broken(c, src, bad)
		} else {
			why := "the program " + main + " is not in the repository, or cannot be read"
			c.Problems = append(c.Problems, step.Problem{At: src.Span(0, 0), Msg: why})
			c.NotEvaluated(why, eval.At(src.Whole().Slice(0, 0)))
		}
		return terraform.Declared(files, c, nil)
	}
	prog := declare.New(files, code, path.Dir(src.File), "Pulumi", "pulumi-python")
	p := &snake{Program: prog, made: map[*python.Call]*resource{}, data: map[*python.Call]*python.Call{}, names: map[string]int{}}
	p.runner = &runner{c: prog.C, files: files, dir: path.Dir(src.File), project: project, root: project, resources: map[string]*resource{},
		invoked: map[*markup.Node]*eval.Val{}, calls: map[string]int{}, azure: arm.NewStack(prog.C)}
	p.stacks(stack)
	more := slices.Clone(prog.C.Files)
	prog.Thing = p.thing
	why := prog.Run(p.told, p.answer, func(c *python.Call) bool { return c.Name == ".apply" || c.Name == "pulumi.Output.apply" })
	for _, f := range append([]string{src.File}, more...) {
		if !slices.Contains(prog.C.Files, f) {
			prog.C.Files = append(prog.C.Files, f)
		}
	}
	p.declareAll(why)
	m := terraform.Declared(files, prog.C, strings.NewReplacer("known only after apply", "known only when the stack is updated"))
	m.VarFile = stack
	return m
}

// snake is a program in Python while it is read.
type snake struct {
	*declare.Program
	*runner
	all   []*python.Call
	made  map[*python.Call]*resource
	data  map[*python.Call]*python.Call
	names map[string]int
}

// maxCalls bounds the calls that are looked at.
const maxCalls = 20_000

func (p *snake) told(c *python.Call) {
	if len(p.all) >= maxCalls {
		p.c.NotEvaluated("the program makes more than is followed", p.Place(c.Head))
		return
	}
	p.all = append(p.all, c)
}

// tokenOf is what a class or function of a package is called in Pulumi: pulumi_aws.ec2.Instance is aws:ec2:Instance.
func tokenOf(name string) (token string, ok bool) {
	parts := strings.Split(name, ".")
	pkg, ok := strings.CutPrefix(parts[0], "pulumi_")
	if !ok {
		pkg, ok = strings.CutPrefix(parts[0], "ediri_") // who publishes Vultr's
	}
	if !ok || len(parts) < 2 {
		return "", false
	}
	module := "index"
	if len(parts) > 2 {
		module = strings.Join(parts[1:len(parts)-1], "/")
	}
	return strings.ReplaceAll(pkg, "_", "-") + ":" + module + ":" + parts[len(parts)-1], true
}

// declareAll declares what the program makes, and gives it its arguments. why is why nothing of the program runs.
func (p *snake) declareAll(why string) {
	var made []*python.Call
	for _, c := range p.all {
		key := c.Gives
		if key == nil || key.Kind != python.Thing || key.Object.Call == nil {
			continue
		}
		last := c.Name[strings.LastIndexByte(c.Name, '.')+1:]
		capital := last != "" && last[0] >= 'A' && last[0] <= 'Z'
		token, ok := tokenOf(c.Name)
		switch {
		case strings.HasSuffix(last, "Args") || strings.HasSuffix(last, "ArgsDict"):
		case ok && capital && last == "Provider":
			p.provider(c, token)
		case ok && capital:
			r := &resource{name: p.unique(p.nameOf(c)), token: token, at: p.Place(c.Head)}
			p.declare(r)
			p.made[key.Object.Call] = r
			if r.res != nil {
				r.res.Named(underscored)
				r.res.Cond = c.Maybe
				if why != "" && r.res.Cond == "" {
					r.res.Cond = why
				}
				made = append(made, c)
			}
		case ok && strings.HasPrefix(last, "get_"):
			p.lookup(c, token)
			made = append(made, c)
		case capital && !strings.HasPrefix(c.Name, "pulumi.") && c.Named["opts"] != nil:
			p.c.NotEvaluated(c.Name+" is made by code that is not in the repository, and may hold machines or rules for them", p.Place(c.Head))
		}
	}
	p.runner.providers()
	for _, c := range made {
		if r := p.made[c.Gives.Object.Call]; r != nil && r.res != nil {
			p.give(r, c)
		}
	}
}

func (p *snake) nameOf(c *python.Call) string {
	v := c.Named["resource_name"]
	if v == nil && len(c.Args) > 0 {
		v = c.Args[0]
	}
	if s, ok := v.Str(); ok && s != "" {
		return s
	}
	return c.Name[strings.LastIndexByte(c.Name, '.')+1:]
}

func (p *snake) unique(name string) string {
	p.names[name]++
	if n := p.names[name]; n > 1 {
		return fmt.Sprintf("%s.%d", name, n)
	}
	return name
}

// lookup is a function that looks something up: aws.ec2.get_ami.
func (p *snake) lookup(c *python.Call, token string) {
	i := strings.LastIndexByte(token, ':')
	name := strings.TrimSuffix(token[i+1:], "_output")
	token = token[:i+1] + camel(name)
	typ := terraformType(token)
	if typ == "" || typ == quiet || typ == opaque {
		typ = dataType(token)
	}
	if typ == "" {
		typ = other
	}
	r := &resource{name: p.unique(name), token: token, at: p.Place(c.Head)}
	if r.res = p.c.Declare(typ, r.name, r.at); r.res != nil {
		r.res.Data = true
		r.res.Named(underscored)
	}
	p.made[c.Gives.Object.Call] = r
}

// give gives a resource its arguments and options.
func (p *snake) give(r *resource, c *python.Call) {
	if c.Loose {
		p.c.NotEvaluated("the arguments of "+r.name+" are passed on in a way that is not known", r.at)
	}
	v := eval.MapAt(r.at)
	for _, a := range c.Args { // aws.ec2.Instance("hub", aws.ec2.InstanceArgs(…))
		if x := p.args(a); x != nil {
			p.named(v, x.Named)
		}
	}
	if a := c.Named["args"]; a != nil {
		if x := p.args(a); x != nil {
			p.named(v, x.Named)
		}
	}
	p.named(v, c.Named)
	p.opts(r, c.Named["opts"])
	switch {
	case r.own != nil:
		r.own(camelled(v))
		return
	case isCommand(r.token):
		p.runner.command(r, camelled(v))
		return
	}
	for _, k := range v.Keys {
		c := v.Child[k]
		if c.Kind == eval.Map && strings.HasSuffix(k, "policy") && c.Child["Statement"] != nil {
			c = p.c.JSONText(c)
		}
		if name := renamed[r.res.Type+"."+k]; name != "" {
			k = name
		}
		r.res.Give(k, c)
	}
}

func (p *snake) named(v *eval.Val, named map[string]*python.Value) {
	for _, k := range slices.Sorted(maps.Keys(named)) {
		if k == "opts" || k == "resource_name" || k == "args" {
			continue
		}
		if x := nestedNames(p.Val(named[k]), 0); !x.IsNull() {
			v.Put(k, x)
		}
	}
}

// nestedNames has the arguments in the maps of v found under their names in Python.
func nestedNames(v *eval.Val, depth int) *eval.Val {
	switch {
	case depth > maxDepth:
	case v.Kind == eval.List:
		out := *v
		out.Items = make([]*eval.Val, len(v.Items))
		for i, it := range v.Items {
			out.Items[i] = nestedNames(it, depth+1)
		}
		return &out
	case v.Kind == eval.Map && v.Child != nil:
		out := eval.MapAt(v.At)
		for _, k := range v.Keys {
			out.Put(k, nestedNames(v.Child[k], depth+1))
		}
		return out.Named(underscored)
	}
	return v
}

// args is an object that holds arguments: aws.ec2.InstanceArgs(…).
func (p *snake) args(v *python.Value) *python.Call {
	if v != nil && v.Kind == python.Thing && v.Object.Call != nil && strings.HasSuffix(v.Name, "Args") {
		return v.Object.Call
	}
	return nil
}

// opts are pulumi.ResourceOptions.
func (p *snake) opts(r *resource, v *python.Value) {
	if v == nil || v.Kind != python.Thing || v.Object.Call == nil {
		if v != nil && v.Kind != python.None {
			r.res.Guard(eval.NotKnown(declare.Reason(v), r.at))
		}
		return
	}
	o := v.Object.Call.Named
	for _, k := range []string{"protect", "retain_on_delete"} {
		x := p.Val(o[k])
		if on, known := x.Bool(); on || !known && !x.IsNull() {
			r.res.Guard(x)
		}
	}
	for _, it := range p.Val(o["ignore_changes"]).List() {
		s, _ := it.Str()
		s, _, _ = strings.Cut(s, ".")
		s, _, _ = strings.Cut(s, "[")
		r.res.Ignore(singulars(markup.Snake(s))...)
	}
	if prov := o["provider"]; prov != nil && prov.Kind == python.Thing && prov.Object.Call != nil {
		r.res.Through(p.nameOf(prov.Object.Call))
	}
}

// provider is a way to speak to a cloud: aws.Provider("x", region=…).
func (p *snake) provider(c *python.Call, token string) {
	name := providers[packageOf(token)]
	if name == "" {
		return
	}
	body := eval.MapAt(p.Place(c.Head))
	p.named(body, c.Named)
	p.c.Providers = append(p.c.Providers, &eval.Provider{Name: name, Alias: p.nameOf(c), Body: body.Named(underscored), Module: p.c.Module()})
}

// underscored finds one of Terraform's arguments under the name that it has in Python.
func underscored(v *eval.Val, name string) *eval.Val {
	if all := v.Child[plural(name)]; all != nil {
		if all.Kind == eval.List && !lists[name] && (len(all.Items) == 0 || all.Items[0].Kind != eval.Map && !all.Items[0].IsUnknown()) {
			return nil
		}
		return all
	}
	return property(v, name)
}

// camelled is v with the names of arguments as Pulumi's own; tags keep the names that people gave them.
func camelled(v *eval.Val) *eval.Val {
	return v.Rename(maxDepth, func(k string) (string, bool) {
		if k == "tags" || k == "labels" {
			return k, false
		}
		return camel(k), true
	})
}

// thing is an object as a value.
func (p *snake) thing(v *python.Value, at eval.Place, depth int) *eval.Val {
	of, attrs := v.Origin()
	unknown := eval.NotKnown("known only when the stack is updated: "+declare.Reason(v), at)
	if of == nil || of.Kind != python.Thing || depth > maxDepth {
		return unknown
	}
	c := of.Object.Call
	if r := p.made[c]; r != nil {
		return p.follow(r, attrs, at)
	}
	if len(attrs) > 0 {
		return unknown
	}
	switch {
	case strings.HasSuffix(c.Name, "Args"):
		out := eval.MapAt(p.Place(c.Head))
		if c.Loose {
			return eval.NotKnown("its arguments are passed on in a way that is not known", out.At)
		}
		for _, k := range slices.Sorted(maps.Keys(c.Named)) {
			if x := p.Deep(c.Named[k], depth+1); !x.IsNull() {
				out.Put(k, x)
			}
		}
		return out
	case c.Name == "pulumi.Output.concat":
		var parts []span.Text
		for _, a := range c.Args {
			parts = append(parts, p.Text(a, at.Text()))
		}
		if len(parts) > 0 {
			return eval.TextOf(span.Concat(parts...))
		}
	case c.Name == "pulumi.Output.from_input" && len(c.Args) == 1, c.Name == "pulumi.Output.unsecret" && len(c.Args) == 1:
		return p.Deep(c.Args[0], depth+1)
	}
	return unknown
}

// follow is what an attribute of a resource means.
func (p *snake) follow(r *resource, attrs []string, at eval.Place) *eval.Val {
	if r.res == nil {
		return eval.NotKnown(r.name+" is not known", at)
	}
	if len(attrs) == 0 {
		return r.res.Body()
	}
	v := r.res.Ref(attrs[0])
	if v.IsUnknown() {
		return v.AtPlace(at)
	}
	for _, a := range attrs[1:] {
		switch {
		case a == python.ItemOf && v.Kind == eval.List && len(v.Items) == 1:
			v = v.Items[0]
		case a == python.ItemOf:
			return eval.NotKnown("which element is meant is not known", at)
		default:
			v = v.Attr(a)
		}
	}
	return v
}

// answer is what calls give that read the configuration.
func (p *snake) answer(c *python.Call) *python.Value {
	of, attrs := c.On.Origin()
	if of == nil || of.Kind != python.Thing || len(attrs) > 0 || of.Object.Call.Name != "pulumi.Config" {
		return p.Known(c)
	}
	how := strings.TrimPrefix(c.Name, ".")
	if !strings.HasPrefix(how, "get") && !strings.HasPrefix(how, "require") || len(c.Args) == 0 {
		return nil
	}
	key, ok := c.Args[0].Str()
	if !ok || strings.Contains(how, "secret") {
		return python.UnknownOf("it is a secret of the configuration, or a key that is not known", c.At)
	}
	if made := of.Object.Call; len(made.Args) > 0 {
		space, ok := made.Args[0].Str()
		if !ok {
			return python.UnknownOf("it is a part of the configuration that is not known", c.At)
		}
		key = space + ":" + key
	}
	v := p.config(key, p.Place(c.At))
	switch {
	case v != nil:
		return p.python(v, how, c.At)
	case strings.HasPrefix(how, "get") && len(c.Args) > 1:
		return c.Args[1]
	case strings.HasPrefix(how, "get") && len(p.settings) > 0 && !p.hidden():
		return &python.Value{Kind: python.None, At: c.At}
	}
	return python.UnknownOf("the configuration "+key+" has no value here; write it into the stack's file, or state the fact in an infra.yaml", c.At)
}

// hidden says whether a stack may set what is not seen.
func (p *snake) hidden() bool {
	return slices.ContainsFunc(p.settings, func(s setting) bool { return s.lost != "" })
}

// python is a value of the configuration as Python has it.
func (p *snake) python(v *eval.Val, how string, at span.Span) *python.Value {
	if v.Sensitive || v.IsUnknown() {
		return python.UnknownOf(cmp.Or(v.Reason(), "it is a secret of the configuration"), at)
	}
	where := v.At.Span()
	switch {
	case strings.HasSuffix(how, "_int"):
		if n, ok := v.Int(); ok {
			return &python.Value{Kind: python.Int, Int: n, At: where}
		}
	case strings.HasSuffix(how, "_float"):
		if f, ok := v.Num(); ok {
			return &python.Value{Kind: python.Float, Float: f, At: where}
		}
	case strings.HasSuffix(how, "_bool"):
		if b, ok := v.Bool(); ok {
			out := python.BoolOf(b)
			out.At = where
			return out
		}
	case strings.HasSuffix(how, "_object"):
		return plainValue(v, 0)
	default:
		if v.Kind == eval.String {
			return &python.Value{Kind: python.Text, Text: v.T, At: where}
		}
		if s, ok := v.Str(); ok {
			return &python.Value{Kind: python.Text, Text: span.Literal(s, v.At.Text()), At: where}
		}
	}
	return python.UnknownOf("the configuration has a value of another kind", at)
}

// plainValue is a structure of the configuration as Python has it.
func plainValue(v *eval.Val, depth int) *python.Value {
	at := v.At.Span()
	switch {
	case depth > maxDepth || v.IsUnknown():
		return python.UnknownOf(cmp.Or(v.Reason(), "it is nested too deeply"), at)
	case v.Kind == eval.List:
		out := &python.Value{Kind: python.List, At: at}
		for _, it := range v.Items {
			out.Items = append(out.Items, plainValue(it, depth+1))
		}
		return out
	case v.Kind == eval.Map && v.Child != nil:
		out := &python.Value{Kind: python.Dict, At: at}
		for _, k := range v.Keys {
			out.Keys = append(out.Keys, python.TextOf(k, at))
			out.Items = append(out.Items, plainValue(v.Child[k], depth+1))
		}
		return out
	case v.Kind == eval.String:
		return &python.Value{Kind: python.Text, Text: v.T, At: at}
	case v.Kind == eval.Bool:
		out := python.BoolOf(v.B)
		out.At = at
		return out
	case v.Kind == eval.Number:
		if n, ok := v.Int(); ok {
			return &python.Value{Kind: python.Int, Int: n, At: at}
		}
		f, _ := v.Num()
		return &python.Value{Kind: python.Float, Float: f, At: at}
	}
	return &python.Value{Kind: python.None, At: at}
}
