package action

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/runnertest"
)

// A hub that passes nothing but what it must for these tests is enough: install.sh fails https and authenticator.
const (
	failing = "curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada\n"
	onlyTwo = "version: 1\nrules:\n" // the rules that the tests are about stay on
)

// settingsFor switches every rule off but some.
func settingsFor(t *testing.T, on ...string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(onlyTwo)
	for _, id := range ruleIDs() {
		if !strings.Contains(" "+strings.Join(on, " ")+" ", " "+id+" ") {
			fmt.Fprintf(&b, "  %s: {off: not in this test}\n", id)
		}
	}
	return b.String()
}

// tree is a commit's files; one with the text "-" is deleted, one with "-> x" is a link to x.
type tree map[string]string

// pullRequest is a repository with a base commit, a pull request's commit and GitHub's test merge, checked out as
// actions/checkout does it.
type pullRequest struct {
	dir              string
	base, head, merg string
	env              map[string]string
	out              bytes.Buffer
	http             *http.Client // nil for the default
}

// newPull makes one; it skips where git is not installed.
func newPull(t *testing.T, base, change tree) *pullRequest {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: git is not installed")
	}
	p := &pullRequest{dir: t.TempDir()}
	p.git(t, "init", "-q", "-b", "main")
	p.commit(t, base)
	p.base = p.git(t, "rev-parse", "HEAD")
	p.git(t, "switch", "-q", "-c", "topic")
	p.commit(t, change)
	p.head = p.git(t, "rev-parse", "HEAD")
	p.git(t, "switch", "-q", "-c", "merge", "main")
	p.git(t, "merge", "-q", "--no-ff", "--no-edit", "topic")
	p.merg = p.git(t, "rev-parse", "HEAD")
	event := filepath.Join(t.TempDir(), "event.json")
	text, _ := json.Marshal(map[string]any{"number": 7, "pull_request": map[string]any{
		"number": 7, "head": map[string]any{"sha": p.head, "ref": "topic", "repo": map[string]any{"id": 5}, "user": map[string]any{"login": "ada"}},
		"base": map[string]any{"sha": p.base, "ref": "main"},
	}})
	if err := os.WriteFile(event, text, 0o644); err != nil {
		t.Fatal(err)
	}
	tmp := t.TempDir()
	p.env = map[string]string{
		"GITHUB_WORKSPACE": p.dir, "GITHUB_REPOSITORY": "octo/hub", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": event,
		"GITHUB_SHA": p.merg, "GITHUB_API_URL": "http://127.0.0.1:1", "GITHUB_SERVER_URL": "https://github.example", "RUNNER_TEMP": tmp,
		"GITHUB_OUTPUT": filepath.Join(tmp, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(tmp, "summary"), "GITHUB_JOB": "gate",
		"GITHUB_ACTION_REPOSITORY": "tljh-policy/tljh-policy", "GITHUB_WORKFLOW_REF": "octo/hub/.github/workflows/pr.yml@refs/pull/7/merge",
	}
	return p
}

func (p *pullRequest) git(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (p *pullRequest) commit(t *testing.T, files tree) {
	t.Helper()
	for name, text := range files { // before anything becomes a link
		if text == "-" {
			if err := os.RemoveAll(filepath.Join(p.dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range files {
		full := filepath.Join(p.dir, name)
		if text == "-" {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			if err := os.RemoveAll(full); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(to, full); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p.git(t, "add", "-A")
	p.git(t, "commit", "-q", "--allow-empty", "-m", "x")
}

// run runs the action and returns its exit code and outputs.
func (p *pullRequest) run(t *testing.T) (int, map[string]string) {
	t.Helper()
	p.out.Reset()
	os.Remove(p.env["GITHUB_OUTPUT"])
	code := Run(context.Background(), Host{
		Getenv: func(n string) string { return p.env[n] }, Out: &p.out, Version: "test", Now: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), HTTP: p.http,
		Limit: time.Minute, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	text, _ := os.ReadFile(p.env["GITHUB_OUTPUT"])
	return code, fileCommands(t, string(text))
}

// fileCommands reads a file of outputs as the runner does (reference/github.md §1.5).
func fileCommands(t *testing.T, text string) map[string]string {
	t.Helper()
	pairs, err := runnertest.Pairs(text)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range pairs {
		out[p.Key] = p.Value
	}
	return out
}
