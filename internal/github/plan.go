package github

import "fmt"

// plan is what is to be done with the findings and with the threads that are there.
type plan struct {
	kept     []match   // the comment stands
	edited   []match   // of these, its text is to change
	reopened []match   // a comment that said fixed is to say the finding again
	fresh    []fresh   // to be posted
	left     []Left    // cannot be shown in the diff
	fixed    []*thread // the finding is gone
	doubles  []*thread // another comment says the same
	replaced []*thread // another comment says what is to be said now
}

// match is a finding and its thread.
type match struct {
	in Inline
	t  *thread
}

func (m match) placed() Placed {
	return Placed{m.in, m.t.root.url, m.t.outdated, m.t.resolved || m.t.root.minimized}
}

// plan decides without talking to anybody.
func (r *review) plan(list *threadList, inlines []Inline) plan {
	open, closed := map[string][]*thread{}, map[string][]*thread{}
	for _, t := range list.threads {
		if t.root.marker.State == stateFixed {
			closed[t.root.marker.Key] = append(closed[t.root.marker.Key], t)
		} else {
			open[t.root.marker.Key] = append(open[t.root.marker.Key], t)
		}
	}
	var p plan
	found := map[string]bool{}
	shown := 0
	var rest []match // without a thread, or with one that a new comment is to replace
	for _, in := range inlines {
		found[in.Key] = true
		m := match{in, choose(open[in.Key], in)}
		if m.t == nil || m.t.shown() && !m.t.root.says(in.Body) && !m.t.spans(in) {
			rest = append(rest, m)
			continue
		}
		p.kept = append(p.kept, m)
		if m.t.shown() {
			shown++
			if !m.t.root.says(in.Body) {
				p.edited = append(p.edited, m)
			}
		}
		for _, t := range open[in.Key] {
			switch {
			case t == m.t || t.root.minimized:
			case t.root.says(in.Body):
				p.doubles = append(p.doubles, t)
			default:
				p.replaced = append(p.replaced, t)
			}
		}
	}
	for _, m := range rest {
		if t := r.reusable(closed[m.in.Key], m.in); t != nil && m.t == nil && list.graph { // REST cannot show it again
			p.reopened = append(p.reopened, match{m.in, t})
			shown++
			continue
		}
		f, why := r.place(m.in)
		if why == "" && shown >= r.opts.Max && !r.tried[m.in.Key] {
			why = fmt.Sprintf("more than %d review comments at once are too many", r.opts.Max)
		}
		switch {
		case why == "":
			p.fresh = append(p.fresh, f)
			shown++
		case m.t != nil: // rather an old text than none
			p.kept = append(p.kept, m)
			shown++
		default:
			p.left = append(p.left, Left{m.in, why})
		}
	}
	for _, t := range list.threads {
		key := t.root.marker.Key
		if found[key] || t.root.marker.State == stateFixed || r.opts.Keep != nil && r.opts.Keep(key) {
			continue
		}
		p.fixed = append(p.fixed, t)
	}
	return p
}

// says tells whether the comment still has this text.
func (c comment) says(text string) bool {
	return c.marker.unchanged(text) && c.marker.unchanged(c.text)
}

// choose is the thread that stands for a finding: one that says what is to be said now, else any; of several the oldest, which every
// run keeps, so that two at once agree. nil if there is none.
func choose(ts []*thread, in Inline) *thread {
	var best *thread
	for _, t := range ts {
		says := t.root.says(in.Body)
		if best == nil || says && !best.root.says(in.Body) || says == best.root.says(in.Body) && t.root.id < best.root.id {
			best = t
		}
	}
	return best
}

// spans says whether the thread's comment may get the text of a finding: a suggestion replaces exactly the lines that its
// thread stands on, and one click commits it.
func (t *thread) spans(in Inline) bool {
	return !in.Exact || t.start == in.StartLine && t.line == max(in.StartLine, in.EndLine)
}

// reusable is the latest of the threads that said fixed, if it is still at its line and can be made visible again.
func (r *review) reusable(ts []*thread, in Inline) *thread {
	for i := len(ts) - 1; i >= 0; i-- {
		if t := ts[i]; !t.outdated && t.spans(in) && (!t.resolved || r.opts.Resolve && t.canUnresolve) {
			return t
		}
	}
	return nil
}
