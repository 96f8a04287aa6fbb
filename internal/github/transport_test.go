package github

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

const (
	notAccessible = `{"message":"Resource not accessible by integration","documentation_url":"https://docs.github.example/rest"}`
	secondaryBody = `{"message":"You have exceeded a secondary rate limit.","documentation_url":"https://docs.github.example/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`
)

func TestReadsAreRepeatedOrNot(t *testing.T) {
	ok := say(200, pullJSON(fakeSHA(1)))
	reset := fmt.Sprint(time.Date(2026, 1, 2, 3, 5, 0, 0, time.UTC).Unix()) // 55 s after the clock starts
	tests := []struct {
		name   string
		first  func(http.ResponseWriter, *http.Request)
		sleeps []time.Duration // nil: not repeated
		kind   Kind            // then
	}{
		{"429 with Retry-After", say(429, `{}`, "Retry-After: 7"), []time.Duration{7 * time.Second}, ""},
		{"429 without", say(429, `{}`), []time.Duration{time.Minute}, ""},
		{"429 with reset", say(429, `{}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+reset), []time.Duration{56 * time.Second}, ""},
		{"429 with a date", say(429, `{}`, "Retry-After: Fri, 02 Jan 2026 03:04:25 GMT"), []time.Duration{20 * time.Second}, ""},
		{"403 primary", say(403, `{"message":"API rate limit exceeded"}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+reset), []time.Duration{56 * time.Second}, ""},
		{"403 secondary with Retry-After", say(403, secondaryBody, "Retry-After: 3"), []time.Duration{3 * time.Second}, ""},
		{"403 secondary without", say(403, secondaryBody), []time.Duration{time.Minute}, ""},
		{"403 abuse, only the address says so", say(403, `{"message":"slow down","documentation_url":"https://docs.github.example/rest#abuse-rate-limits"}`), []time.Duration{time.Minute}, ""},
		{"500", say(500, `oops`), []time.Duration{time.Second}, ""},
		{"502 page", say(502, `<html>Unicorn</html>`), []time.Duration{time.Second}, ""},
		{"503 with Retry-After", say(503, `{}`, "Retry-After: 9"), []time.Duration{9 * time.Second}, ""},
		{"504", say(504, `{}`), []time.Duration{time.Second}, ""},
		{"connection breaks off", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, []time.Duration{time.Second}, ""},
		{"answer breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "{")
		}, []time.Duration{time.Second}, ""},

		{"limit beyond the budget", say(429, `{}`, "Retry-After: 3600"), nil, RateLimited},
		{"401", say(401, `{"message":"Bad credentials"}`), nil, Unauthorized},
		{"403", say(403, notAccessible, "X-Accepted-GitHub-Permissions: pull_requests=read"), nil, Forbidden},
		{"403 as the last request of the hour", say(403, notAccessible, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+reset), nil, Forbidden},
		{"403 SAML", say(403, `{"message":"Resource protected by organization SAML enforcement."}`), nil, SSO},
		{"403 locked", say(403, `{"message":"Unable to create comment because issue is locked."}`), nil, Locked},
		{"403 archived", say(403, `{"message":"Repository was archived so is read-only."}`), nil, Archived},
		{"404", say(404, `{"message":"Not Found"}`), nil, NotFound},
		{"406", say(406, `{"message":"Sorry, the diff exceeded the maximum number of lines (20000)","errors":[{"resource":"PullRequest","field":"diff","code":"too_large"}]}`), nil, TooLarge},
		{"409", say(409, `{"message":"Git Repository is empty."}`), nil, Conflict},
		{"410", say(410, `{"message":"Issues are disabled for this repo"}`), nil, Gone},
		{"422", say(422, `{"message":"Validation Failed"}`), nil, Invalid},
		{"not JSON", say(200, `<html>`), nil, BadAnswer},
		{"no commits", say(200, `{}`), nil, BadAnswer},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &script{answers: []func(http.ResponseWriter, *http.Request){tt.first, ok}}
			c, clock := client(t, s)
			pr, err := c.PullRequest(context.Background(), testRepo, 7)
			if !reflect.DeepEqual(clock.sleeps, tt.sleeps) {
				t.Errorf("waited %v, want %v", clock.sleeps, tt.sleeps)
			}
			if tt.kind == "" {
				if err != nil || pr.HeadSHA != fakeSHA(1) {
					t.Errorf("%v %v", pr, err)
				}
				return
			}
			if !errors.Is(err, tt.kind) || len(s.seen) != 1 {
				t.Errorf("%v after %d requests, want %s", err, len(s.seen), tt.kind)
			}
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	tests := []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		tries  int
		kind   Kind
	}{
		{"500 for ever", say(500, `{}`), maxTries, Server},
		{"limits for ever", say(429, `{}`, "Retry-After: 2"), maxTries, RateLimited},
		{"limits that double beyond the budget", say(403, secondaryBody), 3, RateLimited}, // 60 s and 120 s of 300 s; 240 s are too many
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &script{answers: []func(http.ResponseWriter, *http.Request){tt.answer}}
			c, _ := client(t, s)
			_, err := c.PullRequest(context.Background(), testRepo, 7)
			if len(s.seen) != tt.tries || !errors.Is(err, tt.kind) {
				t.Errorf("%d tries: %v", len(s.seen), err)
			}
		})
	}
}

