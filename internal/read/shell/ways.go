package shell

import (
	"fmt"
	"maps"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// perhaps walks a statement that may not run, and keeps what is certain afterwards.
func (r *run) perhaps(s status, next *syntax.Stmt, at span.Text, and bool) status {
	if s = r.settled(s); s.kind == yes || s.kind == no {
		if (s.kind == yes) == and {
			return r.stmt(next)
		}
		return s
	}
	why := fmt.Sprintf("it only runs if the test on line %d holds%s", at.Span().Start.Line, conditionWords(s))
	if !and {
		why = fmt.Sprintf("it only runs if what line %d does first fails%s", at.Span().Start.Line, conditionWords(s))
	}
	free := and && s.fresh == yes || !and && s.fresh == no
	r.ways(s, at, []way{{why: why, free: free, f: func() { r.stmt(next) }}}, true)
	if s.kind == likely {
		return status{kind: likely}
	}
	return status{kind: unsure, why: s.why, input: s.input}
}

// way is one of several ways that a script may go.
type way struct {
	why  string
	free bool // it is the way taken on a new machine: deployments that can be repeated test for TLJH first
	f    func()
}

// ways walks each of several ways, of which one is taken (or none: skip), and joins what they leave behind. A way
// that ends the script is a guard: it does not make what follows conditional, unless it looks like a deliberate stop
// ("exit 0") that the script's input decides.
func (r *run) ways(s status, at span.Text, list []way, skip bool) {
	before, cwd, cond := r.vars, r.cwd, r.cond
	var after []vars
	moved, early, ends := cwd, false, exits
	start := len(r.res.Steps)
	var did [][]step.Step
	var conds []*step.Cond
	for _, w := range list {
		if !r.spend(1 + len(before)/4) {
			break
		}
		r.vars, r.cwd, r.ctl = maps.Clone(before), cwd, goOn
		if r.cond = cond; !w.free {
			r.cond = &step.Cond{Why: w.why, At: at.Span(), Branch: true}
		}
		conds = append(conds, r.cond)
		from := len(r.res.Steps)
		w.f()
		did = append(did, r.res.Steps[from:len(r.res.Steps):len(r.res.Steps)])
		switch r.ctl {
		case goOn:
			after = append(after, r.vars)
			if len(after) > 1 && moved != r.cwd || skip && r.cwd != cwd {
				moved = "?"
			} else {
				moved = r.cwd
			}
		default:
			early = early || r.ctl != exits || !r.failed && s.input
			ends = min(ends, r.ctl)
		}
	}
	r.vars, r.cwd, r.cond, r.ctl = before, cwd, cond, goOn
	if skip {
		after = append(after, before)
	}
	if len(after) == 0 { // every way ends it
		r.ctl = ends
		return
	}
	if !skip && len(after) == len(list) && len(list) > 1 && !r.broke {
		why := fmt.Sprintf("the condition on line %d%s", at.Span().Start.Line, conditionWords(s))
		r.res.Steps = append(r.res.Steps[:start:start], agree(did, conds, cond, why)...)
		for k := range r.res.Steps[start:] {
			r.done(&r.res.Steps[start+k])
		}
	}
	r.vars, r.cwd = merge(after, fmt.Sprintf("the condition on line %d%s", at.Span().Start.Line, conditionWords(s))), moved
	if early {
		r.early = &step.Cond{At: at.Span(),
			Why: fmt.Sprintf("the script may leave this part early at line %d%s", at.Span().Start.Line, conditionWords(s))}
	}
	if early || r.cond == nil {
		r.cond = r.early
	}
}
