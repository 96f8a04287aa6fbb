package github

import "context"

// change is what is to become of one thread.
type change struct {
	t      *thread
	what   string
	body   string         // the new body; "" leaves it
	reopen bool           // shown again first
	hide   string         // why it is minimised at the end: RESOLVED, DUPLICATE or OUTDATED
	solve  bool           // resolved instead, where that is allowed
	done   func()         // told when it succeeded
	failed func(e *Error) // and when not; may be nil
	err    *Error         // what went wrong
}

// apply changes the comments that are there, all of them in few requests. A comment is shown again before it says its finding again, and says that
// the finding is gone before it is hidden: if a run ends in between, the next one sees what remains to be done, and what is hidden although its text
// stands was hidden by a person.
func (r *review) apply(ctx context.Context, list *threadList, p plan) {
	all := r.changes(list, p)
	if list.graph {
		r.reopen(ctx, all)
		r.rewrite(ctx, all)
		r.hide(ctx, all)
	} else {
		r.rewriteSingly(ctx, all)
	}
	var errs []*Error
	for _, ch := range all {
		switch {
		case ch.err == nil:
			ch.done()
			continue
		case ch.failed != nil:
			ch.failed(ch.err)
		}
		errs = append(errs, ch.err)
	}
	r.firstOf(errs)
}

// changes are what the plan comes down to.
func (r *review) changes(list *threadList, p plan) (all []*change) {
	add := func(t *thread, state, text string, ch change) {
		ch.t = t
		body, err := compose(r.marker(t.root.marker.Key, state), text)
		if err != nil {
			ch.err = &Error{Kind: Invalid, What: ch.what, Message: err.Error()}
		}
		ch.body = body
		all = append(all, &ch)
	}
	for _, m := range p.edited {
		add(m.t, stateOpen, m.in.Body, change{what: "update a review comment",
			done: func() { r.res.Updated = append(r.res.Updated, m.placed()) },
			failed: func(e *Error) {
				if e.Kind == NotFound {
					r.leave(m.in, e.Error())
				} else {
					r.res.Kept = append(r.res.Kept, m.placed())
				}
			}})
	}
	for _, m := range p.reopened {
		add(m.t, stateOpen, m.in.Body, change{what: "reopen a review comment", reopen: true,
			done:   func() { r.res.Reopened = append(r.res.Reopened, m.placed()) },
			failed: func(e *Error) { r.leave(m.in, e.Error()) }})
	}
	for _, t := range p.fixed {
		add(t, stateFixed, r.fixedText(t.root.marker.Key), change{what: "mark a review comment as fixed", hide: "RESOLVED", solve: true,
			done: func() { r.res.Fixed = append(r.res.Fixed, FixedComment{t.root.marker.Key, t.root.url}) }})
	}
	for _, t := range p.replaced {
		add(t, stateFixed, "A newer comment of this check says what is to be said now.", change{what: "mark a review comment as replaced", hide: "OUTDATED",
			done: func() { r.res.Hidden++ }})
	}
	for _, t := range p.doubles {
		if list.graph && t.root.canHide { // else there is one comment too many, which does no harm
			all = append(all, &change{t: t, what: "minimise a duplicate of a review comment", hide: "DUPLICATE", done: func() { r.res.Hidden++ }})
		}
	}
	return all
}

// firstOf tells the first failure of many that are alike. That something was deleted meanwhile is none.
func (r *review) firstOf(errs []*Error) {
	for _, e := range errs {
		if e != nil && e.Kind != NotFound {
			r.problem(e)
			return
		}
	}
}
