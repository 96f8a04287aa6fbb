package github

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	bot   = "github-actions[bot]"
	human = "teacher"
)

// fakeHub is one pull request: its conversation, its threads, and who may do what.
type fakeHub struct {
	t         *testing.T
	head      string
	locked    bool
	comments  []*fakeComment
	threads   []*fakeThread
	maxBody   int // longer ones are 422
	inDiff    func(path string, start, end int) bool
	canSolve  bool
	intercept func(op string) http.HandlerFunc // nil goes on
	after     func(op string)                  // once an operation was carried out
	ops       []string
	nextID    int
}

type fakeComment struct {
	id        int
	author    string
	body      string
	minimized string
}

type fakeThread struct {
	id       string
	comments []*fakeComment
	path     string
	start    int
	line     int
	resolved bool
	outdated bool
}

func newHub(t *testing.T) *fakeHub {
	return &fakeHub{t: t, head: fakeSHA(1), maxBody: 65536, canSolve: true, nextID: 100, inDiff: func(string, int, int) bool { return true }}
}

func (h *fakeHub) target() Target { return Target{testRepo, 7, fakeSHA(1)} }

func (h *fakeHub) comment(author, body string) *fakeComment {
	h.nextID++
	c := &fakeComment{id: h.nextID, author: author, body: body}
	h.comments = append(h.comments, c)
	return c
}

func (h *fakeHub) thread(author, body string) *fakeThread {
	h.nextID++
	t := &fakeThread{id: fmt.Sprintf("T%d", h.nextID), comments: []*fakeComment{{id: h.nextID, author: author, body: body}}}
	h.threads = append(h.threads, t)
	return t
}

// count is how many operations began with a prefix; writes are all that change something.
func (h *fakeHub) count(prefix string) int {
	n := 0
	for _, op := range h.ops {
		if strings.HasPrefix(op, prefix) {
			n++
		}
	}
	return n
}

func (h *fakeHub) writes() []string {
	var out []string
	for _, op := range h.ops {
		if !strings.HasPrefix(op, "GET ") && !strings.HasPrefix(op, "query ") {
			out = append(out, op)
		}
	}
	return out
}

var (
	operation = regexp.MustCompile(`^(query|mutation) (\w+)`)
	mutations = regexp.MustCompile(`m(\d+): (\w+)\(input: \$i(\d+)\)`)
)

func (h *fakeHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	op := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/repos/octo-org/hub/")
	var in struct {
		Query     string
		Variables map[string]json.RawMessage
	}
	if r.URL.Path == "/graphql" {
		if err := json.Unmarshal(body, &in); err != nil {
			h.t.Error(err)
		}
		op = operation.FindString(in.Query)
	}
	h.ops = append(h.ops, op)
	if h.intercept != nil {
		if f := h.intercept(op); f != nil {
			f(w, r)
			return
		}
	}
	var answer any
	status := 200
	switch {
	case op == "query WhoAmI":
		answer = data("viewer", map[string]any{"login": bot})
	case op == "query IssueComments":
		answer = h.listComments(in.Variables)
	case op == "query ReviewThreads":
		answer = h.listThreads(in.Variables)
	case op == "mutation Change":
		answer = h.change(in.Query, in.Variables)
	default:
		status, answer = h.rest(r, op, body)
	}
	if h.after != nil {
		h.after(op)
	}
	w.WriteHeader(status)
	fmt.Fprint(w, asJSON(answer))
}

func data(name string, v any) any { return map[string]any{"data": map[string]any{name: v}} }

// page cuts a list of n: from the cursor, 100 long.
func page(vars map[string]json.RawMessage, n int) (from, to int, info map[string]any) {
	var after *string
	_ = json.Unmarshal(vars["after"], &after)
	if after != nil {
		from, _ = strconv.Atoi(*after)
	}
	to = min(from+100, n)
	return from, to, map[string]any{"endCursor": strconv.Itoa(to), "hasNextPage": to < n}
}

func (h *fakeHub) node(c *fakeComment) map[string]any {
	return map[string]any{"id": fmt.Sprintf("C%d", c.id), "fullDatabaseId": strconv.Itoa(c.id), "url": fmt.Sprintf("https://github.example/c/%d", c.id), "body": c.body,
		"isMinimized": c.minimized != "", "viewerDidAuthor": c.author == bot, "viewerCanMinimize": true}
}

func (h *fakeHub) listComments(vars map[string]json.RawMessage) any {
	from, to, info := page(vars, len(h.comments))
	nodes := []any{}
	for _, c := range h.comments[from:to] {
		nodes = append(nodes, h.node(c))
	}
	return data("repository", map[string]any{"pullRequest": map[string]any{"headRefOid": h.head, "locked": h.locked, "comments": map[string]any{"nodes": nodes, "pageInfo": info}}})
}

func (h *fakeHub) listThreads(vars map[string]json.RawMessage) any {
	from, to, info := page(vars, len(h.threads))
	nodes := []any{}
	for _, t := range h.threads[from:to] {
		nodes = append(nodes, map[string]any{"id": t.id, "isResolved": t.resolved, "isOutdated": t.outdated, "startLine": null(t.start, t.outdated), "line": null(t.line, t.outdated), "viewerCanResolve": h.canSolve, "viewerCanUnresolve": h.canSolve,
			"comments": map[string]any{"totalCount": len(t.comments), "nodes": []any{h.node(t.comments[0])}}})
	}
	return data("repository", map[string]any{"pullRequest": map[string]any{"headRefOid": h.head, "locked": h.locked, "reviewThreads": map[string]any{"nodes": nodes, "pageInfo": info}}})
}

func null(line int, outdated bool) any {
	if line == 0 || outdated {
		return nil
	}
	return line
}

