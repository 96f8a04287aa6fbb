package evaluator

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Why an evaluation was stopped. None of them depends on how far it got, so that messages are the same every time.
var (
	errTime   = errors.New("the rule did not finish within its time limit")
	errMemory = errors.New("the rule needed more memory than it may have")
	errStuck  = errors.New("the rule did not finish within its time limit and could not be stopped")
)

func isLimit(err error) bool {
	return errors.Is(err, errTime) || errors.Is(err, errMemory) || errors.Is(err, errStuck)
}

// outcome is what an evaluation of a query yields.
type outcome struct {
	values topdown.QueryResult
	faults []topdown.Error // errors of built-in functions: OPA takes what they stand in for undefined, and goes on
	err    error           // the evaluation broke off
}

// tick is how often a long evaluation is looked at.
const tick = 20 * time.Millisecond

// run evaluates a query within the limits. It returns when they are hit, if need be without the evaluation.
func (e *Evaluator) run(ctx context.Context, eng *engine, query ast.Body, input *ast.Term, limit time.Duration) outcome {
	if len(query) == 0 {
		return outcome{}
	}
	cancel := topdown.NewCancel()
	done := make(chan outcome, 1)
	floor := uint64(0)
	if eng.watched {
		floor = measure(heapLive)
	}
	go func() { done <- e.evaluate(ctx, eng, query, input, cancel) }()
	start := time.Now()
	timer := time.NewTicker(tick)
	defer timer.Stop()
	for {
		select {
		case out := <-done:
			return out
		case <-ctx.Done():
			return e.stop(cancel, done, ctx.Err())
		case <-timer.C:
			if eng.watched && e.grown(floor) {
				return e.stop(cancel, done, errMemory)
			}
			if time.Since(start) > limit {
				return e.stop(cancel, done, errTime)
			}
		}
	}
}

// stop cancels an evaluation and waits for its end, but not for ever.
func (e *Evaluator) stop(cancel topdown.Cancel, done <-chan outcome, why error) outcome {
	cancel.Cancel()
	select {
	case <-done:
		return outcome{err: why}
	case <-time.After(e.options.Grace):
		e.abandoned.Add(1)
		if errors.Is(why, errTime) {
			why = errStuck
		}
		return outcome{err: why}
	}
}

// grown says whether the heap has grown beyond the limit since it measured floor. Garbage does not count, but when there
// is as much again there is no time to collect it.
func (e *Evaluator) grown(floor uint64) bool {
	switch now := measure(heapAll); {
	case now <= floor+e.options.MemoryLimit:
		return false
	case now > floor+2*e.options.MemoryLimit:
		return true
	}
	runtime.GC()
	return measure(heapAll) > floor+e.options.MemoryLimit
}

// What the heap holds: with garbage, and without that as the last collection found it.
const (
	heapAll  = "/memory/classes/heap/objects:bytes"
	heapLive = "/gc/heap/live:bytes"
)

func measure(what string) uint64 {
	sample := []metrics.Sample{{Name: what}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// evaluate evaluates a query with nothing of the machine in reach. A panic is an error like others.
func (e *Evaluator) evaluate(ctx context.Context, eng *engine, query ast.Body, input *ast.Term, cancel topdown.Cancel) (out outcome) {
	defer func() {
		if p := recover(); p != nil {
			out = outcome{err: fmt.Errorf("the evaluation broke down: %v", p)}
		}
	}()
	txn, err := eng.store.NewTransaction(ctx, storage.TransactionParams{})
	if err != nil {
		return outcome{err: err}
	}
	defer eng.store.Abort(ctx, txn)
	q := topdown.NewQuery(query).
		WithCompiler(eng.compiler).
		WithStore(eng.store).
		WithTransaction(txn).
		WithInput(input).
		WithTime(e.options.Now).
		WithRuntime(ast.ObjectTerm()).
		WithCancel(cancel).
		WithBuiltinErrorList(&out.faults)
	err = q.Iter(ctx, func(values topdown.QueryResult) error {
		out.values = values
		return nil
	})
	if err == nil && out.values == nil {
		err = errors.New("the evaluation yielded nothing")
	}
	out.err = err
	return out
}
