package github

import (
	"context"

	"github.com/google/go-github/v60/github"
)

// batch collects mutations of the same family, each for a change.
type batch struct {
	what   string
	family Family
	ms     []mutation
	of     []*change
}

func (b *batch) add(ch *change, m mutation) { b.ms, b.of = append(b.ms, m), append(b.of, ch) }

// run sends them and calls after with the outcome of each.
func (b *batch) run(ctx context.Context, c *Client, after func(ch *change, e *Error)) {
	for i, e := range c.mutate(ctx, b.what, b.family, b.ms) {
		after(b.of[i], e)
	}
}

// reopen shows comments again whose findings are back.
func (r *review) reopen(ctx context.Context, all []*change) {
	threads := batch{what: "reopen review threads", family: Threads}
	comments := batch{what: "show review comments again", family: Hiding}
	fail := func(ch *change, e *Error) {
		if ch.err == nil {
			ch.err = e
		}
	}
	for _, ch := range all {
		if ch.reopen && ch.t.resolved {
			threads.add(ch, unresolve(ch.t.id))
		}
	}
	threads.run(ctx, r.c, fail)
	for _, ch := range all {
		if ch.reopen && ch.err == nil && ch.t.root.minimized {
			comments.add(ch, unminimize(ch.t.root.node))
		}
	}
	comments.run(ctx, r.c, fail)
}

// rewrite changes the texts.
func (r *review) rewrite(ctx context.Context, all []*change) {
	texts := batch{what: "update review comments", family: Edits}
	for _, ch := range all {
		if ch.body != "" && ch.err == nil {
			texts.add(ch, editReviewComment(ch.t.root.node, ch.body))
		}
	}
	var single []*change
	texts.run(ctx, r.c, func(ch *change, e *Error) {
		if is(e, Forbidden, Invalid) {
			single = append(single, ch)
		} else {
			ch.err = e
		}
	})
	r.rewriteSingly(ctx, single)
}

// rewriteSingly changes texts by REST, one by one, and only a few; the next run goes on with the rest.
func (r *review) rewriteSingly(ctx context.Context, all []*change) {
	n := 0
	for _, ch := range all {
		if ch.body == "" || ch.err != nil {
			continue
		}
		if n++; n > maxSingle {
			ch.err = &Error{Kind: TooLarge, What: ch.what, Message: "there are too many to change one by one; the next run goes on"}
			continue
		}
		cl := call{what: ch.what, family: Reviews, write: true, again: true, item: true}
		ch.err = asError(r.c.do(ctx, cl, func(ctx context.Context) error {
			_, _, err := r.c.rest.PullRequests.EditComment(ctx, r.to.Repo.Owner, r.to.Repo.Name, ch.t.root.id, &github.PullRequestComment{Body: &ch.body})
			return err
		}))
	}
}

// hide resolves the threads of what is fixed where that is allowed, and minimises what it did not resolve. If it fails, the text
// still says what is to be known.
func (r *review) hide(ctx context.Context, all []*change) {
	threads := batch{what: "resolve review threads", family: Threads}
	comments := batch{what: "minimise review comments", family: Hiding}
	solved := map[*change]bool{}
	for _, ch := range all {
		if r.opts.Resolve && ch.solve && ch.err == nil {
			solved[ch] = ch.t.resolved
			if !ch.t.resolved && ch.t.canResolve {
				threads.add(ch, resolve(ch.t.id))
			}
		}
	}
	var errs []*Error
	threads.run(ctx, r.c, func(ch *change, e *Error) { solved[ch] = e == nil; errs = append(errs, e) })
	r.firstOf(errs)
	for _, ch := range all {
		if root := ch.t.root; ch.hide != "" && ch.err == nil && root.canHide && !root.minimized && !solved[ch] {
			comments.add(ch, minimize(root.node, ch.hide))
		}
	}
	errs = nil
	comments.run(ctx, r.c, func(ch *change, e *Error) {
		if ch.body == "" {
			ch.err = e
		} else {
			errs = append(errs, e)
		}
	})
	r.firstOf(errs)
}
