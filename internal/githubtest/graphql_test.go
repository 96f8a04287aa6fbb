package githubtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
	"github.com/tljh-policy/tljh-policy/internal/githubtest/contract"
)

const pullQuery = `query Q($n: Int!, $after: String) {
  repository(owner: "octo-org", name: "hub") {
    pullRequest(number: $n) {
      id headRefOid baseRefOid isCrossRepository locked isDraft changedFiles mergeable viewerDidAuthor
      comments(first: 100, after: $after) {
        totalCount pageInfo {endCursor hasNextPage}
        nodes {id fullDatabaseId author {__typename login} body isMinimized minimizedReason viewerDidAuthor viewerCanUpdate viewerCanMinimize viewerCannotUpdateReasons lastEditedAt}
      }
      reviewThreads(first: 100) {
        nodes {id isResolved isOutdated path line originalLine startLine diffSide subjectType viewerCanResolve viewerCanReply
          comments(first: 20) {totalCount nodes {id author {login} body isMinimized viewerDidAuthor outdated replyTo {id} pullRequestReview {state} diffHunk}}}
      }
      reviews(last: 10) {nodes {state body author {login} comments(first: 5) {totalCount}}}
      files(first: 10) {nodes {path changeType additions}}
    }
  }
}`

func TestPullRequestByGraphQL(t *testing.T) {
	s, _, pull := hub(t)
	pull.Comment(githubtest.ActionsBot, "mine")
	pull.Comment("ada", "theirs")
	root := pull.ReviewComment(githubtest.ActionsBot, "f.yaml", 2, "line")
	pull.Reply("ada", root, "answer")
	pull.ReviewComment("ada", "g.yaml", 0, "file")
	r := as(t, s, githubtest.WriteToken).graphql(pullQuery, o{"n": 1})
	p := r.at("data", "repository", "pullRequest")
	expect(t, "head", at(p, "headRefOid"), pull.Head())
	mine := at(p, "comments", "nodes", 0)
	expect(t, "own", []any{at(mine, "viewerDidAuthor"), at(mine, "author", "login"), at(mine, "author", "__typename"), at(mine, "viewerCanUpdate")},
		[]any{true, "github-actions", "Bot", true})
	expect(t, "other's", at(p, "comments", "nodes", 1, "viewerDidAuthor"), false)
	thread := at(p, "reviewThreads", "nodes", 0)
	expect(t, "thread", []any{at(thread, "line"), at(thread, "isOutdated"), at(thread, "viewerCanResolve"), at(thread, "comments", "totalCount")}, []any{2, false, false, 2})
	expect(t, "reply", at(thread, "comments", "nodes", 1, "replyTo", "id"), at(thread, "comments", "nodes", 0, "id"))
	expect(t, "file", at(p, "reviewThreads", "nodes", 1, "subjectType"), "FILE")
	pull.Push(githubtest.Files{"f.yaml": "x\n", "same": "s\n", "g.yaml": "a: 1\n"})
	read := as(t, s, githubtest.ReadToken).graphql(pullQuery, o{"n": 1}).at("data", "repository", "pullRequest")
	thread = at(read, "reviewThreads", "nodes", 0)
	expect(t, "outdated", []any{at(thread, "line"), at(thread, "originalLine"), at(thread, "isOutdated")}, []any{nil, 2, true})
	expect(t, "reader", at(read, "comments", "nodes", 0, "viewerCannotUpdateReasons"), []any{"INSUFFICIENT_ACCESS"})
	gone := as(t, s, githubtest.ReadToken).graphql(pullQuery, o{"n": 9})
	expect(t, "not found", []any{gone.at("errors", 0, "type"), gone.at("data", "repository", "pullRequest")}, []any{"NOT_FOUND", nil})
}

