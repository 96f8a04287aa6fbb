package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// changed is a pull request that adds lines 1 to 3 of config.yaml and line 52 among context, and changes 60 files.
func changed() *Files {
	f := &Files{List: []File{
		{Path: "config.yaml", Status: "modified", Patch: "@@ -0,0 +1,3 @@\n+a\n+b\n+c\n@@ -48,4 +50,5 @@\n x\n y\n+z\n x\n y"},
		{Path: "logo.png", Status: "added"},
		{Path: "old.sh", Status: "removed", Patch: "@@ -1 +0,0 @@\n-a"},
	}}
	for i := range 60 {
		f.List = append(f.List, File{Path: fmt.Sprintf("f%02d.yaml", i), Status: "added", Patch: "@@ -0,0 +1 @@\n+a"})
	}
	return f
}

func at(key string, start, end int) Inline {
	return Inline{Key: key, Path: "config.yaml", StartLine: start, EndLine: end, Body: "text of " + key}
}

func syncReview(t *testing.T, h *fakeHub, o ReviewOptions, inlines ...Inline) (ReviewResult, error) {
	t.Helper()
	if o.Files == nil {
		o.Files = changed()
	}
	c, _ := client(t, h)
	to := h.target()
	to.HeadSHA = h.head
	return c.SyncReview(context.Background(), to, "gate", inlines, o)
}

// brief is a result in one line.
func brief(r ReviewResult) string {
	var parts []string
	add := func(name string, keys []string) {
		if len(keys) > 0 {
			parts = append(parts, name+" "+strings.Join(keys, ","))
		}
	}
	keys := func(ps []Placed) (out []string) {
		for _, p := range ps {
			out = append(out, p.Key)
		}
		return out
	}
	add("posted", keys(r.Posted))
	add("kept", keys(r.Kept))
	add("updated", keys(r.Updated))
	add("reopened", keys(r.Reopened))
	var gone, left []string
	for _, f := range r.Fixed {
		gone = append(gone, f.Key)
	}
	for _, l := range r.Overflow {
		left = append(left, l.Key)
	}
	add("fixed", gone)
	add("left", left)
	if r.Hidden > 0 {
		parts = append(parts, fmt.Sprintf("hidden %d", r.Hidden))
	}
	return strings.Join(parts, "; ")
}

func TestReviewOverTheLifeOfAPullRequest(t *testing.T) {
	h := newHub(t)
	check := func(name, want string, writes int, inlines ...Inline) {
		t.Helper()
		before := len(h.writes())
		got, err := syncReview(t, h, ReviewOptions{}, inlines...)
		if err != nil || brief(got) != want || len(got.Problems) > 0 {
			t.Errorf("%s: %s, want %s; %v %v", name, brief(got), want, err, got.Problems)
		}
		if n := len(h.writes()) - before; n != writes {
			t.Errorf("%s: writes %v", name, h.writes()[before:])
		}
	}
	check("nothing", "", 0)
	check("first", "posted a,b", 1, at("a", 1, 1), at("b", 2, 3))
	if h.threads[1].start != 2 || h.threads[1].line != 3 || h.threads[0].start != 0 || h.threads[0].line != 1 {
		t.Errorf("%+v %+v", h.threads[0], h.threads[1])
	}
	check("same again", "kept a,b", 0, at("a", 1, 1), at("b", 2, 3))

	h.head = fakeSHA(2) // a rebase: GitHub cannot place the old comments any more, the findings are at other lines
	for _, th := range h.threads {
		th.outdated = true
	}
	check("rebased", "kept a,b", 0, at("a", 3, 3), at("b", 52, 52))
	for _, th := range h.threads {
		th.outdated = false
	}
	changedText := at("a", 1, 1)
	changedText.Body = "another text"
	check("text changed", "kept b; updated a", 2, changedText, at("b", 2, 3)) // the request, and the edit in it
	check("one fixed, one new", "posted c; kept a; fixed b", 5, changedText, at("c", 1, 1))
	b := h.threads[1].comments[0]
	if b.minimized != "RESOLVED" || !strings.Contains(b.body, "**Fixed.**") || strings.Contains(b.body, "text of b") || h.threads[1].resolved {
		t.Errorf("%+v", b)
	}
	check("still fixed", "kept a,c", 0, changedText, at("c", 1, 1))
	check("back again", "kept a,c; reopened b", 4, changedText, at("c", 1, 1), at("b", 2, 3))
	if b.minimized != "" || !strings.HasSuffix(b.body, "\ntext of b") {
		t.Errorf("%+v", b)
	}
	check("fixed again", "kept a,c; fixed b", 4, changedText, at("c", 1, 1))
	h.threads[1].outdated = true
	check("back, but GitHub shows the old one no more", "posted b; kept a,c", 1, changedText, at("c", 1, 1), at("b", 2, 3))
	check("all fixed", "fixed a,c,b", 8)
	if len(h.threads) != 4 {
		t.Errorf("%d threads", len(h.threads))
	}
}

