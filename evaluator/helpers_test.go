package evaluator_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

// contract is a custom rule called "custom" of the rule contract.
func contract(body string) evaluator.Module {
	return evaluator.Module{File: "rules/custom.rego", Source: "package tljh.rules.custom\n\nimport data.tljh\n\n" + body}
}

// custom evaluates custom rules by themselves, within small limits.
func custom(t *testing.T, d any, modules ...evaluator.Module) []evaluator.Result {
	t.Helper()
	e := compile(t, evaluator.Options{Custom: modules})
	return evaluate(t, e, d)
}

func compile(t *testing.T, o evaluator.Options) *evaluator.Evaluator {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = time.Second
	}
	if o.Grace == 0 {
		o.Grace = 300 * time.Millisecond
	}
	if o.MemoryLimit == 0 {
		o.MemoryLimit = 128 << 20
	}
	e, err := evaluator.New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// summary is results in one line each, findings included.
func summary(results []evaluator.Result) []string {
	var out []string
	for _, r := range results {
		line := fmt.Sprintf("%s %s", r.Rule.ID, r.Outcome)
		if r.Err != nil {
			line += " " + r.Err.Error()
		}
		for _, f := range r.Findings {
			line += fmt.Sprintf("; %s %v %s", f.Outcome, f.Path, f.Message)
		}
		out = append(out, line)
	}
	return out
}
