package github

import (
	"context"
	"strings"

	"github.com/google/go-github/v60/github"
)

// sent is what became of a review.
type sent int

const (
	refused sent = iota
	posted
	unsure // it failed, but may have been carried out
)

// post sends all comments in one review: one notification, one call. GitHub takes all of them or none. Where it refuses a line,
// there is one more try with those that it cannot mean; no search for the culprit, which would take calls without end.
func (r *review) post(ctx context.Context, list []fresh) sent {
	err := r.send(ctx, list)
	if is(err, Invalid, TooLong) {
		if fewer := certain(list, asError(err)); len(fewer) > 0 {
			r.refuse(list, asError(err))
			r.allow(fewer)
			list, err = fewer, r.send(ctx, fewer)
		}
	}
	switch e := asError(err); {
	case e == nil:
		return posted
	case e.MayBeDone:
		r.refuse(list, e)
		for _, f := range list {
			r.tried[f.Key] = true
		}
		return unsure
	default:
		r.problem(e)
		r.refuse(list, e)
		return refused
	}
}

func (r *review) refuse(list []fresh, e *Error) {
	for _, f := range list {
		r.refused[f.Key] = e.Error()
	}
}

func (r *review) allow(list []fresh) {
	for _, f := range list {
		delete(r.refused, f.Key)
	}
}

// certain are the comments that a refusal cannot be about: those whose file it does not name or, if it names none, those on
// added lines. None, if that is all of them, or if the refusal is about something else.
func certain(list []fresh, e *Error) []fresh {
	if strings.Contains(strings.ToLower(e.Message), "pending review") {
		return nil
	}
	var unnamed, sure []fresh
	for _, f := range list {
		if !strings.Contains(e.Message, f.Path) {
			unnamed = append(unnamed, f)
		}
		if f.sure {
			sure = append(sure, f)
		}
	}
	if len(unnamed) < len(list) {
		return unnamed
	}
	if len(sure) < len(list) {
		return sure
	}
	return nil
}

// send makes the call.
func (r *review) send(ctx context.Context, list []fresh) error {
	text := r.opts.Body
	if text == "" {
		text = plain(len(list))
	}
	body, err := compose(Marker{Kind: kindReview, Gate: r.gate, SHA: r.to.HeadSHA}, text)
	if err != nil {
		return &Error{Kind: Invalid, What: "post the review", Message: err.Error()}
	}
	req := &github.PullRequestReviewRequest{CommitID: &r.to.HeadSHA, Event: github.String("COMMENT"), Body: &body}
	for _, f := range list {
		c := &github.DraftReviewComment{Path: github.String(f.Path), Body: github.String(f.body), Side: github.String("RIGHT"), Line: github.Int(f.EndLine)}
		if f.StartLine < f.EndLine { // equal ones are refused
			c.StartLine, c.StartSide = github.Int(f.StartLine), github.String("RIGHT")
		}
		req.Comments = append(req.Comments, c)
	}
	var made *github.PullRequestReview
	err = r.c.do(ctx, call{what: "post the review", family: Reviews, write: true}, func(ctx context.Context) (err error) {
		made, _, err = r.c.rest.PullRequests.CreateReview(ctx, r.to.Repo.Owner, r.to.Repo.Name, r.to.Number, req)
		return err
	})
	if err != nil {
		return err
	}
	r.url = made.GetHTMLURL()
	r.allow(list)
	for _, f := range list {
		r.tried[f.Key] = true
	}
	return nil
}
