package githubtest

import (
	"encoding/json"
	"net/http"
)

// controlPath is outside of everything GitHub has: what a test that runs the server as a process looks at.
const controlPath = "/-/state"

// State is what the server holds, for those who cannot call its methods.
type State struct {
	Pulls      []PullState
	Requests   int
	Violations []string
}

// PullState is a pull request in a State.
type PullState struct {
	Repository string
	Number     int
	Comments   []Comment
	Threads    []Thread
	Reviews    []Review
}

// State returns what the server holds now.
func (s *Server) State() State {
	state := State{Pulls: []PullState{}, Requests: len(s.Requests()), Violations: s.Violations()}
	for _, p := range s.allPulls() {
		state.Pulls = append(state.Pulls, PullState{p.repo.FullName(), p.number, p.Comments(), p.Threads(), p.Reviews()})
	}
	return state
}

func (s *Server) allPulls() (all []*Pull) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.order {
		all = append(all, r.pulls...)
	}
	return all
}

// Checked says whether requests and answers are held against GitHub's descriptions.
func (s *Server) Checked() bool { return s.rest != nil }

func (s *Server) serveState(w http.ResponseWriter) {
	w.Header().Set("Content-Type", jsonType)
	_ = json.NewEncoder(w).Encode(s.State()) // the client may be gone
}
