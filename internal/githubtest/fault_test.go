package githubtest_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

const talk = "/issues/1/comments"

var post = githubtest.On("POST /repos/*/*/issues/*/comments")

func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name   string
		fault  githubtest.Fault
		status int
		header string
		body   string
		made   int // comments that exist afterwards
	}{
		{"zero", githubtest.Fault{}, 500, "", "Internal Server Error", 0},
		{"503", githubtest.Unavailable, 503, "", "unavailable", 0},
		{"502", githubtest.BadGateway, 502, "Content-Type=text/html", "<html>", 0},
		{"403", githubtest.Forbidden, 403, "X-Accepted-Github-Permissions=pull_requests=write", "not accessible", 0},
		{"404", githubtest.NotFound, 404, "", "Not Found", 0},
		{"409", githubtest.Conflict, 409, "", "Conflict", 0},
		{"410", githubtest.IssuesDisabled, 410, "", "disabled", 0},
		{"secondary", githubtest.SecondaryLimit(403, 0), 403, "Retry-After=", "secondary rate limit", 0},
		{"secondary with Retry-After", githubtest.SecondaryLimit(429, 7), 429, "Retry-After=7", "secondary rate limit", 0},
		{"delay", githubtest.Fault{Delay: time.Millisecond, Applied: true}, 201, "", "hello", 1},
		{"done, and an error", githubtest.Fault{Status: 502, Applied: true}, 502, "", "Bad Gateway", 1},
		{"dropped", githubtest.Fault{Drop: true}, 0, "", "", 0},
		{"reply lost", githubtest.Fault{Drop: true, Applied: true}, 0, "", "", 1},
		{"cut", githubtest.Fault{Cut: true, Applied: true}, 0, "", "", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _, pull := hub(t)
			s.Fault(post, test.fault.For(1))
			c := as(t, s, githubtest.WriteToken)
			r, err := c.try("POST", s.APIURL()+"/repos/octo-org/hub"+talk, o{"body": "hello"})
			if (err != nil) != (test.status == 0) {
				t.Fatalf("error %v, answer %v", err, r)
			}
			if err == nil {
				expect(t, "status", r.Status, test.status)
				if name, value, _ := strings.Cut(test.header, "="); name != "" {
					expect(t, name, r.Header.Get(name), value)
				}
				if !strings.Contains(r.Text, test.body) {
					t.Errorf("body %q, want %q", r.Text, test.body)
				}
			}
			expect(t, "comments", len(pull.Comments()), test.made)
			expect(t, "marked", s.Matching(post)[0].Fault, true)
			c.do(201, "POST", talk, o{"body": "again"})
			expect(t, "afterwards", len(pull.Comments()), test.made+1)
		})
	}
}

func TestHangEndsWithTheClient(t *testing.T) {
	s, _, pull := hub(t)
	s.Fault(post, githubtest.Fault{Hang: true, Applied: true})
	ctx, cancel := context.WithCancel(t.Context())
	s.After(post, func(*githubtest.Request) { cancel() })
	request, err := http.NewRequestWithContext(ctx, "POST", s.APIURL()+"/repos/octo-org/hub"+talk, strings.NewReader(`{"body":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+githubtest.WriteToken)
	if response, err := http.DefaultClient.Do(request); err == nil {
		response.Body.Close()
		t.Error("there was an answer")
	}
	expect(t, "applied", len(pull.Comments()), 1)
}

func TestSkipAndTimes(t *testing.T) {
	s, _, _ := hub(t)
	s.Fault(githubtest.Reads, githubtest.Fault{Status: 503, Skip: 1, Times: 2})
	c := as(t, s, githubtest.ReadToken)
	for i, status := range []int{200, 503, 503, 200} {
		r, err := c.try("GET", s.APIURL()+"/repos/octo-org/hub", nil)
		expect(t, fmt.Sprint("request ", i+1), []any{r.Status, err}, []any{status, nil})
	}
	s.Fault(githubtest.Any, githubtest.Unavailable)
	c.do(503, "GET", "", nil)
	s.ClearFaults()
	c.do(200, "GET", "", nil)
}

// A hook may itself be a whole run against the server: the race of two runs.
func TestHooks(t *testing.T) {
	s, _, pull := hub(t)
	c := as(t, s, githubtest.WriteToken)
	s.Before(post, func(*githubtest.Request) { c.do(201, "POST", talk, o{"body": "the other run's"}) })
	s.After(githubtest.On("GET /repos/*/*/pulls/1"), func(r *githubtest.Request) { pull.Push(githubtest.Files{"f.yaml": "x\n"}) })
	before := pull.Head()
	expect(t, "as it was", c.do(200, "GET", "/pulls/1", nil).at("head", "sha"), before)
	if pull.Head() == before {
		t.Error("the hook did not push")
	}
	c.do(201, "POST", talk, o{"body": "ours"})
	expect(t, "order", []string{pull.Comments()[0].Body, pull.Comments()[1].Body}, []string{"the other run's", "ours"})
	c.do(201, "POST", talk, o{"body": "third"})
	expect(t, "once", len(pull.Comments()), 3)
	reads := 0
	s.Every(githubtest.Reads, func(*githubtest.Request) { reads++ })
	c.do(200, "GET", "", nil)
	c.do(200, "GET", "", nil)
	expect(t, "every", reads, 2)
}

func TestRecord(t *testing.T) {
	var logged []string
	s, _, _ := hub(t, githubtest.Log(func(r githubtest.Request) { logged = append(logged, r.String()) }))
	c := as(t, s, githubtest.WriteToken)
	c.do(201, "POST", talk, o{"body": "**hello**"})
	c.graphql(`query Me {viewer {login}}`, nil)
	c.graphql(`mutation {minimizeComment(input: {subjectId: "x", classifier: SPAM}) {minimizedComment {isMinimized}}}`, nil)
	c.do(200, "GET", "/pulls?state=all", nil)
	var body struct{ Body string }
	if err := s.Matching(post)[0].Decode(&body); err != nil || body.Body != "**hello**" {
		t.Error(body, err)
	}
	expect(t, "writes", s.Count(githubtest.Writes), 2)
	expect(t, "by name", s.Count(githubtest.GraphQL("Me")), 1)
	expect(t, "by field", s.Count(githubtest.GraphQL("minimizeComment")), 1)
	expect(t, "who", s.Requests()[0].Login, githubtest.ActionsBot)
	expect(t, "log", strings.Join(logged, "\n"), "POST /repos/octo-org/hub/issues/1/comments\nPOST /graphql Me{viewer}\nPOST /graphql {minimizeComment}\n"+
		"GET /repos/octo-org/hub/pulls?state=all")
	s.ForgetRequests()
	expect(t, "forgotten", s.Count(githubtest.Any), 0)
}