func TestObjectsByGraphQL(t *testing.T) {
	s := githubtest.New(t)
	repo := s.AddRepo("octo-org/hub", githubtest.Files{"dir/a.yaml": "a: 1\n", "bin": "\x00", "latin": "caf\xe9", "big": strings.Repeat("x", 600_000)})
	r := as(t, s, githubtest.ReadToken).graphql(`query Q($c: GitObjectID!) {repository(owner: "octo-org", name: "hub") {
		a: object(expression: "main:dir/a.yaml") {...B} bin: object(expression: "HEAD:bin") {...B} latin: object(expression: "main:latin") {...B}
		big: object(expression: "main:big") {...B} none: object(expression: "main:none") {...B}
		dir: object(expression: "main:dir") {__typename ... on Tree {entries {name mode type size object {oid}}}}
		commit: object(oid: $c) {oid ... on Commit {messageHeadline}}
	}} fragment B on GitObject {__typename oid ... on Blob {byteSize isBinary isTruncated text}}`, o{"c": repo.Branch("main")})
	data := r.at("data", "repository")
	expect(t, "text", at(data, "a", "text"), "a: 1\n")
	expect(t, "binary", []any{at(data, "bin", "isBinary"), at(data, "bin", "text")}, []any{true, nil})
	expect(t, "latin", []any{at(data, "latin", "isBinary"), at(data, "latin", "text")}, []any{nil, "caf\uFFFD"})
	expect(t, "big", []any{at(data, "big", "isTruncated"), len(at(data, "big", "text").(string))}, []any{true, 512_000})
	expect(t, "none", []any{at(data, "none"), r.at("errors")}, []any{nil, nil})
	expect(t, "tree", []any{at(data, "dir", "__typename"), at(data, "dir", "entries", 0, "name"), at(data, "dir", "entries", 0, "mode")}, []any{"Tree", "a.yaml", 33188})
	expect(t, "commit", at(data, "commit", "messageHeadline"), "Set up the hub")
}

