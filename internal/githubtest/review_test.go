package githubtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

type o = map[string]any

func TestReviewIsPostedWhole(t *testing.T) {
	s, _, pull := hub(t)
	c := as(t, s, githubtest.WriteToken)
	r := c.do(200, "POST", "/pulls/1/reviews", o{"commit_id": pull.Head(), "event": "COMMENT", "body": "see below", "comments": []o{
		{"path": "f.yaml", "line": 2, "side": "RIGHT", "body": "one"},
		{"path": "f.yaml", "line": 31, "side": "RIGHT", "start_line": 29, "start_side": "RIGHT", "body": "several"},
		{"path": "f.yaml", "line": 2, "side": "LEFT", "body": "old"},
		{"path": "g.yaml", "line": 1, "body": "new file"},
	}})
	expect(t, "state", []any{r.at("state"), r.at("user", "login")}, []any{"COMMENTED", githubtest.ActionsBot})
	comments := c.do(200, "GET", "/pulls/1/comments", nil)
	expect(t, "hunk", comments.at(0, "diff_hunk"), "@@ -1,5 +1,5 @@\n line 1\n-line 2\n+LINE 2")
	expect(t, "lines", []any{comments.at(1, "start_line"), comments.at(1, "line"), comments.at(1, "position")}, []any{29, 31, 13})
	expect(t, "sides", []any{comments.at(2, "side"), comments.at(2, "position"), comments.at(3, "side")}, []any{"LEFT", 2, "RIGHT"})
	expect(t, "threads", len(pull.Threads()), 4)
	expect(t, "requests", s.Count(githubtest.On("POST /repos/*/*/pulls/*/reviews")), 1)
}

const (
	badLine  = "Pull request review thread line must be part of the diff"
	noHunk   = "Pull request review thread diff hunk can't be blank"
	badOrder = "Pull request review thread start line must precede the end line."
	badStart = "Pull request review thread start line must be part of the same hunk as the line."
	badPath  = "Pull request review thread path is invalid"
)

func TestReviewIsRefusedWhole(t *testing.T) {
	s, _, pull := hub(t)
	c := as(t, s, githubtest.WriteToken)
	long := strings.Repeat("é", 65537)
	for _, test := range []struct {
		name    string
		comment o
		want    string
	}{
		{"line outside", o{"path": "f.yaml", "line": 20, "body": "x"}, badLine + " and " + noHunk},
		{"range outside", o{"path": "f.yaml", "start_line": 19, "line": 20, "body": "x"}, badLine + ", " + badStart + ", and " + noHunk},
		{"unchanged file", o{"path": "same", "line": 1, "body": "x"}, badPath + " and " + noHunk},
		{"start after end", o{"path": "f.yaml", "start_line": 3, "line": 2, "body": "x"}, badOrder},
		{"start is end", o{"path": "f.yaml", "start_line": 2, "line": 2, "body": "x"}, badOrder},
		{"two hunks", o{"path": "f.yaml", "start_line": 2, "line": 30, "body": "x"}, badStart},
		{"wrong side", o{"path": "g.yaml", "line": 1, "side": "LEFT", "body": "x"}, badLine + " and " + noHunk},
		{"no line", o{"path": "f.yaml", "body": "x"}, badLine + " and " + noHunk},
		{"blank", o{"path": "f.yaml", "line": 2, "body": " "}, "Body can't be blank"},
		{"long", o{"path": "f.yaml", "line": 2, "body": long}, "Body is too long (maximum is 65536 characters)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			good := o{"path": "f.yaml", "line": 2, "body": "good"}
			r := c.do(422, "POST", "/pulls/1/reviews", o{"event": "COMMENT", "body": "b", "comments": []o{good, test.comment}})
			expect(t, "message", []any{r.at("message"), r.at("errors", 0)}, []any{"Unprocessable Entity", test.want})
			expect(t, "nothing is posted", len(pull.Threads())+len(pull.Reviews()), 0)
		})
	}
	own := as(t, s, githubtest.PersonToken)
	for _, test := range []struct {
		c    *client
		body o
		want string
	}{
		{c, o{"event": "COMMENT"}, "Body can't be blank"},
		{c, o{"event": "REQUEST_CHANGES"}, "Body can't be blank"},
		{c, o{"event": "COMMENT", "body": long}, "Body is too long (maximum is 65536 characters)"},
		{c, o{"event": "COMMENT", "body": "b", "commit_id": pull.Base()}, "commit_id is not part of the pull request"},
		{own, o{"event": "APPROVE"}, "Can not approve your own pull request"},
		{own, o{"event": "REQUEST_CHANGES", "body": "b"}, "Can not request changes on your own pull request"},
	} {
		expect(t, fmt.Sprintf("%.60v", test.body), test.c.do(422, "POST", "/pulls/1/reviews", test.body).at("errors", 0), test.want)
	}
}

