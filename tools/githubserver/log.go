package main

import (
	"encoding/json"
	"io"
	"sync"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// logged is a line of the log file.
type logged struct {
	Method     string          `json:"method"`
	Path       string          `json:"path"`
	Query      string          `json:"query,omitempty"`
	Operation  string          `json:"operation,omitempty"` // of GraphQL
	Fields     []string        `json:"fields,omitempty"`
	Login      string          `json:"login,omitempty"`
	Write      bool            `json:"write"`
	Status     int             `json:"status"` // 0: no answer
	Fault      bool            `json:"fault,omitempty"`
	Body       json.RawMessage `json:"body,omitempty"`
	Violations []string        `json:"violations,omitempty"`
}

// logTo writes a line after each request. The token is not written.
func logTo(out io.Writer) func(githubtest.Request) {
	var mu sync.Mutex
	return func(r githubtest.Request) {
		line := logged{r.Method, r.Path, r.Query.Encode(), r.Operation, r.Fields, r.Login, r.Write(), r.Status, r.Fault, nil, r.Violations}
		if json.Valid(r.Body) {
			line.Body = r.Body
		} else if len(r.Body) > 0 {
			line.Body, _ = json.Marshal(string(r.Body))
		}
		text, err := json.Marshal(line)
		if err != nil {
			text, _ = json.Marshal(err.Error())
		}
		mu.Lock()
		defer mu.Unlock()
		_, _ = out.Write(append(text, '\n'))
	}
}