func TestReviewPlacesOnlyWhatTheDiffShows(t *testing.T) {
	tests := []struct {
		name string
		in   Inline
		want string // part of the reason, "" if it is posted
		from int    // start_line and line of what is posted
		to   int
	}{
		{"added line", at("a", 2, 2), "", 0, 2},
		{"range", at("a", 1, 3), "", 1, 3},
		{"end not given", at("a", 2, 0), "", 0, 2},
		{"cut to the hunk", at("a", 2, 9), "", 2, 3},
		{"cut at the front", at("a", 40, 52), "", 50, 52},
		{"exact ones are not cut", Inline{Key: "a", Path: "config.yaml", StartLine: 2, EndLine: 9, Exact: true}, "does not show", 0, 0},
		{"context", at("a", 50, 50), "does not change these lines", 0, 0},
		{"between hunks", at("a", 20, 20), "does not show", 0, 0},
		{"line 0", at("a", 0, 0), "does not show", 0, 0},
		{"unchanged file", Inline{Key: "a", Path: "x.yaml", StartLine: 1, EndLine: 1}, "does not change the file", 0, 0},
		{"binary", Inline{Key: "a", Path: "logo.png", StartLine: 1, EndLine: 1}, "too large or binary", 0, 0},
		{"removed", Inline{Key: "a", Path: "old.sh", StartLine: 1, EndLine: 1}, "removed", 0, 0},
		{"marker in the text", Inline{Key: "a", Path: "config.yaml", StartLine: 1, EndLine: 1, Body: "<!-- x -->"}, "HTML comment", 0, 0},
		{"too long", Inline{Key: "a", Path: "config.yaml", StartLine: 1, EndLine: 1, Body: strings.Repeat("x", MaxUnits)}, "too long", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHub(t)
			got, err := syncReview(t, h, ReviewOptions{}, tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if tt.want != "" {
				if len(got.Overflow) != 1 || !strings.Contains(got.Overflow[0].Reason, tt.want) || len(h.writes()) != 0 {
					t.Errorf("%+v", got)
				}
				return
			}
			if len(got.Posted) != 1 || h.threads[0].start != tt.from || h.threads[0].line != tt.to {
				t.Errorf("%+v %+v", got, h.threads)
			}
		})
	}
	h := newHub(t)
	if got, _ := syncReview(t, h, ReviewOptions{Context: true}, at("a", 50, 50)); len(got.Posted) != 1 {
		t.Errorf("context allowed: %+v", got)
	}
	cut := changed()
	cut.Incomplete = "only 3000"
	if got, _ := syncReview(t, h, ReviewOptions{Files: cut}, Inline{Key: "z", Path: "x.yaml", StartLine: 1}); !strings.Contains(got.Overflow[0].Reason, "only 3000") {
		t.Errorf("%+v", got)
	}
}

func many(n int) (out []Inline) {
	for i := range n {
		out = append(out, Inline{Key: fmt.Sprint("k", i), Path: fmt.Sprintf("f%02d.yaml", i), StartLine: 1, EndLine: 1, Body: "x"})
	}
	return out
}

