package evaluator

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/topdown"
)

// An evaluation that does not stop is left behind and counted.
func TestStop(t *testing.T) {
	e := &Evaluator{options: Options{Grace: 10 * time.Millisecond}}
	never := make(chan outcome)
	if out := e.stop(topdown.NewCancel(), never, errTime); !errors.Is(out.err, errStuck) {
		t.Errorf("got %v", out.err)
	}
	if out := e.stop(topdown.NewCancel(), never, context.Canceled); !errors.Is(out.err, context.Canceled) {
		t.Errorf("got %v", out.err)
	}
	if e.Abandoned() != 2 {
		t.Errorf("got %d", e.Abandoned())
	}
	at := make(chan outcome, 1)
	at <- outcome{}
	if out := e.stop(topdown.NewCancel(), at, errTime); !errors.Is(out.err, errTime) || e.Abandoned() != 2 {
		t.Errorf("got %v", out.err)
	}
}

// A panic of OPA's is an error of the rule.
func TestPanic(t *testing.T) {
	e := &Evaluator{}
	if out := e.evaluate(context.Background(), &engine{}, nil, nil, nil); out.err == nil {
		t.Error("no error")
	}
}
