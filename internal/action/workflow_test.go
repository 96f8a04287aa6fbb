package action

import (
	"fmt"
	"reflect"
	"slices"
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

// Workflows and actions of the repository lead to each other; only the versions of what they use may differ.
func TestFlow(t *testing.T) {
	files := func(change map[string]string) flow {
		f := flow{
			"pr.yml":     "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4 # v4.1.0\n      - uses: ./.github/actions/gate\n",
			"action.yml": "runs:\n  steps:\n    - uses: tljh-policy/tljh-policy@v1\n      with: {fail-on: error}\n",
		}
		for name, text := range change {
			f[name] = text
		}
		return f
	}
	was := files(nil)
	for name, tt := range map[string]struct {
		change map[string]string
		same   bool
	}{
		"nothing":      {nil, true},
		"a version":    {map[string]string{"pr.yml": strings.Replace(was["pr.yml"], "@v4 # v4.1.0", "@0123456789012345678901234567890123456789 # v5", 1)}, true},
		"an input":     {map[string]string{"action.yml": strings.Replace(was["action.yml"], "error", "never", 1)}, false},
		"another one":  {map[string]string{"pr.yml": strings.Replace(was["pr.yml"], "actions/checkout", "actions/check", 1)}, false},
		"one more":     {map[string]string{"b.yml": "jobs: {}\n"}, false},
		"after a line": {map[string]string{"pr.yml": was["pr.yml"] + "        with: {fail-on: never} # uses: x@y\n"}, false},
	} {
		if got := was.same(files(tt.change)); got != tt.same {
			t.Errorf("%s: %v", name, got)
		}
	}
	want := []string{"a/b/action.yml", "a/b/action.yaml", ".github/workflows/x.yml"}
	if got := localUses("jobs:\n  a: {uses: ./.github/workflows/x.yml}\n  b:\n    steps: [{uses: ./a/b/}, {uses: actions/checkout@v4}, {uses: ./../out}]\n"); len(got) != 3 || !slices.Contains(got, want[0]) || !slices.Contains(got, want[1]) || !slices.Contains(got, want[2]) {
		t.Errorf("%v", got)
	}
}

// What another repository's workflow is called with counts under the same names, where no step is in sight.
func TestCalledWorkflow(t *testing.T) {
	own := func(level string) []call {
		return calls("w.yml", "jobs:\n  gate:\n    uses: octo/ci/.github/workflows/hub.yml@main\n    with: {fail-on: "+level+", other: x}\n", "tljh-policy/tljh-policy")
	}
	get, changed := baseInputs(func(string) string { return "never" }, own("warning"), own("never"), "w.yml", "check")
	if get("fail-on") != "warning" || !slices.Contains(changed, "fail-on") {
		t.Errorf("%s, %v", get("fail-on"), changed)
	}
	if c := calls("w.yml", "jobs:\n  lint:\n    uses: octo/ci/.github/workflows/lint.yml@main\n    with: {files: x}\n", "tljh-policy/tljh-policy"); len(c) != 0 {
		t.Errorf("%v", c)
	}
}