func TestSingleComment(t *testing.T) {
	s, _, pull := hub(t)
	c := as(t, s, githubtest.WriteToken)
	post := func(status int, body o) reply { return c.do(status, "POST", "/pulls/1/comments", body) }
	file := post(201, o{"commit_id": pull.Head(), "path": "f.yaml", "subject_type": "file", "body": "whole"})
	expect(t, "file", []any{file.at("subject_type"), file.at("line"), file.at("diff_hunk")}, []any{"file", nil, ""})
	line := post(201, o{"commit_id": pull.Head(), "path": "f.yaml", "line": 2, "side": "RIGHT", "body": "line"})
	expect(t, "line", line.at("line"), 2)
	r := post(422, o{"commit_id": pull.Head(), "path": "f.yaml", "line": 20, "side": "RIGHT", "body": "x"})
	expect(t, "outside", []any{r.at("message"), r.at("errors", 0, "message"), r.at("errors", 1, "code")},
		[]any{"Validation Failed", "pull_request_review_thread.line must be part of the diff", "missing_field"})
	post(422, o{"commit_id": pull.Base(), "path": "f.yaml", "line": 2, "body": "x"})

	id := line.at("id")
	answer := c.do(201, "POST", fmt.Sprintf("/pulls/1/comments/%v/replies", id), o{"body": "yes"})
	expect(t, "reply", answer.at("in_reply_to_id"), id)
	c.do(404, "POST", fmt.Sprintf("/pulls/1/comments/%v/replies", answer.at("id")), o{"body": "to a reply"})
	edited := c.do(200, "PATCH", fmt.Sprintf("/pulls/comments/%v", id), o{"body": "changed"})
	expect(t, "edited", edited.at("body"), "changed")
	c.do(204, "DELETE", fmt.Sprintf("/pulls/comments/%v", id), nil)
	c.do(404, "GET", fmt.Sprintf("/pulls/comments/%v", id), nil)
	expect(t, "the answer stays", pull.Threads()[1].Comments[0].Body, "yes")
}

// Comments follow their lines through pushes; where the line is changed, or leaves the diff, they are outdated.
func TestOutdated(t *testing.T) {
	s, repo, pull := hub(t)
	pull.ReviewComment("ada", "f.yaml", 2, "follows")
	pull.ReviewComment("ada", "f.yaml", 30, "is changed")
	pull.ReviewComment("ada", "g.yaml", 1, "goes with its file")
	first := pull.Head()
	moved := strings.Replace("top\n"+changed(), "LINE 30", "Line 30", 1)
	pull.Push(githubtest.Files{"f.yaml": moved, "same": "s\n"})
	c := as(t, s, githubtest.ReadToken)
	r := c.do(200, "GET", "/pulls/1/comments", nil)
	expect(t, "moved", []any{r.at(0, "line"), r.at(0, "original_line"), r.at(0, "commit_id")}, []any{3, 2, pull.Head()})
	expect(t, "changed", []any{r.at(1, "line"), r.at(1, "original_line"), r.at(1, "position"), r.at(1, "commit_id")}, []any{nil, 30, nil, first})
	expect(t, "gone", []any{r.at(2, "line"), r.at(2, "path")}, []any{nil, "g.yaml"})

	expect(t, "review's commit", c.do(200, "GET", "/pulls/1/reviews", nil).at(0, "commit_id"), first)
	pull.ForcePush(githubtest.Files{"f.yaml": numbers(40), "h.yaml": "a: 1\n", "same": "s\n"})
	expect(t, "review's commit after a force-push", c.do(200, "GET", "/pulls/1/reviews", nil).at(0, "commit_id"), pull.Head())
	expect(t, "reverted", c.do(200, "GET", "/pulls/1/comments", nil).at(0, "line"), nil)
	pull.ForcePush(githubtest.Files{"renamed.yaml": changed(), "same": "s\n"})
	r = c.do(200, "GET", "/pulls/1/comments", nil)
	expect(t, "rebased and renamed", []any{r.at(0, "line"), r.at(0, "path"), r.at(1, "line")}, []any{2, "renamed.yaml", 30})
	expect(t, "of a rename", c.do(200, "GET", "/pulls/1/files", nil).at(0, "previous_filename"), "f.yaml")

	repo.Commit("main", githubtest.Files{"f.yaml": changed(), "same": "s\n"})
	pull.Push(githubtest.Files{"f.yaml": changed(), "same": "s\n"})
	expect(t, "against the merge base", pull.Threads()[0].Outdated, false)
}

