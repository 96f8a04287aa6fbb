package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

const example = `
enterprise: true
tokens:
  - {value: example-token-checks, login: "checker[bot]", permissions: {metadata: read}}
repositories:
  - name: octo-org/hub
    main:
      dir: hub
      files: {config.yaml: "a: 1\n", unwanted: null}
    pulls:
      - title: From a fork that is gone
        author: octo-contributor
        fork: octo-contributor
        delete_fork: true
        head: {files: {config.yaml: "a: 2\n", run.sh: null}}
        comments: [{author: ada, body: hello}]
        review_comments: [{author: ada, path: config.yaml, line: 1, body: why}]
        event: event.json
        action: synchronize
        checkout: {dir: workspace, depth: 1}
faults:
  - {match: "POST /repos/*/*/issues/*/comments", secondary_limit: true, retry_after: 3, times: 1}
  - {graphql: viewer, status: 502}
`

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// running starts the command and returns what it prints, a way to stop it, and its exit status.
func running(t *testing.T, arguments ...string) (description, func() (int, string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	var stderr bytes.Buffer
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, arguments, write, &stderr)
		write.Close()
	}()
	var d description
	if err := json.NewDecoder(read).Decode(&d); err != nil {
		cancel()
		t.Fatalf("%v: %s", err, &stderr)
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	return d, func() (int, string) { cancel(); return <-status, stderr.String() }
}

func send(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+githubtest.WriteToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestServer(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "scenario.yaml"), example)
	writeFile(t, filepath.Join(dir, "hub", "run.sh"), "#!/bin/sh\n")
	writeFile(t, filepath.Join(dir, "hub", "unwanted"), "x")
	log := filepath.Join(dir, "log")
	d, stop := running(t, "-scenario", filepath.Join(dir, "scenario.yaml"), "-log", log)
	if len(d.Pulls) != 1 || d.Pulls[0].Number != 1 || d.Pulls[0].Merge == "" || !strings.HasSuffix(d.APIURL, "/api/v3") {
		t.Fatalf("%+v", d)
	}
	comments := d.APIURL + "/repos/octo-org/hub/issues/1/comments"
	for i, want := range []int{403, 201} {
		if status, text := send(t, "POST", comments, `{"body":"ours"}`); status != want {
			t.Errorf("comment %d: %d %s", i, status, text)
		}
	}
	if status, _ := send(t, "POST", d.GraphQLURL, `{"query":"{viewer {login}}"}`); status != 502 {
		t.Errorf("viewer: %d", status)
	}
	_, text := send(t, "GET", d.ServerURL+"/-/state", "")
	var state githubtest.State
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		t.Fatal(err)
	}
	p := state.Pulls[0]
	if len(p.Comments) != 2 || p.Comments[1].Body != "ours" || len(p.Threads) != 1 || p.Threads[0].Line != 1 || state.Requests != 3 {
		t.Errorf("state %s", text)
	}
	event, err := os.ReadFile(filepath.Join(dir, "event.json"))
	if err != nil || !bytes.Contains(event, []byte(`"action":"synchronize"`)) || !bytes.Contains(event, []byte(d.Pulls[0].Head)) {
		t.Errorf("event %v %s", err, event)
	}
	for name, want := range map[string]string{"config.yaml": "a: 2\n", "run.sh": "", "unwanted": "", ".git/HEAD": d.Pulls[0].Merge + "\n"} {
		got, err := os.ReadFile(filepath.Join(dir, "workspace", name))
		if string(got) != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	status, stderr := stop()
	if status != 0 || stderr != "" {
		t.Errorf("exit status %d: %s", status, stderr)
	}
	lines, err := os.ReadFile(log)
	if err != nil || strings.Count(string(lines), "\n") != 3 || !strings.Contains(string(lines), `"status":403,"fault":true,"body":{"body":"ours"}`) {
		t.Errorf("log %v\n%s", err, lines)
	}
	if bytes.Contains(lines, []byte(githubtest.WriteToken)) {
		t.Error("the log has the token")
	}
}

func TestViolationsAreItsExitStatus(t *testing.T) {
	scenario := filepath.Join(t.TempDir(), "s.yaml")
	writeFile(t, scenario, "repositories: [{name: o/r}]")
	d, stop := running(t, "-scenario", scenario)
	send(t, "GET", d.APIURL+"/nowhere", "")
	if status, stderr := stop(); status != 1 || !strings.Contains(stderr, "does not implement") {
		t.Errorf("exit status %d: %s", status, stderr)
	}
}

func TestMistakes(t *testing.T) {
	for _, test := range []struct{ name, scenario, want string }{
		{"empty", "", "EOF"},
		{"unknown key", "repos: []", "field repos not found"},
		{"nothing", "enterprise: true", "no repositories"},
		{"name", "repositories: [{name: hub}]", `repository "hub" is no owner/name`},
		{"directory", "repositories: [{name: o/r, main: {dir: none}}]", "no such file"},
		{"fault", "repositories: [{name: o/r}]\nfaults: [{match: /pulls}]", "is not METHOD /path"},
		{"both", "repositories: [{name: o/r}]\nfaults: [{match: GET /, graphql: x}]", "both match and graphql"},
		{"delay", "repositories: [{name: o/r}]\nfaults: [{delay: long}]", "invalid duration"},
		{"comment outside the diff", "repositories: [{name: o/r, pulls: [{review_comments: [{author: a, path: x, line: 1, body: b}]}]}]", "x:1: Pull request review thread path is invalid"},
		{"two of a name", "repositories: [{name: o/r}, {name: O/r}]", "is no new owner/name"},
		{"checkout", "repositories: [{name: o/r, pulls: [{checkout: {dir: x, ref: base}}]}]", "it can be merge or head"},
	} {
		t.Run(test.name, func(t *testing.T) {
			scenario := filepath.Join(t.TempDir(), "s.yaml")
			writeFile(t, scenario, test.scenario)
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), []string{"-scenario", scenario}, &stdout, &stderr); status != 2 || !strings.Contains(stderr.String(), test.want) {
				t.Errorf("exit status %d: %s, want %q", status, stderr.String(), test.want)
			}
		})
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), nil, &stdout, &stderr); status != 2 || !strings.Contains(stderr.String(), "-scenario FILE is missing") {
		t.Errorf("without a scenario: %d %s", status, stderr.String())
	}
}
