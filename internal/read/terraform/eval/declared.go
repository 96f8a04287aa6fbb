package eval

import (
	"math/big"
	"path"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// New is a configuration that a reader of another format fills with Declare. CloudFormation, Azure's templates and their
// like declare the same things as Terraform under other names: given Terraform's, the adapters of the clouds read them all.
// tool is what people call the format's program, format its name in the model's inputs, file its main text.
func New(files step.Files, file *span.Source, tool, format string) *Config {
	c := &Config{Dir: path.Dir(file.File), uses: map[string]bool{}, Files: []string{file.File}, Start: file.Span(0, 0), Tool: tool, Format: format}
	ev := &evaluator{files: files, texts: map[string]*span.Text{}, config: c, loaded: map[*Dir]bool{}, dirs: func(string) *Dir { return nil }}
	ev.root = ev.newModule(&Dir{Path: c.Dir}, "", nil)
	c.root = ev.root
	return c
}

// Declare adds a resource that is written at at; its arguments follow with Give, when all are declared. nil: there are too many.
func (c *Config) Declare(typ, addr string, at Place) *Resource {
	if len(c.Resources) >= maxResources {
		c.incomplete("there are too many resources; the rest are not evaluated", at)
		return nil
	}
	b := &hclsyntax.Block{Type: "resource", Labels: []string{typ, addr}, Body: &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}}
	r := c.root.newResource(typ, addr, addr, b, c.root.scope(), "")
	r.At, r.given = at, newMap(at)
	c.Resources = append(c.Resources, r)
	c.byAddr, c.byType, c.byName = nil, nil, nil
	return r
}

// Give sets an argument; null sets none.
func (r *Resource) Give(name string, v *Val) {
	if !v.IsNull() {
		r.given.put(name, v)
		r.memo = map[string]*Val{}
	}
}

// Guard says that the tool keeps r when it is told to destroy it: true, false, or not known.
func (r *Resource) Guard(v *Val) { r.guard = v }

// Ignore says that changes of these arguments are ignored, by Terraform's names.
func (r *Resource) Ignore(names ...string) { r.ignored = append(r.ignored, names...) }

// Run adds what is done when r is made, as a provisioner.
func (r *Resource) Run(p Provisioner) { r.runs = append(r.runs, p) }

// Through says which provider of several makes r.
func (r *Resource) Through(alias string) { r.alias = alias }

// Named has r's arguments found under other names than Terraform's.
func (r *Resource) Named(find func(v *Val, name string) *Val) { r.given.named = find }

// Named is v, a map, with its keys found under other names than Terraform's: find is asked for what no key is called, and
// gives nil for nothing.
func (v *Val) Named(find func(v *Val, name string) *Val) *Val {
	c := *v
	c.named = find
	return &c
}

// Equal says whether a and b are equal, as far as that is known.
func Equal(a, b *Val) (yes, known bool) { return equal(a, b, 0) }

// Tool is the program that makes r, as people call it.
func (r *Resource) Tool() string {
	if t := r.Module.ev.config.Tool; t != "" {
		return t
	}
	return "Terraform"
}

// Module is the root module, through which files are opened.
func (c *Config) Module() *Module { return c.root }

// NotEvaluated notes something that may hold infrastructure and is not evaluated.
func (c *Config) NotEvaluated(why string, at Place) { c.incomplete(why, at) }

// At is the place of a text.
func At(t span.Text) Place { return Place{&t, 0, t.Len()} }

// TextOf is a string as it is written, with its places.
func TextOf(t span.Text) *Val { return text(t, At(t)) }

// NumberOf is a number.
func NumberOf(n *big.Float, at Place) *Val { return &Val{Kind: Number, N: n, At: at} }

// BoolOf is a truth value.
func BoolOf(b bool, at Place) *Val { return boolean(b, at) }

// MapAt is an empty map, to be filled with Put.
func MapAt(at Place) *Val { return newMap(at) }

// ListAt is a list that is written at at.
func ListAt(at Place, vs ...*Val) *Val { return list(at, vs...) }

// Put adds to a map that is being made.
func (v *Val) Put(key string, c *Val) { v.put(key, c) }

// Encoded is a text that is given to the cloud in base64.
func (v *Val) Encoded() *Val {
	if v.IsNull() || v.Kind != String {
		return v
	}
	c := *v
	c.Base64 = true
	return &c
}

// Assume is v where nobody gives another value: why says whose default it is.
func (v *Val) Assume(why string) *Val {
	if v.IsNull() || v.IsUnknown() {
		return v
	}
	c := *v
	c.Assumed = why
	return &c
}

// AtPlace is v, written at at.
func (v *Val) AtPlace(at Place) *Val {
	c := *v
	c.At = at
	return &c
}

// JSONText is v as JSON, as documents of rights are passed to the cloud.
func (c *Config) JSONText(v *Val) *Val {
	return jsonEncode(&call{ev: c.root.ev, s: c.root.scope(), args: []*Val{v}, at: v.At})
}

// None is a value that is not written.
func None() *Val { return null }
