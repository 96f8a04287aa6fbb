package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// try: what fails in the body may leave it half done.
func (e *evaluator) try(s *syntax.Try) flow {
	from := len(e.exits)
	before := len(e.res.May)
	start := e.copyState(e.st)
	catches := len(s.Handlers) > 0
	calls := e.calls
	if catches {
		e.trying++
	}
	f := e.block(s.Body)
	if catches {
		e.trying--
	}
	risky := len(e.res.May) > before || e.calls > calls
	if catches {
		e.res.May = e.res.May[:before]
	}
	switch {
	case !catches:
	case f == raises && len(e.exits) == from && e.raised != nil:
		f = e.handlers(s, e.at(s), nil)
	case risky || f == raises || e.raisedSince(from):
		body := exit{f, e.st, e.returned, nil}
		half := start
		if f == raises || f == goesOn {
			half = join(start, e.st, located("it depends on whether something fails", e.at(s)))
		}
		kept := e.exits[:from:from]
		for _, x := range e.exits[from:] {
			if x.flow == raises {
				half = join(half, x.st, located("it depends on whether something fails", e.at(s)))
			} else {
				kept = append(kept, x)
			}
		}
		e.exits, e.raised = kept, nil
		f = e.handlers(s, e.at(s), func() (flow, bool) {
			e.st = body.st
			e.returned = body.returned
			if body.flow == raises {
				return raises, false
			}
			if body.flow == goesOn {
				return e.block(s.Else), true
			}
			return body.flow, true
		}, half)
	case f == goesOn:
		f = e.block(s.Else)
	}
	if len(s.Final) > 0 {
		raised, returned := e.raised, e.returned
		e.raised = nil
		for i := from; i < len(e.exits); i++ {
			st := e.st
			e.st = e.exits[i].st
			e.block(s.Final)
			e.exits[i].st = e.st
			e.st = st
		}
		if g := e.block(s.Final); g != goesOn {
			return g
		}
		e.raised, e.returned = raised, returned
	}
	return f
}

func (e *evaluator) raisedSince(from int) bool {
	for _, x := range e.exits[from:] {
		if x.flow == raises {
			return true
		}
	}
	return false
}

// handlers performs the except clauses as alternatives to each other, and to what good does: the body without a failure.
func (e *evaluator) handlers(s *syntax.Try, at span.Span, good func() (flow, bool), half ...*state) flow {
	if len(half) > 0 {
		e.st = half[0]
	}
	e.raised = nil
	var alts []func() flow
	for i := range s.Handlers {
		h := &s.Handlers[i]
		alts = append(alts, func() flow {
			if good != nil {
				e.doubts = append(e.doubts, located("it depends on whether something fails", at))
				defer func() { e.doubts = e.doubts[:len(e.doubts)-1] }()
			}
			if h.Name != "" {
				e.set(h.Name, unknownAt("it is an exception", e.at(h)))
			}
			return e.block(h.Body)
		})
	}
	f := e.ways("it depends on which exception is raised", at, alts...)
	if good == nil {
		return f
	}
	bad := exit{f, e.st, e.returned, e.raised}
	g, ok := good()
	if !ok {
		e.st, e.returned, e.raised = bad.st, bad.returned, bad.raised
		return bad.flow
	}
	fine := exit{g, e.st, e.returned, e.raised}
	switch {
	case fine.flow == goesOn && bad.flow == goesOn:
		e.st = join(fine.st, bad.st, located("it depends on whether something fails", at))
		e.raised = nil
		return goesOn
	case fine.flow == goesOn:
		e.exits = append(e.exits, bad)
		e.st, e.raised = fine.st, nil
		return goesOn
	case bad.flow == goesOn:
		e.exits = append(e.exits, fine)
		e.st, e.raised = bad.st, nil
		return goesOn
	}
	e.exits = append(e.exits, bad)
	return fine.flow
}
