package check

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// evaluate asks every rule about every hub, several hubs at a time. What goes wrong with one hub is a fatal problem and
// costs no other hub its verdicts.
func evaluate(ctx context.Context, e *evaluator.Evaluator, docs []*hub.Document) ([]report.Evaluated, []step.Problem) {
	out := make([]report.Evaluated, len(docs))
	faults := make([]error, len(docs))
	next := make(chan int)
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(docs)) {
		group.Go(func() {
			for i := range next {
				out[i].Doc = docs[i]
				out[i].Verdicts, faults[i] = evaluateHub(ctx, e, docs[i])
			}
		})
	}
	for i := range docs {
		next <- i
	}
	close(next)
	group.Wait()
	var problems []step.Problem
	for i, err := range faults {
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			err = errors.New("there was no time left")
		}
		if err != nil {
			problems = append(problems, step.Problem{At: at(docs[i]), Msg: fmt.Sprintf("hub %s could not be evaluated: %v", docs[i].Name, err), Fatal: true})
		}
	}
	return out, problems
}

func at(d *hub.Document) span.Span {
	if !d.Fallback.IsZero() {
		return d.Fallback
	}
	return span.Span{File: d.Dir}
}

func evaluateHub(ctx context.Context, e *evaluator.Evaluator, d *hub.Document) (verdicts []report.Verdict, err error) {
	defer func() {
		if r := recover(); r != nil {
			verdicts, err = nil, fmt.Errorf("internal error: %.500v", r)
		}
	}()
	results, err := e.Evaluate(ctx, d.Plain())
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		v := report.Verdict{Rule: r.Rule.ID, Outcome: report.Outcome(r.Outcome), Err: r.Err}
		for _, f := range r.Findings {
			v.Findings = append(v.Findings, report.Found{
				Outcome: report.Outcome(f.Outcome), Path: f.Path, Message: f.Message, Fix: fixOf(f.Fix), Related: f.Related,
				SettledBy: f.SettledBy,
			})
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}

func fixOf(f *evaluator.Fix) *report.Fix {
	if f == nil {
		return nil
	}
	pointer := ""
	for _, e := range f.Path {
		pointer += "/" + doc.Escape(fmt.Sprint(e))
	}
	out := &report.Fix{Op: f.Op, Path: pointer, Value: f.Value}
	for i := range f.Then {
		out.Then = append(out.Then, *fixOf(&f.Then[i]))
	}
	return out
}
