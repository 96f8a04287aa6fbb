package contract

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func rest(t *testing.T) *REST {
	t.Helper()
	dir := Find()
	if dir == "" {
		t.Skip("SKIPPED: GitHub's API description is not beside this checkout; " + Env + " says where it is")
	}
	api, err := LoadREST(dir)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

const review = "/repos/octo-org/hub/pulls/1/reviews"

func TestRequests(t *testing.T) {
	api := rest(t)
	for _, test := range []struct{ name, method, url, body, operation, problem string }{
		{"comment", "POST", "/repos/o/r/issues/1/comments", `{"body":"x"}`, "issues/create-comment", ""},
		{"comment without body", "POST", "/repos/o/r/issues/1/comments", `{}`, "issues/create-comment", "body"},
		{"comment with null", "PATCH", "/repos/o/r/issues/comments/1", `{"body":null}`, "issues/update-comment", "nullable"},
		{"no JSON", "POST", "/repos/o/r/issues/1/comments", `{"body"`, "issues/create-comment", "request"},
		{"review", "POST", review, `{"event":"COMMENT","body":"x","comments":[{"path":"f","body":"b","line":2,"side":"RIGHT"}]}`, "pulls/create-review", ""},
		{"event of a review", "POST", review, `{"event":"COMMENTED","body":"x"}`, "pulls/create-review", "event"},
		{"line of a comment", "POST", review, `{"event":"COMMENT","body":"x","comments":[{"path":"f","body":"b","line":"2"}]}`, "pulls/create-review", "line"},
		{"subject_type is not for reviews", "POST", review, `{"event":"COMMENT","body":"x","comments":[{"path":"f","body":"b","subject_type":"file"}]}`, "pulls/create-review", `no field "subject_type" in body.comments[0]`},
		{"misspelt query", "GET", "/repos/o/r/pulls/1/files?perpage=100", "", "pulls/list-files", `no query parameter "perpage"`},
		{"query of a wrong type", "GET", "/repos/o/r/pulls/1/files?per_page=many", "", "pulls/list-files", "per_page"},
		{"number", "GET", "/repos/o/r/pulls/one", "", "pulls/get", "pull_number"},
		{"slashes in a path", "GET", "/repos/o/r/contents/a/b.yaml?ref=refs/heads/main", "", "repos/get-content", ""},
		{"escaped slashes", "GET", "/repos/o/r/contents/a%2Fb.yaml", "", "repos/get-content", ""},
		{"slashes in a branch", "GET", "/repos/o/r/compare/main...o:feature/x", "", "repos/compare-commits-with-basehead", ""},
		{"unknown operation", "GET", "/repos/o/r/pullz/1", "", "", "no matching operation"},
		{"unknown method", "PUT", "/repos/o/r/pulls/1", "", "", "method"},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := httptest.NewRequest(test.method, test.url, strings.NewReader(test.body))
			exchange, problems := api.Request(request, []byte(test.body))
			got := strings.Join(problems, "\n")
			if (test.problem == "") != (got == "") || !strings.Contains(got, test.problem) {
				t.Errorf("got %q, want %q", got, test.problem)
			}
			if exchange != nil && exchange.ID != test.operation || exchange == nil && test.operation != "" {
				t.Errorf("operation %v, want %q", exchange, test.operation)
			}
		})
	}
}

func TestResponses(t *testing.T) {
	api := rest(t)
	label := `[{"id":1,"node_id":"x","url":"https://example.org/","name":"n","description":null,"color":"ffffff","default":true}]`
	for _, test := range []struct {
		name    string
		status  int
		body    string
		problem string
	}{
		{"good", 200, label, ""},
		{"field missing", 200, strings.Replace(label, `"name":"n",`, "", 1), "name"},
		{"wrong type", 200, strings.Replace(label, `"id":1`, `"id":"1"`, 1), "id"},
		{"null", 200, strings.Replace(label, `"n"`, `null`, 1), "name"},
		{"no array", 200, `{}`, "array"},
		{"unknown status", 202, label, "status is not supported"},
		{"error of an unknown status", 418, `{"message":"x"}`, ""},
		{"error of a known status", 404, `{"message":4}`, "message"},
	} {
		t.Run(test.name, func(t *testing.T) {
			exchange, problems := api.Request(httptest.NewRequest("GET", "/repos/o/r/issues/1/labels", nil), nil)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
			got := strings.Join(exchange.Response(test.status, header, []byte(test.body)), "\n")
			if (test.problem == "") != (got == "") || !strings.Contains(got, test.problem) {
				t.Errorf("got %q, want %q", got, test.problem)
			}
		})
	}
}
