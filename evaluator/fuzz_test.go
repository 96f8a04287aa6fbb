package evaluator_test

import (
	"context"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

// Whatever a custom file holds, there are results with an outcome, and an error has a reason.
func FuzzCustom(f *testing.F) {
	f.Add("package tljh.rules.a\n\nimport data.tljh\n\nfail contains tljh.finding([\"a\"], \"m\")")
	f.Add("package main\n\ndeny[msg] { msg := input.x }")
	f.Add("# METADATA\n# custom: [1]\n# title: {}\npackage tljh.rules.a\n\npass contains 1")
	f.Add("# METADATA\n# custom: {params: {a: 1}}\npackage tljh.rules.a\n\npass contains 1")
	f.Add("package tljh[\"rules\"][\"\"]\n\nfail contains 1")
	f.Add("package a\n\ndeny.x contains 1\n\nwarn[x].y := 1 if some x in [1]\n\nviolation(x) := x")
	f.Add("package tljh.rules.a\n\ndefault fail := 1\n\nfail if data.tljh.rules.a.fail")
	f.Fuzz(func(t *testing.T, source string) {
		e, err := evaluator.New(context.Background(), evaluator.Options{
			Timeout: 200 * time.Millisecond, Grace: 100 * time.Millisecond, MemoryLimit: 64 << 20,
			Custom: []evaluator.Module{{File: "a.rego", Source: source}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range evaluate(t, e, map[string]any{"x": 1}) {
			if (r.Err != nil) != (r.Outcome == evaluator.Errored) || r.Err == nil && len(r.Findings) == 0 || r.Outcome == "" {
				t.Errorf("%+v", r)
			}
		}
	})
}
