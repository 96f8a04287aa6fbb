package github

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// graphError is one entry of a GraphQL answer's errors, which come with status 200.
type graphError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Path    []any  `json:"path"`
}

// alias is the top-level field that the error belongs to, "" if it is the whole request.
func (g graphError) alias() string {
	if len(g.Path) == 0 {
		return ""
	}
	s, _ := g.Path[0].(string)
	return s
}

func (g graphError) kind() Kind {
	text := strings.ToLower(g.Message)
	switch {
	case g.Type == "RATE_LIMITED" || g.Type == "RATE_LIMIT":
		return RateLimited
	case strings.Contains(text, "saml"):
		return SSO
	case strings.Contains(text, "locked"):
		return Locked
	case strings.Contains(text, "archived"):
		return Archived
	case g.Type == "FORBIDDEN" || strings.Contains(text, "not accessible"):
		return Forbidden
	case g.Type == "NOT_FOUND":
		return NotFound
	case strings.HasPrefix(text, "something went wrong") || strings.Contains(text, "timedout"):
		return Server
	}
	return Invalid
}

// as is the error as one of ours. Its message is GitHub's: redact it before it leaves the package.
func (g graphError) as(cl call) *Error {
	k := g.kind()
	return &Error{Kind: k, What: cl.what, field: true, Message: sanitize.Line(fmt.Sprintf("%.500s", g.Message)), Hint: hint(k, cl.family)}
}

type graphAnswer struct {
	Data   json.RawMessage `json:"data"`
	Errors []graphError    `json:"errors"`
}

// graphFailure finds the failures that concern the transport: limits and faults of the server.
func graphFailure(cl *call, resp *http.Response, body []byte) *Error {
	var a graphAnswer
	if json.Unmarshal(body, &a) != nil {
		return nil // told by whoever decodes it
	}
	for _, g := range a.Errors {
		if k := g.kind(); k == RateLimited || k == Server && (len(a.Data) == 0 || string(a.Data) == "null") {
			e := g.as(*cl)
			e.Status, e.MayBeDone = resp.StatusCode, cl.write && k == Server
			return e
		}
	}
	return nil
}

// graph posts a document. What GraphQL says of single fields comes back as errors; only the whole request's failure is err.
func (c *Client) graph(ctx context.Context, cl call, document string, vars map[string]any, data any) (errs []graphError, err error) {
	cl.graphql = true
	if c.noGraph != nil {
		return nil, c.noGraph
	}
	if !c.token {
		return nil, &Error{Kind: Unauthorized, What: cl.what, Message: "GraphQL needs a token", Hint: hint(Unauthorized, cl.family)}
	}
	err = c.do(ctx, cl, func(ctx context.Context) error {
		in, err := json.Marshal(map[string]any{"query": document, "variables": vars})
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.graphURL, bytes.NewReader(in))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json")
		resp, err := c.http.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if f := callOf(ctx).failed; f != nil {
			return f
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		var a graphAnswer
		if err := json.Unmarshal(body, &a); err != nil {
			return fmt.Errorf("the answer is not JSON: %w", err)
		}
		errs = a.Errors
		if len(a.Data) == 0 || string(a.Data) == "null" {
			if len(errs) > 0 {
				return errs[0].as(cl)
			}
			return fmt.Errorf("the answer holds no data")
		}
		return json.Unmarshal(a.Data, data)
	})
	if cl.family == reads && is(err, NotFound, Forbidden, Gone, Redirected, Network) && !asError(err).field {
		c.noGraph = asError(err) // the address itself does not answer
	}
	return errs, err
}

// query is graph for reads that are of no use in part.
func (c *Client) query(ctx context.Context, what, document string, vars map[string]any, data any) error {
	cl := call{what: what}
	errs, err := c.graph(ctx, cl, document, vars, data)
	if err == nil && len(errs) > 0 {
		return c.said(errs[0], cl)
	}
	return err
}

// said is what GraphQL says of a field.
func (c *Client) said(g graphError, cl call) *Error {
	e := g.as(cl)
	e.Message = c.wire.redact(e.Message)
	return e
}

// useREST says whether a failure of GraphQL may be its own: an older server, a proxy that lets only REST through. Limits
// and lack of time are not.
func useREST(err error) bool {
	return is(err, NotFound, Forbidden, Invalid, Gone, Server, Timeout, Network, BadAnswer, Redirected)
}
