package action

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// hostedPull is a pull request on a GitHub for tests, checked out as actions/checkout does it.
type hostedPull struct {
	t     *testing.T
	srv   *githubtest.Server
	repo  *githubtest.Repo
	pull  *githubtest.Pull
	env   map[string]string
	files githubtest.Files // of the head
	depth int
	out   bytes.Buffer
	now   time.Time
	look  func(workspace string) // after a run; may be nil
}

// newHosted opens a pull request that changes files of a base.
func newHosted(t *testing.T, base, change githubtest.Files, options ...githubtest.Option) *hostedPull {
	t.Helper()
	h := &hostedPull{t: t, srv: githubtest.New(t, options...), depth: 1, now: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)}
	h.files = maps.Clone(base)
	h.repo = h.srv.AddRepo("octo-org/hub", base)
	h.pull = h.repo.OpenPullWith(h.with(change))
	h.env = map[string]string{
		"GITHUB_REPOSITORY": "octo-org/hub", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_API_URL": h.srv.APIURL(), "GITHUB_GRAPHQL_URL": h.srv.GraphQLURL(),
		"GITHUB_SERVER_URL": "https://github.example", "GITHUB_RUN_ID": "99", "GITHUB_JOB": "gate", "GITHUB_ACTION_REPOSITORY": "tljh-policy/tljh-policy",
		"INPUT_GITHUB-TOKEN": githubtest.WriteToken,
	}
	return h
}

// with is the head's files with others; one with the text "-" is deleted.
func (h *hostedPull) with(change githubtest.Files) githubtest.Files {
	for name, text := range change {
		if h.files[name] = text; text == "-" {
			delete(h.files, name)
		}
	}
	return maps.Clone(h.files)
}

// push changes files of the head.
func (h *hostedPull) push(change githubtest.Files) { h.pull.Push(h.with(change)) }

