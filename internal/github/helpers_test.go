package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const testToken = "ghs_EXAMPLEexampleEXAMPLEexample0000"

var testRepo = Repo{"octo-org", "hub"}

// fakeTime is a clock that moves only when somebody sleeps.
type fakeTime struct {
	at     time.Time
	sleeps []time.Duration
}

func (f *fakeTime) now() time.Time { return f.at }

func (f *fakeTime) sleep(ctx context.Context, d time.Duration) error {
	f.at = f.at.Add(d)
	f.sleeps = append(f.sleeps, d)
	return ctx.Err()
}

// client is a Client of a server that answers with h. Requests without the token, or to a wrong path, fail the test.
func client(t *testing.T, h http.Handler, change ...func(*Config)) (*Client, *fakeTime) {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "Bearer "+testToken && got != "" {
			t.Errorf("%s %s with Authorization %q", r.Method, r.URL, got)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	clock := &fakeTime{at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	cfg := Config{APIURL: srv.URL, Token: testToken, UserAgent: "tljh-policy/test", Sleep: clock.sleep, Now: clock.now}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, clock
}

// script answers one request after another; the last answer stays.
type script struct {
	answers []func(http.ResponseWriter, *http.Request)
	seen    []string
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i := min(len(s.seen), len(s.answers)-1)
	s.seen = append(s.seen, r.Method+" "+r.URL.Path)
	s.answers[i](w, r)
}

// say is an answer: a status, a body, and headers as "Name: value".
func say(status int, body string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func fakeSHA(n int) string { return fmt.Sprintf("%040x", n) }

// pullJSON is what GET pulls/7 says.
func pullJSON(head string) string {
	return asJSON(map[string]any{
		"number": 7, "title": "Raise the memory limit", "state": "open", "changed_files": 2, "html_url": "https://github.example/octo-org/hub/pull/7",
		"user": map[string]any{"login": "teacher"},
		"head": map[string]any{"sha": head, "ref": "memory", "repo": map[string]any{"full_name": "pupil/hub", "id": 42}},
		"base": map[string]any{"sha": fakeSHA(0xb), "ref": "main", "repo": map[string]any{"full_name": "octo-org/hub"}},
	})
}
