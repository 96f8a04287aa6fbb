package evaluator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

func TestConftest(t *testing.T) {
	input := map[string]any{"hub": map[string]any{"name": "hub"}}
	for name, test := range map[string]struct {
		source string
		want   []string
	}{
		"text":          {"package main\n\ndeny contains \"no\" if input.hub", []string{"main.deny fail; fail [hub] no"}},
		"before 1.0":    {"package main\n\ndeny[msg] { input.hub; msg := \"no\" }", []string{"main.deny fail; fail [hub] no"}},
		"object":        {"package main\n\nviolation contains {\"msg\": \"no\", \"_loc\": {\"line\": 1}, \"a\": 1}", []string{"main.violation fail; fail [] no"}},
		"with a path":   {"package main\n\nviolation contains {\"msg\": \"no\", \"path\": [\"hub\", \"name\"]}", []string{"main.violation fail; fail [hub name] no"}},
		"nothing found": {"package main\n\ndeny contains \"no\" if input.other", []string{"main.deny pass; pass [other] no violation"}},
		"suffixes": {
			"package main\n\ndeny_b contains \"b\"\ndeny_a contains \"a\"\nwarn_c contains \"c\" if false\ndenying contains \"x\"",
			[]string{"main.deny_a fail; fail [] a", "main.deny_b fail; fail [] b", "main.warn_c pass; pass [] no violation"},
		},
		"any package":    {"package ours.hubs\n\nwarn contains \"w\"", []string{"ours.hubs.warn fail; fail [] w"}},
		"a list":         {"package main\n\ndeny := [\"a\", \"b\"]", []string{"main.deny fail; fail [] a; fail [] b"}},
		"undefined":      {"package main\n\ndeny := [\"a\"] if input.other", []string{"main.deny pass; pass [other] no violation"}},
		"no msg":         {"package main\n\ndeny contains {\"message\": \"x\"}", []string{"main.deny error p.rego:3:1: deny: the object has no msg"}},
		"a boolean":      {"package main\n\ndeny if input.hub", []string{"main.deny error p.rego:3:1: deny: must be a set of messages, but is a boolean"}},
		"missing data":   {"package main\n\ndeny contains \"x\" if data.services.x", []string{"main.deny error p.rego:3:22: nothing defines data.services.x"}},
		"builtin error":  {"package main\n\ndeny contains \"x\" if to_number(input.hub.name) > 3", []string{"main.deny error p.rego:3:22: "}},
		"does not parse": {"package main\n\ndeny contains", []string{"p error p.rego:"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := summary(custom(t, input, evaluator.Module{File: "p.rego", Source: test.source}))
			for i := range min(len(got), len(test.want)) {
				if strings.Contains(got[i], " error ") && strings.HasPrefix(got[i], test.want[i]) { // the rest is OPA's words
					got[i] = test.want[i]
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Rules of one package in several files are one, as OPA has it; helpers and METADATA are found.
func TestConftestPackages(t *testing.T) {
	e := compile(t, evaluator.Options{Custom: []evaluator.Module{
		{File: "a.rego", Source: "package main\n\nimport data.lib\n\n# METADATA\n# title: No hub\ndeny contains \"a\" if lib.hub"},
		{File: "b.rego", Source: "package main\n\ndeny contains \"b\" if input.hub"},
		{File: "lib.rego", Source: "package lib\n\nhub if input.hub"},
		{File: "a_test.rego", Source: "package main\n\ntest_x if nothing.like.this"},
	}})
	rules := e.Rules()
	if len(rules) != 1 || rules[0].Title != "No hub" || rules[0].Severity != evaluator.SeverityError || !rules[0].Custom {
		t.Errorf("got %+v", rules)
	}
	want := []string{"main.deny fail; fail [] a; fail [] b"}
	if diff := cmp.Diff(want, summary(evaluate(t, e, map[string]any{"hub": map[string]any{}}))); diff != "" {
		t.Error(diff)
	}
}

// Findings that name no path are placed at what the rule reads.
func TestEvidence(t *testing.T) {
	for name, test := range map[string]struct{ rules, want string }{
		"longest":  {`deny contains "x" if { input.hub; input.config.https.enabled == false }`, "[config https enabled]"},
		"list":     {`deny contains "x" if { some i in input.infra.instances; i.id == "x" }`, "[infra instances]"},
		"variable": {`deny contains "x" if { some k; input.config[k].enabled == false }`, "[config]"},
		"message":  {`deny contains msg if { msg := sprintf("%v", [input.hub.name]) }`, "[hub name]"},
		"alike": {`deny contains "x" if input.config.https.enabled == false
deny contains "y" if input.config.limits.memory == 1`, "[config]"},
		"unlike": {`deny contains "x" if input.config.https.enabled == false
deny contains "y" if input.hub.name == "x"`, "[]"},
		"import": {"import input.config as c\n" + `deny contains "x" if c.https.enabled == false`, "[config https enabled]"},
	} {
		source := "package main\n\n" + test.rules
		got := custom(t, map[string]any{
			"hub": map[string]any{"name": "x"}, "infra": map[string]any{"instances": []any{map[string]any{"id": "x"}}},
			"config": map[string]any{"https": map[string]any{"enabled": false}},
		}, evaluator.Module{File: "p.rego", Source: source})
		if line := summary(got)[0]; !strings.HasPrefix(line, "main.deny fail; fail "+test.want+" x") {
			t.Errorf("%s: got %q", name, line)
		}
	}
}
