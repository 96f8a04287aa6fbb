package github

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Kind says what sort of failure an Error is.
type Kind string

const (
	Unauthorized Kind = "unauthorized" // the token is missing, wrong or expired
	Forbidden    Kind = "forbidden"    // the token may not do this
	SSO          Kind = "sso"          // the organisation wants the token authorised for SAML
	NotFound     Kind = "not-found"    // it is not there, or the token may not see it
	Gone         Kind = "gone"         // issues are disabled, or it was deleted
	Locked       Kind = "locked"       // the conversation is locked
	Archived     Kind = "archived"     // the repository is read-only
	Conflict     Kind = "conflict"     // 409
	TooLarge     Kind = "too-large"    // 406: GitHub does not show so much
	TooLong      Kind = "too-long"     // 422 or 413: the text is too long
	Invalid      Kind = "invalid"      // GitHub does not accept what was sent
	RateLimited  Kind = "rate-limited" // too many requests, and waiting longer is beyond the budget
	Server       Kind = "server"       // 5xx
	Timeout      Kind = "timeout"
	Network      Kind = "network"
	Redirected   Kind = "redirected" // to another host, or so that a write would become a read
	BadAnswer    Kind = "bad-answer" // not what the API's description says, or too much of it
	OutOfTime    Kind = "out-of-time"
	Cancelled    Kind = "cancelled"
)

// Error is one failure, told so that a person can act on it. Its texts are safe for a log and hold no token.
type Error struct {
	Kind    Kind
	What    string        // what was tried: "read the pull request"
	Status  int           // HTTP status, 0 if there was no answer
	Message string        // what GitHub or the network said
	Needs   string        // the permission that is missing, "pull_requests=write"; "" if unknown
	Hint    string        // what to do
	Retry   time.Duration // for RateLimited: how long GitHub asked to wait

	// MayBeDone: the request may have been carried out although it failed; look before repeating it.
	MayBeDone bool
	notSent   bool
	field     bool // said by GraphQL of the document, not by the address
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "GitHub: could not %s", e.What)
	switch {
	case e.Status != 0 && e.Message != "":
		fmt.Fprintf(&b, ": %d %s", e.Status, e.Message)
	case e.Status != 0:
		fmt.Fprintf(&b, ": status %d", e.Status)
	case e.Message != "":
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.Needs != "" {
		fmt.Fprintf(&b, " (needs the permission %s)", e.Needs)
	}
	if e.Kind == RateLimited && e.Retry > 0 {
		fmt.Fprintf(&b, "; it asks to wait for %s", e.Retry.Round(time.Second))
	}
	if e.Hint != "" {
		fmt.Fprintf(&b, "; %s", e.Hint)
	}
	return sanitize.Line(b.String())
}

// Error makes a Kind the error that an Error wraps.
func (k Kind) Error() string { return string(k) }

// Unwrap makes errors.Is(err, Forbidden) work.
func (e *Error) Unwrap() error { return e.Kind }

// asError is err as an *Error.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// is says whether err is of one of the kinds.
func is(err error, kinds ...Kind) bool {
	e := asError(err)
	if e == nil {
		return false
	}
	for _, k := range kinds {
		if e.Kind == k {
			return true
		}
	}
	return false
}

// hint is what to do about a failure of a kind.
func hint(k Kind, family Family) string {
	switch k {
	case Unauthorized:
		return "check the github-token input: the token is missing, wrong or expired"
	case Forbidden:
		switch family {
		case Comments, Reviews, Edits, Hiding:
			return "pull requests from forks and from Dependabot get a read-only token; elsewhere give the job `permissions: pull-requests: write`"
		case Threads:
			return "resolving threads needs `permissions: contents: write`; leave it off to have them minimised only"
		}
		return "give the job `permissions: contents: read` and `pull-requests: read`"
	case SSO:
		return "authorise the token for the organisation's single sign-on"
	case NotFound:
		if family != reads {
			return "the token may not write here: " + hint(Forbidden, family)
		}
		return "it is not there, or the token may not see it: give the job `permissions: contents: read` and `pull-requests: read`"
	case RateLimited:
		return "the next run will try again"
	case Server, Timeout, Network:
		return "run the job again"
	case Redirected:
		return "set GITHUB_API_URL to the address that GitHub answers at"
	}
	return ""
}
