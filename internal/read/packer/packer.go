// Package packer reads Packer templates, HCL and JSON: what their provisioners do to the machine of which an image is made, as
// the same steps that a script yields. The machine that Packer builds on is not the hub's; what it leaves is kept in the image.
// Source: the Packer documentation (templates, provisioners shell, file, ansible, ansible-local).
package packer

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Image is an image that a template makes.
type Image struct {
	ID string // packer.TYPE.NAME
	At span.Span
}

// Build is what is done to a machine of which images are made.
type Build struct {
	File   string
	Images []Image
	Steps  []step.Step
	At     span.Span
}

// Result is the templates of one directory.
type Result struct {
	Builds   []Build
	Files    []string // the templates, sorted
	Uses     []string // scripts and files that they use, sorted
	Problems []step.Problem
	Broken   []string // templates that cannot be read, or only in part
}

// Bounds of one template.
const (
	maxSteps  = 20000
	maxCopied = 300
)

// IsHCL says whether a file is a template in HCL.
func IsHCL(name string) bool { return strings.HasSuffix(name, ".pkr.hcl") }

// Read reads templates that lie in one directory: those in HCL together, each in JSON by itself. It never fails: what cannot be
// read is a Problem.
func Read(files step.Files, dir string, names []string) Result {
	var res Result
	var hcl []string
	for _, n := range names {
		if IsHCL(n) {
			hcl = append(hcl, n)
			continue
		}
		readJSON(files, path.Join(dir, n), &res)
	}
	if len(hcl) > 0 {
		p := eval.LoadPacker(files, dir, hcl)
		res.Files, res.Broken = append(res.Files, p.Files...), append(res.Broken, p.Broken...)
		res.Problems = append(res.Problems, p.Problems...)
		res.Uses = append(res.Uses, p.Uses...)
		for _, b := range p.Builds {
			r := &reader{files: files, dir: path.Clean(dir), text: p.Text, res: &res, written: map[string]span.Text{}}
			res.Builds = append(res.Builds, r.build(b))
		}
	}
	sort.Strings(res.Files)
	sort.Strings(res.Uses)
	return res
}

type reader struct {
	files   step.Files
	dir     string
	text    func(*eval.Val) span.Text
	res     *Result
	written map[string]span.Text
	out     []step.Step
}

func (r *reader) problem(at span.Span, format string, args ...any) {
	if len(r.res.Problems) < 100 {
		r.res.Problems = append(r.res.Problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...)})
	}
}

func (r *reader) use(file string) {
	for _, u := range r.res.Uses {
		if u == file {
			return
		}
	}
	r.res.Uses = append(r.res.Uses, file)
}

func (r *reader) build(b eval.PackerBuild) Build {
	out := Build{File: b.At.File, At: b.At}
	for _, s := range b.Sources {
		if s.Type == "null" || s.Type == "file" || s.Type == "docker" || s.Type == "" {
			continue // no image of a machine
		}
		out.Images = append(out.Images, Image{ID: strings.TrimSuffix("packer."+s.Type+"."+s.Name, "."), At: named(s)})
	}
	for _, p := range b.Provisioners {
		from := len(r.out)
		r.provisioner(p)
		if cond := limited(p, b.Sources); cond != nil {
			for k := from; k < len(r.out); k++ {
				r.out[k].Cond = cond
			}
		}
		if len(r.out) > maxSteps {
			r.problem(p.At, "the template does more than can be followed; split it")
			r.out = append(r.out[:maxSteps:maxSteps], opaque(p.At, "the template does more than can be followed"))
			break
		}
	}
	out.Steps = r.out
	return out
}

// named is where a builder gives its image a name, else the builder itself: a variable's default elsewhere makes no image.
func named(s eval.PackerBlock) span.Span {
	for _, key := range []string{"ami_name", "snapshot_name", "image_name", "managed_image_name", "image_label", "template_name", "vm_name"} {
		if v := s.Body.Attr(key); !v.IsNull() && !v.IsUnknown() && !v.At.Span().IsZero() {
			if at := v.At.Span(); at.File == s.At.File && at.Start.Line >= s.At.Start.Line && at.Start.Line <= s.End {
				return at
			}
		}
	}
	return s.At
}

// limited is the condition of a provisioner that does not run for every builder.
func limited(p eval.PackerBlock, sources []eval.PackerBlock) *step.Cond {
	for _, key := range []string{"only", "except"} {
		v := p.Body.Attr(key)
		if v.IsNull() || p.Body.IsUnknown() {
			continue
		}
		n := 0
		for _, s := range sources {
			for _, it := range v.List() {
				if w, _ := it.Str(); w == s.Name || w == s.Type || strings.TrimPrefix(w, "source.") == s.Type+"."+s.Name {
					n++
					break
				}
			}
		}
		if key == "only" && n == len(sources) || key == "except" && n == 0 {
			continue
		}
		return &step.Cond{Why: fmt.Sprintf("the provisioner does not run for every builder (%q)", key), At: p.At}
	}
	return nil
}

func opaque(at span.Span, why string) step.Step {
	return step.Step{Argv: []span.Text{span.Plain(shell.OpaqueCommand), span.Plain(why)}, At: at}
}
