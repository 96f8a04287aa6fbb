package githubtest

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Fault is what goes wrong with a request. The zero Fault answers 500.
type Fault struct {
	Status int
	Header map[string]string
	Body   string // "": a JSON object with the status's text as message
	Times  int    // how many requests it hits; 0 is all
	Skip   int    // how many that match pass before
	Delay  time.Duration
	Hang   bool // no answer until the client gives up
	Drop   bool // the connection ends without an answer
	Cut    bool // the answer breaks off in the middle
	// Applied lets the request take effect first: with Drop, Hang or a status, what was done but whose reply was lost. With
	// Delay or Cut alone the answer is the real one.
	Applied bool
}

// Broken-down services, in GitHub's words. Change their fields at will.
var (
	// Unavailable is 503.
	Unavailable = Fault{Status: http.StatusServiceUnavailable, Body: `{"message":"Service unavailable"}`}
	// BadGateway is a proxy's 502, which is HTML.
	BadGateway = Fault{Status: http.StatusBadGateway, Header: map[string]string{"Content-Type": "text/html"}, Body: "<html><title>502</title></html>"}
	// NotFound is 404.
	NotFound = Fault{Status: http.StatusNotFound, Body: `{"message":"Not Found","documentation_url":"https://docs.github.com/rest","status":"404"}`}
	// Conflict is 409.
	Conflict = Fault{Status: http.StatusConflict, Body: `{"message":"Conflict","documentation_url":"https://docs.github.com/rest","status":"409"}`}
	// IssuesDisabled is 410.
	IssuesDisabled = Fault{Status: http.StatusGone, Body: `{"message":"Issues has been disabled in this repository.","documentation_url":"https://docs.github.com/v3/issues/","status":"410"}`}
	// Forbidden is the 403 of a token that lacks a permission.
	Forbidden = Fault{Status: http.StatusForbidden, Header: map[string]string{"X-Accepted-GitHub-Permissions": "pull_requests=write"},
		Body: `{"message":"` + notAccessible + `","documentation_url":"https://docs.github.com/rest","status":"403"}`}
	// GraphQLForbidden and GraphQLLimited are errors with status 200.
	GraphQLForbidden = Fault{Status: http.StatusOK, Body: `{"data":null,"errors":[{"type":"FORBIDDEN","message":"` + notAccessible + `"}]}`}
	GraphQLLimited   = Fault{Status: http.StatusOK, Body: `{"data":null,"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`}
)

const notAccessible = "Resource not accessible by integration"

// SecondaryLimit is the limit on bursts: status 403 or 429, and Retry-After unless it is 0.
func SecondaryLimit(status, retryAfter int) Fault {
	header := map[string]string{}
	if retryAfter > 0 {
		header["Retry-After"] = strconv.Itoa(retryAfter)
	}
	return Fault{Status: status, Header: header, Body: `{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",` +
		`"documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`}
}

// For returns the fault limited to the first requests that match.
func (f Fault) For(times int) Fault { f.Times = times; return f }

type arranged struct {
	Fault
	match Match
	seen  int
}

// Fault lets something go wrong with the requests that match. Of several faults the first arranged that is due counts.
func (s *Server) Fault(match Match, fault Fault) {
	s.wire.Lock()
	defer s.wire.Unlock()
	s.faults = append(s.faults, &arranged{Fault: fault, match: match})
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() {
	s.wire.Lock()
	defer s.wire.Unlock()
	s.faults = nil
}

func (s *Server) dueFault(request *Request) *Fault {
	s.wire.Lock()
	defer s.wire.Unlock()
	for _, f := range s.faults {
		if !f.match(request) {
			continue
		}
		f.seen++
		if f.seen > f.Skip && (f.Times == 0 || f.seen <= f.Skip+f.Times) {
			return &f.Fault
		}
	}
	return nil
}

// replace turns the real answer, nil if there was none, into what the fault sends.
func (f *Fault) replace(real *answer) *answer {
	if real != nil && f.Status == 0 {
		return real
	}
	status := f.Status
	if status == 0 {
		status = http.StatusInternalServerError
	}
	a := &answer{status: status, header: http.Header{"Content-Type": {jsonType}}, body: []byte(f.Body)}
	if f.Body == "" {
		a.body = encode(object{"message": http.StatusText(status)})
	}
	for name, value := range f.Header {
		a.header.Set(name, value)
	}
	return a
}

// wait holds a request up as long as the fault says; false when there is to be no answer.
func (f *Fault) wait(ctx, closing context.Context) bool {
	var over <-chan time.Time
	if !f.Hang {
		if f.Delay == 0 {
			return !f.Drop
		}
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return !f.Drop
	case <-ctx.Done():
	case <-closing.Done():
	}
	return false
}
