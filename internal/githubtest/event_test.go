package githubtest_test

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
	"github.com/tljh-policy/tljh-policy/internal/githubtest/contract"
)

func TestEvents(t *testing.T) {
	dir := contract.Find()
	if dir == "" {
		t.Skip("SKIPPED: GitHub's description of events is not beside this checkout")
	}
	events, err := contract.LoadEvents(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, repo, pull := hub(t)
	before := repo.Branch("main")
	opened := pull.Event("opened")
	old := pull.Head()
	pull.Push(githubtest.Files{"f.yaml": "x\n"})
	repo.Commit("main", githubtest.Files{"f.yaml": "y\n"})
	for name, payload := range map[string][]byte{
		"pull-request-opened": opened, "pull-request-synchronize": pull.Event("synchronize"), "pull-request-reopened": pull.Event("reopened"),
		"pull-request-ready-for-review": pull.Event("ready_for_review"), "workflow-run-completed": pull.RunEvent(), "push": repo.PushEvent("main", before),
		"merge-group-checks-requested": repo.MergeGroupEvent(repo.Branch("main")),
	} {
		if err := events.Check(name, payload); err != nil {
			t.Error(err)
		}
	}
	expect(t, "before a push", contains(pull.Event("synchronize"), `"before":"`+old+`"`), true)
	fork := repo.Fork("octo-contributor")
	fork.Change("patch", githubtest.Files{"f.yaml": "z\n"})
	forked := repo.OpenPull(githubtest.PullSpec{Head: "patch", HeadRepo: fork})
	if err := events.Check("workflow-run-completed", forked.RunEvent()); err != nil {
		t.Error(err)
	}
	expect(t, "a fork's run names no pull request", contains(forked.RunEvent(), `"pull_requests":[]`), true)
	fork.Delete()
	expect(t, "a gone fork's no repository", contains(forked.RunEvent(), `"head_repository":null`), true)
	if events.Check("pull-request-opened", []byte(`{"action":"opened"}`)) == nil {
		t.Error("a payload without pull request passes")
	}
}
