package githubtest

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/contract"
)

// The server's own answers are held against the contract too: one that answers wrongly is found out.
func TestWrongAnswersAreCaught(t *testing.T) {
	if contract.Find() == "" {
		t.Skip("SKIPPED: GitHub's API description is not beside this checkout")
	}
	s := New(t)
	s.AddRepo("octo-org/hub", Files{"f": "x\n"}).OpenPullWith(Files{"f": "y\n"})
	for _, test := range []struct {
		name   string
		spoil  func(status int, body any) (int, any)
		wanted string
	}{
		{"as it is", func(status int, body any) (int, any) { return status, body }, ""},
		{"a field less", func(status int, body any) (int, any) { delete(body.(object), "number"); return status, body }, "number"},
		{"another type", func(status int, body any) (int, any) { body.(object)["draft"] = "no"; return status, body }, "draft"},
		{"null", func(status int, body any) (int, any) { body.(object)["title"] = nil; return status, body }, "title"},
		{"unknown value", func(status int, body any) (int, any) { body.(object)["state"] = "merged"; return status, body }, "state"},
		{"deep inside", func(status int, body any) (int, any) { body.(object)["head"].(object)["sha"] = 1; return status, body }, "/head/sha"},
		{"another status", func(status int, body any) (int, any) { return 201, body }, "status is not supported"},
		{"panic", func(int, any) (int, any) { panic("out of order") }, "this server panics: out of order"},
		{"a list", func(status int, body any) (int, any) { return status, []any{} }, "object"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i := range s.routes {
				if s.routes[i].match("GET", "/repos/octo-org/hub/pulls/1") != nil {
					s.routes[i].handle = func(c *call) (int, any) { return test.spoil(getPull(c)) }
				}
			}
			response, err := http.Get(s.APIURL() + "/repos/octo-org/hub/pulls/1")
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
			got := strings.Join(s.TakeViolations(), "\n")
			if (got == "") != (test.wanted == "") || !strings.Contains(got, test.wanted) {
				t.Errorf("got %q, want %q", got, test.wanted)
			}
		})
	}
}