func TestMutations(t *testing.T) {
	s, _, pull := hub(t)
	pull.Comment(githubtest.ActionsBot, "mine")
	pull.ReviewComment(githubtest.ActionsBot, "f.yaml", 2, "line")
	comment, thread := pull.Comments()[0].Node, pull.Threads()[0].Node
	line := pull.Threads()[0].Comments[0].Node
	review := pull.Reviews()[0].Node
	id := as(t, s, githubtest.ReadToken).graphql(`{repository(owner: "octo-org", name: "hub") {pullRequest(number: 1) {id}}}`, nil).at("data", "repository", "pullRequest", "id")
	long := strings.Repeat("x", 65537)
	for _, test := range []struct {
		name, token, mutation string
		input                 o
		want                  string // type of the error; "" is success
	}{
		{"minimise", githubtest.WriteToken, "minimizeComment:MinimizeCommentInput {minimizedComment {isMinimized minimizedReason}}", o{"subjectId": comment, "classifier": "OFF_TOPIC"}, ""},
		{"minimise a line comment", githubtest.WriteToken, "minimizeComment:MinimizeCommentInput {minimizedComment {isMinimized}}", o{"subjectId": line, "classifier": "RESOLVED"}, ""},
		{"minimise a review", githubtest.WriteToken, "minimizeComment:MinimizeCommentInput {minimizedComment {isMinimized}}", o{"subjectId": review, "classifier": "OUTDATED"}, ""},
		{"as a reader", githubtest.ReadToken, "minimizeComment:MinimizeCommentInput {minimizedComment {isMinimized}}", o{"subjectId": comment, "classifier": "SPAM"}, "FORBIDDEN"},
		{"of nothing", githubtest.WriteToken, "minimizeComment:MinimizeCommentInput {minimizedComment {isMinimized}}", o{"subjectId": "IC_none", "classifier": "SPAM"}, "NOT_FOUND"},
		{"unminimise", githubtest.WriteToken, "unminimizeComment:UnminimizeCommentInput {unminimizedComment {isMinimized}}", o{"subjectId": line}, ""},
		{"resolve", githubtest.ResolverToken, "resolveReviewThread:ResolveReviewThreadInput {thread {isResolved}}", o{"threadId": thread}, ""},
		{"resolve without contents", githubtest.WriteToken, "resolveReviewThread:ResolveReviewThreadInput {thread {isResolved}}", o{"threadId": thread}, "FORBIDDEN"},
		{"edit", githubtest.WriteToken, "updateIssueComment:UpdateIssueCommentInput {issueComment {body}}", o{"id": comment, "body": "edited"}, ""},
		{"edit too long", githubtest.WriteToken, "updateIssueComment:UpdateIssueCommentInput {issueComment {body}}", o{"id": comment, "body": long}, "UNPROCESSABLE"},
		{"edit the wrong kind", githubtest.WriteToken, "updateIssueComment:UpdateIssueCommentInput {issueComment {body}}", o{"id": line, "body": "x"}, "NOT_FOUND"},
		{"edit as a reader", githubtest.ReadToken, "updateIssueComment:UpdateIssueCommentInput {issueComment {body}}", o{"id": comment, "body": "x"}, "FORBIDDEN"},
		{"edit a line comment", githubtest.WriteToken, "updatePullRequestReviewComment:UpdatePullRequestReviewCommentInput {pullRequestReviewComment {body}}",
			o{"pullRequestReviewCommentId": line, "body": "edited line"}, ""},
		{"edit a review", githubtest.WriteToken, "updatePullRequestReview:UpdatePullRequestReviewInput {pullRequestReview {body}}", o{"pullRequestReviewId": review, "body": "edited review"}, ""},
		{"comment", githubtest.WriteToken, "addComment:AddCommentInput {subject {id}}", o{"subjectId": id, "body": "second"}, ""},
		{"review", githubtest.WriteToken, "addPullRequestReview:AddPullRequestReviewInput {pullRequestReview {state}}",
			o{"pullRequestId": id, "event": "COMMENT", "body": "b", "threads": []o{{"path": "f.yaml", "line": 30, "startLine": 29, "body": "x"}}}, ""},
		{"review outside the diff", githubtest.WriteToken, "addPullRequestReview:AddPullRequestReviewInput {pullRequestReview {state}}",
			o{"pullRequestId": id, "event": "COMMENT", "body": "b", "threads": []o{{"path": "f.yaml", "line": 20, "body": "x"}}}, "UNPROCESSABLE"},
		{"reply", githubtest.WriteToken, "addPullRequestReviewThreadReply:AddPullRequestReviewThreadReplyInput {comment {body}}", o{"pullRequestReviewThreadId": thread, "body": "re"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			name, rest, _ := strings.Cut(test.mutation, ":")
			input, selection, _ := strings.Cut(rest, " ")
			r := as(t, s, test.token).graphql(fmt.Sprintf("mutation M($in: %s!) {%s(input: $in) %s}", input, name, selection), o{"in": test.input})
			got := r.at("errors", 0, "type")
			if got == nil {
				got = ""
			}
			expect(t, "error", got, test.want)
			expect(t, "nothing on an error", r.at("data", name) == nil, test.want != "")
		})
	}
	expect(t, "comment", pull.Comments()[0].Body+pull.Comments()[0].Minimized, "editedOFF_TOPIC")
	first := pull.Threads()[0]
	expect(t, "thread", []any{first.Resolved, first.Comments[0].Body, first.Comments[0].Minimized, first.Comments[1].Body}, []any{true, "edited line", "", "re"})
	expect(t, "review", pull.Reviews()[0].Body+pull.Reviews()[0].Minimized, "edited reviewOUTDATED")
	c := as(t, s, githubtest.ResolverToken)
	c.graphql(`mutation M($t: ID!) {unresolveReviewThread(input: {threadId: $t}) {thread {isResolved viewerCanResolve}}}`, o{"t": thread})
	expect(t, "unresolved", pull.Threads()[0].Resolved, false)
	c.graphql(`mutation M($c: ID!, $l: ID!) {a: deleteIssueComment(input: {id: $c}) {clientMutationId}
		b: deletePullRequestReviewComment(input: {id: $l}) {pullRequestReviewComment {id}}}`, o{"c": comment, "l": line})
	expect(t, "deleted", []any{pull.Comments()[0].Body, pull.Threads()[0].Comments[0].Body}, []any{"second", "re"})
}

