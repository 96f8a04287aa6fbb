package github

import (
	"net/http"
	"strings"
	"testing"
)

func FuzzClassify(f *testing.F) {
	f.Add(403, notAccessible, "pull_requests=write", false)
	f.Add(422, `{"message":1,"errors":["a",{"code":"b"},3,null]}`, "", false)
	f.Add(200, `{"data":null,"errors":[{"type":"RATE_LIMITED","message":"x"},{"path":[1]}]}`, "", true)
	f.Add(502, "<html>##[error]", "\x1b", true)
	f.Fuzz(func(t *testing.T, status int, body, needs string, graph bool) {
		resp := &http.Response{StatusCode: status, Header: http.Header{"X-Accepted-Github-Permissions": {needs}}}
		e := classify(&call{what: "ask", graphql: graph, write: true}, resp, []byte(body))
		if e == nil {
			if status >= 400 {
				t.Error("a failure counts as success")
			}
			return
		}
		if e.Kind == "" {
			t.Errorf("no kind: %+v", e)
		}
		if text := e.Error(); strings.Contains(text, "##[") || strings.ContainsAny(text, "\n\x1b") {
			t.Errorf("unsafe: %q", text)
		}
	})
}
