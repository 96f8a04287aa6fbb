package packer

import (
	"path"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// readJSON reads a template in the old format, whose texts are Go templates.
func readJSON(files step.Files, file string, res *Result) {
	src, err := files.Open(file)
	if err != nil {
		res.Broken = append(res.Broken, file)
		res.Problems = append(res.Problems, step.Problem{At: span.Span{File: file}, Msg: file + " cannot be read: " + err.Error(), Fatal: true})
		return
	}
	root, bad := eval.ParseJSON(src)
	if bad != nil || root.Kind != eval.Map {
		if bad == nil {
			bad = &step.Problem{At: src.Span(0, 0), Msg: "a Packer template must be an object"}
		}
		res.Broken = append(res.Broken, file)
		res.Problems = append(res.Problems, *bad)
		return
	}
	if root.Attr("builders").IsNull() {
		res.Broken = append(res.Broken, file)
		res.Problems = append(res.Problems, step.Problem{At: src.Span(0, 0), Msg: "this template has no \"builders\", and only that form of JSON is read; write it in HCL (x.pkr.hcl)"})
		return
	}
	res.Files = append(res.Files, file)
	vars := map[string]span.Text{}
	t := templates{vars}
	if m := root.Attr("variables"); m.Kind == eval.Map {
		for _, k := range m.Keys {
			if v := m.Child[k]; !v.IsNull() {
				vars[k] = t.text(v)
			}
		}
	}
	r := &reader{files: files, dir: path.Dir(file), text: t.text, res: res, written: map[string]span.Text{}}
	b := eval.PackerBuild{At: root.At.Span()}
	for _, v := range objects(r, root.Attr("builders"), "builders") {
		b.Sources = append(b.Sources, block(v))
	}
	for _, v := range objects(r, root.Attr("provisioners"), "provisioners") {
		b.Provisioners = append(b.Provisioners, block(v))
	}
	out := r.build(b)
	out.File = file
	if v := root.Attr("provisioners"); !v.IsNull() {
		out.At = v.At.Span()
	}
	res.Builds = append(res.Builds, out)
}

// objects are the objects of a list; anything else there is a problem.
func objects(r *reader, v *eval.Val, key string) []*eval.Val {
	var out []*eval.Val
	for _, it := range v.List() {
		if it.Kind == eval.Map {
			out = append(out, it)
			continue
		}
		r.problem(it.At.Span(), "each of %q must be an object", key)
		if key == "provisioners" {
			r.out = append(r.out, opaque(it.At.Span(), "a provisioner that cannot be read"))
		}
	}
	return out
}

func block(v *eval.Val) eval.PackerBlock {
	typ, _ := v.Attr("type").Str()
	name, _ := v.Attr("name").Str()
	at := v.At.Span()
	end := at.End.Line
	at.End = at.Start
	return eval.PackerBlock{Type: typ, Name: name, Body: v, At: at, End: end}
}

// templates fills in {{user `x`}}; what else stands in braces is known when Packer runs.
type templates struct{ vars map[string]span.Text }

var (
	braces = lazyregexp.New(`\{\{[^{}]{0,200}\}\}`)
	user   = lazyregexp.New("^\\{\\{-?\\s*user\\s+[`\"]([^`\"]+)[`\"]\\s*-?\\}\\}$")
)

func (t templates) text(v *eval.Val) span.Text {
	if v.Kind != eval.String {
		s, _ := v.Str()
		return span.Literal(s, v.At.Text())
	}
	s := v.T.String()
	var parts []span.Text
	last := 0
	for _, m := range braces.FindAllStringIndex(s, 1000) {
		at := v.T.Slice(m[0], m[1])
		value := span.Unknown("it is filled in when Packer runs: " + s[m[0]:m[1]])
		if u := user.FindStringSubmatch(s[m[0]:m[1]]); u != nil {
			if w, ok := t.vars[u[1]]; ok {
				value = w.String()
			}
		}
		parts = append(parts, v.T.Slice(last, m[0]), span.Literal(value, at))
		last = m[1]
	}
	return span.Concat(append(parts, v.T.Slice(last, len(s)))...)
}
