package evaluator

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Evaluate gives exactly one Result a rule, sorted by rule id. document is what encoding/json decodes, or an ast.Value.
// An error means that there are no results: document is not JSON, or ctx ended.
func (e *Evaluator) Evaluate(ctx context.Context, document any) ([]Result, error) {
	value, ok := document.(ast.Value)
	if !ok {
		var err error
		if value, err = ast.InterfaceToValue(document); err != nil {
			return nil, fmt.Errorf("the hub document is not JSON: %w", err)
		}
	}
	input := ast.NewTerm(value)
	said := make([]map[*rule]Result, len(e.engines))
	var group sync.WaitGroup
	for i, eng := range e.engines {
		group.Go(func() { said[i] = e.evaluateEngine(ctx, eng, input) })
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	results := make([]Result, len(e.rules))
	for i, r := range e.rules {
		results[i] = failed(r, r.broken)
		for _, of := range said {
			if result, ok := of[r]; ok {
				results[i] = result
			}
		}
	}
	return results, nil
}

func failed(r *rule, err error) Result { return Result{Rule: &r.info, Outcome: Errored, Err: err} }

// evaluateEngine evaluates all rules of an engine in one go. When that fails it finds out which rule is to blame.
func (e *Evaluator) evaluateEngine(ctx context.Context, eng *engine, input *ast.Term) map[*rule]Result {
	for {
		eng.mu.RLock()
		p := eng.plan.Load()
		out := e.run(ctx, eng, p.query, input, e.options.Timeout)
		eng.mu.RUnlock()
		blamed, ok := eng.attribute(p, out)
		if ctx.Err() != nil {
			return nil
		}
		if ok {
			return p.results(out, blamed)
		}
		if results, done := e.oneByOne(ctx, eng, p, input); done {
			return results
		}
	}
}

// results decodes what the rules of a plan said. blamed has the errors of those whose answer does not count.
func (p *plan) results(out outcome, blamed map[*rule]error) map[*rule]Result {
	results := make(map[*rule]Result, len(p.rules)+len(p.tripped))
	for r, err := range p.tripped {
		results[r] = failed(r, err)
	}
	for i, r := range p.rules {
		if err := blamed[r]; err != nil {
			results[r] = failed(r, err)
			continue
		}
		results[r] = decode(r, i, out.values)
	}
	return results
}

// attribute says which rules an evaluation's errors belong to; not ok if it cannot tell.
func (e *engine) attribute(p *plan, out outcome) (blamed map[*rule]error, ok bool) {
	if out.err != nil {
		return nil, false
	}
	for _, fault := range out.faults {
		owner := (*rule)(nil)
		for _, r := range p.rules {
			for _, f := range r.files {
				if fault.Location != nil && f.name == fault.Location.File {
					if owner != nil && owner != r {
						return nil, false // several rules share the file
					}
					owner = r
				}
			}
		}
		if owner == nil {
			return nil, false // in a package that rules share
		}
		if blamed == nil {
			blamed = map[*rule]error{}
		}
		if blamed[owner] == nil {
			blamed[owner] = evalFault(&fault)
		}
	}
	return blamed, true
}

// oneByOne evaluates each rule of p by itself, and takes those out of the plan for good that run into a limit. It is not
// done if time is up before the end, but something was taken out, or if another goroutine has changed the plan.
func (e *Evaluator) oneByOne(ctx context.Context, eng *engine, p *plan, input *ast.Term) (results map[*rule]Result, done bool) {
	eng.mu.Lock()
	defer eng.mu.Unlock()
	if eng.plan.Load() != p {
		return nil, false
	}
	if eng.watched {
		runtime.GC() // what has just failed must not count as memory in use
	}
	results = p.results(outcome{}, everything(p, errTime))
	tripped := map[*rule]error{}
	for r, err := range p.tripped {
		tripped[r] = err
	}
	done = true
	deadline := time.Now().Add(2 * e.options.Timeout)
	for _, r := range p.rules {
		left := min(time.Until(deadline), e.options.Timeout/2)
		if left <= 0 || ctx.Err() != nil {
			done = len(tripped) == len(p.tripped)
			break
		}
		query, err := eng.compileQuery([]*rule{r})
		if err != nil {
			results[r] = failed(r, err)
			continue
		}
		out := e.run(ctx, eng, query, input, left)
		switch {
		case out.err != nil:
			results[r] = failed(r, evalFault(out.err))
			if isLimit(out.err) {
				tripped[r] = evalFault(out.err)
			}
		case len(out.faults) > 0:
			results[r] = failed(r, evalFault(&out.faults[0]))
		default:
			results[r] = decode(r, 0, out.values)
		}
	}
	if len(tripped) > len(p.tripped) {
		next, err := eng.newPlan(p.rules, tripped)
		if err != nil {
			return results, true
		}
		eng.plan.Store(next)
	}
	return results, done
}

func everything(p *plan, err error) map[*rule]error {
	all := make(map[*rule]error, len(p.rules))
	for _, r := range p.rules {
		all[r] = err
	}
	return all
}

// evalFault puts an error of an evaluation in plain words, with the place in the rule.
func evalFault(err error) error {
	var fault *topdown.Error
	if errors.As(err, &fault) {
		return faultAt(position(fault.Location), "%s", fault.Message)
	}
	if isLimit(err) {
		return err
	}
	return faultAt(Position{}, "%s", err)
}
