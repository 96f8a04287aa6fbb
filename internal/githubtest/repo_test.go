package githubtest_test

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

func TestRename(t *testing.T) {
	s, repo, pull := hub(t)
	repo.Rename("campus-hub")
	c := as(t, s, githubtest.WriteToken)
	expect(t, "read", c.do(200, "GET", "/pulls/1/files?per_page=1", nil).at(0, "filename"), "f.yaml")
	c.do(201, "POST", talk, o{"body": "follows"})
	expect(t, "written once", len(pull.Comments()), 1)
	expect(t, "status", []int{s.Requests()[0].Status, s.Requests()[2].Status}, []int{301, 307})
	query := `query Q($f: Boolean!) {repository(owner: "octo-org", name: "hub", followRenames: $f) {nameWithOwner}}`
	expect(t, "GraphQL", c.graphql(query, o{"f": true}).at("data", "repository", "nameWithOwner"), "octo-org/campus-hub")
	expect(t, "not followed", c.graphql(query, o{"f": false}).at("errors", 0, "type"), "NOT_FOUND")
	repo.Delete()
	c.do(404, "GET", "/pulls/1", nil)
}

func TestChanges(t *testing.T) {
	s := githubtest.New(t)
	base := githubtest.Files{"a": "1\n", "b": "2\n", "link": githubtest.Symlink("a"), "run": githubtest.Executable("#!\n"), "mod": githubtest.Submodule("1111111111111111111111111111111111111111")}
	repo := s.AddRepo("octo-org/hub", base)
	pull := repo.OpenPullChanging(githubtest.Files{"a": "changed\n", "b": githubtest.Removed})
	pull.Change(githubtest.Files{"c": "new\n"})
	files := as(t, s, githubtest.ReadToken).do(200, "GET", "/pulls/1/files", nil)
	got := []any{}
	for i := range len(files.JSON.([]any)) {
		got = append(got, files.at(i, "status"), files.at(i, "filename"))
	}
	expect(t, "only what was said", got, []any{"modified", "a", "removed", "b", "added", "c"})
	if base["b"] == githubtest.Removed || len(base) != 5 {
		t.Error("the test's own files were changed")
	}
	expect(t, "new branch from main", repo.Change("side", githubtest.Files{}) != "", true)
	expect(t, "nothing changed", as(t, s, githubtest.ReadToken).do(200, "GET", "/compare/main...side", nil).at("files"), []any{})
}