func TestGraphQLNeedsAToken(t *testing.T) {
	s, _, _ := hub(t)
	expect(t, "anonymous", as(t, s, "").graphql(`{viewer {login}}`, nil).Status, 401)
	for token, login := range map[string]string{githubtest.WriteToken: "github-actions[bot]", githubtest.PersonToken: "octocat"} {
		expect(t, "viewer", as(t, s, token).graphql(`{viewer {login} rateLimit {cost remaining resetAt}}`, nil).at("data", "viewer", "login"), login)
	}
}

// The documents that GitHub's descriptions come with are answered without a violation.
func TestDocumentedOperations(t *testing.T) {
	dir := contract.Find()
	if dir == "" {
		t.Skip("SKIPPED: GitHub's API description is not beside this checkout")
	}
	text, err := os.ReadFile(filepath.Join(dir, "graphql", "operations.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	s, repo, pull := hub(t)
	pull.Comment("ada", "x")
	pull.ReviewComment("ada", "f.yaml", 2, "x")
	c := as(t, s, githubtest.ResolverToken)
	base := o{"owner": "octo-org", "repo": "hub", "number": 1}
	for name, variables := range map[string]o{
		"WhoAmI": nil, "IssueComments": base, "ReviewThreads": base,
		"BaseFiles": {"owner": "octo-org", "repo": "hub", "f0": repo.Branch("main") + ":f.yaml", "f1": "none:f.yaml"},
		"Minimize":  {"id": pull.Comments()[0].Node}, "Unminimize": {"id": pull.Comments()[0].Node},
		"Resolve": {"id": pull.Threads()[0].Node}, "Unresolve": {"id": pull.Threads()[0].Node},
	} {
		r, err := c.try("POST", s.GraphQLURL(), o{"query": string(text), "operationName": name, "variables": variables})
		if err != nil || r.Status != 200 || r.at("errors") != nil {
			t.Errorf("%s: %v %v", name, err, r)
		}
	}
}

func TestEnterprise(t *testing.T) {
	s, _, pull := hub(t, githubtest.Enterprise())
	if !strings.HasSuffix(s.APIURL(), "/api/v3") || !strings.HasSuffix(s.GraphQLURL(), "/api/graphql") {
		t.Error(s.APIURL(), s.GraphQLURL())
	}
	c := as(t, s, githubtest.WriteToken)
	pull.Comment("ada", "x")
	expect(t, "url", c.do(200, "GET", "/pulls/1", nil).at("url"), s.APIURL()+"/repos/octo-org/hub/pulls/1")
	c.do(200, "GET", "/issues/1/comments?per_page=1&page=2", nil)
	expect(t, "GraphQL", c.graphql(`{viewer {login}}`, nil).at("data", "viewer", "login"), "github-actions[bot]")
	expect(t, "no limits", []any{c.do(200, "GET", "/pulls/1", nil).Header.Get("X-RateLimit-Remaining"), c.graphql(`{rateLimit {remaining}}`, nil).at("data", "rateLimit")},
		[]any{"", nil})
	for _, url := range []string{"/repos/octo-org/hub", "/graphql"} {
		r, err := c.try("GET", s.URL()+url, nil)
		expect(t, "not at "+url, []any{r.Status, err}, []any{404, nil})
	}
	s.TakeViolations()
}
