package action

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// event writes an event of another kind for the next run.
func (h *hostedPull) event(name string, payload []byte) {
	h.t.Helper()
	file := filepath.Join(h.t.TempDir(), "event.json")
	if err := os.WriteFile(file, payload, 0o644); err != nil {
		h.t.Fatal(err)
	}
	h.env["GITHUB_EVENT_NAME"], h.env["event"] = name, file
}

const limit = "sudo tljh-config set limits.memory 2GB\n"

func limitPull(t *testing.T, options ...githubtest.Option) *hostedPull {
	t.Helper()
	return newHosted(t, githubtest.Files{"install.sh": install + httpsOn, ".tljh-policy.yaml": settingsFor(t, "resource-limits")},
		githubtest.Files{"install.sh": install + httpsOn + limit}, options...)
}

// A merge queue's group gets a verdict by its base's gate, and nobody is written to.
func TestMergeGroup(t *testing.T) {
	h := limitPull(t)
	h.event("merge_group", h.repo.MergeGroupEvent(h.pull.Merge()))
	code, out := h.run()
	if code != 1 || out["outcome"] != "fail" || h.srv.Count(githubtest.Writes) != 0 {
		h.say("%d %v", code, out)
	}
}

// pull_request_target reads the pull request through the API; what the workspace holds is the base.
func TestTarget(t *testing.T) {
	h := limitPull(t)
	h.event("pull_request_target", h.pull.Event("synchronize"))
	h.env["checkout"] = "none"
	code, out := h.run()
	if code != 1 || out["new"] != "0" && out["new"] != "1" || len(h.pull.Comments()) != 1 || len(h.pull.Threads()) != 1 {
		h.say("%d %v", code, out)
	}
}

// The second stage for forks finds the pull request by its head and needs no checkout; one whose head has moved is left alone.
func TestWorkflowRun(t *testing.T) {
	h := &hostedPull{t: t, srv: githubtest.New(t), depth: 1}
	base := githubtest.Files{"install.sh": install + httpsOn, ".tljh-policy.yaml": settingsFor(t, "resource-limits")}
	h.files, h.repo = base, h.srv.AddRepo("octo-org/hub", base)
	fork := h.repo.Fork("octo-contributor")
	fork.Commit("topic", h.with(githubtest.Files{"install.sh": install + httpsOn + limit}))
	h.pull = h.repo.OpenPull(githubtest.PullSpec{Head: "topic", HeadRepo: fork, Author: "octo-contributor"})
	h.env = map[string]string{"GITHUB_REPOSITORY": "octo-org/hub", "GITHUB_API_URL": h.srv.APIURL(), "GITHUB_GRAPHQL_URL": h.srv.GraphQLURL(),
		"GITHUB_SERVER_URL": "https://github.example", "INPUT_GITHUB-TOKEN": githubtest.WriteToken, "checkout": "none"}
	payload := func(sha string) []byte { // what the event says of a fork; it names no pull request
		var event struct {
			PullRequest struct {
				Head struct{ Repo json.RawMessage }
			} `json:"pull_request"`
		}
		if err := json.Unmarshal(h.pull.Event("synchronize"), &event); err != nil {
			t.Fatal(err)
		}
		return fmt.Appendf(nil, `{"workflow_run": {"event": "pull_request", "head_sha": %q, "head_branch": "topic", "head_repository": %s, "pull_requests": []}}`,
			sha, event.PullRequest.Head.Repo)
	}
	h.event("workflow_run", payload(h.pull.Head()))
	if code, out := h.run(); code != 1 || len(h.pull.Comments()) != 1 || len(h.pull.Threads()) != 1 {
		h.say("%d %v", code, out)
	}
	old := h.pull.Head()
	fork.Commit("topic", h.with(githubtest.Files{"README.md": "x"}))
	h.event("workflow_run", payload(old))
	if code, out := h.run(); code != 3 || !strings.Contains(h.out.String(), "no open pull request has this head") {
		h.say("moved: %d %v", code, out)
	}
}

