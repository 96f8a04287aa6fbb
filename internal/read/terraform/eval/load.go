package eval

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Dir is one module directory as written: parsed once, evaluated once for each call of it.
type Dir struct {
	Path     string
	Files    []string
	Problems []step.Problem
	Broken   []string // files of which some or all is lost

	variables, outputs, calls map[string]*hclsyntax.Block
	locals                    map[string]*hclsyntax.Attribute
	resources                 map[string]*hclsyntax.Block // "aws_instance.hub", "data.aws_ami.ubuntu"
	providers                 []*hclsyntax.Block
	order                     []string // resources and calls ("module.x") in the order written
	varFiles                  []string // examples of tfvars files, which people copy and fill in
	variants                  []variant
	tfvars                    map[string]*hclsyntax.Attribute
	texts                     map[string]*span.Text
	start                     span.Span
}

// IsModuleFile says whether name is a Terraform or OpenTofu file.
func IsModuleFile(name string) bool {
	for _, ext := range []string{".tf", ".tofu", ".tf.json", ".tofu.json"} {
		if strings.HasSuffix(name, ext) && !strings.HasPrefix(name, ".") {
			return true
		}
	}
	return false
}

// LoadDir reads the files of one module directory; nil if it has none.
func LoadDir(files step.Files, dir string) *Dir {
	d := &Dir{Path: path.Clean(dir), variables: map[string]*hclsyntax.Block{}, outputs: map[string]*hclsyntax.Block{},
		calls: map[string]*hclsyntax.Block{}, locals: map[string]*hclsyntax.Attribute{}, resources: map[string]*hclsyntax.Block{},
		tfvars: map[string]*hclsyntax.Attribute{}, texts: map[string]*span.Text{}}
	names := files.List(dir)
	have := map[string]bool{}
	for _, n := range names {
		have[n] = true
	}
	var plain, overrides, vars []string
	for _, n := range names {
		base := strings.TrimSuffix(n, ".json")
		switch {
		case IsModuleFile(n):
			stem := strings.TrimSuffix(strings.TrimSuffix(base, ".tf"), ".tofu")
			if strings.HasSuffix(base, ".tf") && have[stem+".tofu"+strings.TrimPrefix(n, base)] {
				continue // OpenTofu reads x.tofu instead of x.tf
			}
			if stem == "override" || strings.HasSuffix(stem, "_override") {
				overrides = append(overrides, n)
			} else {
				plain = append(plain, n)
			}
		case base == "terraform.tfvars":
			vars = append(vars, n)
		case strings.HasSuffix(base, ".auto.tfvars"):
			vars = append(vars, n)
		}
	}
	if len(plain)+len(overrides) == 0 {
		return nil
	}
	if len(plain)+len(overrides) > maxFiles {
		d.Problems = append(d.Problems, step.Problem{At: span.Span{File: path.Join(d.Path, plain[0])}, Fatal: true,
			Msg: fmt.Sprintf("this directory has more than %d Terraform files; it is not evaluated", maxFiles)})
		return d
	}
	sort.Strings(plain)
	sort.Strings(overrides)
	for _, n := range plain {
		d.read(files, n, false)
	}
	for _, n := range overrides {
		d.read(files, n, true)
	}
	// terraform.tfvars comes first, then the .auto ones by name; later values win.
	sort.SliceStable(vars, func(i, j int) bool {
		a, b := strings.HasPrefix(vars[i], "terraform.tfvars"), strings.HasPrefix(vars[j], "terraform.tfvars")
		if a != b {
			return a
		}
		return vars[i] < vars[j]
	})
	for _, n := range vars {
		if body := d.parse(files, n); body != nil {
			for name, a := range body.Attributes {
				d.tfvars[name] = a
			}
		}
	}
	return d
}

func (d *Dir) register(t span.Text) string {
	name := fmt.Sprintf("%s#%d", d.Path, len(d.texts))
	d.texts[name] = &t
	return name
}

func (d *Dir) parse(files step.Files, name string) *hclsyntax.Body {
	file := path.Join(d.Path, name)
	src, err := files.Open(file)
	if err != nil {
		d.Problems = append(d.Problems, step.Problem{At: span.Span{File: file}, Msg: "this file cannot be read: " + err.Error(), Fatal: true})
		d.Broken = append(d.Broken, file)
		return nil
	}
	d.Files = append(d.Files, file)
	whole := src.Whole()
	d.texts[file] = &whole
	var p parsed
	switch {
	case IsVarFile(name):
		p = parseVars(src, d.register)
	case strings.HasSuffix(name, ".json"):
		p = parseJSON(src, d.register)
	default:
		p = parseHCL(src)
	}
	d.Problems = append(d.Problems, p.problems...)
	if p.broken {
		d.Broken = append(d.Broken, file)
	}
	if d.start.IsZero() {
		d.start = src.Span(0, 0)
	}
	return p.body
}