func TestBudgetIsForTheWholeRun(t *testing.T) {
	s := &script{answers: []func(http.ResponseWriter, *http.Request){
		say(429, `{}`, "Retry-After: 8"), say(200, pullJSON(fakeSHA(1))), say(429, `{}`, "Retry-After: 8"), say(200, pullJSON(fakeSHA(1))),
	}}
	c, clock := client(t, s, func(c *Config) { c.Budget = 10 * time.Second })
	if _, err := c.PullRequest(context.Background(), testRepo, 7); err != nil {
		t.Fatal(err)
	}
	if _, err := c.PullRequest(context.Background(), testRepo, 7); !errors.Is(err, RateLimited) {
		t.Errorf("a second wait: %v", err)
	}
	clock.at = clock.at.Add(time.Hour)
	n := len(s.seen)
	if _, err := c.PullRequest(context.Background(), testRepo, 7); !errors.Is(err, OutOfTime) || len(s.seen) != n {
		t.Errorf("after the time is up: %v", err)
	}
}

func TestLimitDoesNotStickInTheLibrary(t *testing.T) {
	// go-github would answer the second call by itself with a 403 of its own making.
	far := fmt.Sprint(time.Now().Add(time.Hour).Unix())
	s := &script{answers: []func(http.ResponseWriter, *http.Request){
		say(200, pullJSON(fakeSHA(1)), "X-RateLimit-Limit: 1000", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+far),
		say(200, pullJSON(fakeSHA(2))),
	}}
	c, _ := client(t, s)
	for i := range 2 {
		if pr, err := c.PullRequest(context.Background(), testRepo, 7); err != nil || pr.HeadSHA != fakeSHA(i+1) {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
}

func TestTimeoutIsRepeated(t *testing.T) {
	tries := 0
	hang := roundTripper(func(req *http.Request) (*http.Response, error) {
		tries++
		return nil, context.DeadlineExceeded
	})
	c, clock := client(t, http.NotFoundHandler(), func(c *Config) { c.HTTP = &http.Client{Transport: hang} })
	_, err := c.PullRequest(context.Background(), testRepo, 7)
	if !errors.Is(err, Timeout) || tries != maxTries || len(clock.sleeps) != maxTries-1 {
		t.Errorf("%d tries, %v: %v", tries, clock.sleeps, err)
	}
}

func TestCancelledIsNotRepeated(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &script{answers: []func(http.ResponseWriter, *http.Request){func(http.ResponseWriter, *http.Request) { cancel(); panic(http.ErrAbortHandler) }}}
	c, _ := client(t, s)
	_, err := c.PullRequest(ctx, testRepo, 7)
	if err == nil || len(s.seen) != 1 {
		t.Errorf("%d requests: %v", len(s.seen), err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	s := &script{answers: []func(http.ResponseWriter, *http.Request){func(w http.ResponseWriter, _ *http.Request) {
		line := strings.Repeat(" ", 1<<20)
		for range maxAnswer>>20 + 2 {
			if _, err := fmt.Fprint(w, line); err != nil {
				return
			}
		}
	}}}
	c, _ := client(t, s)
	if _, err := c.PullRequest(context.Background(), testRepo, 7); !errors.Is(err, BadAnswer) || len(s.seen) != 1 {
		t.Errorf("%v", err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTokenStaysAtGitHub(t *testing.T) {
	var leaked []string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked = append(leaked, r.Header.Get("Authorization")+r.URL.String())
		fmt.Fprint(w, pullJSON(fakeSHA(1)))
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 307, 308} {
		c, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+"/elsewhere?t="+testToken, status)
		}))
		_, err := c.PullRequest(context.Background(), testRepo, 7)
		if !errors.Is(err, Redirected) {
			t.Errorf("%d: %v", status, err)
		}
		if len(leaked) > 0 {
			t.Fatalf("%d: another host saw %q", status, leaked)
		}
		if strings.Contains(fmt.Sprint(err), testToken) {
			t.Errorf("the token is in %q", err)
		}
	}
	// Even a request that gets past the check carries no token to a host that it does not belong to.
	wire := newTransport(Config{Token: testToken})
	req, _ := http.NewRequest("GET", other.URL, nil)
	req.Header.Set("Authorization", "Bearer "+testToken)
	if _, err := wire.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	if len(leaked) != 1 || strings.Contains(leaked[0], testToken) {
		t.Errorf("another host saw %q", leaked)
	}
}

func TestRedirectsWithinGitHub(t *testing.T) {
	var seen []string
	c, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.Path+" "+r.Header.Get("Authorization"))
		if strings.HasPrefix(r.URL.Path, "/repos/") {
			http.Redirect(w, r, "/repositories/1/pulls/7", http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(w, pullJSON(fakeSHA(1)))
	}))
	if _, err := c.PullRequest(context.Background(), testRepo, 7); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 || seen[1] != "/repositories/1/pulls/7 Bearer "+testToken {
		t.Errorf("%q", seen)
	}
	loop, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }))
	if _, err := loop.PullRequest(context.Background(), testRepo, 7); !errors.Is(err, Redirected) {
		t.Errorf("a loop: %v", err)
	}
}

