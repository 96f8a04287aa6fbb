package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func summaryBody(t *testing.T, gate, text string) string {
	t.Helper()
	body, err := compose(Marker{Kind: kindSummary, Gate: gate, SHA: fakeSHA(0xa)}, text)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func syncSummary(t *testing.T, h *fakeHub, text string, o SummaryOptions) (SummaryResult, error) {
	t.Helper()
	c, _ := client(t, h)
	return c.SyncSummary(context.Background(), h.target(), "gate", text, o)
}

func TestSummaryIsCreatedKeptAndEdited(t *testing.T) {
	h := newHub(t)
	for _, step := range []struct {
		text   string
		done   Done
		writes int
	}{{"one", Created, 1}, {"one", Unchanged, 1}, {"one\r\n", Unchanged, 1}, {"two", Updated, 2}, {"two", Unchanged, 2}} {
		got, err := syncSummary(t, h, step.text, SummaryOptions{})
		if err != nil || got.Done != step.done || got.URL != "https://github.example/c/101" || len(h.writes()) != step.writes || len(h.comments) != 1 {
			t.Fatalf("%q: %+v %v %v", step.text, got, err, h.writes())
		}
	}
	h.comments[0].body += " (somebody wrote into it)"
	if got, _ := syncSummary(t, h, "two", SummaryOptions{}); got.Done != Updated || strings.Contains(h.comments[0].body, "somebody") {
		t.Errorf("%+v", got)
	}
}

func TestSummaryWhenClean(t *testing.T) {
	quiet := SummaryOptions{Clean: true, QuietWhenClean: true}
	h := newHub(t)
	if got, err := syncSummary(t, h, "all is well", quiet); err != nil || got.Done != Skipped || len(h.writes()) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	if got, _ := syncSummary(t, h, "all is well", SummaryOptions{Clean: true}); got.Done != Created {
		t.Errorf("%+v", got)
	}
	if got, _ := syncSummary(t, h, "still well", quiet); got.Done != Updated {
		t.Errorf("there was one: %+v", got)
	}
}

func TestSummaryOfOthersIsLeftAlone(t *testing.T) {
	h := newHub(t)
	spoofs := []*fakeComment{
		h.comment(human, summaryBody(t, "gate", "all is well")),
		h.comment("other-app[bot]", summaryBody(t, "gate", "all is well")),
		h.comment(bot, summaryBody(t, "another-gate", "x")),
		h.comment(bot, "quoted: "+summaryBody(t, "gate", "x")),
		h.comment(bot, "> "+summaryBody(t, "gate", "x")),
	}
	var before []string
	for _, s := range spoofs {
		before = append(before, s.body)
	}
	for _, want := range []Done{Created, Unchanged} {
		if got, err := syncSummary(t, h, "no", SummaryOptions{}); err != nil || got.Done != want {
			t.Fatalf("%+v %v", got, err)
		}
	}
	for i, s := range spoofs {
		if s.body != before[i] || s.minimized != "" {
			t.Errorf("%s's comment was touched", s.author)
		}
	}
	if len(h.comments) != len(spoofs)+1 {
		t.Error("not exactly one comment of ours")
	}
}

func TestSummaryBeyondTheFirstPage(t *testing.T) {
	h := newHub(t)
	for i := range 250 {
		h.comment(human, fmt.Sprint("remark ", i))
	}
	ours := h.comment(bot, summaryBody(t, "gate", "old"))
	h.comment(human, "last word")
	got, err := syncSummary(t, h, "new", SummaryOptions{})
	if err != nil || got.Done != Updated || !strings.HasSuffix(ours.body, "\nnew") || len(h.comments) != 252 || h.count("query IssueComments") != 3 {
		t.Errorf("%+v %v %v", got, err, h.ops)
	}
}

func TestSummaryOfTwoRunsAtOnce(t *testing.T) {
	h := newHub(t)
	once := true
	h.after = func(op string) {
		if op == "query IssueComments" && once { // the other run posts after we looked
			once = false
			h.comment(bot, summaryBody(t, "gate", "by the other run"))
		}
	}
	got, err := syncSummary(t, h, "ours", SummaryOptions{})
	if err != nil || got.Hidden != 1 || len(h.comments) != 2 {
		t.Fatalf("%+v %v", got, err)
	}
	if first := h.comments[0]; first.minimized != "" || !strings.HasSuffix(first.body, "\nours") {
		t.Errorf("the oldest stays, and says the newest: %+v", first)
	}
	if h.comments[1].minimized != "DUPLICATE" {
		t.Errorf("%+v", h.comments[1])
	}
	n := len(h.writes())
	if got, err := syncSummary(t, h, "ours", SummaryOptions{}); err != nil || got.Done != Unchanged || len(h.writes()) != n {
		t.Errorf("%+v %v %v", got, err, h.writes()[n:])
	}
}

func TestPagesThatLeadNowhere(t *testing.T) {
	h := newHub(t)
	endless := data("repository", map[string]any{"pullRequest": map[string]any{"headRefOid": h.head,
		"comments":      map[string]any{"nodes": []any{}, "pageInfo": map[string]any{"endCursor": "x", "hasNextPage": true}},
		"reviewThreads": map[string]any{"nodes": []any{}, "pageInfo": map[string]any{"endCursor": "x", "hasNextPage": true}}}})
	fail("query ", say(200, asJSON(endless)))(h)
	if _, err := syncSummary(t, h, "text", SummaryOptions{}); err == nil || len(h.writes()) != 0 || h.count("query IssueComments") != 2 {
		t.Errorf("%v %v", err, h.ops)
	}
	if _, err := syncReview(t, h, ReviewOptions{}, at("a", 1, 1)); err == nil || len(h.writes()) != 0 || h.count("query ReviewThreads") != 2 {
		t.Errorf("%v %v", err, h.ops)
	}
}

func TestTextThatIsNoUTF8IsSilentToo(t *testing.T) {
	h := newHub(t)
	for _, want := range []Done{Created, Unchanged} {
		if got, err := syncSummary(t, h, "caf\xe9", SummaryOptions{}); err != nil || got.Done != want {
			t.Errorf("%+v %v", got, err)
		}
	}
}

func TestSummaryDuplicatesAreDeletedWhereTheyCannotBeHidden(t *testing.T) {
	h := newHub(t)
	h.comment(bot, summaryBody(t, "gate", "a"))
	h.comment(bot, summaryBody(t, "gate", "b"))
	h.intercept = func(op string) http.HandlerFunc {
		if op == "minimizeComment" {
			return http.NotFound
		}
		return nil
	}
	got, err := syncSummary(t, h, "a", SummaryOptions{})
	if err != nil || got.Hidden != 1 || len(h.comments) != 1 || got.Done != Unchanged {
		t.Errorf("%+v %v", got, err)
	}
}

func TestSummaryIsNotWritten(t *testing.T) {
	tests := []struct {
		name   string
		change func(*fakeHub)
		want   string // part of the reason
		kind   Kind   // of the error, "" if there is none
		tries  int    // of POST
	}{
		{"moved on", func(h *fakeHub) { h.head = fakeSHA(2) }, "moved on", "", 0},
		{"locked", func(h *fakeHub) { h.locked = true }, "locked", "", 0},
		{"locked meanwhile", fail("POST", say(403, `{"message":"Unable to create comment because issue is locked."}`)), "locked", "", 1},
		{"issues disabled", fail("POST", say(410, `{"message":"Issues are disabled for this repo"}`)), "disabled", "", 1},
		{"read-only token", fail("POST", say(403, notAccessible, "X-Accepted-GitHub-Permissions: issues=write; pull_requests=write")), "pull_requests=write", Forbidden, 1},
		{"404", fail("POST", say(404, `{"message":"Not Found"}`)), "404", NotFound, 1},
		{"422", fail("POST", say(422, `{"message":"Validation Failed"}`)), "Validation Failed", Invalid, 1},
		{"409", fail("POST", say(409, `{"message":"Conflict"}`)), "409", Conflict, 1},
		{"limit for long", fail("POST", say(429, `{}`, "Retry-After: 4000")), "429", RateLimited, 1},
		{"GraphQL and REST give no pull request", fail("", say(404, `{"message":"Not Found"}`)), "could not", NotFound, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHub(t)
			tt.change(h)
			got, err := syncSummary(t, h, "text", SummaryOptions{})
			if got.Done != Skipped || !strings.Contains(got.Reason, tt.want) || h.count("POST issues") != tt.tries || len(h.comments) != 0 {
				t.Errorf("%+v %v %v", got, err, h.ops)
			}
			if tt.kind == "" && err != nil || tt.kind != "" && !errors.Is(err, tt.kind) {
				t.Errorf("error %v, want %q", err, tt.kind)
			}
		})
	}
}

