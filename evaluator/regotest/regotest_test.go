package regotest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/evaluator/regotest"
)

const rule = `package tljh.rules.mine

import data.tljh

pass contains tljh.finding(["hub"], "good") if input.hub

fail contains tljh.finding(["hub"], "bad") if not input.hub
`

func run(t *testing.T, tests string) (regotest.Report, error) {
	t.Helper()
	return regotest.Run(context.Background(), regotest.Options{Libraries: true, Modules: []evaluator.Module{
		{File: "mine.rego", Source: rule},
		{File: "mine_test.rego", Source: "package mine_test\n\nimport data.tljh.rules.mine\n\n" + tests},
	}})
}

func TestRun(t *testing.T) {
	report, err := run(t, `test_good if count(mine.pass) == 1 with input as {"hub": 1}

test_wrong if count(mine.pass) == 1

test_cases[name] if {
	some name, hub in {"yes": {"hub": 1}, "no": {}}
	count(mine.pass) == 1 with input as hub
}

test_broken if to_number("x")

todo_test_later if false
`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, test := range report.Tests {
		word := map[bool]string{true: "passed", false: "failed"}[test.Passed]
		if test.Skipped {
			word = "skipped"
		}
		if test.Err != nil {
			word = "broke"
		}
		got = append(got, strings.TrimSpace(test.Name+" "+test.Case)+" "+word)
	}
	want := []string{
		"data.mine_test.test_good passed", "data.mine_test.test_wrong failed",
		"data.mine_test.test_cases no failed", "data.mine_test.test_cases yes passed",
		"data.mine_test.test_broken broke", "data.mine_test.todo_test_later skipped",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if report.Passed() {
		t.Error("a test fails")
	}
	if len(report.Files) != 1 || report.Files[0].Name != "mine.rego" || !slices.Equal(report.Files[0].Missing, []int{7}) {
		t.Errorf("got %+v", report.Files)
	}
}

func TestPassed(t *testing.T) {
	report, err := run(t, "test_good if count(mine.pass) == 1 with input as {\"hub\": 1}\n\ntest_bad if count(mine.fail) == 1 with input as {}")
	if err != nil || !report.Passed() || len(report.Files[0].Missing) > 0 {
		t.Errorf("got %+v, %v", report, err)
	}
	if (regotest.Report{}).Passed() {
		t.Error("no tests are no success")
	}
}

// Tests run in the sandbox of the rules.
func TestSandbox(t *testing.T) {
	var fault *evaluator.Error
	_, err := run(t, `test_net if http.send({"method": "get", "url": "http://localhost"})`)
	if !errors.As(err, &fault) || fault.At.File != "mine_test.rego" || !strings.Contains(fault.Message, "http.send") {
		t.Errorf("got %v", err)
	}
	if _, err := run(t, `test_x if {`); !errors.As(err, &fault) || fault.At.Line != 6 && fault.At.Line != 5 {
		t.Errorf("got %v", err)
	}
}
