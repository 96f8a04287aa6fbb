package action

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/check"
)

// kind is how a run has to answer.
type kind int

const (
	audit  kind = iota // push, schedule, workflow_dispatch: the tree itself, nobody to answer to
	pull               // a pull request: compare with its base, answer on it
	queue              // a merge queue's group: compare with its base, nobody to answer to
	remote             // pull_request_target, workflow_run: a pull request whose files are read through the API only
)

// trigger is what made the workflow run.
type trigger struct {
	kind        kind
	event       string // GITHUB_EVENT_NAME
	owner, repo string
	number      int    // of the pull request; 0 if it has to be looked up
	sha         string // GITHUB_SHA: for a pull request GitHub's merge of it with its base
	head        string // commit to judge, or head of the pull request
	base        string // commit of the base branch when the event happened
	baseRef     string // the base branch's name
	headOwner   string // whose repository the head is in; "" when it was deleted
	headRef     string
	headRepoID  int64
}

// maxEvent is how much of an event file is read.
const maxEvent = 32 << 20

// payload are the fields of GitHub's events that are used (github-api/event-payloads.json); each may be missing.
type payload struct {
	PullRequest *struct {
		Number int
		Head   struct {
			SHA, Ref string
			Repo     *struct{ ID int64 }
			User     *struct{ Login string }
		}
		Base struct{ SHA, Ref string }
	} `json:"pull_request"`
	MergeGroup *struct {
		HeadSHA string `json:"head_sha"`
		BaseSHA string `json:"base_sha"`
		BaseRef string `json:"base_ref"`
	} `json:"merge_group"`
	WorkflowRun *struct {
		Event          string
		HeadSHA        string `json:"head_sha"`
		HeadBranch     string `json:"head_branch"`
		HeadRepository *struct {
			ID    int64
			Owner struct{ Login string }
		} `json:"head_repository"`
	} `json:"workflow_run"`
}

// readTrigger reads the event. A repository name or an event file that cannot be read is a usage error: nothing could be
// told about the base, so nothing may turn green.
func readTrigger(env func(string) string) (trigger, error) {
	t := trigger{event: env("GITHUB_EVENT_NAME"), sha: env("GITHUB_SHA"), head: env("GITHUB_SHA")}
	var ok bool
	if t.owner, t.repo, ok = strings.Cut(env("GITHUB_REPOSITORY"), "/"); !ok {
		return t, check.Usage("GITHUB_REPOSITORY is %q, not OWNER/NAME: this command runs inside GitHub Actions; elsewhere use \"tljh-policy check\"", env("GITHUB_REPOSITORY"))
	}
	p, err := readPayload(env("GITHUB_EVENT_PATH"))
	if err != nil {
		return t, check.Usage("the event of this run cannot be read: %v", err)
	}
	switch {
	case t.event == "workflow_run":
		return t.ofRun(p)
	case p.MergeGroup != nil && t.event == "merge_group":
		t.kind, t.head, t.base = queue, p.MergeGroup.HeadSHA, p.MergeGroup.BaseSHA
		t.baseRef = strings.TrimPrefix(p.MergeGroup.BaseRef, "refs/heads/")
	case p.PullRequest != nil && p.PullRequest.Head.SHA != "":
		r := p.PullRequest
		t.kind, t.number, t.head, t.base, t.baseRef, t.headRef = pull, r.Number, r.Head.SHA, r.Base.SHA, r.Base.Ref, r.Head.Ref
		if r.Head.Repo != nil {
			t.headRepoID = r.Head.Repo.ID
		}
		if r.Head.User != nil {
			t.headOwner = r.Head.User.Login
		}
		if t.event == "pull_request_target" {
			t.kind = remote
		}
	case strings.HasPrefix(t.event, "pull_request"), t.event == "merge_group":
		return t, check.Usage("the event %s does not say which commits it is about", t.event)
	}
	return t, nil
}

// ofRun is the trigger of a workflow that runs after another one. Its payload names no pull request when the head is in a
// fork, and nothing that the first workflow hands over can be trusted: the pull request is looked up by its head.
func (t trigger) ofRun(p payload) (trigger, error) {
	r := p.WorkflowRun
	if r == nil || r.HeadRepository == nil {
		return t, check.Usage("the event workflow_run does not say which repository and commit it is about; the fork may have been deleted")
	}
	if !strings.HasPrefix(r.Event, "pull_request") {
		t.head = or(r.HeadSHA, t.head)
		return t, nil // after a push: nobody to answer to
	}
	t.kind, t.head, t.headRef = remote, r.HeadSHA, r.HeadBranch
	t.headOwner, t.headRepoID = r.HeadRepository.Owner.Login, r.HeadRepository.ID
	return t, nil
}

func readPayload(file string) (p payload, err error) {
	if file == "" {
		return p, nil // a schedule has none everywhere
	}
	f, err := os.Open(file)
	if err != nil {
		return p, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxEvent+1))
	if err != nil {
		return p, err
	}
	if len(text) > maxEvent {
		return p, fmt.Errorf("it is larger than %d MiB", maxEvent>>20)
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return p, nil
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("it is no JSON that is understood: %w", err)
	}
	return p, nil
}
