package workflow

import (
	"fmt"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// given are the inputs of an action or workflow: its defaults, and what the caller hands over.
func (r *reader) given(callee *yamltext.Doc, inputs, with *yaml.Node, sc scope) map[string]span.Text {
	out := map[string]span.Text{}
	for k := 0; inputs != nil && inputs.Kind == yaml.MappingNode && k+1 < len(inputs.Content); k += 2 {
		name := inputs.Content[k].Value
		out[name] = span.Literal("", callee.Scalar(inputs.Content[k]))
		if d := field(yamltext.Resolve(inputs.Content[k+1]), "default"); d != nil && d.Kind == yaml.ScalarNode {
			out[name] = callee.Scalar(d)
		}
	}
	for k := 0; with != nil && with.Kind == yaml.MappingNode && k+1 < len(with.Content); k += 2 {
		if v := yamltext.Resolve(with.Content[k+1]); v.Kind == yaml.ScalarNode {
			out[with.Content[k].Value] = r.render(r.d.Scalar(v), sc)
		}
	}
	return out
}

// enter parses another file of the checkout and calls f with it as the document at hand.
func (r *reader) enter(file string, f func()) bool {
	if !r.files.Exists(file) {
		return false
	}
	src, err := r.files.Open(file)
	if err != nil {
		r.problem(span.Span{File: file}, "%s cannot be read: %v", file, err)
		return true
	}
	r.uses[file] = true
	d, bad := yamltext.Parse(src.Whole(), "the file")
	if bad != nil {
		r.problem(bad.At, "%s", bad.Msg)
		return true
	}
	saved := r.d
	r.d = d
	if d.Root != nil {
		f()
	}
	r.d = saved
	return true
}

// composite reads an action of the repository that is made of steps.
func (u *runs) composite(dir string, with *yaml.Node, sc scope, cond *step.Cond, at span.Text) {
	if u.depth >= maxNesting {
		u.out = append(u.out, u.opaque(at, "actions use each other too deeply"))
		return
	}
	caller := u.d
	for _, name := range []string{"action.yml", "action.yaml"} {
		if u.enter(path.Join(dir, name), func() {
			callee := u.d
			u.d = caller
			inputs := u.given(callee, field(callee.Root, "inputs"), with, sc)
			u.d = callee
			inner := &runs{reader: u.reader, sc: scope{env: sc.env, inputs: inputs}, written: u.written, depth: u.depth + 1, hosted: u.hosted, cond: cond}
			inner.steps(field(field(callee.Root, "runs"), "steps"))
			u.out = append(u.out, inner.out...)
			u.checks = append(u.checks, inner.checks...)
		}) {
			return
		}
	}
}

// calls reads a workflow of the repository that a job calls.
func (r *reader) calls(j *job, n, name *yaml.Node, sc scope, cond *step.Cond, depth int) {
	file, ok := strings.CutPrefix(name.Value, "./")
	at := r.d.Scalar(name)
	if !ok || depth >= maxNesting {
		if with := field(n, "with"); with != nil && with.Kind == yaml.MappingNode && drives(with) {
			j.steps = append(j.steps, r.opaque(at, fmt.Sprintf("the workflow %s is not in this repository", span.Show(name.Value))))
		}
		return
	}
	caller := r.d
	r.enter(path.Clean(file), func() {
		callee := r.d
		r.d = caller
		inputs := r.given(callee, field(field(field(callee.Root, "on"), "workflow_call"), "inputs"), field(n, "with"), sc)
		r.d = callee
		if field(callee.Root, "jobs") == nil {
			return
		}
		had := len(r.w.Chains)
		r.workflow(scope{inputs: inputs}, depth+1)
		for _, c := range r.w.Chains[had:] {
			for k := range c.Steps {
				if c.Steps[k].Cond == nil {
					c.Steps[k].Cond = cond
				}
			}
			j.steps = append(j.steps, c.Steps...)
		}
		r.w.Chains = r.w.Chains[:had]
	})
}
