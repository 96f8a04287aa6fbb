package evaluator_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

// A custom module that is broken costs itself and what uses it, with the place; never a built-in rule's verdict.
func TestBrokenModules(t *testing.T) {
	reference := summary(evaluate(t, compile(t, evaluator.Options{Builtin: true}), document(t)))
	for name, test := range map[string]struct {
		modules []evaluator.Module
		want    []string // beginnings of lines
	}{
		"syntax": {
			[]evaluator.Module{{File: "x/bad.rego", Source: "package tljh.rules.mine\n\nfail contains {"}},
			[]string{"mine error x/bad.rego:3:"},
		},
		"type": {
			[]evaluator.Module{{File: "bad.rego", Source: "package tljh.rules.mine\n\nfail contains 1 + \"a\""}},
			[]string{"mine error bad.rego:3:"},
		},
		"empty":    {[]evaluator.Module{{File: "bad.rego", Source: "# nothing"}}, []string{"bad error bad.rego: the file holds no Rego"}},
		"binary":   {[]evaluator.Module{{File: "bad.rego", Source: "\x00\xff\xfe"}}, []string{"bad error bad.rego:1:"}},
		"too long": {[]evaluator.Module{{File: "bad.rego", Source: strings.Repeat("#\n", 1<<20)}}, []string{"bad error bad.rego: the file is larger"}},
		"deep":     {[]evaluator.Module{{File: "bad.rego", Source: "package a\n\nx := " + strings.Repeat("[", 200000)}}, []string{"bad error bad.rego:"}},
		"taken": {
			[]evaluator.Module{{File: "p/https.rego", Source: "package tljh.rules.https\n\nimport data.tljh\n\npass contains tljh.finding([\"a\"], \"fine\")"}},
			[]string{"p-https.rego error p/https.rego:1:1: a built-in rule is called \"https\""},
		},
		"reserved": {
			[]evaluator.Module{{File: "lib.rego", Source: "package tljh\n\nknown(_) := true"}, {File: "params.rego", Source: "package tljh.params\n\nx := 1"}},
			[]string{"lib error lib.rego:1:1: the package tljh belongs", "params error params.rego:1:1: the package tljh belongs"},
		},
		"twice": {
			[]evaluator.Module{
				{File: "a/x.rego", Source: "package tljh.rules.x\n\nnot_applicable contains \"n\""},
				{File: "b/x.rego", Source: "package tljh.rules.x\n\nnot_applicable contains \"m\""},
			},
			[]string{"b-x.rego error b/x.rego:1:1: a rule called \"x\" is in a/x.rego too", "x not_applicable"},
		},
		"helper": {
			[]evaluator.Module{
				{File: "a.rego", Source: "package main\n\nimport data.lib.hubs\n\ndeny contains \"x\" if hubs.bad"},
				{File: "b.rego", Source: "package other\n\ndeny contains \"x\""},
				{File: "c.rego", Source: "package third\n\nwarn contains \"x\" if data.main.deny"},
				{File: "lib.rego", Source: "package lib.hubs\n\nbad if no_such_function(1)"},
			},
			[]string{"lib error lib.rego:3:", "main.deny error lib.rego:3:", "other.deny fail", "third.warn error lib.rego:3:"},
		},
		"conflict": {
			[]evaluator.Module{{File: "a.rego", Source: "package tljh.rules\n\nmine := 1"}},
			[]string{"a error a.rego:1:1: the package tljh belongs"},
		},
		"metadata": {
			[]evaluator.Module{{File: "a.rego", Source: "# METADATA\n# custom:\n#   severity: fatal\npackage tljh.rules.a\n\nnot_applicable contains \"n\""}},
			[]string{"a error a.rego:4:1: METADATA: custom.severity is \"fatal\""},
		},
		"bad id": {
			[]evaluator.Module{{File: "a.rego", Source: "package tljh.rules[\"a b\"]\n\nnot_applicable contains \"n\""}},
			[]string{"a error a.rego:1:1: a rule's id is"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := compile(t, evaluator.Options{Builtin: true, Custom: test.modules})
			var builtin, own []string
			for i, line := range summary(evaluate(t, e, document(t))) {
				if e.Rules()[i].Custom {
					own = append(own, line)
				} else {
					builtin = append(builtin, line)
				}
			}
			if diff := cmp.Diff(reference, builtin); diff != "" {
				t.Error(diff)
			}
			if len(own) != len(test.want) {
				t.Fatalf("got %q", own)
			}
			for i := range own {
				if !strings.HasPrefix(own[i], test.want[i]) {
					t.Errorf("got %q, want %q", own[i], test.want[i])
				}
			}
		})
	}
}

