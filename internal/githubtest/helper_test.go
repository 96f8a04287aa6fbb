package githubtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// reply is an answer, decoded when it is JSON.
type reply struct {
	Status int
	Header http.Header
	Text   string
	JSON   any
}

// at walks into decoded JSON: at(v, "head", "sha"), at(v, 0, "path").
func at(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := value.(map[string]any)
			value = m[step]
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

func (r reply) at(path ...any) any { return at(r.JSON, path...) }

type client struct {
	t      testing.TB
	server *githubtest.Server
	token  string
	accept string
}

func as(t testing.TB, s *githubtest.Server, token string) *client {
	return &client{t: t, server: s, token: token}
}

// try sends a request; body is marshalled unless it is nil.
func (c *client) try(method, url string, body any) (reply, error) {
	c.t.Helper()
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, url, in)
	if err != nil {
		c.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.accept != "" {
		request.Header.Set("Accept", c.accept)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	r := reply{Status: response.StatusCode, Header: response.Header, Text: string(text)}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &r.JSON); err != nil && len(text) > 0 {
			c.t.Errorf("%s %s: %v in %q", method, url, err, text)
		}
	}
	return r, err
}

// do sends a request below /repos/octo-org/hub and expects a status.
func (c *client) do(status int, method, path string, body any) reply {
	c.t.Helper()
	r, err := c.try(method, c.server.APIURL()+"/repos/octo-org/hub"+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if r.Status != status {
		c.t.Fatalf("%s %s: status %d, want %d: %s", method, path, r.Status, status, r.Text)
	}
	return r
}

func (c *client) graphql(query string, variables map[string]any) reply {
	c.t.Helper()
	r, err := c.try("POST", c.server.GraphQLURL(), map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func numbers(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "line %d\n", i+1)
	}
	return text.String()
}

// hub is a repository with one pull request that changes lines 2 and 30 of f.yaml, and adds g.yaml.
func hub(t testing.TB, options ...githubtest.Option) (*githubtest.Server, *githubtest.Repo, *githubtest.Pull) {
	t.Helper()
	s := githubtest.New(t, options...)
	repo := s.AddRepo("octo-org/hub", githubtest.Files{"f.yaml": numbers(40), "same": "s\n"})
	pull := repo.OpenPullWith(githubtest.Files{"f.yaml": changed(), "same": "s\n", "g.yaml": "a: 1\nb: 2\n"})
	return s, repo, pull
}

func changed() string {
	return strings.NewReplacer("line 2\n", "LINE 2\n", "line 30\n", "LINE 30\n").Replace(numbers(40))
}

func expect(t testing.TB, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func contains(text []byte, part string) bool { return bytes.Contains(text, []byte(part)) }

// wantViolation ends the expectation that everything keeps GitHub's contract, and expects one that contains the text.
func wantViolation(t testing.TB, s *githubtest.Server, text string) {
	t.Helper()
	got := s.TakeViolations()
	if !slices.ContainsFunc(got, func(v string) bool { return strings.Contains(v, text) }) {
		t.Errorf("violations %q, want one with %q", got, text)
	}
}
