package github

import (
	"context"

	"github.com/google/go-github/v60/github"
)

// change is what is to become of one thread.
type change struct {
	t      *thread
	what   string
	body   string // the new body; "" leaves it
	hide   string // why it is minimised: RESOLVED or DUPLICATE
	show   bool   // no longer minimised
	done   func()
	failed func(*Error) // may be nil
}

func (ch change) fail(e *Error) {
	if ch.failed != nil {
		ch.failed(e)
	}
}

// apply changes the comments that are there. All changes travel in few requests.
func (r *review) apply(ctx context.Context, list *threadList, p plan) {
	var all []change
	for _, m := range p.edited {
		all = r.change(all, m.t, change{what: "update a review comment",
			done: func() { r.res.Updated = append(r.res.Updated, m.placed()) },
			failed: func(e *Error) {
				if e.Kind == NotFound {
					r.leave(m.in, e.Error())
				} else {
					r.res.Kept = append(r.res.Kept, m.placed())
				}
			}}, stateOpen, m.in.Body)
	}
	for _, m := range p.reopened {
		all = r.change(all, m.t, change{what: "reopen a review comment", show: m.t.root.minimized,
			done:   func() { r.res.Reopened = append(r.res.Reopened, m.placed()) },
			failed: func(e *Error) { r.leave(m.in, e.Error()) }}, stateOpen, m.in.Body)
	}
	for _, t := range p.fixed {
		all = r.change(all, t, change{what: "mark a review comment as fixed", hide: "RESOLVED",
			done: func() { r.res.Fixed = append(r.res.Fixed, FixedComment{t.root.marker.Key, t.root.url}) }}, stateFixed, r.fixedText(t.root.marker.Key))
	}
	for _, t := range p.doubles {
		if !list.graph || !t.root.canHide {
			continue // one comment too many does no harm
		}
		all = append(all, change{t: t, what: "minimise a duplicate of a review comment", hide: "DUPLICATE", done: func() { r.res.Hidden++ }})
	}
	solved := r.toggle(ctx, list, p)
	if list.graph {
		r.byGraph(ctx, all, solved)
	} else {
		r.byREST(ctx, all)
	}
}

// change composes the new body.
func (r *review) change(all []change, t *thread, ch change, state, text string) []change {
	m := r.marker(t.root.marker.Key, state)
	body, err := compose(m, text)
	if err != nil {
		e := &Error{Kind: Invalid, What: ch.what, Message: err.Error()}
		r.problem(e)
		ch.fail(e)
		return all
	}
	ch.t, ch.body = t, body
	return append(all, ch)
}

// toggle resolves the threads of what is fixed, and opens those of what is back, where that is allowed. What it resolved need not be minimised.
func (r *review) toggle(ctx context.Context, list *threadList, p plan) map[*thread]bool {
	solved := map[*thread]bool{}
	if !r.opts.Resolve || !list.graph {
		return solved
	}
	var ms []mutation
	var which []*thread
	for _, t := range p.fixed {
		switch {
		case t.resolved:
			solved[t] = true
		case t.canResolve:
			ms, which = append(ms, resolve(t.id)), append(which, t)
		}
	}
	n := len(ms)
	for _, m := range p.reopened {
		if m.t.resolved {
			ms, which = append(ms, unresolve(m.t.id)), append(which, m.t)
		}
	}
	errs := r.c.mutate(ctx, "resolve review threads", Threads, ms)
	for i, e := range errs {
		if e == nil && i < n {
			solved[which[i]] = true
		}
	}
	r.first(errs)
	return solved
}

// byGraph sends the texts, then what is minimised or shown again, in batches.
func (r *review) byGraph(ctx context.Context, all []change, solved map[*thread]bool) {
	var texts, visible []mutation
	var ofText, ofVisible []int // the change that a mutation belongs to
	for i, ch := range all {
		root := ch.t.root
		if ch.body != "" {
			texts, ofText = append(texts, editReviewComment(root.node, ch.body)), append(ofText, i)
		}
		switch {
		case ch.show:
			visible, ofVisible = append(visible, unminimize(root.node)), append(ofVisible, i)
		case ch.hide != "" && root.canHide && !root.minimized && !solved[ch.t]:
			visible, ofVisible = append(visible, minimize(root.node, ch.hide)), append(ofVisible, i)
		}
	}
	failed := make([]*Error, len(all))
	var single []change
	for k, e := range r.c.mutate(ctx, "update review comments", Edits, texts) {
		if is(e, Forbidden, Invalid) {
			single = append(single, all[ofText[k]])
		}
		failed[ofText[k]] = e
	}
	hiding := r.c.mutate(ctx, "minimise review comments", Hiding, visible)
	for k, e := range hiding {
		if all[ofVisible[k]].body == "" {
			failed[ofVisible[k]] = e
		}
	}
	r.first(hiding)
	var other []*Error
	for i, e := range failed {
		if e == nil {
			all[i].done()
		} else if !is(e, Forbidden, Invalid) || all[i].body == "" {
			all[i].fail(e)
			other = append(other, e)
		}
	}
	r.first(other)
	r.byREST(ctx, single)
}

// first tells the first failure of many that are alike. That something was deleted meanwhile is none.
func (r *review) first(errs []*Error) {
	for _, e := range errs {
		if e != nil && e.Kind != NotFound {
			for _, p := range r.res.Problems {
				if p == e {
					return
				}
			}
			r.problem(e)
			return
		}
	}
}

// byREST changes texts one by one, and only a few; the next run goes on with the rest.
func (r *review) byREST(ctx context.Context, all []change) {
	n := 0
	var errs []*Error
	for _, ch := range all {
		if ch.body == "" {
			continue
		}
		err := error(&Error{Kind: TooLarge, What: ch.what, Message: "there are too many to change one by one; the next run goes on"})
		if n++; n <= maxSingle {
			cl := call{what: ch.what, family: Reviews, write: true, again: true, item: true}
			err = r.c.do(ctx, cl, func(ctx context.Context) error {
				_, _, err := r.c.rest.PullRequests.EditComment(ctx, r.to.Repo.Owner, r.to.Repo.Name, ch.t.root.id, &github.PullRequestComment{Body: &ch.body})
				return err
			})
		}
		if err == nil {
			ch.done()
			continue
		}
		ch.fail(asError(err))
		errs = append(errs, asError(err))
	}
	r.first(errs)
}
