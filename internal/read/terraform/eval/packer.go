package eval

import (
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Packer is the templates of one directory, whose language is Terraform's with other blocks: sources, and builds that prepare
// a machine from them. Source: the Packer documentation, "HCL templates".
type Packer struct {
	Files    []string
	Builds   []PackerBuild
	Problems []step.Problem
	Broken   []string // files of which some or all is lost
	Uses     []string // files that functions read

	root *Module
}

// PackerBuild is a build block.
type PackerBuild struct {
	Sources      []PackerBlock
	Provisioners []PackerBlock
	At           span.Span
}

// PackerBlock is a block with a label: the type of a builder or provisioner.
type PackerBlock struct {
	Type, Name string
	Body       *Val
	At         span.Span
	End        int // the block's last line
}

// LoadPacker evaluates the templates called names in dir, together with what dir sets for them.
func LoadPacker(files step.Files, dir string, names []string) *Packer {
	d := &Dir{Path: path.Clean(dir), variables: map[string]*hclsyntax.Block{}, outputs: map[string]*hclsyntax.Block{},
		calls: map[string]*hclsyntax.Block{}, locals: map[string]*hclsyntax.Attribute{}, resources: map[string]*hclsyntax.Block{},
		tfvars: map[string]*hclsyntax.Attribute{}, texts: map[string]*span.Text{}}
	var sources, builds []*hclsyntax.Block
	for _, n := range names[:min(len(names), maxFiles)] {
		body := d.parse(files, n)
		if body == nil {
			continue
		}
		for _, b := range body.Blocks {
			switch {
			case b.Type == "variable" && len(b.Labels) == 1:
				d.variables[b.Labels[0]] = b
			case b.Type == "locals":
				for k, a := range b.Body.Attributes {
					d.locals[k] = a
				}
			case b.Type == "local" && len(b.Labels) == 1 && b.Body.Attributes["expression"] != nil:
				d.locals[b.Labels[0]] = b.Body.Attributes["expression"]
			case b.Type == "source" && len(b.Labels) == 2:
				sources = append(sources, b)
			case b.Type == "build":
				builds = append(builds, b)
			}
		}
	}
	for _, n := range files.List(d.Path) {
		if strings.HasSuffix(n, ".auto.pkrvars.hcl") {
			if body := d.parse(files, n); body != nil {
				for k, a := range body.Attributes {
					d.tfvars[k] = a
				}
			}
		}
	}
	c := &Config{Dir: d.Path, uses: map[string]bool{}, byAddr: map[string]*Resource{}, byType: map[string][]*Resource{}, byName: map[string]map[string]*Resource{}}
	ev := &evaluator{files: files, texts: map[string]*span.Text{}, config: c, loaded: map[*Dir]bool{}, dirs: func(string) *Dir { return nil }}
	ev.root = ev.newModule(d, "", nil)
	c.root = ev.root
	p := &Packer{Files: d.Files, Broken: d.Broken, root: ev.root}
	for _, b := range builds {
		p.Builds = append(p.Builds, p.build(b, sources))
	}
	p.Problems = append(d.Problems, c.Problems...)
	for k := range p.Problems {
		p.Problems[k].Msg = strings.NewReplacer("valid Terraform", "a valid Packer template", "this Terraform configuration", "this template").Replace(p.Problems[k].Msg)
	}
	p.Uses = append(p.Uses, c.Uses...)
	sort.Strings(p.Uses)
	return p
}

func (p *Packer) build(b *hclsyntax.Block, sources []*hclsyntax.Block) PackerBuild {
	ev, s := p.root.ev, p.root.scope()
	link := func(name string) *Link { return &Link{Res: &Resource{Addr: name, Type: name, Module: p.root}} }
	out := PackerBuild{At: ev.at(defRange(b)).Span()}
	add := func(ref string, own *hclsyntax.Block) {
		parts := strings.Split(strings.TrimPrefix(ref, "source."), ".")
		src := PackerBlock{Type: parts[0], At: out.At}
		if len(parts) > 1 {
			src.Name = parts[1]
		}
		for _, d := range sources {
			if d.Labels[0] == src.Type && d.Labels[1] == src.Name {
				src.Body, src.At, src.End = ev.block(d, d.Body, s, link(ref)), ev.at(defRange(d)).Span(), ev.at(d.Range()).Span().End.Line
			}
		}
		if src.Body == nil && own != nil {
			src.Body, src.At = ev.block(own, own.Body, s, link(ref)), ev.at(defRange(own)).Span()
		}
		out.Sources = append(out.Sources, src)
	}
	if a := b.Body.Attributes["sources"]; a != nil {
		for _, v := range ev.expr(a.Expr, s).List() {
			if ref, ok := v.Str(); ok {
				add(ref, nil)
			} else if t, ok := traversal(a.Expr, len(out.Sources)); ok {
				add(t, nil)
			}
		}
	}
	for _, n := range b.Body.Blocks {
		switch {
		case n.Type == "source" && len(n.Labels) == 1:
			add(n.Labels[0], n)
		case n.Type == "provisioner" && len(n.Labels) == 1:
			out.Provisioners = append(out.Provisioners, PackerBlock{Type: n.Labels[0], Body: ev.block(n, n.Body, s, link("provisioner")), At: ev.at(defRange(n)).Span()})
		case n.Type == "dynamic" && len(n.Labels) == 1 && n.Labels[0] == "provisioner":
			out.Provisioners = append(out.Provisioners, PackerBlock{Type: "dynamic", Body: null, At: ev.at(defRange(n)).Span()})
		}
	}
	return out
}

// traversal is the n-th element of a list of references without quotes, as words.
func traversal(e hclsyntax.Expression, n int) (string, bool) {
	list, ok := e.(*hclsyntax.TupleConsExpr)
	if !ok || n >= len(list.Exprs) {
		return "", false
	}
	t, ok := list.Exprs[n].(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return "", false
	}
	var words []string
	for _, step := range t.Traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			words = append(words, step.Name)
		case hcl.TraverseAttr:
			words = append(words, step.Name)
		}
	}
	return strings.Join(words, "."), true
}

// Text is a value of the templates as a text with its positions; what is not known is a token in it.
func (p *Packer) Text(v *Val) span.Text { return p.root.AsText(v) }

// ParseJSON is a JSON file as values with their places. The error has the place where it is no JSON.
func ParseJSON(src *span.Source) (*Val, *step.Problem) {
	root, err := scanJSON(src.Text)
	if err != nil {
		return nil, &step.Problem{At: src.Span(err.at, err.at), Msg: "this file is not valid JSON: " + err.msg, Fatal: err.deep}
	}
	whole := src.Whole()
	return fromJSON(root, &whole, 0), nil
}
