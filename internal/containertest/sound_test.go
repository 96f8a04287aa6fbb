package containertest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/runnertest"
	"gopkg.in/yaml.v3"
)

// sound fails if a run breaks what holds for every run, whatever its verdict.
func sound(t *testing.T, r runnertest.Result) {
	t.Helper()
	// Every declared output is written in every run, so that none can be forged on standard output.
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var declared struct{ Outputs map[string]any }
	if err := yaml.Unmarshal(text, &declared); err != nil {
		t.Fatal(err)
	}
	for name := range declared.Outputs {
		if _, ok := r.Outputs[name]; !ok {
			t.Errorf("output %s is not written", name)
		}
	}
	for name := range r.Outputs {
		if _, ok := declared.Outputs[name]; !ok {
			t.Errorf("output %s is not declared in action.yml", name)
		}
	}
	if len(r.Log.Outputs) > 0 || len(r.Env) > 0 || len(r.Path) > 0 || len(r.State) > 0 {
		t.Errorf("set on standard output: %q; environment %q, path %q, state %q", r.Log.Outputs, r.Env, r.Path, r.State)
	}
	if len(r.Log.Errors) > 0 {
		t.Errorf("the runner complains: %q", r.Log.Errors)
	}
	// What the tool says to the runner is in today's form, and of these kinds only.
	for _, c := range r.Log.Commands {
		if c.Legacy || !slices.Contains([]string{"error", "warning", "notice", "debug", "group", "endgroup", "stop-commands", "add-mask"}, c.Name) {
			t.Errorf("a command that the tool does not give: %+v", c)
		}
	}
	if r.Summary == "" {
		t.Error("no summary was written")
	}
	for _, secret := range []string{"example-token", "exampleRuntimeToken", "ghs_exampleTokenOfTheTests"} {
		if strings.Contains(strings.Join(r.Log.Lines, "\n")+r.Summary, secret) {
			t.Errorf("a token is in the log or the summary")
		}
	}
	if code := r.Outputs["exit-code"]; code != map[int]string{0: "0", 1: "1", 2: "2", 3: "3"}[r.ExitCode] {
		t.Errorf("the process ended with %d, the output exit-code is %q", r.ExitCode, code)
	}
}