func TestWriteDoesNotBecomeARead(t *testing.T) {
	for status, kept := range map[int]bool{301: false, 302: false, 307: true, 308: true} { // Go follows the first two with GET
		h := newHub(t)
		h.intercept = func(op string) http.HandlerFunc {
			if op == "POST issues/7/comments" {
				return func(w http.ResponseWriter, r *http.Request) {
					http.Redirect(w, r, "/repositories/1/issues/7/comments", status)
				}
			}
			if strings.HasSuffix(op, "/repositories/1/issues/7/comments") {
				return say(201, `{"id":1}`)
			}
			return nil
		}
		_, err := syncSummary(t, h, "text", SummaryOptions{})
		if kept != (err == nil) || !kept && !errors.Is(err, Redirected) {
			t.Errorf("%d: %v %v", status, err, h.ops)
		}
	}
}

func TestRefusedConnectionIsTriedAgain(t *testing.T) {
	// Nothing was sent, so that even a write may be repeated.
	h := newHub(t)
	refuse := 2
	c, clock := client(t, h, func(c *Config) {
		c.HTTP = &http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			if strings.HasSuffix(req.URL.Path, "/issues/7/comments") && refuse > 0 {
				refuse--
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
			}
			return http.DefaultTransport.RoundTrip(req)
		})}
	})
	got, err := c.SyncSummary(context.Background(), h.target(), "gate", "text", SummaryOptions{})
	if err != nil || got.Done != Created || len(clock.sleeps) < 2 || h.count("query IssueComments") != 2 {
		t.Errorf("%+v %v %v %v", got, err, clock.sleeps, h.ops)
	}
}

func TestWaitingCountsEvenIfTheClockStands(t *testing.T) {
	s := &script{answers: []func(http.ResponseWriter, *http.Request){say(429, `{}`, "Retry-After: 100")}}
	c, clock := client(t, s)
	start := clock.at
	c.wire.now = func() time.Time { return start }
	if _, err := c.PullRequest(context.Background(), testRepo, 7); !errors.Is(err, RateLimited) || len(clock.sleeps) != 2 {
		t.Errorf("%v %v", clock.sleeps, err)
	}
}

