package githubtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

func TestTokens(t *testing.T) {
	s, repo, pull := hub(t)
	mine := pull.Comment(githubtest.ActionsBot, "x")
	thread := pull.ReviewComment("ada", "f.yaml", 2, "x")
	review := o{"event": "COMMENT", "body": "b"}
	for _, test := range []struct {
		name, token, method, path string
		body                      any
		status                    int
		message, accepted         string
	}{
		{"anonymous read", "", "GET", "/pulls/1", nil, 200, "", "pull_requests=read"},
		{"anonymous write", "", "POST", talk, o{"body": "b"}, 401, "Requires authentication", ""},
		{"unknown token", "example-token-unknown", "GET", "/pulls/1", nil, 401, "Bad credentials", ""},
		{"fork: read", githubtest.ReadToken, "GET", "/pulls/1/files", nil, 200, "", "pull_requests=read"},
		{"fork: comment", githubtest.ReadToken, "POST", talk, o{"body": "b"}, 403, "Resource not accessible by integration", "issues=write; pull_requests=write"},
		{"fork: edit", githubtest.ReadToken, "PATCH", fmt.Sprintf("/issues/comments/%d", mine), o{"body": "b"}, 403, "Resource not accessible by integration", "issues=write; pull_requests=write"},
		{"fork: delete", githubtest.ReadToken, "DELETE", fmt.Sprintf("/issues/comments/%d", mine), nil, 403, "Resource not accessible by integration", "issues=write; pull_requests=write"},
		{"fork: review", githubtest.ReadToken, "POST", "/pulls/1/reviews", review, 403, "Resource not accessible by integration", "pull_requests=write"},
		{"fork: reply", githubtest.ReadToken, "POST", fmt.Sprintf("/pulls/1/comments/%d/replies", thread), o{"body": "b"}, 403, "Resource not accessible by integration", "pull_requests=write"},
		{"issues only: comment", "example-token-issues", "POST", talk, o{"body": "b"}, 201, "", "issues=write; pull_requests=write"},
		{"issues only: review", "example-token-issues", "POST", "/pulls/1/reviews", review, 403, "Resource not accessible by integration", "pull_requests=write"},
		{"blank", githubtest.WriteToken, "POST", talk, o{"body": " "}, 422, "Validation Failed", "issues=write; pull_requests=write"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.AddToken(githubtest.Token{Value: "example-token-issues", Login: githubtest.ActionsBot, Permissions: githubtest.All("read").With("issues", "write")})
			r := as(t, s, test.token).do(test.status, test.method, test.path, test.body)
			if test.message != "" {
				expect(t, "message", r.at("message"), test.message)
			}
			expect(t, "accepted", r.Header.Get("X-Accepted-GitHub-Permissions"), test.accepted)
		})
	}

	repo.SetPrivate()
	as(t, s, "").do(404, "GET", "/pulls/1", nil)
	s.AddToken(githubtest.Token{Value: "example-token-code", Login: githubtest.ActionsBot, Permissions: githubtest.Permissions{"metadata": "read", "contents": "read"}})
	as(t, s, "example-token-code").do(200, "GET", "/contents/f.yaml", nil)
	as(t, s, "example-token-code").do(403, "GET", "/pulls/1", nil)
	s.AddToken(githubtest.Token{Value: "example-token-none", Login: githubtest.ActionsBot})
	as(t, s, "example-token-none").do(404, "GET", "", nil)
}

func TestWhoAmI(t *testing.T) {
	s, _, _ := hub(t)
	for token, want := range map[string]int{"": 401, githubtest.WriteToken: 403, githubtest.PersonToken: 200} {
		r, err := as(t, s, token).try("GET", s.APIURL()+"/user", nil)
		expect(t, "GET /user as "+token, []any{r.Status, err}, []any{want, nil})
	}
}

func TestLimits(t *testing.T) {
	s, _, pull := hub(t)
	c := as(t, s, githubtest.WriteToken)
	s.SetRemaining(githubtest.WriteToken, 1)
	expect(t, "last", c.do(200, "GET", "/pulls/1", nil).Header.Get("X-RateLimit-Remaining"), "0")
	r := c.do(403, "POST", talk, o{"body": "b"})
	expect(t, "limited", []any{r.at("message"), r.Header.Get("X-RateLimit-Remaining"), r.Header.Get("Retry-After"), len(pull.Comments())},
		[]any{"API rate limit exceeded for installation.", "0", "", 0})
	s.SetRemaining(githubtest.WriteToken, 1000)

	pull.Lock()
	expect(t, "locked", c.do(403, "POST", talk, o{"body": "b"}).at("message"), "Unable to create comment because issue is locked.")
	c.do(403, "POST", "/pulls/1/reviews", o{"event": "COMMENT", "body": "b"})
	as(t, s, githubtest.PersonToken).do(201, "POST", talk, o{"body": "people with write access may"})
}

func TestLongBody(t *testing.T) {
	s, _, _ := hub(t)
	c := as(t, s, githubtest.WriteToken)
	for _, test := range []struct {
		letter string
		count  int
		status int
	}{{"x", 65536, 201}, {"x", 65537, 422}, {"é", 65536, 201}, {"😀", 32768, 201}, {"😀", 32769, 422}} {
		r := c.do(test.status, "POST", talk, o{"body": strings.Repeat(test.letter, test.count)})
		if test.status == 422 {
			expect(t, "message", []any{r.at("errors", 0, "message"), r.at("errors", 0, "code")},
				[]any{"Body is too long (maximum is 65536 characters)", "unprocessable"})
		}
	}
}

func TestConditionalRequest(t *testing.T) {
	s, _, _ := hub(t)
	c := as(t, s, githubtest.ReadToken)
	tag := c.do(200, "GET", "/pulls/1", nil).Header.Get("ETag")
	for _, test := range []struct {
		tag    string
		status int
	}{{tag, 304}, {`W/"other"`, 200}} {
		request, err := http.NewRequest("GET", s.APIURL()+"/repos/octo-org/hub/pulls/1", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("If-None-Match", test.tag)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		expect(t, "with "+test.tag, response.StatusCode, test.status)
	}
}
