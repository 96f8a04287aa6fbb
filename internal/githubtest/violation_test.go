package githubtest_test

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
	"github.com/tljh-policy/tljh-policy/internal/githubtest/contract"
)

// What breaks GitHub's contract is noticed, even where the server answers it kindly.
func TestViolations(t *testing.T) {
	if contract.Find() == "" {
		t.Skip("SKIPPED: GitHub's API description is not beside this checkout")
	}
	s, _, _ := hub(t)
	c := as(t, s, githubtest.WriteToken)
	for _, test := range []struct {
		name string
		send func()
		want string
	}{
		{"misspelt query", func() { c.do(200, "GET", "/pulls/1/files?perpage=100", nil) }, `no query parameter "perpage"`},
		{"field of another operation", func() {
			c.do(200, "POST", "/pulls/1/reviews", o{"event": "COMMENT", "body": "b", "comments": []o{{"path": "f.yaml", "line": 2, "body": "x", "subject_type": "line"}}})
		}, `no field "subject_type" in body.comments[0]`},
		{"wrong type", func() { c.do(400, "POST", talk, o{"body": 3}) }, "body"},
		{"unknown operation", func() { c.do(404, "GET", "/pullz", nil) }, "no matching operation"},
		{"operation that we do not implement", func() { c.do(404, "GET", "/actions/runs/1", nil) }, "does not implement"},
		{"outside the API", func() { _, _ = c.try("GET", s.URL()+"/api/v3/user", nil) }, "no matching operation"},
		{"GraphQL field", func() { c.graphql(`{viewer {name}}`, nil) }, `Cannot query field "name"`},
		{"GraphQL enum", func() {
			c.graphql(`mutation {minimizeComment(input: {subjectId: "x", classifier: OLD}) {clientMutationId}}`, nil)
		}, "OLD"},
		{"GraphQL variable", func() { c.graphql(`query Q($o: String!) {repository(owner: $o, name: "hub") {id}}`, nil) }, "must be defined"},
		{"GraphQL field that we do not implement", func() {
			c.graphql(`mutation {addPullRequestReviewThread(input: {body: "b", path: "p"}) {clientMutationId}}`, nil)
		}, "no field Mutation.addPullRequestReviewThread"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.send()
			wantViolation(t, s, test.want)
		})
	}
}

// Without the descriptions the same server answers, and says nothing of the contract.
func TestWithoutContract(t *testing.T) {
	s, _, _ := hub(t, githubtest.WithoutContract())
	c := as(t, s, githubtest.WriteToken)
	c.do(200, "GET", "/pulls/1/files?perpage=100", nil)
	expect(t, "GraphQL", c.graphql(`query Q($n: Int!) {repository(owner: "octo-org", name: "hub") {pullRequest(number: $n) {number}}}`, o{"n": 1}).
		at("data", "repository", "pullRequest", "number"), 1)
	expect(t, "violations", s.Violations(), []string{})
	c.do(404, "GET", "/pullz", nil)
	wantViolation(t, s, "does not implement")
}