// fail answers operations with a prefix.
func fail(prefix string, f func(http.ResponseWriter, *http.Request)) func(*fakeHub) {
	return func(h *fakeHub) {
		h.intercept = func(op string) http.HandlerFunc {
			if strings.HasPrefix(op, prefix) {
				return f
			}
			return nil
		}
	}
}

func TestWithoutToken(t *testing.T) {
	h := newHub(t)
	c, _ := client(t, h, func(c *Config) { c.Token = "" })
	if _, err := c.SyncSummary(context.Background(), h.target(), "gate", "x", SummaryOptions{}); !errors.Is(err, Unauthorized) {
		t.Error(err)
	}
	res, err := c.SyncReview(context.Background(), h.target(), "gate", []Inline{{Key: "a"}}, ReviewOptions{})
	if !errors.Is(err, Unauthorized) || len(res.Overflow) != 1 || len(h.ops) != 0 {
		t.Errorf("%+v %v %v", res, err, h.ops)
	}
	if _, err := c.PullRequest(context.Background(), testRepo, 7); err != nil {
		t.Error("what is public can be read:", err)
	}
}

func TestRefusedFamiliesAreNotTriedAgain(t *testing.T) {
	h := newHub(t)
	fail("POST issues", say(403, notAccessible))(h)
	c, _ := client(t, h)
	for range 3 {
		_, err := c.SyncSummary(context.Background(), h.target(), "gate", "x", SummaryOptions{})
		if !errors.Is(err, Forbidden) {
			t.Error(err)
		}
	}
	if h.count("POST issues") != 1 || c.GivenUp()[Comments] == nil {
		t.Errorf("%v", h.ops)
	}
}