func TestPendingReview(t *testing.T) {
	s, _, pull := hub(t)
	c, other := as(t, s, githubtest.WriteToken), as(t, s, githubtest.PersonToken)
	r := c.do(200, "POST", "/pulls/1/reviews", o{"body": "later", "comments": []o{{"path": "f.yaml", "line": 2, "body": "x"}}})
	expect(t, "state", []any{r.at("state"), r.at("submitted_at")}, []any{"PENDING", nil})
	expect(t, "others see none", other.do(200, "GET", "/pulls/1/reviews", nil).at(0), nil)
	expect(t, "nor its comments", other.do(200, "GET", "/pulls/1/comments", nil).at(0), nil)
	expect(t, "one at a time", c.do(422, "POST", "/pulls/1/reviews", o{"event": "COMMENT", "body": "b"}).at("errors", 0),
		"User can only have one pending review per pull request")
	path := fmt.Sprintf("/pulls/1/reviews/%v", r.at("id"))
	c.do(200, "POST", path+"/events", o{"event": "COMMENT", "body": "now"})
	expect(t, "submitted", []any{pull.Reviews()[0].State, pull.Reviews()[0].Body}, []any{"COMMENTED", "now"})
	c.do(422, "DELETE", path, nil)
	c.do(422, "PUT", path+"/dismissals", o{"message": "m"})
	c.do(200, "PUT", path, o{"body": "edited"})
	expect(t, "visible", other.do(200, "GET", "/pulls/1/comments", nil).at(0, "body"), "x")
	pending := c.do(200, "POST", "/pulls/1/reviews", o{"comments": []o{{"path": "f.yaml", "line": 2, "body": "y"}}})
	c.do(200, "DELETE", fmt.Sprintf("/pulls/1/reviews/%v", pending.at("id")), nil)
	expect(t, "deleted with its comments", []any{len(pull.Reviews()), len(pull.Threads())}, []any{1, 1})
	asks := c.do(200, "POST", "/pulls/1/reviews", o{"event": "REQUEST_CHANGES", "body": "no"})
	c.do(200, "PUT", fmt.Sprintf("/pulls/1/reviews/%v/dismissals", asks.at("id")), o{"message": "m"})
	expect(t, "dismissed", pull.Reviews()[1].State, "DISMISSED")
}

func TestNoPatchNoComment(t *testing.T) {
	s := githubtest.New(t)
	repo := s.AddRepo("octo-org/hub", githubtest.Files{"bin": "\x00a", "large": "", "mode": "m\n", "moved": numbers(9)})
	pull := repo.OpenPullWith(githubtest.Files{"bin": "\x00b", "large": strings.Repeat(numbers(1000), 120), "mode": githubtest.Executable("m\n"), "to": numbers(9)})
	c := as(t, s, githubtest.WriteToken)
	files := c.do(200, "GET", "/pulls/1/files", nil)
	for i, want := range []string{"bin modified", "large modified", "mode modified", "to renamed"} {
		expect(t, "file", fmt.Sprint(files.at(i, "filename"), " ", files.at(i, "status")), want)
		expect(t, want, files.at(i, "patch"), nil)
		c.do(422, "POST", "/pulls/1/comments", o{"commit_id": pull.Head(), "path": files.at(i, "filename"), "line": 1, "side": "RIGHT", "body": "x"})
		c.do(201, "POST", "/pulls/1/comments", o{"commit_id": pull.Head(), "path": files.at(i, "filename"), "subject_type": "file", "body": "x"})
	}
}
