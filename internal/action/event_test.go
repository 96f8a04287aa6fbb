package action

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/report"
)

// trig reads an event.
func trig(t *testing.T, name, payload string) (trigger, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(file, []byte(payload), 0o644); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": file, "GITHUB_REPOSITORY": "octo/hub", "GITHUB_SHA": "f00d"}
	return readTrigger(func(n string) string { return env[n] })
}

func TestReadTrigger(t *testing.T) {
	const pr = `{"number": 7, "pull_request": {"number": 7, "head": {"sha": "aa", "ref": "topic", "user": {"login": "ada"}, "repo": {"id": 5}}, "base": {"sha": "bb", "ref": "main"}}}`
	whole := trigger{event: "pull_request", kind: pull, number: 7, head: "aa", base: "bb", baseRef: "main", headOwner: "ada", headRef: "topic", headRepoID: 5}
	target := whole
	target.event, target.kind = "pull_request_target", remote
	tests := []struct {
		name, event, payload string
		want                 trigger
		code                 int
	}{
		{"pull request", "pull_request", pr, whole, 0},
		{"target", "pull_request_target", pr, target, 0},
		{"deleted fork", "pull_request", `{"pull_request": {"number": 7, "head": {"sha": "aa", "ref": "x", "repo": null, "user": null}, "base": {"sha": "bb", "ref": "main"}}}`,
			trigger{event: "pull_request", kind: pull, number: 7, head: "aa", base: "bb", baseRef: "main", headRef: "x"}, 0},
		{"merge group", "merge_group", `{"merge_group": {"head_sha": "aa", "base_sha": "bb", "base_ref": "refs/heads/main"}}`,
			trigger{event: "merge_group", kind: queue, head: "aa", base: "bb", baseRef: "main"}, 0},
		{"push", "push", `{"after": "aa"}`, trigger{event: "push", kind: audit, head: "f00d"}, 0},
		{"schedule", "schedule", ``, trigger{event: "schedule", kind: audit, head: "f00d"}, 0},
		{"after a fork's run", "workflow_run", `{"workflow_run": {"event": "pull_request", "head_sha": "aa", "head_branch": "x", "head_repository": {"id": 9, "owner": {"login": "eve"}}, "pull_requests": []}}`,
			trigger{event: "workflow_run", kind: remote, head: "aa", headRef: "x", headOwner: "eve", headRepoID: 9}, 0},
		{"after a push", "workflow_run", `{"workflow_run": {"event": "push", "head_sha": "aa", "head_repository": {"id": 9}}}`,
			trigger{event: "workflow_run", kind: audit, head: "aa"}, 0},
		{"pull request without one", "pull_request", `{}`, trigger{}, report.ExitUsage},
		{"merge group without one", "merge_group", `{}`, trigger{}, report.ExitUsage},
		{"run of a deleted fork", "workflow_run", `{"workflow_run": {"event": "pull_request", "head_sha": "aa", "head_repository": null}}`, trigger{}, report.ExitUsage},
		{"no JSON", "push", `{`, trigger{}, report.ExitUsage},
	}
	for _, tt := range tests {
		got, err := trig(t, tt.event, tt.payload)
		var e *check.Error
		if tt.code != 0 {
			if !errors.As(err, &e) || e.Code != tt.code {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		tt.want.owner, tt.want.repo, tt.want.sha = "octo", "hub", "f00d"
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", tt.name, got, err, tt.want)
		}
	}
}

// GitHub's own examples of the events are all understood.
func TestRealEvents(t *testing.T) {
	dir := "../../../shared/github-api/events"
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) == 0 {
		t.Skip("SKIPPED: GitHub's examples of events are not beside this checkout")
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		event, _, _ := strings.Cut(filepath.Base(f), ".")
		got, err := trig(t, event, string(text))
		if err != nil {
			t.Errorf("%s: %v", f, err)
		}
		wantPull := event == "pull_request" || event == "merge_group" || event == "workflow_run"
		if (got.kind != audit) != wantPull || got.head == "" {
			var any map[string]json.RawMessage
			_ = json.Unmarshal(text, &any)
			if event == "workflow_run" && !strings.Contains(string(any["workflow_run"]), `"event":"pull_request"`) {
				continue // its first workflow ran for a push
			}
			t.Errorf("%s: %+v", f, got)
		}
	}
}

func TestReadInputs(t *testing.T) {
	for name, tt := range map[string]struct {
		set  map[string]string
		says string // "" if it is fine
	}{
		"defaults":     {nil, ""},
		"all":          {map[string]string{"fail-on": "warning", "strict": "True", "comment": "none", "annotations": "false", "base": "head", "policies": "a\nb, c", "comment-id": "x-1"}, ""},
		"level":        {map[string]string{"fail-on": "errors"}, `input fail-on: "errors" is not one of`},
		"suggestion":   {map[string]string{"comment": "sumary"}, `did you mean "summary"?`},
		"strict":       {map[string]string{"strict": "yes"}, `input strict: "yes" is neither true nor false`},
		"base":         {map[string]string{"base": "main"}, "input base"},
		"comment's id": {map[string]string{"comment-id": "a b"}, "input comment-id"},
	} {
		in, err := readInputs(func(n string) string { return tt.set[n] })
		switch {
		case tt.says == "" && err != nil, tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		case name == "all" && (len(in.policies) != 3 || !in.strict || !in.ownGate || in.annotations):
			t.Errorf("%s: %+v", name, in)
		case name == "defaults" && (in.path != "." || in.comment != commentBoth || !in.annotations || in.ownGate):
			t.Errorf("%s: %+v", name, in)
		}
	}
}