func TestReviewIsCapped(t *testing.T) {
	h := newHub(t)
	got, err := syncReview(t, h, ReviewOptions{}, many(60)...)
	if err != nil || len(got.Posted) != MaxInline || len(got.Overflow) != 60-MaxInline || h.count("POST") != 1 {
		t.Fatalf("%d posted, %d left, %v", len(got.Posted), len(got.Overflow), err)
	}
	if !strings.Contains(got.Overflow[0].Reason, "more than 25") {
		t.Error(got.Overflow[0].Reason)
	}
	got, _ = syncReview(t, h, ReviewOptions{}, many(60)...)
	if len(got.Kept) != MaxInline || len(got.Posted) != 0 || h.count("POST") != 1 {
		t.Errorf("the next push posts the next ones: %s", brief(got))
	}
	got, _ = syncReview(t, h, ReviewOptions{}, many(60)[5:]...)
	if len(got.Kept) != MaxInline-5 || len(got.Fixed) != 5 || len(got.Posted) != 5 {
		t.Errorf("room for five: %s", brief(got))
	}
}

func TestCallsDoNotGrowWithFindings(t *testing.T) {
	requests := func(n int) int {
		h := newHub(t)
		o := ReviewOptions{Max: 50, Resolve: true}
		if _, err := syncReview(t, h, o, many(n)...); err != nil {
			t.Fatal(err)
		}
		h.ops = nil
		if _, err := syncReview(t, h, o); err != nil {
			t.Fatal(err)
		}
		return h.count("query") + h.count("mutation") + h.count("P") + h.count("GET")
	}
	if one, ten := requests(1), requests(10); one != ten || one != 3 {
		t.Errorf("%d for one, %d for ten", one, ten)
	}
	if all := requests(50); all > 3+2*(50/mutationsPerCall+1) {
		t.Errorf("%d for fifty", all)
	}
}

func TestReviewLeavesPeopleAlone(t *testing.T) {
	h := newHub(t)
	if _, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1), at("b", 2, 2), at("c", 3, 3)); err != nil {
		t.Fatal(err)
	}
	spoof := h.thread(human, h.threads[0].comments[0].body) // carries our marker for a
	h.threads[1].resolved = true                            // a person resolved b, which still applies
	h.threads[2].comments = append(h.threads[2].comments, &fakeComment{id: 900, author: human, body: "why?"})
	before := spoof.comments[0].body
	b := at("b", 2, 2)
	b.Body = "new text"
	got, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1), b)
	if err != nil || brief(got) != "kept a,b; fixed c" || !got.Kept[1].Resolved {
		t.Errorf("%s %v", brief(got), err)
	}
	if spoof.comments[0].body != before || spoof.comments[0].minimized != "" {
		t.Error("somebody else's comment was touched")
	}
	if !strings.HasSuffix(h.threads[1].comments[0].body, "text of b") {
		t.Error("a resolved thread was written to")
	}
	if len(h.threads[2].comments) != 2 || h.count("DELETE") != 0 {
		t.Error("a reply is gone")
	}
}

func TestUndecidedIsNotFixed(t *testing.T) {
	h := newHub(t)
	if _, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1), at("b", 2, 2)); err != nil {
		t.Fatal(err)
	}
	got, _ := syncReview(t, h, ReviewOptions{Keep: func(key string) bool { return key == "a" }})
	if brief(got) != "fixed b" {
		t.Error(brief(got))
	}
}

func TestThreadsAreResolvedWhereAllowed(t *testing.T) {
	h := newHub(t)
	o := ReviewOptions{Resolve: true}
	if _, err := syncReview(t, h, o, at("a", 1, 1)); err != nil {
		t.Fatal(err)
	}
	if got, _ := syncReview(t, h, o); brief(got) != "fixed a" || !h.threads[0].resolved || h.threads[0].comments[0].minimized != "" {
		t.Errorf("%s %+v", brief(got), h.threads[0])
	}
	if got, _ := syncReview(t, h, o, at("a", 1, 1)); brief(got) != "reopened a" || h.threads[0].resolved {
		t.Errorf("%s %+v", brief(got), h.threads[0])
	}
	fail("resolveReviewThread", say(0, ""))(h) // contents: write is missing
	got, err := syncReview(t, h, o)
	if err != nil || brief(got) != "fixed a" || h.threads[0].resolved || h.threads[0].comments[0].minimized != "RESOLVED" || len(got.Problems) != 1 {
		t.Errorf("%s %v %v %+v", brief(got), err, got.Problems, h.threads[0])
	}
	if !strings.Contains(got.Problems[0].Error(), "contents: write") {
		t.Error(got.Problems[0])
	}
}

