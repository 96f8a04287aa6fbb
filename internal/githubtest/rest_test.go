package githubtest_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// Every read that the server offers is answered, and the answer keeps GitHub's schema (which New checks at the end).
func TestReads(t *testing.T) {
	s, repo, pull := hub(t)
	pull.Comment("ada", "hello")
	root := pull.ReviewComment("ada", "f.yaml", 2, "why?")
	pull.Reply("octocat", root, "because")
	pull.Label("hub")
	c := as(t, s, githubtest.WriteToken)
	review := pull.Reviews()[0].ID
	head := pull.Head()
	tree := c.do(200, "GET", "/git/commits/"+head, nil).at("tree", "sha")
	for _, path := range []string{
		"", "/pulls", "/pulls?state=all&head=octo-org:change-1", "/pulls/1", "/pulls/1/files", "/pulls/1/commits", "/pulls/1/reviews", "/pulls/1/comments",
		fmt.Sprintf("/pulls/1/reviews/%d", review), fmt.Sprintf("/pulls/1/reviews/%d/comments", review), fmt.Sprintf("/pulls/comments/%d", root),
		"/issues/1/comments", fmt.Sprintf("/issues/comments/%d", pull.Comments()[0].ID), "/issues/1/labels", "/contents/", "/contents/f.yaml?ref=" + head,
		"/compare/main...change-1", "/compare/main...octo-org:change-1", fmt.Sprintf("/git/trees/%s?recursive=1", head), fmt.Sprint("/git/trees/", tree),
		"/git/ref/heads/main", "/git/ref/pull/1/head", "/commits/main", "/commits/" + head, "/commits/" + head + "/pulls",
	} {
		c.do(200, "GET", path, nil)
	}
	for _, path := range []string{"/pulls/2", "/pulls/1/reviews/9", "/issues/comments/9", "/contents/none", "/contents/f.yaml?ref=none", "/git/trees/main2",
		"/git/blobs/" + head, "/git/ref/heads/none", "/commits/none", "/compare/main...none"} {
		c.do(404, "GET", path, nil)
	}
	for _, url := range []string{"/rate_limit"} {
		if r, err := c.try("GET", s.APIURL()+url, nil); err != nil || r.Status != 200 {
			t.Error(url, r, err)
		}
	}
	expect(t, "base", pull.Base(), repo.Branch("main"))
	event := string(pull.Event("opened"))
	if !strings.Contains(event, head) {
		t.Error("the event lacks the head")
	}
}

func TestPullRequest(t *testing.T) {
	s, repo, pull := hub(t)
	c := as(t, s, githubtest.ReadToken)
	r := c.do(200, "GET", "/pulls/1", nil)
	expect(t, "head", r.at("head", "sha"), pull.Head())
	expect(t, "base", r.at("base", "sha"), repo.Branch("main"))
	expect(t, "size", []any{r.at("changed_files"), r.at("additions"), r.at("deletions"), r.at("commits")}, []any{3 - 1, 4, 2, 1})
	expect(t, "merge", r.at("merge_commit_sha"), pull.Merge())

	base := repo.Branch("main")
	tip := repo.Commit("main", githubtest.Files{"f.yaml": numbers(40), "same": "changed on main\n"})
	files := c.do(200, "GET", "/pulls/1/files", nil)
	expect(t, "what others changed on main is no part", []any{files.at(0, "filename"), files.at(1, "filename"), files.at(2)}, []any{"f.yaml", "g.yaml", nil})
	compare := c.do(200, "GET", "/compare/"+tip+"..."+pull.Head(), nil)
	expect(t, "merge base", compare.at("merge_base_commit", "sha"), base)
	expect(t, "status", compare.at("status"), "diverged")
	merged := c.do(200, "GET", "/contents/same?ref=refs/pull/1/merge", nil)
	expect(t, "merge", decode(merged.at("content")), "changed on main\n")

	repo.Commit("main", githubtest.Files{"f.yaml": "conflict\n"})
	expect(t, "conflict", c.do(200, "GET", "/pulls/1", nil).at("mergeable"), false)
}

func decode(text any) string {
	raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(fmt.Sprint(text), "\n", ""))
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func TestDeletedFork(t *testing.T) {
	s, repo, _ := hub(t)
	fork := repo.Fork("octo-contributor")
	fork.Commit("patch", githubtest.Files{"f.yaml": "x\n"})
	pull := repo.OpenPull(githubtest.PullSpec{Head: "patch", HeadRepo: fork, Author: "octo-contributor", Draft: true})
	c := as(t, s, githubtest.ReadToken)
	expect(t, "head.repo", c.do(200, "GET", "/pulls/2", nil).at("head", "repo", "full_name"), "octo-contributor/hub")
	fork.Delete()
	r := c.do(200, "GET", "/pulls/2", nil)
	expect(t, "head.repo", r.at("head", "repo"), nil)
	expect(t, "draft", r.at("draft"), true)
	expect(t, "head is readable", c.do(200, "GET", "/contents/f.yaml?ref="+pull.Head(), nil).at("size"), 2)
	expect(t, "lists too", c.do(200, "GET", "/pulls", nil).at(1, "head", "repo"), nil)
	if _, err := c.try("GET", s.APIURL()+"/repos/octo-contributor/hub", nil); err != nil {
		t.Error(err)
	}
}