func (d *Dir) read(files step.Files, name string, override bool) {
	body := d.parse(files, name)
	if body == nil {
		return
	}
	for _, b := range body.Blocks {
		switch {
		case b.Type == "locals":
			for n, a := range b.Body.Attributes {
				d.locals[n] = a
			}
		case b.Type == "provider" && len(b.Labels) == 1:
			d.providers = append(d.providers, b)
		case b.Type == "variable" && len(b.Labels) == 1:
			d.declare(d.variables, b.Labels[0], b, override)
		case b.Type == "output" && len(b.Labels) == 1:
			d.declare(d.outputs, b.Labels[0], b, override)
		case b.Type == "module" && len(b.Labels) == 1:
			if d.declare(d.calls, b.Labels[0], b, override) {
				d.order = append(d.order, "module."+b.Labels[0])
			}
		case (b.Type == "resource" || b.Type == "data" || b.Type == "ephemeral") && len(b.Labels) == 2:
			key := b.Labels[0] + "." + b.Labels[1]
			if b.Type != "resource" {
				key = "data." + key
			}
			if d.declare(d.resources, key, b, override) {
				d.order = append(d.order, key)
			}
		}
	}
}

// declare keeps the first block of a name, or merges an override into it; it says whether the name is new.
func (d *Dir) declare(into map[string]*hclsyntax.Block, name string, b *hclsyntax.Block, override bool) bool {
	old := into[name]
	switch {
	case old == nil:
		into[name] = b
		return true
	case override:
		merge(old, b)
	default:
		at := Place{d.texts[b.TypeRange.Filename], b.TypeRange.Start.Byte, b.OpenBraceRange.Start.Byte}
		d.Problems = append(d.Problems, step.Problem{At: at.Span(),
			Msg: fmt.Sprintf("%s %q is declared twice, which Terraform refuses; only the first one is evaluated", b.Type, name)})
		d.Broken = append(d.Broken, b.TypeRange.Filename)
	}
	return false
}

// merge applies an override block: its arguments win, and its nested blocks replace those of the same type.
func merge(old, by *hclsyntax.Block) {
	for n, a := range by.Body.Attributes {
		old.Body.Attributes[n] = a
	}
	replaced := map[string]bool{}
	for _, b := range by.Body.Blocks {
		replaced[blockName(b)] = true
	}
	var kept hclsyntax.Blocks
	for _, b := range old.Body.Blocks {
		if !replaced[blockName(b)] {
			kept = append(kept, b)
		}
	}
	old.Body.Blocks = append(kept, by.Body.Blocks...)
}

// blockName is the type of a nested block; a dynamic block counts as what it makes.
func blockName(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}

// parseVars reads a tfvars file; in JSON it is one object of values.
func parseVars(src *span.Source, register func(span.Text) string) parsed {
	if !strings.HasSuffix(src.File, ".json") {
		return parseHCL(src)
	}
	r := &jsonReader{src: src, register: register}
	root, err := scanJSON(src.Text)
	if err != nil || root.kind != '{' {
		at, msg := 0, "it must be one object"
		if err != nil {
			at, msg = err.at, err.msg
		}
		return parsed{broken: true, problems: []step.Problem{{At: src.Span(at, at), Msg: "this file is not valid: " + msg}}}
	}
	return parsed{body: r.body(root, false)}
}

// LocalCalls are the directories of the local modules that d calls, sorted.
func (d *Dir) LocalCalls() []string {
	var out []string
	for _, b := range d.calls {
		if s := callSource(b); isLocal(s) {
			out = append(out, path.Join(d.Path, s))
		}
	}
	sort.Strings(out)
	return out
}

func isLocal(source string) bool {
	return strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") || source == "." || source == ".."
}

// callSource is a module call's source, which has to be a literal.
func callSource(b *hclsyntax.Block) string {
	a := b.Body.Attributes["source"]
	if a == nil {
		return ""
	}
	v, diags := a.Expr.Value(nil)
	if diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type().FriendlyName() != "string" {
		return ""
	}
	return v.AsString()
}

// defRange is the header of a block: its type and labels.
func defRange(b *hclsyntax.Block) hcl.Range {
	r := b.TypeRange
	if n := len(b.LabelRanges); n > 0 && b.LabelRanges[n-1].Start.Byte >= r.Start.Byte {
		r.End = b.LabelRanges[n-1].End
	}
	return r
}