func TestReviewsOfTwoRunsAtOnce(t *testing.T) {
	h := newHub(t)
	once := true
	h.after = func(op string) {
		if op == "query ReviewThreads" && once {
			once = false
			body, _ := compose(Marker{Kind: kindInline, Gate: "gate", Key: "a", State: stateOpen, SHA: h.head}, "text of a")
			h.thread(bot, body)
		}
	}
	got, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1))
	if err != nil || brief(got) != "posted a; hidden 1" || h.threads[0].comments[0].minimized != "" || h.threads[1].comments[0].minimized != "DUPLICATE" {
		t.Errorf("%s %v %+v", brief(got), err, h.threads)
	}
	n := len(h.writes())
	if got, _ := syncReview(t, h, ReviewOptions{}, at("a", 1, 1)); brief(got) != "kept a" || len(h.writes()) != n {
		t.Errorf("%s", brief(got))
	}
}

func TestThreadsBeyondTheFirstPage(t *testing.T) {
	h := newHub(t)
	for i := range 230 {
		h.thread(human, fmt.Sprint("remark ", i))
	}
	if _, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1)); err != nil {
		t.Fatal(err)
	}
	if got, _ := syncReview(t, h, ReviewOptions{}, at("a", 1, 1)); brief(got) != "kept a" || len(h.threads) != 231 {
		t.Error(brief(got))
	}
}

func TestRefusedLines(t *testing.T) {
	added, mixed := at("added", 1, 2), at("mixed", 51, 52)
	tests := []struct {
		name    string
		refuse  func(path string, start, end int) bool // true is in the diff
		in      []Inline
		want    string
		reviews int
	}{
		{"one that is not all added", func(_ string, start, _ int) bool { return start != 51 }, []Inline{added, mixed}, "posted added; left mixed", 2},
		{"all", func(string, int, int) bool { return false }, []Inline{added, mixed}, "left added,mixed", 2},
		{"only certain ones", func(string, int, int) bool { return false }, []Inline{added}, "left added", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHub(t)
			h.inDiff = tt.refuse
			got, err := syncReview(t, h, ReviewOptions{}, tt.in...)
			if err != nil || brief(got) != tt.want || h.count("POST") != tt.reviews {
				t.Errorf("%s %v %v", brief(got), err, h.ops)
			}
			for _, l := range got.Overflow {
				if !strings.Contains(l.Reason, "must be part of the diff") {
					t.Error(l.Reason)
				}
			}
		})
	}
	list := []fresh{{Inline: Inline{Path: "a.yaml"}, sure: true}, {Inline: Inline{Path: "b.yaml"}, sure: true}}
	if got := certain(list, &Error{Message: "line 3 of b.yaml is not in the diff"}); len(got) != 1 || got[0].Path != "a.yaml" {
		t.Errorf("%+v", got)
	}
	list[1].sure = false
	if got := certain(list, &Error{Message: "line must be part of the diff"}); len(got) != 1 || got[0].Path != "a.yaml" {
		t.Errorf("%+v", got)
	}
	if got := certain(list, &Error{Message: "User can only have one pending review per pull request"}); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestReviewIsRefused(t *testing.T) {
	tests := []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		posts  int
	}{
		{"403", say(403, notAccessible), 1},
		{"404", say(404, `{"message":"Not Found"}`), 1},
		{"410", say(410, `{}`), 1},
		{"409", say(409, `{}`), 1},
		{"500 for ever", say(500, `{}`), 2},
		{"limit for long", say(403, secondaryBody, "Retry-After: 9999"), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHub(t)
			fail("POST pulls/7/reviews", tt.answer)(h)
			got, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1), at("b", 2, 2))
			if err != nil || brief(got) != "left a,b" || h.count("POST") != tt.posts {
				t.Errorf("%s %v %v", brief(got), err, h.ops)
			}
			if tt.posts == 1 && len(got.Problems) != 1 {
				t.Errorf("%v", got.Problems)
			}
		})
	}
}