// find is the comment with a node id, and its thread.
func (h *fakeHub) find(node string) (*fakeComment, *fakeThread) {
	for _, c := range h.comments {
		if fmt.Sprintf("C%d", c.id) == node {
			return c, nil
		}
	}
	for _, t := range h.threads {
		for _, c := range t.comments {
			if fmt.Sprintf("C%d", c.id) == node {
				return c, t
			}
		}
	}
	return nil, nil
}

func (h *fakeHub) change(query string, vars map[string]json.RawMessage) any {
	out, errs := map[string]any{}, []any{}
	for _, m := range mutations.FindAllStringSubmatch(query, -1) {
		var in map[string]string
		if err := json.Unmarshal(vars["i"+m[3]], &in); err != nil {
			h.t.Error(err)
		}
		alias, field := "m"+m[1], m[2]
		h.ops = append(h.ops, field)
		fail := func(kind, text string) {
			out[alias] = nil
			errs = append(errs, map[string]any{"type": kind, "path": []any{alias}, "message": text})
		}
		if h.intercept != nil && h.intercept(field) != nil {
			fail("FORBIDDEN", "Resource not accessible by integration")
			continue
		}
		if strings.HasSuffix(field, "ReviewThread") {
			i := slices.IndexFunc(h.threads, func(t *fakeThread) bool { return t.id == in["threadId"] })
			h.threads[i].resolved = field == "resolveReviewThread"
			out[alias] = map[string]any{"thread": map[string]any{"isResolved": true}}
			continue
		}
		c, _ := h.find(in["subjectId"] + in["pullRequestReviewCommentId"])
		if c == nil {
			fail("NOT_FOUND", "Could not resolve to a node")
			continue
		}
		if c.author != bot {
			h.t.Errorf("%s on %s's comment", field, c.author)
		}
		switch field {
		case "minimizeComment":
			c.minimized = in["classifier"]
		case "unminimizeComment":
			c.minimized = ""
		case "updatePullRequestReviewComment":
			c.body = in["body"]
		default:
			h.t.Errorf("mutation %s", field)
		}
		out[alias] = map[string]any{"done": true}
	}
	answer := map[string]any{"data": out}
	if len(errs) > 0 {
		answer["errors"] = errs
	}
	return answer
}

func (h *fakeHub) rest(r *http.Request, op string, body []byte) (int, any) {
	var in struct {
		Body     string
		CommitID string `json:"commit_id"`
		Event    string
		Comments []struct {
			Path, Body, Side string
			Line             int
			StartLine        int `json:"start_line"`
		}
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &in); err != nil {
			h.t.Error(err)
		}
	}
	if len(in.Body) > h.maxBody {
		return 422, map[string]any{"message": "Validation Failed", "errors": []any{map[string]any{"code": "unprocessable", "field": "data", "message": "Body is too long (maximum is 65536 characters)"}}}
	}
	asREST := func(c *fakeComment) map[string]any {
		return map[string]any{"id": c.id, "node_id": fmt.Sprintf("C%d", c.id), "html_url": fmt.Sprintf("https://github.example/c/%d", c.id), "body": c.body, "user": map[string]any{"login": c.author}}
	}
	id, _ := strconv.Atoi(op[strings.LastIndex(op, "/")+1:])
	switch {
	case op == "GET /user":
		return 403, map[string]any{"message": "Resource not accessible by integration"}
	case op == "GET pulls/7":
		return 200, json.RawMessage(pullJSON(h.head))
	case op == "GET issues/7/comments":
		list := []any{}
		for _, c := range h.comments {
			list = append(list, asREST(c))
		}
		return 200, list
	case op == "GET pulls/7/comments":
		list := []any{}
		for _, t := range h.threads {
			for i, c := range t.comments {
				one := asREST(c)
				if !t.outdated {
					one["line"] = t.line
				}
				if i > 0 {
					one["in_reply_to_id"] = t.comments[0].id
				}
				list = append(list, one)
			}
		}
		return 200, list
	case op == "POST issues/7/comments":
		return 201, asREST(h.comment(bot, in.Body))
	case strings.HasPrefix(op, "PATCH "), strings.HasPrefix(op, "DELETE "):
		c, _ := h.find(fmt.Sprintf("C%d", id))
		if c == nil {
			return 404, map[string]any{"message": "Not Found"}
		}
		if c.author != bot {
			h.t.Errorf("%s: it is %s's", op, c.author)
		}
		if r.Method == "PATCH" {
			c.body = in.Body
			return 200, asREST(c)
		}
		h.comments = slices.DeleteFunc(h.comments, func(x *fakeComment) bool { return x == c })
		return 204, nil
	case op == "POST pulls/7/reviews":
		if in.Event != "COMMENT" || in.Body == "" || in.CommitID != h.head {
			h.t.Errorf("review: %q %q %q", in.Event, in.Body, in.CommitID)
		}
		for _, c := range in.Comments {
			start := max(c.StartLine, 1)
			if c.StartLine == 0 {
				start = c.Line
			} else if c.StartLine >= c.Line {
				return 422, map[string]any{"message": "Unprocessable Entity", "errors": []any{"Pull request review thread start line must precede the end line"}}
			}
			if c.Side != "RIGHT" || !h.inDiff(c.Path, start, c.Line) {
				return 422, map[string]any{"message": "Unprocessable Entity", "errors": []any{"Pull request review thread line must be part of the diff"}}
			}
		}
		for _, c := range in.Comments {
			t := h.thread(bot, c.Body)
			t.path, t.start, t.line = c.Path, c.StartLine, c.Line
		}
		return 200, map[string]any{"id": 1, "html_url": "https://github.example/review/1"}
	}
	h.t.Errorf("unexpected %s", op)
	return 404, map[string]any{"message": "Not Found"}
}
