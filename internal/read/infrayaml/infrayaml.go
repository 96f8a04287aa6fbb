// Package infrayaml reads infra.yaml: what is true of a hub's machine and can only be seen in the cloud's console, with
// who says so and until when (reference/providers.md §1).
//
// It is strict, because nothing else checks what it says: a mistake costs the value it touches, never passes for one.
package infrayaml

import (
	"fmt"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yaml12"
)

// Options say what the file cannot.
type Options struct {
	Now time.Time // for attestations that end; its day in UTC counts
}

// Result is what a file states. All nodes are there, also when the file is broken: unknown then, with the reason.
type Result struct {
	// Infra holds instances, volumes, backups, dns, images and alerts_sinks as in the common model. What the file does
	// not speak of is Unknown. "complete" is true when instances, volumes and backups are all stated soundly.
	Infra *doc.Node
	// ExpectedUsers is {active, total}; Unset where not stated.
	ExpectedUsers *doc.Node
	// TerminatedBy is what ends TLS in front of the hub; nil where not stated.
	TerminatedBy *doc.Node
	// Attestations is a list of {by, on, valid_until, expired, covers}; covers is "." for the file, else "instances/ID".
	Attestations *doc.Node
	Problems     []step.Problem
}

var lists = []string{"instances", "volumes", "backups", "dns", "images", "alerts_sinks"}

const maxProblems = 50

type reader struct {
	src      *span.Source
	now      time.Time
	problems []step.Problem
}

// Read reads the text of an infra.yaml.
func Read(src *span.Source, o Options) Result {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	r := &reader{src: src, now: o.Now.UTC().Truncate(24 * time.Hour)}
	tree, errs := yaml12.Parse(src.Whole(), yaml12.Options{})
	for _, e := range errs {
		at := e.At
		if at.IsZero() {
			at = src.Span(0, 0)
		}
		r.problem(step.Problem{At: at, Msg: e.Msg + "; nothing of this file is used until it is corrected", Fatal: e.Bound})
	}
	whole := src.Span(0, 0)
	if len(errs) > 0 || tree == nil {
		return r.broken(whole, fmt.Sprintf("%s cannot be read", src.File))
	}
	if tree.Kind == doc.Null && tree.State != doc.Unknown {
		r.fail(whole, "the file is empty; state at least the hub's machine under \"instances\"")
		return r.broken(whole, fmt.Sprintf("%s is empty", src.File))
	}
	if tree.Kind != doc.Map || tree.State == doc.Unknown {
		r.fail(whole, "an infra.yaml is a mapping of keys such as \"instances\" and \"backups\"")
		return r.broken(whole, fmt.Sprintf("%s is not a mapping", src.File))
	}
	node, _ := r.value(tree, root(), "")
	return r.finish(node, whole)
}

func (r *reader) broken(at span.Span, why string) Result {
	infra := doc.NewMap(doc.Unknown, at).Because(why)
	for _, k := range lists {
		infra.Put(k, doc.UnknownOf(why, at))
	}
	complete(infra, at, []string{why})
	users := doc.NewMap(doc.Set, at)
	users.Put("active", doc.UnknownOf(why, at))
	users.Put("total", doc.UnknownOf(why, at))
	return Result{Infra: infra, ExpectedUsers: users, Attestations: doc.NewList(doc.Set, at), Problems: r.problems}
}

func complete(infra *doc.Node, at span.Span, missing []string) {
	infra.Put("complete", doc.Of(len(missing) == 0, doc.Derived, at))
	list := doc.NewList(doc.Derived, at)
	for _, m := range missing {
		list.Add(doc.Of(m, doc.Derived, at))
	}
	infra.Put("incomplete", list)
}

func (r *reader) fail(at span.Span, format string, args ...any) string {
	msg := fmt.Sprintf(format, args...)
	r.problem(step.Problem{At: at, Msg: msg})
	return msg
}

func (r *reader) problem(p step.Problem) {
	switch {
	case len(r.problems) < maxProblems:
		r.problems = append(r.problems, p)
	case len(r.problems) == maxProblems:
		r.problems = append(r.problems, step.Problem{At: p.At, Msg: "there are more mistakes than are shown here"})
	}
}