// Where the base has changed the same file since, comments and links stand on the head's lines.
func TestLinesOfTheHead(t *testing.T) {
	h := limitPull(t)
	settings, moved := h.files[".tljh-policy.yaml"], "#!/bin/sh\n# one\n# two\n"+strings.TrimPrefix(install+httpsOn, "#!/bin/sh\n")
	main := h.repo.Commit("main", githubtest.Files{"install.sh": moved, ".tljh-policy.yaml": settings})
	h.env["commit"] = h.repo.CommitOn(githubtest.Files{"install.sh": moved + limit, ".tljh-policy.yaml": settings}, main, h.pull.Head())
	code, out := h.run()
	threads := h.pull.Threads()
	if code != 1 || len(threads) != 1 || threads[0].Line != 6 {
		h.say("%d %v %+v", code, out, threads)
	}
	if body := h.pull.Comments()[0].Body; !strings.Contains(body, h.pull.Head()+"/install.sh#L6") {
		h.say("the link is not the head's: %s", body)
	}
}

// Checks of several directories keep comments of their own; annotations and links name the repository's paths.
func TestSubdirectories(t *testing.T) {
	settings := settingsFor(t, "resource-limits")
	h := newHosted(t, githubtest.Files{"a/install.sh": install + httpsOn, "a/.tljh-policy.yaml": settings, "b/install.sh": install + httpsOn, "b/.tljh-policy.yaml": settings},
		githubtest.Files{"a/install.sh": install + httpsOn + limit})
	for _, dir := range []string{"a", "b"} {
		h.env["INPUT_PATH"] = dir
		if code, out := h.run(); code != 1 {
			h.say("%d %v", code, out)
		}
		found := false
		for _, a := range runnerLog(h.out.String()).Annotations {
			found = found || a.Level == "error" && a.File == "a/install.sh" && a.Line == 6
		}
		if found != (dir == "a") {
			h.say("%s: an annotation on a/install.sh: %v", dir, found)
		}
	}
	comments, threads := h.pull.Comments(), h.pull.Threads()
	if len(comments) != 2 || len(threads) != 1 || threads[0].Path != "a/install.sh" || !strings.Contains(comments[0].Body, "/a/install.sh#L6") {
		h.say("%d comments, %+v", len(comments), threads)
	}
}

// The number of calls does not grow with the number of findings, and all new review comments come in one review.
func TestCallsDoNotGrow(t *testing.T) {
	calls := func(n int) (all, reviews, threads int) {
		base, change := githubtest.Files{".tljh-policy.yaml": settingsFor(t, "resource-limits")}, githubtest.Files{}
		for i := range n {
			name := fmt.Sprintf("hub%02d/install.sh", i)
			base[name], change[name] = install+httpsOn, install+httpsOn+limit
		}
		h := newHosted(t, base, change)
		if code, out := h.run(); code != 1 || out["new"] == "0" {
			h.say("%d %v", code, out)
		}
		return len(h.srv.Requests()), h.srv.Count(githubtest.On("POST /repos/*/*/pulls/*/reviews")), len(h.pull.Threads())
	}
	few, _, one := calls(1)
	many, reviews, threads := calls(20)
	if one != 1 || threads != 20 || reviews != 1 || many > few {
		t.Errorf("1 finding: %d calls, %d threads; 20 findings: %d calls, %d threads, %d reviews", few, one, many, threads, reviews)
	}
}

// GitHub Enterprise Server, a locked conversation, a deleted fork, another's comment with our marker, comments on later pages.
func TestPlatform(t *testing.T) {
	t.Run("enterprise server", func(t *testing.T) {
		h := limitPull(t, githubtest.Enterprise())
		if code, out := h.run(); code != 1 || len(h.pull.Comments()) != 1 || len(h.pull.Threads()) != 1 {
			h.say("%d %v", code, out)
		}
	})
	t.Run("locked", func(t *testing.T) {
		h := limitPull(t)
		h.pull.Lock()
		if code, out := h.run(); code != 1 || len(h.pull.Comments()) != 0 || !strings.Contains(h.out.String(), "locked") {
			h.say("%d %v", code, out)
		}
	})
	t.Run("other people's markers", func(t *testing.T) {
		h := limitPull(t)
		if code, _ := h.run(); code != 1 {
			h.say("exit code %d", code)
		}
		ours := h.pull.Comments()[0]
		h.pull.DeleteComment(ours.ID)
		theirs := h.pull.Comment("eve", ours.Body)
		for i := range 150 {
			h.pull.Comment("ada", fmt.Sprint("talk ", i))
		}
		for range 2 {
			if code, _ := h.run(); code != 1 {
				h.say("exit code %d", code)
			}
		}
		mine := 0
		for _, c := range h.pull.Comments() {
			if c.Author == githubtest.ActionsBot {
				mine++
			}
			if c.ID == theirs && (c.Edited || c.Minimized != "") {
				h.say("somebody else's comment was changed")
			}
		}
		if mine != 1 {
			h.say("%d comments of ours", mine)
		}
	})
	t.Run("deleted fork", func(t *testing.T) {
		h := &hostedPull{t: t, srv: githubtest.New(t, githubtest.WithoutContract()), depth: 2}
		base := githubtest.Files{"install.sh": install + httpsOn, ".tljh-policy.yaml": settingsFor(t, "resource-limits")}
		h.files, h.repo = base, h.srv.AddRepo("octo-org/hub", base)
		fork := h.repo.Fork("octo-contributor")
		fork.Commit("topic", h.with(githubtest.Files{"install.sh": install + httpsOn + limit}))
		h.pull = h.repo.OpenPull(githubtest.PullSpec{Head: "topic", HeadRepo: fork})
		fork.Delete()
		h.env = map[string]string{"GITHUB_REPOSITORY": "octo-org/hub", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_API_URL": h.srv.APIURL(),
			"GITHUB_GRAPHQL_URL": h.srv.GraphQLURL(), "INPUT_GITHUB-TOKEN": githubtest.WriteToken}
		if code, out := h.run(); code != 1 || len(h.pull.Comments()) != 1 {
			h.say("%d %v", code, out)
		}
	})
}