func TestReviewThatFailedButWasTaken(t *testing.T) {
	h := newHub(t)
	h.intercept = func(op string) http.HandlerFunc {
		if op != "POST pulls/7/reviews" {
			return nil
		}
		body, _ := compose(Marker{Kind: kindInline, Gate: "gate", Key: "a", State: stateOpen, SHA: h.head}, "text of a")
		h.thread(bot, body)
		return say(504, `{}`)
	}
	got, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1))
	if err != nil || brief(got) != "posted a" || h.count("POST") != 1 {
		t.Errorf("%s %v %v", brief(got), err, h.ops)
	}
}

func TestReviewIsSkipped(t *testing.T) {
	for _, change := range []func(*fakeHub){func(h *fakeHub) { h.locked = true }, func(h *fakeHub) { h.after = func(string) {}; h.head = fakeSHA(2) }} {
		h := newHub(t)
		change(h)
		c, _ := client(t, h)
		got, err := c.SyncReview(context.Background(), h.target(), "gate", []Inline{at("a", 1, 1)}, ReviewOptions{Files: changed()})
		if err != nil || got.Skipped == "" || brief(got) != "left a" || len(h.writes()) != 0 {
			t.Errorf("%+v %v", got, err)
		}
	}
	h := newHub(t)
	fail("", say(404, `{}`))(h)
	got, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1))
	if !errors.Is(err, NotFound) || brief(got) != "left a" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestReviewWithoutGraphQL(t *testing.T) {
	h := newHub(t)
	h.intercept = func(op string) http.HandlerFunc {
		if op == "query ReviewThreads" || strings.HasPrefix(op, "mutation") {
			return say(502, `{}`)
		}
		return nil
	}
	if got, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1), at("b", 2, 2)); err != nil || brief(got) != "posted a,b" {
		t.Fatalf("%s %v", brief(got), err)
	}
	h.thread(human, h.threads[0].comments[0].body)
	b := at("b", 2, 2)
	b.Body = "new text"
	got, err := syncReview(t, h, ReviewOptions{}, b)
	if err != nil || brief(got) != "updated b; fixed a" || !strings.Contains(h.threads[0].comments[0].body, "**Fixed.**") {
		t.Errorf("%s %v %v", brief(got), err, got.Problems)
	}
}

func TestEditsGoByRESTWhereGraphQLForbidsThem(t *testing.T) {
	h := newHub(t)
	if _, err := syncReview(t, h, ReviewOptions{}, many(20)...); err != nil {
		t.Fatal(err)
	}
	fail("updatePullRequestReviewComment", say(0, ""))(h)
	got, err := syncReview(t, h, ReviewOptions{})
	if err != nil || len(got.Fixed) != maxSingle || h.count("PATCH") != maxSingle || len(got.Problems) != 1 {
		t.Errorf("%s %v %v", brief(got), err, got.Problems)
	}
	got, _ = syncReview(t, h, ReviewOptions{})
	if len(got.Fixed) != 20-maxSingle {
		t.Errorf("the next run goes on: %s", brief(got))
	}
}

