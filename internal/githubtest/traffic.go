package githubtest

import (
	"fmt"
	"slices"
	"sync"
)

// traffic is what went over the wire and what was arranged for it.
type traffic struct {
	wire       sync.Mutex
	requests   []Request
	violations []string
	faults     []*arranged
	hooks      []*hook
	log        func(Request)
}

type hook struct {
	match  Match
	after  bool
	times  int // left; -1 is for ever
	action func(*Request)
}

// Requests returns what was asked so far, in order of arrival at the answer.
func (s *Server) Requests() []Request {
	s.wire.Lock()
	defer s.wire.Unlock()
	return slices.Clone(s.requests)
}

// Matching returns the requests that match.
func (s *Server) Matching(match Match) (found []Request) {
	for _, request := range s.Requests() {
		if match(&request) {
			found = append(found, request)
		}
	}
	return found
}

// Count returns how many requests match.
func (s *Server) Count(match Match) int { return len(s.Matching(match)) }

// ForgetRequests empties the record, so that what follows can be counted by itself.
func (s *Server) ForgetRequests() {
	s.wire.Lock()
	defer s.wire.Unlock()
	s.requests = nil
}

// Violations returns where requests, or this server's own answers, broke GitHub's contract.
func (s *Server) Violations() []string {
	s.wire.Lock()
	defer s.wire.Unlock()
	return slices.Clone(s.violations)
}

// TakeViolations returns the violations and forgets them: for tests that make bad requests on purpose.
func (s *Server) TakeViolations() []string {
	s.wire.Lock()
	defer s.wire.Unlock()
	taken := s.violations
	s.violations = nil
	return taken
}

func (s *Server) violate(request *Request, problems []string) {
	s.wire.Lock()
	defer s.wire.Unlock()
	for _, problem := range problems {
		request.Violations = append(request.Violations, problem)
		s.violations = append(s.violations, fmt.Sprintf("%s: %s", request, problem))
	}
}

func (s *Server) record(request *Request) {
	s.wire.Lock()
	s.requests = append(s.requests, *request)
	s.wire.Unlock()
	if s.log != nil {
		s.log(*request)
	}
}

// Before runs an action once, before the first request that matches is answered: what somebody else does meanwhile. The
// action may use the server, also over HTTP.
func (s *Server) Before(match Match, action func(*Request)) { s.hook(&hook{match, false, 1, action}) }

// After runs an action once, after the first request that matches took effect and before its answer is sent.
func (s *Server) After(match Match, action func(*Request)) { s.hook(&hook{match, true, 1, action}) }

// Every runs an action before each request that matches.
func (s *Server) Every(match Match, action func(*Request)) { s.hook(&hook{match, false, -1, action}) }

func (s *Server) hook(h *hook) {
	s.wire.Lock()
	defer s.wire.Unlock()
	s.hooks = append(s.hooks, h)
}

func (s *Server) runHooks(request *Request, after bool) {
	s.wire.Lock()
	var due []*hook
	for _, h := range s.hooks {
		if h.after == after && h.times != 0 && h.match(request) {
			h.times--
			due = append(due, h)
		}
	}
	s.wire.Unlock()
	for _, h := range due {
		h.action(request)
	}
}
