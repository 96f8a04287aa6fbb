package evaluator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

const everything = `
fail contains tljh.finding(["a", 1], "f")
unknown contains tljh.finding(["b"], "u")
not_applicable contains "n"
pass contains tljh.finding(["c"], "p")
advice contains tljh.finding(["d"], "a")
`

func TestPrecedence(t *testing.T) {
	without := func(names ...string) string {
		var lines []string
	line:
		for line := range strings.Lines(everything) {
			for _, name := range names {
				if strings.HasPrefix(line, name) {
					continue line
				}
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "")
	}
	for name, test := range map[string]struct{ body, want string }{
		"fail": {everything, "custom fail; fail [a 1] f; unknown [b] u; not_applicable [] n; pass [c] p; advice [d] a"},
		"unknown": {
			without("fail"),
			"custom unknown; unknown [b] u; not_applicable [] n; pass [c] p; advice [d] a",
		},
		"not applicable": {without("fail", "unknown"), "custom not_applicable; not_applicable [] n; pass [c] p; advice [d] a"},
		"pass":           {without("fail", "unknown", "not_"), "custom pass; pass [c] p; advice [d] a"},
		"sorted": {
			`fail contains tljh.finding(["b"], "2")
fail contains tljh.finding(["b"], "1")
fail contains tljh.finding(["a", "x"], "m")
fail contains tljh.finding(["a", 10], "m")
fail contains tljh.finding(["a", 9], "m")
fail contains tljh.finding(["a"], "m")`,
			"custom fail; fail [a] m; fail [a 9] m; fail [a 10] m; fail [a x] m; fail [b] 1; fail [b] 2",
		},
		"a reason may be a finding": {
			`not_applicable contains tljh.finding(["hub"], "n")`,
			"custom not_applicable; not_applicable [hub] n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff([]string{test.want}, summary(custom(t, map[string]any{}, contract(test.body)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is wrong with a rule makes it an error, never a pass.
func TestBrokenRules(t *testing.T) {
	for name, test := range map[string]struct{ body, want string }{
		"nothing said":    {`pass contains tljh.finding(["a"], "m") if input.no`, "says nothing"},
		"only advice":     {`advice contains tljh.finding(["a"], "m")`, "says nothing"},
		"no set":          {`failed contains tljh.finding(["a"], "m")`, "rules/custom.rego:1:1: the rule defines none of the sets"},
		"not a set":       {`fail := tljh.finding(["a"], "m")`, "rules/custom.rego:5:1: fail must be a set of findings"},
		"a function":      {`fail(x) := x`, "fail must be a set"},
		"an object":       {`fail[k] := 1 if some k in ["x"]`, "fail must be a set"},
		"a boolean":       {`pass if true`, "pass must be a set"},
		"pass unproven":   {`pass contains tljh.finding([], "m")`, "must have a path to its evidence"},
		"a text":          {`fail contains "m"`, "must be made with tljh.finding, but is a string"},
		"no message":      {`fail contains {"path": ["a"]}`, "must have a message"},
		"empty message":   {`fail contains tljh.finding(["a"], " ")`, "must not be empty"},
		"message":         {`fail contains tljh.finding(["a"], 7)`, "must be a text, but is a number"},
		"message object":  {`fail contains tljh.finding(["a"], {"a": 1})`, "must be a text, but is an object"},
		"reason":          {`not_applicable contains 7`, "must be a text"},
		"path":            {`fail contains tljh.finding("a.b", "m")`, "a path must be a list"},
		"path of null":    {`fail contains tljh.finding(["a", null], "m")`, "has a null in it"},
		"path of lists":   {`fail contains tljh.finding([["a"]], "m")`, "has an array in it"},
		"path of half":    {`fail contains tljh.finding(["a", 1.5], "m")`, "whole number"},
		"path below zero": {`fail contains tljh.finding(["a", -1], "m")`, "whole number"},
		"path too large":  {`fail contains tljh.finding(["a", 1e30], "m")`, "whole number"},
		"path too long":   {`fail contains tljh.finding(numbers.range(1, 100), "m")`, "more than 64"},
		"unknown key":     {`fail contains {"path": ["a"], "message": "m", "mesage": 1}`, `has no "mesage"`},
		"related":         {`fail contains tljh.related(tljh.finding(["a"], "m"), "b")`, "related must be a list"},
		"fix":             {`fail contains tljh.finding_fix(["a"], "m", "b")`, "a fix must be made with"},
		"fix op":          {`fail contains tljh.finding_fix(["a"], "m", {"op": "rm -rf", "path": ["a"]})`, "op of a fix"},
		"fix value":       {`fail contains tljh.finding_fix(["a"], "m", {"op": "set", "path": ["a"]})`, "must have a value"},
		"fix then":        {`fail contains tljh.finding_fix(["a"], "m", {"op": "unset", "path": ["a"], "then": "b"})`, "then of a fix must be a list"},
		"fix then op":     {`fail contains tljh.finding_fix(["a"], "m", {"op": "unset", "path": ["a"], "then": [{"op": "x", "path": ["a"]}]})`, "op of a fix"},
		"fix too long":    {`fail contains tljh.finding_fix(["a"], "m", {"op": "unset", "path": ["a"], "then": numbers.range(1, 100)})`, "more than 65 changes"},
		"one is broken":   {`fail contains tljh.finding(["a"], "m")` + "\n" + `pass contains 1`, "pass: a finding must be"},
		"builtin error":   {`fail contains tljh.finding(["a"], "m") if to_number("x") > 1`, "rules/custom.rego:5:43: "},
		"error in lib":    {`fail contains tljh.finding(["a"], tljh.pointer(1 / input.zero))`, "divide by zero"},
		"conflict": {
			"x := 1 if true\nx := 2 if true\nfail contains tljh.finding([\"a\"], sprintf(\"%d\", [x]))",
			"rules/custom.rego:6:1: rule data.tljh.rules.custom.x produced conflicting values",
		},
		"recursion":    {`fail contains tljh.finding(["a"], "m") if count(pass) > 0` + "\n" + `pass contains x if some x in fail`, "recursive"},
		"many":         {`fail contains tljh.finding(["a", n], "m") if some n in numbers.range(1, 2000)`, "more than 1000"},
		"long":         {`fail contains tljh.finding(["a"], sprintf("%9000d", [1]))`, "longer than 8192 bytes"},
		"typo in lib":  {`fail contains tljh.fnding(["a"], "m")`, "undefined function"},
		"typo in data": {`fail contains tljh.finding(["a"], "m") if not data.tljh.hub_instnce`, "nothing defines data.tljh.hub_instnce"},
		"whole data":   {`fail contains tljh.finding(["a"], "m") if object.get(data, ["x"], 1) == 1`, "recursive"},
	} {
		t.Run(name, func(t *testing.T) {
			results := custom(t, map[string]any{"zero": 0}, contract(test.body))
			if len(results) != 1 || results[0].Outcome != evaluator.Errored || len(results[0].Findings) > 0 {
				t.Fatalf("got %v", summary(results))
			}
			if got := results[0].Err.Error(); !strings.Contains(got, test.want) {
				t.Errorf("got %q, want something with %q", got, test.want)
			}
		})
	}
}

func TestFindingParts(t *testing.T) {
	results := custom(t, map[string]any{}, contract(`fail contains tljh.related(
	tljh.finding_fix(["a", 0], "m", tljh.set_key(["b"], {"x": [1, "2"]})), [["c"], ["d", 1]],
)`))
	finding := results[0].Findings[0]
	if diff := cmp.Diff([][]any{{"c"}, {"d", 1}}, finding.Related); diff != "" {
		t.Error(diff)
	}
	if finding.Fix == nil || finding.Fix.Op != "set" || finding.Fix.Path[0] != "b" {
		t.Errorf("got %v", finding.Fix)
	}
	if diff := cmp.Diff([]any{"a", 0}, finding.Path); diff != "" {
		t.Error(diff)
	}
	settled := custom(t, map[string]any{}, contract(`unknown contains tljh.settled_by(tljh.finding(["a"], "m"), [["b", 0]])`))
	if diff := cmp.Diff([][]any{{"b", 0}}, settled[0].Findings[0].SettledBy); diff != "" {
		t.Error(diff)
	}
	several := custom(t, map[string]any{}, contract(`fail contains tljh.fixed_by(
	tljh.finding(["a"], "m"), [tljh.unset_key(["b"]), tljh.add_item(["c"], "x")],
)`))
	want := &evaluator.Fix{Op: "unset", Path: []any{"b"}, Then: []evaluator.Fix{{Op: "add-item", Path: []any{"c"}, Value: "x"}}}
	if diff := cmp.Diff(want, several[0].Findings[0].Fix); diff != "" {
		t.Error(diff)
	}
}