func TestSelection(t *testing.T) {
	ids := func(o evaluator.Options) (out []string) {
		for _, r := range compile(t, o).Rules() {
			out = append(out, r.ID)
		}
		return out
	}
	mine := []evaluator.Module{contract(`not_applicable contains "n"`)}
	all := append(evaluator.BuiltinIDs(), "custom")
	slices.Sort(all)
	for name, test := range map[string]struct {
		options evaluator.Options
		want    []string
	}{
		"all":     {evaluator.Options{Builtin: true, Custom: mine}, all},
		"none":    {evaluator.Options{}, nil},
		"own":     {evaluator.Options{Custom: mine}, []string{"custom"}},
		"only":    {evaluator.Options{Builtin: true, Custom: mine, Only: []string{"https"}}, []string{"https"}},
		"not own": {evaluator.Options{Builtin: true, Custom: mine, Skip: []string{"custom"}}, evaluator.BuiltinIDs()},
		"skip": {
			evaluator.Options{Builtin: true, Only: []string{"https", "authenticator"}, Skip: []string{"https"}},
			[]string{"authenticator"},
		},
	} {
		if diff := cmp.Diff(test.want, ids(test.options)); diff != "" {
			t.Error(name, diff)
		}
	}
	for _, o := range []evaluator.Options{{Only: []string{"htps"}}, {Skip: []string{"htps"}}, {Params: map[string]map[string]any{"htps": nil}}} {
		var unknown *evaluator.UnknownRuleError
		if _, err := evaluator.New(context.Background(), o); !errors.As(err, &unknown) || unknown.ID != "htps" || len(unknown.Known) == 0 {
			t.Errorf("got %v", err)
		}
	}
}

const withParams = `# METADATA
# custom:
#   params:
#     names: {type: array, default: [a], description: d}
#     limit: {type: number, default: 3, description: d}
package tljh.rules.custom

import data.tljh

pass contains tljh.finding(["a"], sprintf("%d %v", [
	tljh.param("custom", "limit", 0), tljh.param("custom", "names", []),
]))`

func TestParams(t *testing.T) {
	for name, test := range map[string]struct {
		params map[string]any
		want   string
	}{
		"defaults":   {nil, `3 ["a"]`},
		"given":      {map[string]any{"limit": 7, "names": []any{"x"}}, `7 ["x"]`},
		"type":       {map[string]any{"limit": "7"}, `parameter "limit" of rule "custom": it must be a number`},
		"list":       {map[string]any{"names": []any{map[string]any{}}}, `it must be a list of`},
		"misspelt":   {map[string]any{"limits": 7}, `the rule has no such parameter; it has limit, names`},
		"null value": {map[string]any{"limit": nil}, `it must be a number`},
	} {
		e, err := evaluator.New(context.Background(), evaluator.Options{
			Custom: []evaluator.Module{{File: "c.rego", Source: withParams}}, Params: map[string]map[string]any{"custom": test.params},
		})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = summary(evaluate(t, e, map[string]any{}))[0]
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// The same document has the same results, every time and in parallel, however it is given.
func TestDeterminism(t *testing.T) {
	e := compile(t, evaluator.Options{Builtin: true, Custom: []evaluator.Module{contract(everything)}})
	value, err := ast.InterfaceToValue(document(t))
	if err != nil {
		t.Fatal(err)
	}
	want := summary(evaluate(t, e, document(t)))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 25 {
				if diff := cmp.Diff(want, summary(evaluate(t, e, value))); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	group.Wait()
}

func TestNoDocument(t *testing.T) {
	e := compile(t, evaluator.Options{Builtin: true})
	if _, err := e.Evaluate(context.Background(), map[string]any{"x": make(chan int)}); err == nil {
		t.Error("a channel is no document")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.Evaluate(ctx, document(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	for _, d := range []any{nil, 1, "x", []any{}, map[string]any{}, map[string]any{"facts": 1, "infra": "x", "config": []any{}, "hub": nil}} {
		for _, r := range evaluate(t, e, d) {
			if r.Outcome == evaluator.Pass {
				t.Errorf("%s passes for %v", r.Rule.ID, d)
			}
		}
	}
}
