// Package workflow reads GitHub Actions workflows: what their jobs do to a hub's machine, which is hardly ever the runner. What
// a step does over SSH (or an action for SSH) counts; what it does on GitHub's runner is gone when the job ends. Values that
// GitHub holds (secrets, variables, inputs) are unknown, conditions are kept where they may be false.
// A scheduled workflow that asks the hub's address whether it answers is a check from outside.
// Source: docs.github.com, "Workflow syntax for GitHub Actions", "Contexts reference".
package workflow

import (
	"fmt"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// Chain is jobs that need each other, in the order in which they run. Nothing says in which order chains run.
type Chain struct {
	Steps []step.Step
	At    span.Span
}

// Check is a question, asked again and again, whether an address answers.
type Check struct {
	URL    span.Text
	Signal string    // http, or status where an error page is taken for an answer
	Notify span.Text // true, false or an unknown token: is somebody told
	Cond   *step.Cond
	Hours  float64   // between two checks
	Times  span.Text // the schedule
	At     span.Span
}

// Workflow is one file.
type Workflow struct {
	File     string
	Chains   []Chain
	Plays    []Chain // the commands that run Ansible's playbooks, of each chain with any
	Alone    bool    // it starts by itself: by pushes, at a time, by releases
	Checks   []Check
	Uses     []string // files that it reads or copies
	Problems []step.Problem
	Broken   string // why it cannot be read at all; "" if it can
	Called   bool   // it only runs where another workflow calls it
	At       span.Span
}

// Bounds of one workflow.
const (
	maxSteps   = 20000
	maxJobs    = 200
	maxNesting = 4 // composite actions and called workflows
)

// Read reads a workflow. It never fails: what cannot be read is a Problem.
func Read(files step.Files, src *span.Source) Workflow {
	r := &reader{files: files, w: Workflow{File: src.File, At: src.Span(0, 0)}, uses: map[string]bool{}}
	d, err := yamltext.Parse(src.Whole(), "the workflow")
	switch {
	case err != nil:
		r.w.Broken = err.Msg
		r.problem(err.At, "%s", err.Msg)
	case d.Root == nil || d.Root.Kind != yaml.MappingNode || field(d.Root, "jobs") == nil:
		r.w.Broken = "it is no workflow: it has no jobs"
		r.problem(src.Span(0, 0), "a workflow must be a mapping with the key \"jobs\"; GitHub does not run this one")
	default:
		r.d = d
		r.on = triggers(field(d.Root, "on"))
		r.w.Alone = r.on["push"] || r.on["schedule"] || r.on["release"]
		r.w.Called = len(r.on) == 1 && r.on["workflow_call"]
		r.every, r.times = r.schedule()
		r.workflow(scope{inputs: r.inputs(d.Root)}, 0)
	}
	for f := range r.uses {
		r.w.Uses = append(r.w.Uses, f)
	}
	sort.Strings(r.w.Uses)
	return r.w
}

type reader struct {
	files step.Files
	d     *yamltext.Doc
	w     Workflow
	on    map[string]bool
	every float64   // hours between two scheduled runs, 0 without a schedule
	times span.Text // the schedule
	uses  map[string]bool
}

func (r *reader) problem(at span.Span, format string, args ...any) {
	if len(r.w.Problems) < 100 {
		r.w.Problems = append(r.w.Problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...)})
	}
}

// triggers are the names of the events that start a workflow.
func triggers(n *yaml.Node) map[string]bool {
	out := map[string]bool{}
	if n == nil {
		return out
	}
	switch n.Kind {
	case yaml.ScalarNode:
		out[n.Value] = true
	case yaml.SequenceNode:
		for _, e := range n.Content {
			out[yamltext.Resolve(e).Value] = true
		}
	case yaml.MappingNode:
		for k := 0; k+1 < len(n.Content); k += 2 {
			out[n.Content[k].Value] = true
		}
	}
	return out
}

// inputs are the inputs of a workflow that somebody starts by hand or that is called: nobody knows what will be given.
func (r *reader) inputs(root *yaml.Node) map[string]span.Text {
	out := map[string]span.Text{}
	for _, event := range []string{"workflow_dispatch", "workflow_call"} {
		n := field(field(field(root, "on"), event), "inputs")
		for k := 0; n != nil && n.Kind == yaml.MappingNode && k+1 < len(n.Content); k += 2 {
			out[n.Content[k].Value] = span.Literal(span.Unknown(fmt.Sprintf("the input %q is given when the workflow is started", n.Content[k].Value)), r.d.Scalar(n.Content[k]))
		}
	}
	return out
}

// field is the value of a key of a mapping, nil without it. The last one of equal keys counts.
func field(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for k := len(n.Content) - 2; k >= 0; k -= 2 {
		if n.Content[k].Value == key {
			return yamltext.Resolve(n.Content[k+1])
		}
	}
	return nil
}

func (r *reader) opaque(at span.Text, why string) step.Step {
	at = at.Slice(0, min(1, at.Len()))
	return opaqueStep(at, why)
}

func mentionsHub(s string) bool {
	return strings.Contains(s, "tljh") || strings.Contains(s, "the-littlest-jupyterhub")
}
