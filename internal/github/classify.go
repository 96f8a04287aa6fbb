package github

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// answer is the body of a failure: REST's, or GraphQL's, which comes with status 200.
type answer struct {
	Message string          `json:"message"`
	Doc     string          `json:"documentation_url"`
	Errors  json.RawMessage `json:"errors"`
}

// classify tells what a response means; nil is success. 403 is ambiguous (reference/github.md §3.7): texts that speak of
// permissions come before rate limits, because a refusal may also be the last request that the limit allows.
func classify(cl *call, resp *http.Response, body []byte) *Error {
	if resp.StatusCode < 400 {
		if cl.graphql {
			return graphFailure(cl, resp, body)
		}
		return nil
	}
	var a answer
	_ = json.Unmarshal(body, &a) // whatever it is, the status stands
	text := strings.ToLower(a.Message + " " + string(a.Errors))
	e := &Error{What: cl.what, Status: resp.StatusCode, Message: message(a)}
	e.Kind = kindOf(resp, text, strings.ToLower(a.Doc))
	if e.Kind == Forbidden || e.Kind == NotFound || e.Kind == Unauthorized {
		e.Needs = sanitize.Line(resp.Header.Get("X-Accepted-GitHub-Permissions"))
	}
	e.MayBeDone = cl.write && (e.Kind == Server || e.Kind == Timeout)
	e.Hint = hint(e.Kind, cl.family)
	return e
}

func kindOf(resp *http.Response, text, doc string) Kind {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	switch s := resp.StatusCode; {
	case s == 401:
		return Unauthorized
	case s == 429:
		return RateLimited
	case s == 403:
		switch {
		case has("saml", "single sign-on") || resp.Header.Get("X-GitHub-SSO") != "":
			return SSO
		case has(" locked"):
			return Locked
		case has("archived"):
			return Archived
		case has("not accessible"):
			return Forbidden
		case resp.Header.Get("X-RateLimit-Remaining") == "0", resp.Header.Get("Retry-After") != "",
			has("rate limit", "abuse detection"), strings.Contains(doc, "rate-limit"):
			return RateLimited
		}
		return Forbidden
	case s == 404:
		return NotFound
	case s == 406 || has("too_large"):
		return TooLarge
	case s == 409:
		return Conflict
	case s == 410:
		return Gone
	case s == 413 || s == 422 && has("too long"):
		return TooLong
	case s == 408 || s == 504:
		return Timeout
	case s >= 500:
		return Server
	}
	return Invalid
}

// message is what the answer says, in one line.
func message(a answer) string {
	parts := []string{a.Message}
	var list []json.RawMessage
	if json.Unmarshal(a.Errors, &list) == nil {
		for _, raw := range list[:min(len(list), 5)] {
			var one struct{ Message, Code, Field, Resource string }
			var s string
			switch {
			case json.Unmarshal(raw, &s) == nil:
				parts = append(parts, s)
			case json.Unmarshal(raw, &one) == nil && one.Message != "":
				parts = append(parts, one.Message)
			case one.Code != "":
				parts = append(parts, strings.TrimSpace(one.Resource+" "+one.Field+" "+one.Code))
			}
		}
	}
	text := []rune(strings.Trim(strings.Join(parts, ": "), ": "))
	if len(text) > 500 {
		text = append(text[:500], '…')
	}
	return sanitize.Line(string(text))
}

// broken tells why there was no answer at all.
func broken(cl *call, err error) *Error {
	e := &Error{Kind: Network, What: cl.what, Message: sanitize.Line(err.Error()), MayBeDone: cl.write}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		e.Message = "the connection broke off"
	}
	var op *net.OpError
	var netErr net.Error
	switch {
	case errors.Is(err, context.Canceled):
		e.Kind = Cancelled
	case errors.As(err, &op) && op.Op == "dial":
		e.MayBeDone, e.notSent = false, true
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		e.Kind, e.Message = Timeout, "no answer in time"
	}
	e.Hint = hint(e.Kind, cl.family)
	return e
}
