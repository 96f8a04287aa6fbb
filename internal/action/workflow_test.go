package action

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func workflow(with ...string) string {
	return "on: pull_request\njobs:\n  gate:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - uses: Tljh-Policy/tljh-policy@v1\n        with:\n          github-token: x\n          " +
		strings.Join(with, "\n          ") + "\n"
}

// A pull request that edits the inputs of the step that judges it is judged by the base's.
func TestBaseInputs(t *testing.T) {
	tests := []struct {
		name       string
		base, head string
		now        map[string]string
		want       map[string]string // what the inputs count as
		changed    []string
	}{
		{"nothing changed", workflow("strict: true"), workflow("strict: true"), map[string]string{"strict": "true"}, nil, nil},
		{"lower fail level", workflow(), workflow("fail-on: never"), map[string]string{"fail-on": "never"}, map[string]string{"fail-on": ""}, []string{"fail-on"}},
		{"own gate", workflow(), workflow("base: head"), map[string]string{"base": "head"}, map[string]string{"base": ""}, []string{"base"}},
		{"no longer strict", workflow("strict: 'true'"), workflow(), nil, map[string]string{"strict": "true"}, []string{"strict"}},
		{"other path", workflow("path: hub"), workflow("path: empty"), map[string]string{"path": "empty"}, map[string]string{"path": "hub"}, []string{"path"}},
		{"default spelled out", workflow(), workflow("path: .", "base: base"), map[string]string{"path": ".", "base": "base"}, nil, nil},
		{"no gate before", "on: push\njobs: {}\n", workflow("fail-on: never"), map[string]string{"fail-on": "never"}, nil, nil},
		{"variable of the repository", workflow("fail-on: ${{ vars.LEVEL }}"), workflow("fail-on: ${{ vars.LEVEL }}"), map[string]string{"fail-on": "never"}, nil, nil},
		{"variable replaced", workflow("fail-on: ${{ vars.LEVEL }}"), workflow("fail-on: never"), map[string]string{"fail-on": "never"}, map[string]string{"fail-on": "info"}, []string{"fail-on"}},
		{"environment of the workflow", workflow("strict: ${{ env.STRICT }}"), workflow("strict: ${{ env.STRICT }}"), map[string]string{"strict": "false"}, map[string]string{"strict": "true"}, []string{"strict"}},
		{"base has no readable workflow", "jobs: [", workflow("base: head"), map[string]string{"base": "head"}, nil, nil},
	}
	for _, tt := range tests {
		get, changed := baseInputs(func(n string) string { return tt.now[n] },
			calls("w.yml", tt.base, "tljh-policy/tljh-policy"), calls("w.yml", tt.head, "tljh-policy/tljh-policy"), "w.yml", "gate")
		if !reflect.DeepEqual(changed, tt.changed) {
			t.Errorf("%s: changed %v, want %v", tt.name, changed, tt.changed)
		}
		for _, n := range gateInputs {
			want, ok := tt.want[n]
			if !ok {
				want = tt.now[n]
			}
			if got := get(n); got != want {
				t.Errorf("%s: %s is %q, want %q", tt.name, n, got, want)
			}
		}
	}
}

// Of several steps in the base the one of the same job counts; where none is, the strictest.
func TestBaseInputsOfSeveralSteps(t *testing.T) {
	step := func(job, level string) string {
		return fmt.Sprintf("  %s:\n    steps:\n      - uses: ./\n        with: {fail-on: %s}\n", job, level)
	}
	base := calls("w.yml", "jobs:\n"+step("a", "warning")+step("b", "error"), "")
	for job, want := range map[string]string{"a": "warning", "b": "error", "new": "warning"} {
		get, _ := baseInputs(func(n string) string { return map[string]string{"fail-on": "never"}[n] }, base, nil, "w.yml", job)
		if got := get("fail-on"); got != want {
			t.Errorf("job %s: %s, want %s", job, got, want)
		}
	}
}