func TestContents(t *testing.T) {
	s := githubtest.New(t)
	s.AddRepo("octo-org/hub", githubtest.Files{"a/b.yaml": "x: 1\n", "a/é ü#?.txt": "odd\n", "link": githubtest.Symlink("a/b.yaml"), "out": githubtest.Symlink("../x"),
		"run": githubtest.Executable("#!/bin/sh\n"), "mod": githubtest.Submodule(strings.Repeat("a", 40)), "big": strings.Repeat("x", 1<<20+1), "bin": "\x00\xff"})
	c := as(t, s, githubtest.ReadToken)
	expect(t, "file", decode(c.do(200, "GET", "/contents/a/b.yaml", nil).at("content")), "x: 1\n")
	expect(t, "odd name", decode(c.do(200, "GET", "/contents/a/%C3%A9%20%C3%BC%23%3F.txt", nil).at("content")), "odd\n")
	expect(t, "link is followed", c.do(200, "GET", "/contents/link", nil).at("path"), "a/b.yaml")
	expect(t, "link out of the repository", c.do(200, "GET", "/contents/out", nil).at("target"), "../x")
	expect(t, "submodule", c.do(200, "GET", "/contents/mod", nil).at("type"), "submodule")
	expect(t, "directory", c.do(200, "GET", "/contents/a", nil).at(0, "name"), "b.yaml")
	expect(t, "big", c.do(200, "GET", "/contents/big", nil).at("encoding"), "none")
	c.accept = "application/vnd.github.raw+json"
	expect(t, "raw", len(c.do(200, "GET", "/contents/big", nil).Text), 1<<20+1)
	c.accept = ""
	modes := map[string]string{}
	all, _ := c.do(200, "GET", "/git/trees/main?recursive=1", nil).at("tree").([]any)
	for _, e := range all {
		modes[fmt.Sprint(at(e, "path"))] = fmt.Sprint(at(e, "mode"))
		if at(e, "path") == "bin" {
			expect(t, "blob", decode(c.do(200, "GET", fmt.Sprint("/git/blobs/", at(e, "sha")), nil).at("content")), "\x00\xff")
		}
	}
	expect(t, "modes", modes, map[string]string{"a": "040000", "a/b.yaml": "100644", "a/é ü#?.txt": "100644", "link": "120000", "out": "120000", "run": "100755",
		"mod": "160000", "big": "100644", "bin": "100644"})
}

func TestTruncatedTree(t *testing.T) {
	s, repo, _ := hub(t)
	repo.TreeLimit = 1
	r := as(t, s, githubtest.ReadToken).do(200, "GET", "/git/trees/main?recursive=1", nil)
	expect(t, "truncated", []any{r.at("truncated"), r.at("tree", 1)}, []any{true, nil})
}

func TestPages(t *testing.T) {
	s, _, pull := hub(t)
	for i := range 205 {
		pull.Comment("ada", fmt.Sprint(i))
	}
	c := as(t, s, githubtest.ReadToken)
	expect(t, "default", len(c.do(200, "GET", "/issues/1/comments", nil).JSON.([]any)), 30)
	expect(t, "most", len(c.do(200, "GET", "/issues/1/comments?per_page=1000", nil).JSON.([]any)), 100)
	r := c.do(200, "GET", "/issues/1/comments?per_page=100&page=2", nil)
	base := s.APIURL() + "/repos/octo-org/hub/issues/1/comments?"
	for rel, page := range map[string]int{"prev": 1, "next": 3, "last": 3, "first": 1} {
		if link := fmt.Sprintf(`<%spage=%d&per_page=100>; rel="%s"`, base, page, rel); !strings.Contains(r.Header.Get("Link"), link) {
			t.Errorf("%s is missing in %s", link, r.Header.Get("Link"))
		}
	}
	last := c.do(200, "GET", "/issues/1/comments?per_page=100&page=3", nil)
	expect(t, "last page", []any{len(last.JSON.([]any)), last.at(4, "body")}, []any{5, "204"})
	if strings.Contains(last.Header.Get("Link"), `rel="next"`) {
		t.Error("there is a page after the last")
	}
	expect(t, "beyond", len(c.do(200, "GET", "/issues/1/comments?per_page=100&page=9", nil).JSON.([]any)), 0)
}

func TestManyFiles(t *testing.T) {
	s, repo, _ := hub(t)
	files := githubtest.Files{}
	for i := range 3100 {
		files[fmt.Sprintf("dir/%04d.yaml", i)] = "x\n"
	}
	repo.Commit("many", files)
	repo.OpenPull(githubtest.PullSpec{Head: "many"})
	c := as(t, s, githubtest.ReadToken)
	expect(t, "page 30", len(c.do(200, "GET", "/pulls/2/files?per_page=100&page=30", nil).JSON.([]any)), 100)
	expect(t, "page 31", len(c.do(200, "GET", "/pulls/2/files?per_page=100&page=31", nil).JSON.([]any)), 0)
	expect(t, "comparison", len(c.do(200, "GET", "/compare/main...many", nil).at("files").([]any)), 300)
	c.accept = "application/vnd.github.diff"
	expect(t, "raw diff", c.do(406, "GET", "/pulls/2", nil).at("errors", 0, "code"), "too_large")
}
