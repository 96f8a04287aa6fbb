package githubtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/contract"
	"github.com/vektah/gqlparser/v2/ast"
)

// Server is one GitHub. Its methods may be called from any goroutine, also while it answers.
type Server struct {
	state
	traffic
	http       *http.Server
	routes     []route
	base       string // http://host:port
	enterprise bool
	unchecked  bool           // on purpose
	rest       *contract.REST // nil without GitHub's descriptions
	schema     *ast.Schema
	closing    context.Context
	close      context.CancelFunc
}

// state is what GitHub would store.
type state struct {
	mu     sync.Mutex
	repos  map[string]*Repo // by lower-cased full name
	moved  map[string]*Repo // by their old names
	order  []*Repo          // all that were ever made
	users  map[string]*User // by login
	tokens map[string]*Token
	clock  time.Time
	lastID int64
}

// Option changes how a server is set up.
type Option func(*Server)

// Enterprise lays the server out like GitHub Enterprise Server: /api/v3 and /api/graphql.
func Enterprise() Option { return func(s *Server) { s.enterprise = true } }

// WithoutContract leaves requests and responses unchecked, as if GitHub's descriptions were not there.
func WithoutContract() Option {
	return func(s *Server) { s.rest, s.schema, s.unchecked = nil, nil, true }
}

// BaseURL is how clients reach the server, where that is not the address it listens on.
func BaseURL(url string) Option { return func(s *Server) { s.base = strings.TrimSuffix(url, "/") } }

// Log is called after each request, in the request's goroutine.
func Log(log func(Request)) Option { return func(s *Server) { s.log = log } }

// New starts a server on loopback that ends with the test. Violations of GitHub's contract fail the test.
func New(t testing.TB, options ...Option) *Server {
	t.Helper()
	s, err := Start("127.0.0.1:0", options...)
	if err != nil {
		t.Fatal(err)
	}
	if s.rest == nil && !s.unchecked {
		t.Logf("SKIPPED: requests and responses are not held against GitHub's API description; %s says where it is", contract.Env)
	}
	t.Cleanup(func() {
		s.Close()
		for _, violation := range s.Violations() {
			t.Errorf("not GitHub's contract: %s", violation)
		}
	})
	return s
}

// Start starts a server on an address.
func Start(address string, options ...Option) (*Server, error) {
	s := &Server{state: state{
		repos: map[string]*Repo{}, moved: map[string]*Repo{}, users: map[string]*User{}, tokens: map[string]*Token{},
		clock: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), lastID: 1000,
	}}
	s.closing, s.close = context.WithCancel(context.Background())
	if dir := contract.Find(); dir != "" {
		var err error
		if s.rest, err = contract.LoadREST(dir); err != nil {
			return nil, err
		}
		if s.schema, err = contract.LoadGraphQL(dir); err != nil {
			return nil, err
		}
	}
	for _, option := range options {
		option(s)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	if s.base == "" {
		s.base = "http://" + listener.Addr().String()
	}
	s.routes = routes()
	s.addTokens()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.http.Serve(listener) }() // ends with Close
	return s, nil
}

// Close stops the server; requests that a fault holds up end.
func (s *Server) Close() {
	s.close()
	_ = s.http.Close()
}

// URL is what GITHUB_SERVER_URL would be.
func (s *Server) URL() string { return s.base }

// APIURL is what GITHUB_API_URL would be; it has no slash at its end.
func (s *Server) APIURL() string { return s.base + s.prefix() }

// GraphQLURL is what GITHUB_GRAPHQL_URL would be.
func (s *Server) GraphQLURL() string { return s.base + s.graphqlPath() }

func (s *Server) prefix() string {
	if s.enterprise {
		return "/api/v3"
	}
	return ""
}

func (s *Server) graphqlPath() string {
	if s.enterprise {
		return "/api/graphql"
	}
	return "/graphql"
}

// tick moves GitHub's clock on by a second and returns the time. Times are the same in every run.
func (s *state) tick() time.Time {
	s.clock = s.clock.Add(time.Second)
	return s.clock
}

func (s *state) nextID() int64 {
	s.lastID++
	return s.lastID
}

func (s *state) repo(fullName string) *Repo { return s.repos[strings.ToLower(fullName)] }
