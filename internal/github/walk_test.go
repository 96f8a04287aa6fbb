package github

import (
	"fmt"
	"math/rand"
	"net/http"
	"strings"
	"testing"
)

// TestRandomWalks lets findings come and go, GitHub fail and people interfere, and then asks what must hold after any quiet run.
func TestRandomWalks(t *testing.T) {
	for seed := range int64(20) {
		rnd := rand.New(rand.NewSource(seed))
		h := newHub(t)
		people := map[*fakeComment]string{}
		people[h.thread(human, "Why so much memory?").comments[0]] = "Why so much memory?"
		for step := range 12 {
			in := randomFindings(rnd)
			interfere(rnd, h, people)
			broken := []string{"POST", "mutation", "query ReviewThreads", "minimizeComment", "updatePullRequestReviewComment", "PATCH"}[rnd.Intn(6)]
			bad, left := say([]int{403, 404, 422, 429, 500, 502}[rnd.Intn(6)], `{"message":"no"}`), rnd.Intn(3)
			h.intercept = func(op string) http.HandlerFunc {
				if left > 0 && strings.HasPrefix(op, broken) {
					left--
					return bad
				}
				return nil
			}
			o := ReviewOptions{Resolve: rnd.Intn(2) == 0}
			_, _ = syncReview(t, h, o, in...) // whatever becomes of it
			h.intercept = nil
			res, err := syncReview(t, h, o, in...)
			if err != nil || len(res.Problems) > 0 {
				t.Fatalf("seed %d, step %d: %v %v", seed, step, err, res.Problems)
			}
			holds(t, fmt.Sprintf("seed %d, step %d", seed, step), h, res, in)
			n := len(h.writes())
			if res, _ := syncReview(t, h, o, in...); len(h.writes()) != n {
				t.Fatalf("seed %d, step %d: a second run writes: %s %v", seed, step, brief(res), h.writes()[n:])
			}
		}
		for c, body := range people {
			if c.minimized != "" || c.body != body {
				t.Errorf("seed %d: a person's comment was touched: %+v", seed, c)
			}
		}
	}
}

func randomFindings(rnd *rand.Rand) (out []Inline) {
	for k := range 6 {
		if rnd.Intn(3) == 0 {
			continue
		}
		start := 1 + rnd.Intn(3)
		end := start + rnd.Intn(4-start)
		out = append(out, Inline{Key: fmt.Sprint("k", k), Path: "config.yaml", StartLine: start, EndLine: end, Exact: rnd.Intn(2) == 0,
			Body: fmt.Sprintf("text %d of k%d", rnd.Intn(2), k)})
	}
	return out
}

// interfere does what people and pushes do.
func interfere(rnd *rand.Rand, h *fakeHub, people map[*fakeComment]string) {
	th := h.threads[rnd.Intn(len(h.threads))]
	switch rnd.Intn(5) {
	case 0:
		th.outdated = true
	case 1:
		th.comments = append(th.comments, &fakeComment{id: 10_000 + len(h.ops), author: human, body: "Really?"})
	case 2:
		body := h.threads[rnd.Intn(len(h.threads))].comments[0].body // a copy, marker and all
		people[h.thread(human, body).comments[0]] = body
	case 3:
		th.resolved = !th.resolved
	}
}

func holds(t *testing.T, when string, h *fakeHub, res ReviewResult, in []Inline) {
	t.Helper()
	if n := len(res.Posted) + len(res.Kept) + len(res.Updated) + len(res.Reopened) + len(res.Overflow); n != len(in) {
		t.Errorf("%s: %d of %d findings: %s", when, n, len(in), brief(res))
	}
	if len(res.Overflow) > 0 {
		t.Errorf("%s: all can be placed: %+v", when, res.Overflow)
	}
	want := map[string]Inline{}
	for _, f := range in {
		want[f.Key] = f
	}
	open := map[string]int{}
	for _, th := range h.threads {
		c := th.comments[0]
		m, text, ok := parseMarker(c.body)
		if c.author != bot || !ok || m.State != stateOpen || c.minimized != "" {
			continue
		}
		open[m.Key]++
		f, found := want[m.Key]
		if !found {
			t.Errorf("%s: %s is gone and its comment does not say so", when, m.Key)
			continue
		}
		if !th.resolved && !th.outdated {
			if text != f.Body {
				t.Errorf("%s: %s says %q", when, m.Key, text)
			}
		}
	}
	for key := range want {
		if open[key] != 1 {
			t.Fatalf("%s: %d comments for %s: %q; last %q %s", when, open[key], key, h.dump(key), h.ops[max(0, len(h.ops)-12):], brief(res))
		}
	}
}

// dump tells what the comments for a finding say.
func (h *fakeHub) dump(key string) (out []string) {
	for _, th := range h.threads {
		if m, text, _ := parseMarker(th.comments[0].body); m.Key == key {
			out = append(out, fmt.Sprintf("%s: %s %q minimised %q resolved %v outdated %v", th.comments[0].author, m.State, text, th.comments[0].minimized, th.resolved, th.outdated))
		}
	}
	return out
}
