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
	doubles  []*thread // another comment stands for the same finding
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
	var rest []Inline
	for _, in := range inlines {
		found[in.Key] = true
		if ts := open[in.Key]; len(ts) > 0 {
			m := match{in, oldest(ts)}
			p.kept = append(p.kept, m)
			if m.t.shown() {
				shown++
				if !m.t.root.says(in.Body) {
					p.edited = append(p.edited, m)
				}
			}
			p.doubles = append(p.doubles, others(ts, m.t)...)
			continue
		}
		rest = append(rest, in)
	}
	for _, in := range rest {
		if t := r.reusable(closed[in.Key]); t != nil {
			p.reopened = append(p.reopened, match{in, t})
			shown++
			continue
		}
		f, why := r.place(in)
		switch {
		case why != "":
			p.left = append(p.left, Left{in, why})
		case shown >= r.opts.Max && !r.tried[in.Key]:
			p.left = append(p.left, Left{in, fmt.Sprintf("more than %d review comments at once are too many", r.opts.Max)})
		default:
			p.fresh = append(p.fresh, f)
			shown++
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

// oldest is the thread that every run keeps, so that two at once agree. The list's order is GitHub's.
func oldest(ts []*thread) *thread {
	first := ts[0]
	for _, t := range ts[1:] {
		if t.root.id < first.root.id {
			first = t
		}
	}
	return first
}

func others(ts []*thread, kept *thread) []*thread {
	var out []*thread
	for _, t := range ts {
		if t != kept && !t.root.minimized {
			out = append(out, t)
		}
	}
	return out
}

// reusable is the latest of the threads that said fixed, if it is still at its line and can be made visible again.
func (r *review) reusable(ts []*thread) *thread {
	for i := len(ts) - 1; i >= 0; i-- {
		if t := ts[i]; !t.outdated && (!t.resolved || r.opts.Resolve && t.canUnresolve) {
			return t
		}
	}
	return nil
}
