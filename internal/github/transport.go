package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	maxAnswer      = 32 << 20         // bytes of one answer: trees are at most 7 MB, a page of comments 100 × 256 KiB
	requestTimeout = 30 * time.Second // GitHub itself cuts requests at 10 s
	betweenWrites  = time.Second      // GitHub asks for it, against secondary rate limits
	maxRedirects   = 5
)

// transport sends requests one after another, adds the token for the hosts it belongs to and for no other, spaces writes,
// bounds answers and time, and repeats what may be repeated.
type transport struct {
	base    http.RoundTripper
	token   string
	agent   string
	origins map[string]bool // scheme://host the token may go to
	sleep   func(context.Context, time.Duration) error
	now     func() time.Time

	mu        sync.Mutex
	budget    time.Duration
	started   time.Time
	waited    time.Duration
	lastWrite time.Time
}

func newTransport(cfg Config, urls ...*url.URL) *transport {
	t := &transport{base: http.DefaultTransport, token: cfg.Token, agent: cfg.UserAgent, origins: map[string]bool{},
		sleep: cfg.Sleep, now: cfg.Now, budget: cfg.Budget}
	if cfg.HTTP != nil && cfg.HTTP.Transport != nil {
		t.base = cfg.HTTP.Transport
	}
	if t.sleep == nil {
		t.sleep = sleep
	}
	if t.now == nil {
		t.now = time.Now
	}
	if t.budget <= 0 {
		t.budget = DefaultBudget
	}
	for _, u := range urls {
		t.origins[origin(u)] = true
	}
	t.started = t.now()
	return t
}

// origin is scheme://host, without the port that the scheme implies.
func origin(u *url.URL) string {
	host := u.Host
	if port := u.Port(); u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return strings.ToLower(u.Scheme + "://" + host)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// RoundTrip returns the last answer, or an *Error. It reads answers whole, so that one that breaks off is repeated too.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	ctx, cl := req.Context(), callOf(req.Context())
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	for try := 0; ; try++ {
		if e := t.pace(ctx, cl); e != nil {
			return nil, t.giveUp(cl, e)
		}
		resp, data, err := t.once(req, body, cl)
		var e *Error
		switch {
		case errors.As(err, &e):
		case err != nil:
			e = broken(cl, err)
		default:
			e = classify(cl, resp, data)
		}
		if e == nil {
			return answered(resp, data), nil
		}
		wait, ok := t.wait(cl, e, resp, try)
		if ctx.Err() != nil || !ok || wait >= t.left() {
			e.Retry = wait
			if err != nil {
				return nil, t.giveUp(cl, e)
			}
			t.giveUp(cl, e)
			return answered(resp, data), nil
		}
		if err := t.pause(ctx, wait); err != nil {
			return nil, t.giveUp(cl, broken(cl, err))
		}
	}
}

// giveUp leaves e where Client.do finds it.
func (t *transport) giveUp(cl *call, e *Error) *Error {
	e.Message = t.redact(e.Message)
	cl.failed = e
	return e
}

// redact keeps the token out of a text, should anything echo it.
func (t *transport) redact(s string) string {
	if t.token == "" {
		return s
	}
	return strings.ReplaceAll(s, t.token, "***")
}

// once makes one attempt.
func (t *transport) once(req *http.Request, body []byte, cl *call) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(req.Context(), min(requestTimeout, t.left()))
	defer cancel()
	out := req.Clone(ctx)
	out.Body, out.ContentLength = nil, 0
	if body != nil {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	out.Header.Del("Authorization")
	if t.token != "" && t.origins[origin(req.URL)] {
		out.Header.Set("Authorization", "Bearer "+t.token)
	}
	if t.agent != "" {
		out.Header.Set("User-Agent", t.agent)
	}
	resp, err := t.base.RoundTrip(out)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	limit := cl.limit
	if limit == 0 {
		limit = maxAnswer
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, nil, err
	}
	if int64(len(data)) > limit {
		return nil, nil, &Error{Kind: BadAnswer, What: cl.what, Status: resp.StatusCode, MayBeDone: cl.write,
			Message: fmt.Sprintf("the answer is larger than %d bytes", limit)}
	}
	return resp, data, nil
}

// answered is resp with the body that was read, and without the headers by which go-github would refuse further
// requests by itself, with an answer that GitHub never gave (reference/github.md §3.7).
func answered(resp *http.Response, data []byte) *http.Response {
	resp.Body = io.NopCloser(bytes.NewReader(data))
	for _, h := range []string{"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"} {
		resp.Header.Del(h)
	}
	return resp
}