func TestFailedCreationIsLookedAtBeforeItIsRepeated(t *testing.T) {
	for _, done := range []bool{true, false} {
		h := newHub(t)
		once := true
		h.intercept = func(op string) http.HandlerFunc {
			if op != "POST issues/7/comments" || !once {
				return nil
			}
			once = false
			if done {
				h.comment(bot, summaryBody(t, "gate", "text"))
			}
			return say(502, `{}`)
		}
		got, err := syncSummary(t, h, "text", SummaryOptions{})
		tries := 2
		if done {
			tries = 1
		}
		if err != nil || got.Done != Created || len(h.comments) != 1 || h.count("POST") != tries {
			t.Errorf("carried out %v: %+v %v %v", done, got, err, h.ops)
		}
	}
	h := newHub(t)
	fail("POST issues", say(500, `{}`))(h)
	if _, err := syncSummary(t, h, "text", SummaryOptions{}); !errors.Is(err, Server) || h.count("POST") != 2 {
		t.Errorf("for ever: %v %v", err, h.ops)
	}
}

func TestEditsAreRepeated(t *testing.T) {
	h := newHub(t)
	h.comment(bot, summaryBody(t, "gate", "old"))
	n := 0
	h.intercept = func(op string) http.HandlerFunc {
		if strings.HasPrefix(op, "PATCH") {
			if n++; n < 3 {
				return say(502, `{}`)
			}
		}
		return nil
	}
	if got, err := syncSummary(t, h, "new", SummaryOptions{}); err != nil || got.Done != Updated || n != 3 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestDeletedMeanwhile(t *testing.T) {
	h := newHub(t)
	h.comment(bot, summaryBody(t, "gate", "old"))
	h.after = func(op string) {
		if op == "query IssueComments" {
			h.comments, h.after = nil, nil
		}
	}
	if got, err := syncSummary(t, h, "new", SummaryOptions{}); err != nil || got.Done != Created || len(h.comments) != 1 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestTooLong(t *testing.T) {
	shrink := func(level int) string { return strings.Repeat("é", 30_000/level) }
	for _, tt := range []struct {
		name    string
		text    string
		maxBody int
		want    int // length of the text sent
		posts   int
	}{
		{"by our own count", strings.Repeat("x", MaxUnits+1), 70_000, 60_000, 1},
		{"by bytes", strings.Repeat("日", MaxBytes/3+1), 70_000, 60_000, 1},
		{"GitHub finds it too long", strings.Repeat("x", 50_000), 40_000, 30_000, 3}, // 50,000 and 60,000 were too long
	} {
		h := newHub(t)
		h.maxBody = tt.maxBody
		got, err := syncSummary(t, h, tt.text, SummaryOptions{Shrink: shrink})
		if err != nil || got.Done != Created || h.count("POST") != tt.posts {
			t.Errorf("%s: %+v %v %v", tt.name, got, err, h.ops)
			continue
		}
		if _, text, ok := parseMarker(h.comments[0].body); !ok || len(text) != tt.want {
			t.Errorf("%s: %d bytes", tt.name, len(text))
		}
	}
	h := newHub(t)
	if _, err := syncSummary(t, h, strings.Repeat("x", MaxUnits+1), SummaryOptions{}); !errors.Is(err, TooLong) || len(h.writes()) != 0 {
		t.Error(err)
	}
	if _, err := syncSummary(t, h, "a <!-- b --> c", SummaryOptions{}); !errors.Is(err, Invalid) || len(h.writes()) != 0 {
		t.Error(err)
	}
}

func TestSummaryWithoutGraphQL(t *testing.T) {
	graphDown := func(who bool) func(*fakeHub) {
		return func(h *fakeHub) {
			h.intercept = func(op string) http.HandlerFunc {
				if strings.HasPrefix(op, "query") && !(who && op == "query WhoAmI") {
					return say(200, `{"errors":[{"message":"Field 'fullDatabaseId' doesn't exist on type 'IssueComment'"}]}`)
				}
				return nil
			}
		}
	}
	h := newHub(t)
	spoof := h.comment(human, summaryBody(t, "gate", "x"))
	h.comment(bot, summaryBody(t, "gate", "old"))
	graphDown(true)(h)
	got, err := syncSummary(t, h, "new", SummaryOptions{})
	if err != nil || got.Done != Updated || !strings.HasSuffix(spoof.body, "\nx") {
		t.Errorf("%+v %v", got, err)
	}
	h = newHub(t)
	graphDown(false)(h)
	if _, err := syncSummary(t, h, "new", SummaryOptions{}); !errors.Is(err, Invalid) || !strings.Contains(err.Error(), "who the token belongs to") || len(h.writes()) != 0 {
		t.Errorf("nobody knows who we are: %v %v", err, h.ops)
	}
}

func TestWritesAreASecondApart(t *testing.T) {
	h := newHub(t)
	c, clock := client(t, h)
	for i := range 3 {
		if _, err := c.SyncSummary(context.Background(), h.target(), "gate", fmt.Sprint("text ", i), SummaryOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.writes()) != 3 || len(clock.sleeps) != 2 || clock.sleeps[0] != betweenWrites || clock.sleeps[1] != betweenWrites {
		t.Errorf("%v %v", h.writes(), clock.sleeps)
	}
}