func TestSuggestionForOtherLinesIsPostedAnew(t *testing.T) {
	h := newHub(t)
	exact := func(text string, start, end int) Inline {
		return Inline{Key: "a", Path: "config.yaml", StartLine: start, EndLine: end, Exact: true, Body: text}
	}
	for _, step := range []struct {
		in   Inline
		want string
	}{
		{exact("one line", 2, 2), "posted a"},
		{exact("one other line", 2, 2), "updated a"},
		{exact("two lines", 2, 3), "posted a; hidden 1"},
		{exact("two lines", 2, 3), "kept a"},
		{exact("beyond the diff", 3, 9), "kept a"}, // rather the old one than none
	} {
		if got, err := syncReview(t, h, ReviewOptions{}, step.in); err != nil || brief(got) != step.want || len(got.Problems) > 0 {
			t.Errorf("%s: %s, want %s; %v %v", step.in.Body, brief(got), step.want, err, got.Problems)
		}
	}
	old, now := h.threads[0].comments[0], h.threads[1].comments[0]
	if len(h.threads) != 2 || old.minimized != "OUTDATED" || strings.Contains(old.body, "line\n") || !strings.HasSuffix(now.body, "\ntwo lines") {
		t.Errorf("%+v %+v", old, now)
	}
	if got, _ := syncReview(t, h, ReviewOptions{}); brief(got) != "fixed a" {
		t.Error(brief(got))
	}
	if got, _ := syncReview(t, h, ReviewOptions{}, exact("one line", 3, 3)); brief(got) != "posted a" {
		t.Errorf("the old ones stand elsewhere: %s", brief(got))
	}
	if got, _ := syncReview(t, h, ReviewOptions{}); brief(got) != "fixed a" {
		t.Error(brief(got))
	}
	if got, _ := syncReview(t, h, ReviewOptions{}, exact("two lines", 2, 3)); brief(got) != "reopened a" || !strings.HasSuffix(now.body, "\ntwo lines") {
		t.Error(brief(got))
	}
}

func TestWhatRESTCannotShowAgainIsPostedAnew(t *testing.T) {
	h := newHub(t)
	for _, in := range [][]Inline{{at("a", 1, 1)}, nil} { // posted, then fixed and minimised
		if _, err := syncReview(t, h, ReviewOptions{}, in...); err != nil {
			t.Fatal(err)
		}
	}
	fail("query ReviewThreads", say(502, `{}`))(h)
	got, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1))
	if err != nil || brief(got) != "posted a" || len(h.threads) != 2 || !strings.Contains(h.threads[0].comments[0].body, "**Fixed.**") {
		t.Errorf("%s %v", brief(got), err)
	}
}

func TestWhatCannotBeRewrittenIsNotHidden(t *testing.T) {
	h := newHub(t)
	if _, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1)); err != nil {
		t.Fatal(err)
	}
	h.intercept = func(op string) http.HandlerFunc {
		if op == "updatePullRequestReviewComment" || strings.HasPrefix(op, "PATCH") {
			return say(403, notAccessible)
		}
		return nil
	}
	got, err := syncReview(t, h, ReviewOptions{})
	if c := h.threads[0].comments[0]; err != nil || brief(got) != "" || len(got.Problems) != 1 || c.minimized != "" || !strings.HasSuffix(c.body, "\ntext of a") {
		t.Errorf("%s %v %v %+v", brief(got), err, got.Problems, c)
	}
}

func TestForbiddenChangesAreTriedOnce(t *testing.T) {
	h := newHub(t)
	fail("minimizeComment", say(0, ""))(h)
	c, _ := client(t, h)
	for i := range 3 {
		o := ReviewOptions{Files: changed()}
		in := at(fmt.Sprint("k", i), 1, 1)
		if _, err := c.SyncReview(context.Background(), h.target(), "gate", []Inline{in}, o); err != nil {
			t.Fatal(err)
		}
	}
	if h.count("minimizeComment") != 1 || h.count("updatePullRequestReviewComment") != 2 || c.GivenUp()[Hiding] == nil {
		t.Errorf("%v", h.ops)
	}
}

func TestEveryFindingIsInOnePlace(t *testing.T) {
	h := newHub(t)
	in := append(many(30), at("a", 1, 1), at("b", 20, 20), at("b", 1, 1))
	got, err := syncReview(t, h, ReviewOptions{}, in...)
	if err != nil {
		t.Fatal(err)
	}
	n := len(got.Posted) + len(got.Kept) + len(got.Updated) + len(got.Reopened) + len(got.Overflow)
	if n != len(in) {
		t.Errorf("%d of %d: %s", n, len(in), brief(got))
	}
	fields := reflect.TypeOf(got).NumField()
	if fields != 9 {
		t.Error("a new field of the result: is it counted here?")
	}
}