// A push to the default branch is judged as it is.
func TestAudit(t *testing.T) {
	h := limitPull(t)
	h.event("push", h.repo.PushEvent("main", h.repo.Branch("main")))
	h.env["checkout"] = "head"
	code, out := h.run()
	if code != 1 || out["new"] != "0" || len(h.srv.Requests()) != 0 {
		h.say("%d %v, %d requests", code, out, len(h.srv.Requests()))
	}
}

// A pull request that changes more files than GitHub lists is judged like any other; what it changes beyond is in the summary.
func TestThreeThousandFiles(t *testing.T) {
	change := githubtest.Files{"install.sh": install + httpsOn + limit, "zz/install.sh": install + httpsOn + limit}
	for i := range 3000 {
		change[fmt.Sprintf("data/%04d.txt", i)] = "x\n"
	}
	h := newHosted(t, githubtest.Files{"install.sh": install + httpsOn, ".tljh-policy.yaml": settingsFor(t, "resource-limits")}, change, githubtest.WithoutContract())
	code, out := h.run()
	if code != 1 || out["fail"] != "2" || len(h.pull.Comments()) != 1 || !strings.Contains(h.pull.Comments()[0].Body, "zz/install.sh") {
		h.say("%d %v, %d comments", code, out, len(h.pull.Comments()))
	}
	for _, th := range h.pull.Threads() {
		if th.Path == "zz/install.sh" {
			h.say("a comment on a file that GitHub does not list")
		}
	}
	if n := len(h.srv.Requests()); n > 60 {
		h.say("%d requests", n)
	}
}

// The report for code scanning holds what is new, existing and fixed since the base.
func TestSARIFOfAPullRequest(t *testing.T) {
	h := limitPull(t)
	h.env["INPUT_SARIF-FILE"] = "out.sarif"
	h.look = func(workspace string) {
		text, err := os.ReadFile(filepath.Join(workspace, "out.sarif"))
		if err != nil {
			t.Fatal(err)
		}
		var log struct {
			Runs []struct {
				AutomationDetails struct{ ID string }
				Results           []struct {
					RuleID        string
					BaselineState string
					Locations     []struct {
						PhysicalLocation struct {
							ArtifactLocation struct{ URI string }
							Region           struct{ StartLine int }
						}
					}
				}
			}
		}
		if err := json.Unmarshal(text, &log); err != nil || len(log.Runs) != 1 {
			t.Fatal(err, len(log.Runs))
		}
		found := false
		for _, r := range log.Runs[0].Results {
			at := r.Locations[0].PhysicalLocation
			found = found || r.RuleID == "resource-limits" && r.BaselineState == "new" && at.ArtifactLocation.URI == "install.sh" && at.Region.StartLine == 6
		}
		if !found || !strings.HasSuffix(log.Runs[0].AutomationDetails.ID, "/") {
			t.Errorf("%s", text)
		}
	}
	if code, out := h.run(); code != 1 || out["sarif"] != "out.sarif" {
		h.say("%d %v", code, out)
	}
}
