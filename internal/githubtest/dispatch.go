package githubtest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
)

// call is one REST request that is being answered, with the server's state locked.
type call struct {
	*Server
	request *Request
	http    *http.Request
	token   *Token // nil: anonymous
	repo    *Repo  // of /repos/{owner}/{repo}/…
	header  http.Header
	params  map[string]string // of the path
}

// handler returns the answer's status and body: an object or a list for JSON, []byte as it is, nil for none.
type handler func(c *call) (int, any)

// dispatch authenticates and routes. Like GitHub's, every answer carries the rate limit.
func (s *Server) dispatch(request *Request, r *http.Request) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Server: s, request: request, http: r, header: http.Header{"Content-Type": {jsonType}}}
	c.header.Set("X-GitHub-Request-Id", fmt.Sprintf("TEST:%d", s.nextID()))
	c.header.Set("X-GitHub-Media-Type", "github.v3; format=json")
	status, body := c.run()
	a := &answer{status: status, header: c.header}
	switch body := body.(type) {
	case nil:
		c.header.Del("Content-Type")
	case []byte:
		a.body = body
	default:
		a.body = encode(body)
	}
	if r.Method == http.MethodGet && status == http.StatusOK {
		c.header.Set("ETag", fmt.Sprintf(`W/"%x"`, sha256.Sum256(a.body)))
	}
	return a
}

func (c *call) run() (status int, body any) {
	defer func() {
		if problem := recover(); problem != nil {
			refused, ok := problem.(*refusal)
			if !ok { // this server's own mistake: the test must not take it for a broken connection
				c.violate(c.request, []string{fmt.Sprintf("this server panics: %v\n%s", problem, debug.Stack())})
				refused = refuse(http.StatusInternalServerError, "Server Error")
			}
			status, body = refused.status, refused.body()
		}
	}()
	if credential(c.http.Header) != "" {
		if c.token = c.lookup(c.http.Header); c.token == nil {
			return refuse(http.StatusUnauthorized, "Bad credentials").parts()
		}
	}
	c.spend()
	if c.http.URL.Path == "/graphql" {
		return c.graphql()
	}
	found, params := c.route(c.http.Method, c.http.URL.EscapedPath())
	if found == nil {
		c.violate(c.request, []string{"this server does not implement it"})
		return notFound().parts()
	}
	c.params = params
	c.authorize(found.rule)
	return found.handle(c)
}

// spend counts a request against the token's primary limit, which an Enterprise Server does not have unless it is switched on.
func (c *call) spend() {
	if c.enterprise {
		return
	}
	limit, remaining := 60, 60
	if c.token != nil {
		limit, remaining = c.token.limit, c.token.remaining
		c.token.remaining = max(0, remaining-1)
	}
	reset := c.clock.Unix() + 3600
	c.header.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	c.header.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, remaining-1)))
	c.header.Set("X-RateLimit-Used", strconv.Itoa(limit-max(0, remaining-1)))
	c.header.Set("X-RateLimit-Reset", strconv.FormatInt(reset, 10))
	c.header.Set("X-RateLimit-Resource", "core")
	if remaining <= 0 {
		panic(refuse(http.StatusForbidden, "API rate limit exceeded for installation."))
	}
}

func (c *call) path(name string) string  { return c.params[name] }
func (c *call) query(name string) string { return c.request.Query.Get(name) }
func (c *call) decode(into any) {
	if err := json.Unmarshal(c.request.Body, into); err != nil {
		panic(refuse(http.StatusBadRequest, "Problems parsing JSON"))
	}
}

func credential(header http.Header) string {
	scheme, value, _ := strings.Cut(header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "token") || strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(value)
	}
	return scheme
}

func (s *state) lookup(header http.Header) *Token { return s.tokens[credential(header)] }

func (s *Server) token(header http.Header) *Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lookup(header)
}
