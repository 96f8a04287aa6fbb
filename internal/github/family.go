package github

import (
	"context"
	"errors"
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Family is a group of writes that need the same permission: when GitHub refuses one, the others are not tried.
type Family string

const (
	reads    Family = ""
	Comments Family = "comments" // the summary comment
	Reviews  Family = "reviews"  // new review comments
	Edits    Family = "edits"    // changing review comments of ours by GraphQL
	Hiding   Family = "hiding"   // minimising comments of ours
	Threads  Family = "threads"  // resolving review threads
)

// call is what the transport must know of a request; it travels in the request's context.
type call struct {
	what    string // "read the pull request"
	family  Family
	write   bool // changes something
	again   bool // a write that may be repeated although it may have been carried out
	item    bool // concerns one comment, which may have been deleted meanwhile
	graphql bool
	limit   int64  // most bytes of an answer; 0 is maxAnswer
	failed  *Error // filled in by the transport when it gives up
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	if cl, ok := ctx.Value(callKey{}).(*call); ok {
		return cl
	}
	return &call{what: "make a request", write: true}
}

// do runs f, which makes the request, and turns whatever goes wrong into an *Error.
func (c *Client) do(ctx context.Context, cl call, f func(context.Context) error) error {
	if e := c.refusal(cl); e != nil {
		return e
	}
	err := f(context.WithValue(ctx, callKey{}, &cl))
	if err == nil {
		return nil
	}
	e := cl.failed
	if e == nil {
		e = asError(err)
	}
	if e != nil {
		e.Message = c.wire.redact(e.Message)
	} else { // an answer that cannot be decoded, or a fault before the request
		e = &Error{Kind: BadAnswer, What: cl.what, Message: c.wire.redact(sanitize.Line(err.Error())), MayBeDone: cl.write}
		if errors.Is(err, context.Canceled) {
			e.Kind = Cancelled
		}
	}
	c.remember(cl, e)
	return e
}

// refusal is why a call is not even tried.
func (c *Client) refusal(cl call) *Error {
	if cl.write && !c.token {
		return &Error{Kind: Unauthorized, What: cl.what, Message: "there is no token", Hint: hint(Unauthorized, cl.family)}
	}
	if e := c.gaveUp[cl.family]; e != nil {
		again := *e
		again.What = cl.what
		again.Message = fmt.Sprintf("not tried, because GitHub refused to %s (%s)", e.What, e.Message)
		again.Status = 0
		return &again
	}
	return nil
}

// remember gives a family of writes up after a failure that will not pass in this run.
func (c *Client) remember(cl call, e *Error) {
	if cl.family == reads || c.gaveUp[cl.family] != nil {
		return
	}
	switch e.Kind {
	case Unauthorized, Forbidden, SSO, Locked, Archived, Gone, OutOfTime:
		c.gaveUp[cl.family] = e
	case NotFound:
		if !cl.item {
			c.gaveUp[cl.family] = e
		}
	}
}

// GivenUp are the refusals of this run, by family of writes.
func (c *Client) GivenUp() map[Family]*Error { return c.gaveUp }
