package github

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	maxTries     = 4           // of one request
	secondary    = time.Minute // to wait for a secondary rate limit that names no time; doubled each time
	firstBackoff = time.Second // after a failure of the server or the network; doubled each time
)

// left is what remains of the run's time. Time that was waited counts even if the clock did not move.
func (t *transport) left() time.Duration {
	return t.budget - max(t.now().Sub(t.started), t.waited)
}

func (t *transport) pause(ctx context.Context, d time.Duration) error {
	t.waited += d
	return t.sleep(ctx, d)
}

// pace holds a write back until a second after the last one, and any request once time is up.
func (t *transport) pace(ctx context.Context, cl *call) *Error {
	var d time.Duration
	if cl.write && !t.lastWrite.IsZero() {
		d = max(betweenWrites-t.now().Sub(t.lastWrite), 0)
	}
	if t.left() <= d {
		return &Error{Kind: OutOfTime, What: cl.what, Message: fmt.Sprintf("the %s for GitHub in one run are used up", t.budget)}
	}
	if d > 0 {
		if err := t.pause(ctx, d); err != nil {
			return broken(cl, err)
		}
	}
	if cl.write {
		t.lastWrite = t.now()
	}
	return nil
}

// wait says whether a failed request may be made again, and when. Limits were not carried out, so that anything may be
// repeated after them; other failures only where a second time does no harm.
func (t *transport) wait(cl *call, e *Error, resp *http.Response, try int) (time.Duration, bool) {
	more := try+1 < maxTries
	switch e.Kind {
	case RateLimited:
		return t.limited(resp, try), more
	case Server, Timeout, Network:
		d := firstBackoff << try
		if resp != nil {
			if after, ok := t.after(resp); ok {
				d = max(after, d)
			}
		}
		return d, more && (!cl.write || cl.again || e.notSent)
	}
	return 0, false
}

// limited is how long a rate limit lasts: Retry-After, else the reset if nothing remains, else a minute, doubled.
func (t *transport) limited(resp *http.Response, try int) time.Duration {
	if after, ok := t.after(resp); ok {
		return after
	}
	if resp.Header.Get("X-RateLimit-Remaining") == "0" {
		if at, err := strconv.ParseInt(resp.Header.Get("X-RateLimit-Reset"), 10, 64); err == nil {
			return max(time.Unix(at, 0).Sub(t.now()), 0) + time.Second
		}
	}
	return secondary << try
}

// after reads Retry-After: seconds, or a date.
func (t *transport) after(resp *http.Response) (time.Duration, bool) {
	raw := resp.Header.Get("Retry-After")
	if secs, err := strconv.ParseInt(raw, 10, 32); err == nil && secs >= 0 {
		return max(time.Duration(secs)*time.Second, firstBackoff), true
	}
	if at, err := http.ParseTime(raw); err == nil {
		return max(at.Sub(t.now()), firstBackoff), true
	}
	return 0, false
}
