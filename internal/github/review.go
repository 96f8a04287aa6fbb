package github

import (
	"context"
	"fmt"
)

// SyncReview keeps a gate's review comments in step with its findings. inlines are all findings, in the order of their
// importance: one that is missing counts as fixed.
//
//   - Same key: the comment stays; its text is brought up to date while it is shown. A suggestion that is now for other lines
//     than the comment's is posted anew, since it would replace the wrong ones.
//   - Gone: the comment says so and is minimised, its thread resolved where that is allowed. Nothing is deleted, so that
//     no reply is.
//   - Back again: the old comment is reopened if GitHub still shows it at its line; else it is posted anew.
//   - New: posted, all in one review, on changed lines only; what GitHub would refuse or what is too many overflows.
//   - Comments that somebody else wrote are never touched, nor is one that a person resolved while it still applies.
//
// An error means that nothing could be done; the result then says so of every finding.
func (c *Client) SyncReview(ctx context.Context, to Target, gate string, inlines []Inline, o ReviewOptions) (ReviewResult, error) {
	if o.Max == 0 {
		o.Max = MaxInline
	}
	r := &review{c: c, to: to, gate: gate, opts: o, tried: map[string]bool{}, refused: map[string]string{}}
	inlines = r.unique(inlines)
	err := r.sync(ctx, inlines)
	if err != nil {
		for _, in := range inlines {
			r.leave(in, err.Error())
		}
	}
	return r.res, err
}

type review struct {
	c       *Client
	to      Target
	gate    string
	opts    ReviewOptions
	tried   map[string]bool   // keys of the review that this run sent
	refused map[string]string // keys that GitHub did not take, with the reason
	url     string            // of the review
	parsed  map[string]parsed
	res     ReviewResult
}

func (r *review) leave(in Inline, reason string) {
	r.res.Overflow = append(r.res.Overflow, Left{in, reason})
}

func (r *review) problem(e *Error) {
	if e != nil {
		r.res.Problems = append(r.res.Problems, e)
	}
}

// unique drops findings that another stands for already.
func (r *review) unique(inlines []Inline) []Inline {
	seen := map[string]bool{}
	var out []Inline
	for _, in := range inlines {
		if seen[in.Key] {
			r.leave(in, "another finding has the same key")
			continue
		}
		seen[in.Key] = true
		out = append(out, in)
	}
	return out
}

// sync posts first, because what is new matters most, then looks again: another run may have posted the same at the same
// time, and GitHub may have taken a review although it answered otherwise. Only then is anything hidden.
func (r *review) sync(ctx context.Context, inlines []Inline) error {
	if err := r.to.Repo.check(); err != nil {
		return err
	}
	if !r.c.token {
		return r.c.refusal(call{what: "write review comments", family: Reviews, write: true})
	}
	list, err := r.c.threads(ctx, r.to, r.gate)
	if err != nil {
		return err
	}
	if why := list.closed(r.to); why != "" {
		r.res.Skipped = why
		for _, in := range inlines {
			r.leave(in, why)
		}
		return nil
	}
	p := r.plan(list, inlines)
	for try := 0; try < 2 && len(p.fresh) > 0; try++ {
		sent := r.post(ctx, p.fresh)
		if sent == refused {
			break
		}
		if again, err := r.c.threads(ctx, r.to, r.gate); err == nil {
			list = again
			p = r.plan(list, inlines)
		} else {
			r.problem(asError(err))
			break // what is there is not known: nothing is repeated
		}
		if sent == posted {
			break
		}
	}
	r.report(p)
	r.apply(ctx, list, p)
	return nil
}

// report sorts the findings into the result.
func (r *review) report(p plan) {
	edited := map[*thread]bool{}
	for _, m := range p.edited {
		edited[m.t] = true // told when it is done
	}
	for _, m := range p.kept {
		if edited[m.t] {
			continue
		}
		if r.tried[m.in.Key] {
			r.res.Posted = append(r.res.Posted, m.placed())
		} else {
			r.res.Kept = append(r.res.Kept, m.placed())
		}
	}
	for _, f := range p.fresh {
		switch why := r.refused[f.Key]; {
		case why != "":
			r.leave(f.Inline, why)
		case r.tried[f.Key]: // GitHub took it and does not list it yet
			r.res.Posted = append(r.res.Posted, Placed{Inline: f.Inline, URL: r.url})
		default:
			r.leave(f.Inline, "not posted")
		}
	}
	r.res.Overflow = append(r.res.Overflow, p.left...)
}

// fixedText is what a comment says when its finding is gone.
func (r *review) fixedText(key string) string {
	if r.opts.Fixed != nil {
		return r.opts.Fixed(key)
	}
	return fmt.Sprintf("**Fixed.** The check does not find this any more (commit `%.12s`).", r.to.HeadSHA)
}