func TestErrorsAreSafeAndSaySomething(t *testing.T) {
	c, _ := client(t, http.HandlerFunc(say(403, asJSON(map[string]any{
		"message": "Resource not accessible by integration \x1b[31m ##[set-output name=x]y " + testToken,
		"errors":  []any{"one", map[string]any{"resource": "Issue", "code": "missing"}},
	}), "X-Accepted-GitHub-Permissions: pull_requests=write; issues=write")))
	_, err := c.PullRequest(context.Background(), testRepo, 7)
	text := fmt.Sprint(err)
	for _, want := range []string{"read pull request 7", "403 Resource not accessible by integration", "one", "Issue  missing", "pull_requests=write; issues=write", "permissions:"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not say %q", text, want)
		}
	}
	for _, bad := range []string{testToken, "\x1b", "##["} {
		if strings.Contains(text, bad) {
			t.Errorf("%q holds %q", text, bad)
		}
	}
}

func TestOrigins(t *testing.T) {
	for _, same := range [][2]string{{"https://a.example", "https://A.example:443/x"}, {"http://[::1]:80/", "http://[::1]"}} {
		if a, b := mustParse(t, same[0]), mustParse(t, same[1]); origin(a) != origin(b) {
			t.Errorf("%s and %s differ", origin(a), origin(b))
		}
	}
	for _, other := range [][2]string{{"https://a.example", "http://a.example"}, {"https://a.example", "https://a.example:8443"}, {"https://a.example", "https://b.a.example"},
		{"https://a.example", "https://a.example.b"}, {"https://a.example", "https://a.example:80"}} {
		if a, b := mustParse(t, other[0]), mustParse(t, other[1]); origin(a) == origin(b) {
			t.Errorf("%s and %s are the same", a, b)
		}
	}
}

func mustParse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAddresses(t *testing.T) {
	tests := []struct{ api, graph, server, rest, gql string }{
		{"https://api.github.com", "", "", "https://api.github.com/", "https://api.github.com/graphql"},
		{"https://api.github.com/", "https://api.github.com/graphql", "", "https://api.github.com/", "https://api.github.com/graphql"},
		{"https://git.example.edu/api/v3", "", "", "https://git.example.edu/api/v3/", "https://git.example.edu/api/graphql"},
		{"https://api.school.ghe.com", "", "", "https://api.school.ghe.com/", "https://api.school.ghe.com/graphql"},
		{"", "", "https://github.com", "https://api.github.com/", "https://api.github.com/graphql"},
		{"", "", "https://school.ghe.com", "https://api.school.ghe.com/", "https://api.school.ghe.com/graphql"},
		{"", "", "https://git.example.edu/", "https://git.example.edu/api/v3/", "https://git.example.edu/api/graphql"},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080/graphql", "", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/graphql"},
	}
	for _, tt := range tests {
		c, err := New(Config{APIURL: tt.api, GraphQLURL: tt.graph, ServerURL: tt.server})
		if err != nil {
			t.Error(err)
			continue
		}
		if c.rest.BaseURL.String() != tt.rest || c.graphURL != tt.gql {
			t.Errorf("%+v: %s %s", tt, c.rest.BaseURL, c.graphURL)
		}
	}
	for _, bad := range []Config{{}, {APIURL: "api.github.com"}, {APIURL: "ftp://x"}, {APIURL: "https://u:p@x"}, {APIURL: "https://x?y"}, {APIURL: "https://x", GraphQLURL: "/graphql"}} {
		if _, err := New(bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

func TestPathOfEnterpriseServer(t *testing.T) {
	s := &script{answers: []func(http.ResponseWriter, *http.Request){say(200, pullJSON(fakeSHA(1)))}}
	c, _ := client(t, s, func(c *Config) { c.APIURL += "/api/v3" })
	if _, err := c.PullRequest(context.Background(), testRepo, 7); err != nil || s.seen[0] != "GET /api/v3/repos/octo-org/hub/pulls/7" {
		t.Errorf("%v %v", s.seen, err)
	}
}