// run checks the merge commit out and runs the action; it returns the exit code and the outputs.
func (h *hostedPull) run() (int, map[string]string) {
	h.t.Helper()
	workspace, tmp := h.t.TempDir(), h.t.TempDir()
	commit := h.env["commit"]
	switch {
	case commit != "":
	case h.env["checkout"] == "head":
		commit = h.pull.Head()
	default:
		commit = h.pull.Merge()
	}
	if h.env["checkout"] != "none" {
		if err := h.repo.Checkout(workspace, commit, h.depth); err != nil {
			h.t.Fatal(err)
		}
	}
	event := filepath.Join(tmp, "event.json")
	if h.env["event"] != "" {
		event = h.env["event"]
	} else if err := os.WriteFile(event, h.pull.Event("synchronize"), 0o644); err != nil {
		h.t.Fatal(err)
	}
	env := map[string]string{"GITHUB_WORKSPACE": workspace, "RUNNER_TEMP": tmp, "GITHUB_EVENT_PATH": event, "GITHUB_SHA": commit,
		"GITHUB_OUTPUT": filepath.Join(tmp, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(tmp, "summary")}
	for k, v := range h.env {
		env[k] = v
	}
	h.out.Reset()
	code := Run(context.Background(), Host{
		Getenv: func(n string) string { return env[n] }, Out: &h.out, Version: "test", Now: h.now, Limit: time.Minute,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if h.look != nil {
		h.look(workspace)
	}
	text, _ := os.ReadFile(env["GITHUB_OUTPUT"])
	out := fileCommands(h.t, string(text))
	summary, _ := os.ReadFile(env["GITHUB_STEP_SUMMARY"])
	out["summary"] = string(summary)
	left, _ := filepath.Glob(filepath.Join(tmp, "tljh-policy-*"))
	if len(left) > 0 {
		h.t.Errorf("temporary files stay: %v", left)
	}
	return code, out
}

// say fails the test with the log.
func (h *hostedPull) say(format string, args ...any) {
	h.t.Helper()
	h.t.Errorf(format+"\n%s", append(args, h.out.String())...)
}

const (
	install = "#!/bin/sh\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada\n"
	httpsOn = "sudo tljh-config set https.enabled true\nsudo tljh-config set https.letsencrypt.email hub-admins@tljh-policy-demo.net\nsudo tljh-config add-item https.letsencrypt.domains hub.tljh-policy-demo.net && sudo tljh-config reload proxy\n"
)

// A pull request's life: a new failure is commented on its line with a suggestion, nothing is said twice, and what is repaired
// is marked so.
func TestLife(t *testing.T) {
	settings := settingsFor(t, "https", "resource-limits")
	h := newHosted(t, githubtest.Files{"install.sh": install + httpsOn + "sudo tljh-config set limits.memory 1G\n", ".tljh-policy.yaml": settings},
		githubtest.Files{"install.sh": install + httpsOn + "sudo tljh-config set limits.memory 2GB\n"})
	code, out := h.run()
	if code != 1 || out["outcome"] != "fail" || out["new"] != "1" || out["fail"] != "1" || out["pass"] != "1" {
		h.say("%d %v", code, out)
	}
	comments, threads := h.pull.Comments(), h.pull.Threads()
	if len(comments) != 1 || !strings.Contains(comments[0].Body, "resource-limits") || !strings.Contains(out["comment-url"], strconv.FormatInt(comments[0].ID, 10)) {
		h.say("comments: %+v, url %s", comments, out["comment-url"])
	}
	if len(threads) != 1 || threads[0].Line != 6 || !strings.Contains(threads[0].Comments[0].Body, "```suggestion\nsudo tljh-config set limits.memory 2G\n```") {
		h.say("threads: %+v", threads)
	}
	writes := h.srv.Count(githubtest.Writes)
	if code, _ := h.run(); code != 1 || h.srv.Count(githubtest.Writes) != writes {
		h.say("a second run on the same commit wrote %d times", h.srv.Count(githubtest.Writes)-writes)
	}
	h.push(githubtest.Files{"README.md": "more\n"})
	if code, _ := h.run(); code != 1 || len(h.pull.Comments()) != 1 || len(h.pull.Threads()) != 1 || len(h.pull.Reviews()) != 1 {
		h.say("after a push elsewhere: %d comments, %d threads, %d reviews", len(h.pull.Comments()), len(h.pull.Threads()), len(h.pull.Reviews()))
	}
	h.push(githubtest.Files{"install.sh": install + httpsOn + "sudo tljh-config set limits.memory 2G\n"})
	code, out = h.run()
	if code != 0 || out["outcome"] != "pass" {
		h.say("repaired: %d %v", code, out)
	}
	thread := h.pull.Threads()[0]
	if !strings.Contains(thread.Comments[0].Body, "Fixed") || thread.Comments[0].Minimized == "" && !thread.Resolved {
		h.say("repaired, thread: %+v", thread)
	}
	if body := h.pull.Comments()[0].Body; strings.Contains(body, "2GB") || !strings.Contains(body, "passed") {
		h.say("repaired, comment: %s", body)
	}
}

// Who had no trouble hears nothing.
func TestQuietWhenClean(t *testing.T) {
	h := newHosted(t, githubtest.Files{"install.sh": install + httpsOn, ".tljh-policy.yaml": settingsFor(t, "https")}, githubtest.Files{"README.md": "x\n"})
	if code, out := h.run(); code != 0 || out["outcome"] != "pass" || h.srv.Count(githubtest.Writes) != 0 {
		h.say("%d %v, %d writes", code, out, h.srv.Count(githubtest.Writes))
	}
}

// The base is found in a shallow checkout through the API, in a deeper one without it.
func TestBaseWithoutNetwork(t *testing.T) {
	files := githubtest.Files{"install.sh": install, ".tljh-policy.yaml": settingsFor(t, "https")}
	weaker := githubtest.Files{".tljh-policy.yaml": settingsFor(t, "disk-backups")}
	for _, tt := range []struct {
		name  string
		depth int
		down  bool
		code  int
	}{{"shallow", 1, false, 1}, {"depth 2", 2, false, 1}, {"depth 2, no network", 2, true, 1}, {"shallow, no network", 1, true, 1}} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHosted(t, files, weaker)
			h.depth = tt.depth
			if tt.down {
				h.srv.Fault(githubtest.Any, githubtest.Unavailable)
			}
			code, out := h.run()
			if code != tt.code || !strings.Contains(out["summary"], "HTTPS") {
				h.say("%d %v", code, out)
			}
			if blind := strings.Contains(h.out.String(), "could not be read, so the built-in rules alone"); blind != (tt.down && tt.depth == 1) {
				h.say("blind: %v", blind)
			}
		})
	}
	t.Run("shallow, no network, nothing fails by itself", func(t *testing.T) {
		h := newHosted(t, githubtest.Files{"install.sh": install}, githubtest.Files{"README.md": "x\n"})
		h.env["INPUT_FAIL-ON"] = "never"
		h.srv.Fault(githubtest.Any, githubtest.Unavailable)
		if code, out := h.run(); code == 0 {
			h.say("%d %v", code, out)
		}
	})
}

