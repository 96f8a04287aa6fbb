package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// flow is how a statement ends.
type flow uint8

const (
	goesOn flow = iota
	breaks
	continues
	returns
	raises
)

// evaluator performs one file.
type evaluator struct {
	text     span.Text
	src      string
	tokens   []syntax.Token
	opts     Options
	res      *Result
	st       *state
	steps    int // that are left
	copies   int
	depth    int
	quiet    int // more than 0: what may raise is not noted
	calls    int // of code that is not read, so far
	calling  int // functions inside each other
	returned *Value
	raised   *Issue // the exception on its way; nil for one that the file raises in a way that is not looked at
	exits    []exit // ways that left the straight path, to be joined where they lead to
	spent    bool
	trying   int             // try statements around what is performed now that may catch an exception
	doubts   []string        // why what is performed now may not happen
	defined  []*Value        // functions and methods of a program, in order
	called   map[string]bool // those that were called, by their place
	loading  []string

	instances map[string]*Value // the last object of each class, with Options.Outside
	made      *int              // how many objects there are
	packages  map[string]string // the package of each module's file
}

// exit is a state in which the program took another way.
type exit struct {
	flow     flow
	st       *state
	returned *Value
	raised   *Issue
}

func (e *evaluator) block(body []syntax.Stmt) flow {
	for _, s := range body {
		if f := e.exec(s); f != goesOn {
			return f
		}
	}
	return goesOn
}

// step counts down; false when there is too much to follow.
func (e *evaluator) step(at syntax.Node) bool {
	if e.steps--; e.steps >= 0 && e.copies >= 0 && !e.spent {
		return true
	}
	if !e.spent {
		e.spent = true
		e.open("the code does more than can be followed", e.at(at))
	}
	return false
}

// ways performs alternatives, each on the state as it is now, and goes on with what they have in common.
func (e *evaluator) ways(why string, at span.Span, alts ...func() flow) flow {
	base := e.st
	why = located(why, at)
	var next *state
	var other []exit
	for i, alt := range alts {
		e.st = base
		if i < len(alts)-1 {
			e.st = e.copyState(base)
		}
		if len(alts) > 1 {
			e.doubts = append(e.doubts, why)
		}
		f := alt()
		if len(alts) > 1 {
			e.doubts = e.doubts[:len(e.doubts)-1]
		}
		switch {
		case f != goesOn:
			other = append(other, exit{f, e.st, e.returned, e.raised})
			e.raised = nil
		case next == nil:
			next = e.st
		default:
			next = join(next, e.st, why)
			e.copies -= len(next.globals.vars)
		}
	}
	if next != nil {
		e.exits = append(e.exits, other...)
		e.st = next
		return goesOn
	}
	last := other[len(other)-1]
	e.exits = append(e.exits, other[:len(other)-1]...)
	e.st, e.returned, e.raised = last.st, last.returned, last.raised
	return last.flow
}

// gather joins the state with all exits since from that end in one of flows, and says whether any way leads on: f is how
// the straight path ended.
func (e *evaluator) gather(from int, f flow, why string, flows ...flow) flow {
	is := func(x flow) bool {
		for _, w := range flows {
			if w == x {
				return true
			}
		}
		return false
	}
	var next *state
	if f == goesOn || is(f) {
		next = e.st
	}
	kept := e.exits[:from:from]
	if next == nil {
		kept = append(kept, exit{f, e.st, e.returned, e.raised})
	}
	for _, x := range e.exits[from:] {
		switch {
		case !is(x.flow):
			kept = append(kept, x)
		case next == nil:
			next = x.st
		default:
			next = join(next, x.st, why)
		}
	}
	e.exits = kept
	if next == nil {
		last := e.exits[len(e.exits)-1]
		e.exits = e.exits[:len(e.exits)-1]
		e.st, e.returned, e.raised = last.st, last.returned, last.raised
		return last.flow
	}
	e.st = next
	return goesOn
}