// Whatever GitHub answers, the verdict is the same and is written; no failure of a comment changes it.
func TestDegradation(t *testing.T) {
	settings := settingsFor(t, "https", "resource-limits")
	base := githubtest.Files{"install.sh": install + httpsOn, ".tljh-policy.yaml": settings}
	change := githubtest.Files{"install.sh": install + httpsOn + "sudo tljh-config set limits.memory 2GB\n"}
	for name, fault := range map[string]githubtest.Fault{
		"403": githubtest.Forbidden, "404": githubtest.NotFound, "409": githubtest.Conflict, "410": githubtest.IssuesDisabled,
		"422": {Status: 422, Body: `{"message":"Validation Failed"}`}, "500": {}, "502": githubtest.BadGateway, "503": githubtest.Unavailable,
		"secondary limit": githubtest.SecondaryLimit(403, 60), "secondary limit without a time": githubtest.SecondaryLimit(403, 0),
		"429": githubtest.SecondaryLimit(429, 30), "429 without a time": githubtest.SecondaryLimit(429, 0), "dropped": {Drop: true}, "cut": {Cut: true},
		"GraphQL forbidden": githubtest.GraphQLForbidden, "lost reply": {Drop: true, Applied: true},
	} {
		for where, match := range map[string]githubtest.Match{"all": githubtest.Any, "writes": githubtest.Writes, "reads": githubtest.Reads} {
			t.Run(name+" "+where, func(t *testing.T) {
				t.Parallel()
				h := newHosted(t, base, change, githubtest.WithoutContract())
				h.depth = 2
				h.srv.Fault(match, fault)
				code, out := h.run()
				if code != 1 || out["outcome"] != "fail" || out["new"] != "1" || !strings.Contains(out["summary"], "resource-limits") {
					h.say("%d %v", code, out)
				}
				if strings.Contains(h.out.String(), githubtest.WriteToken) {
					h.say("the log holds the token")
				}
				if n := len(h.pull.Comments()); n > 1 {
					h.say("%d summary comments", n)
				}
			})
		}
	}
}

// A fork's token may only read: everything but the comments is there, and the log says which permission is missing.
func TestReadOnlyToken(t *testing.T) {
	h := newHosted(t, githubtest.Files{"install.sh": install, ".tljh-policy.yaml": settingsFor(t, "https")}, githubtest.Files{"install.sh": install + "# more\n"})
	h.env["INPUT_GITHUB-TOKEN"] = githubtest.ReadToken
	code, out := h.run()
	if code != 1 || out["outcome"] != "fail" || len(h.pull.Comments()) != 0 || strings.Count(h.out.String(), "pull_requests=write") != 1 || !strings.Contains(out["summary"], "Not everything could be written") {
		h.say("%d %v", code, out)
	}
	h.env["INPUT_GITHUB-TOKEN"] = ""
	if code, out := h.run(); code != 1 || out["outcome"] != "fail" {
		h.say("no token: %d %v", code, out)
	}
}
