package github

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// These tests run against a whole GitHub, which holds every request and answer against GitHub's own descriptions where they
// are at hand.

const (
	conversationURL = "POST /repos/*/*/issues/*/comments"
	reviewURL       = "POST /repos/*/*/pulls/*/reviews"
)

func settingsFile(memory string, extra ...string) string {
	return "users:\n  admin:\n    - teacher\nlimits:\n  memory: " + memory + "\n" + strings.Join(extra, "")
}

// served is a pull request that changes config.yaml and adds setup.sh.
func served(t *testing.T, options ...githubtest.Option) (*githubtest.Server, *githubtest.Repo, *githubtest.Pull) {
	t.Helper()
	srv := githubtest.New(t, options...)
	repo := srv.AddRepo("octo-org/hub", githubtest.Files{"config.yaml": settingsFile("1G"), "same.txt": "same\n"})
	pull := repo.OpenPullWith(githubtest.Files{"config.yaml": settingsFile("9G"), "same.txt": "same\n", "setup.sh": "#!/bin/sh\ntrue\n"})
	return srv, repo, pull
}

// clientOf is a client of the server, with a clock that only sleeping moves.
func clientOf(t *testing.T, srv *githubtest.Server, token string) (*Client, *fakeTime) {
	t.Helper()
	clock := &fakeTime{at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	c, err := New(Config{APIURL: srv.APIURL(), GraphQLURL: srv.GraphQLURL(), ServerURL: srv.URL(), Token: token, UserAgent: "tljh-policy/test",
		Sleep: clock.sleep, Now: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	return c, clock
}

func targetOf(p *githubtest.Pull) Target { return Target{testRepo, p.Number(), p.Head()} }

func TestReadingFromAServer(t *testing.T) {
	for _, options := range [][]githubtest.Option{nil, {githubtest.Enterprise()}} {
		srv, repo, pull := served(t, options...)
		c, _ := clientOf(t, srv, githubtest.ReadToken)
		ctx := context.Background()
		pr, err := c.PullRequest(ctx, testRepo, pull.Number())
		if err != nil || pr.HeadSHA != pull.Head() || pr.BaseSHA != pull.Base() || pr.FromFork() {
			t.Fatalf("%+v %v", pr, err)
		}
		if tip, err := c.BranchTip(ctx, testRepo, "main"); err != nil || tip != repo.Branch("main") {
			t.Error(tip, err)
		}
		if _, err := c.BranchTip(ctx, testRepo, "none"); !errors.Is(err, NotFound) {
			t.Error(err)
		}
		if cmp, err := c.Compare(ctx, testRepo, pr.BaseSHA, pr.HeadSHA); err != nil || cmp.MergeBase != pull.MergeBase() {
			t.Error(cmp, err)
		}
		files, err := c.PullFiles(ctx, testRepo, pull.Number())
		if err != nil || len(files.List) != 2 || files.Incomplete != "" {
			t.Fatalf("%+v %v", files, err)
		}
		hs, err := files.Find("config.yaml").Hunks()
		if err != nil || !hs.Touches(5, 5) || hs.Touches(1, 1) {
			t.Errorf("%+v %v", hs, err)
		}
		tree, err := c.Tree(ctx, testRepo, pr.HeadSHA)
		if err != nil || tree.Truncated {
			t.Fatal(err)
		}
		var want []BlobRef
		for _, e := range tree.Entries {
			want = append(want, BlobRef{e.SHA, e.Size})
		}
		blobs, err := c.Blobs(ctx, testRepo, want)
		if err != nil || len(blobs) != 3 {
			t.Fatal(len(blobs), err)
		}
		if got := blobs[files.Find("setup.sh").SHA]; string(got.Data) != "#!/bin/sh\ntrue\n" {
			t.Errorf("%q %v", got.Data, got.Err)
		}
		if n := srv.Count(githubtest.Any); n != 7 {
			t.Errorf("%d requests", n)
		}
	}
}

func TestDeletedForkOnAServer(t *testing.T) {
	srv := githubtest.New(t)
	repo := srv.AddRepo("octo-org/hub", githubtest.Files{"a": "a\n"})
	fork := repo.Fork("pupil")
	fork.Commit("change", githubtest.Files{"a": "b\n"})
	pull := repo.OpenPull(githubtest.PullSpec{Head: "change", HeadRepo: fork})
	c, _ := clientOf(t, srv, githubtest.ReadToken)
	ctx := context.Background()
	if pr, err := c.PullRequest(ctx, testRepo, 1); err != nil || !pr.FromFork() || pr.HeadRepo.Repo.Owner != "pupil" {
		t.Errorf("%+v %v", pr, err)
	}
	fork.Delete()
	pr, err := c.PullRequest(ctx, testRepo, 1)
	if err != nil || !pr.FromFork() || pr.HeadRepo != nil {
		t.Fatalf("%+v %v", pr, err)
	}
	if tree, err := c.Tree(ctx, testRepo, pr.HeadSHA); err != nil || len(tree.Entries) != 1 {
		t.Errorf("the base repository still serves the head: %v", err)
	}
	_, err = c.SyncSummary(ctx, targetOf(pull), "gate", "text", SummaryOptions{})
	if !errors.Is(err, Forbidden) || asError(err).Needs == "" || c.GivenUp()[Comments] == nil {
		t.Errorf("a fork's token writes nothing: %v", err)
	}
}

func TestPullRequestsLifeOnAServer(t *testing.T) {
	srv, _, pull := served(t)
	ctx := context.Background()
	run := func(want string, findings ...Inline) ReviewResult {
		t.Helper()
		c, _ := clientOf(t, srv, githubtest.WriteToken)
		files, err := c.PullFiles(ctx, testRepo, pull.Number())
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.SyncReview(ctx, targetOf(pull), "gate", findings, ReviewOptions{Files: files})
		if err != nil || len(res.Problems) > 0 || brief(res) != want {
			t.Errorf("%s, want %s: %v %v", brief(res), want, err, res.Problems)
		}
		if _, err := c.SyncSummary(ctx, targetOf(pull), "gate", fmt.Sprint(len(findings), " findings"), SummaryOptions{}); err != nil {
			t.Error(err)
		}
		return res
	}
	memory := func(line int) Inline {
		return Inline{Key: "memory", Path: "config.yaml", StartLine: line, EndLine: line, Body: "Too much."}
	}
	https := Inline{Key: "https", Path: "setup.sh", StartLine: 1, EndLine: 2, Body: "Plain HTTP."}
	run("posted memory,https", memory(5), https)
	run("kept memory,https", memory(5), https)

	pull.Push(githubtest.Files{"config.yaml": "# more\n# more\n" + settingsFile("9G"), "same.txt": "same\n", "setup.sh": "#!/bin/sh\ntrue\n"})
	run("kept memory,https", memory(7), https)
	pull.ForcePush(githubtest.Files{"config.yaml": settingsFile("8G", "# more\n"), "same.txt": "same\n", "setup.sh": "#!/bin/sh\nfalse\n"})
	run("kept memory; fixed https", memory(5))

	thread := pull.Threads()[1]
	if thread.Resolved || thread.Comments[0].Minimized != "RESOLVED" || !strings.Contains(thread.Comments[0].Body, "**Fixed.**") {
		t.Errorf("%+v", thread)
	}
	if len(pull.Threads()) != 2 || len(pull.Comments()) != 1 || len(pull.Reviews()) != 1 {
		t.Errorf("%d threads, %d comments, %d reviews", len(pull.Threads()), len(pull.Comments()), len(pull.Reviews()))
	}
	if !strings.HasSuffix(pull.Comments()[0].Body, "\n1 findings") {
		t.Errorf("%q", pull.Comments()[0].Body)
	}
	run("fixed memory")
	run("")
}

func TestResolvingOnAServer(t *testing.T) {
	for token, resolves := range map[string]bool{githubtest.WriteToken: false, githubtest.ResolverToken: true} {
		srv, _, pull := served(t)
		c, _ := clientOf(t, srv, token)
		ctx := context.Background()
		files, err := c.PullFiles(ctx, testRepo, 1)
		if err != nil {
			t.Fatal(err)
		}
		o := ReviewOptions{Files: files, Resolve: true}
		in := Inline{Key: "a", Path: "config.yaml", StartLine: 5, EndLine: 5, Body: "x"}
		for _, step := range []struct {
			findings []Inline
			want     string
		}{{[]Inline{in}, "posted a"}, {nil, "fixed a"}, {nil, ""}, {[]Inline{in}, "reopened a"}} {
			if res, err := c.SyncReview(ctx, targetOf(pull), "gate", step.findings, o); err != nil || brief(res) != step.want {
				t.Errorf("%s: %s, want %s: %v %v", token, brief(res), step.want, err, res.Problems)
			}
			if th := pull.Threads()[0]; step.want == "fixed a" && (th.Resolved != resolves || (th.Comments[0].Minimized != "") == resolves) {
				t.Errorf("%s: %+v", token, th)
			}
		}
		if th := pull.Threads()[0]; th.Resolved || th.Comments[0].Minimized != "" || len(pull.Threads()) != 1 {
			t.Errorf("%s: %+v", token, th)
		}
	}
}

func TestPersonsTokenOnAServer(t *testing.T) {
	srv, _, pull := served(t)
	c, _ := clientOf(t, srv, githubtest.PersonToken)
	for _, want := range []Done{Created, Unchanged} {
		if res, err := c.SyncSummary(context.Background(), targetOf(pull), "gate", "text", SummaryOptions{}); err != nil || res.Done != want {
			t.Errorf("%+v %v", res, err)
		}
	}
	bots, _ := clientOf(t, srv, githubtest.WriteToken)
	if res, err := bots.SyncSummary(context.Background(), targetOf(pull), "gate", "text", SummaryOptions{}); err != nil || res.Done != Created {
		t.Errorf("the person's comment is not the bot's: %+v %v", res, err)
	}
}

func TestFaultsOfAServer(t *testing.T) {
	tests := []struct {
		name   string
		match  githubtest.Match
		fault  githubtest.Fault
		done   Done
		review string
		kind   Kind // of the summary's error
	}{
		{"created, but the reply was lost", githubtest.On(conversationURL), githubtest.Fault{Drop: true, Applied: true, Times: 1}, Created, "posted a", ""},
		{"not created, no reply", githubtest.On(conversationURL), githubtest.Fault{Drop: true, Times: 1}, Created, "posted a", ""},
		{"created, but the reply broke off", githubtest.On(conversationURL), githubtest.Fault{Cut: true, Applied: true, Times: 1}, Created, "posted a", ""},
		{"502 although it was created", githubtest.On(conversationURL), githubtest.Fault{Status: 502, Applied: true, Times: 1}, Created, "posted a", ""},
		{"review posted, but the reply was lost", githubtest.On(reviewURL), githubtest.Fault{Drop: true, Applied: true, Times: 1}, Created, "posted a", ""},
		{"review not posted", githubtest.On(reviewURL), githubtest.BadGateway.For(1), Created, "posted a", ""},
		{"a secondary limit with a time", githubtest.Writes, githubtest.SecondaryLimit(403, 5).For(1), Created, "posted a", ""},
		{"a secondary limit without", githubtest.Writes, githubtest.SecondaryLimit(429, 0).For(1), Created, "posted a", ""},
		{"GraphQL's limit", githubtest.GraphQL("IssueComments"), limited(1), Created, "posted a", ""},
		{"GraphQL is down", githubtest.On("POST /graphql"), githubtest.NotFound, Skipped, "left a", NotFound},
		{"reads fail for a while", githubtest.Reads, githubtest.Unavailable.For(2), Created, "posted a", ""},
		{"the read-only token", githubtest.Writes, githubtest.Forbidden, Skipped, "left a", Forbidden},
		{"issues are disabled", githubtest.On(conversationURL), githubtest.IssuesDisabled, Skipped, "posted a", ""},
		{"conflict", githubtest.Writes, githubtest.Conflict, Skipped, "left a", Conflict},
		{"a limit for ever", githubtest.Writes, githubtest.SecondaryLimit(403, 3600), Skipped, "left a", RateLimited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv, _, pull := served(t)
			c, _ := clientOf(t, srv, githubtest.WriteToken)
			ctx := context.Background()
			files, err := c.PullFiles(ctx, testRepo, 1)
			if err != nil {
				t.Fatal(err)
			}
			srv.Fault(tt.match, tt.fault)
			res, err := c.SyncReview(ctx, targetOf(pull), "gate", []Inline{{Key: "a", Path: "config.yaml", StartLine: 5, EndLine: 5, Body: "x"}}, ReviewOptions{Files: files})
			if brief(res) != tt.review {
				t.Errorf("%s: %v %v", brief(res), err, res.Problems)
			}
			sum, err := c.SyncSummary(ctx, targetOf(pull), "gate", "text", SummaryOptions{})
			if sum.Done != tt.done || tt.kind == "" && err != nil || tt.kind != "" && !errors.Is(err, tt.kind) {
				t.Errorf("%+v %v", sum, err)
			}
			if n := len(pull.Comments()); tt.done == Created && n != 1 || tt.done == Skipped && n != 0 {
				t.Errorf("%d comments", n)
			}
			if n := len(pull.Threads()); strings.HasPrefix(tt.review, "posted") && n != 1 || tt.review == "left a" && n != 0 {
				t.Errorf("%d threads", n)
			}
		})
	}
}

func limited(times int) githubtest.Fault { return githubtest.GraphQLLimited.For(times) }

func TestTwoRunsOnAServer(t *testing.T) {
	srv, _, pull := served(t)
	ctx := context.Background()
	sync := func() {
		t.Helper()
		c, _ := clientOf(t, srv, githubtest.WriteToken)
		files, err := c.PullFiles(ctx, testRepo, 1)
		if err != nil {
			t.Fatal(err)
		}
		in := []Inline{{Key: "a", Path: "config.yaml", StartLine: 5, EndLine: 5, Body: "x"}, {Key: "b", Path: "setup.sh", StartLine: 2, EndLine: 2, Body: "x"}}
		if _, err := c.SyncReview(ctx, targetOf(pull), "gate", in, ReviewOptions{Files: files}); err != nil {
			t.Error(err)
		}
		if _, err := c.SyncSummary(ctx, targetOf(pull), "gate", "text", SummaryOptions{}); err != nil {
			t.Error(err)
		}
	}
	first := true
	other := func(*githubtest.Request) {
		if first {
			first = false
			sync() // the other run does everything between our look and our write
		}
	}
	srv.Before(githubtest.On(reviewURL), other)
	sync()
	shown := map[string]int{}
	for _, th := range pull.Threads() {
		if th.Comments[0].Minimized == "" {
			shown[th.Path]++
		}
	}
	if len(pull.Threads()) != 4 || shown["config.yaml"] != 1 || shown["setup.sh"] != 1 || len(pull.Comments()) != 1 {
		t.Errorf("%v of %d threads, %d comments", shown, len(pull.Threads()), len(pull.Comments()))
	}
}

func TestSpoofsOnAServer(t *testing.T) {
	srv, _, pull := served(t)
	c, _ := clientOf(t, srv, githubtest.WriteToken)
	ctx := context.Background()
	files, err := c.PullFiles(ctx, testRepo, 1)
	if err != nil {
		t.Fatal(err)
	}
	sum := summaryBody(t, "gate", "All is well.")
	inl, err := compose(Marker{Kind: kindInline, Gate: "gate", Key: "a", State: stateOpen}, "Nothing to see.")
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"pupil", "other-app[bot]"} {
		pull.Comment(who, sum)
		pull.ReviewComment(who, "config.yaml", 5, inl)
	}
	for range 120 {
		pull.Comment("pupil", "Why?")
	}
	in := []Inline{{Key: "a", Path: "config.yaml", StartLine: 5, EndLine: 5, Body: "x"}}
	for _, want := range []struct {
		done   Done
		review string
	}{{Created, "posted a"}, {Unchanged, "kept a"}} {
		res, err := c.SyncReview(ctx, targetOf(pull), "gate", in, ReviewOptions{Files: files})
		if err != nil || brief(res) != want.review {
			t.Errorf("%s %v", brief(res), err)
		}
		if got, err := c.SyncSummary(ctx, targetOf(pull), "gate", "text", SummaryOptions{}); err != nil || got.Done != want.done {
			t.Errorf("%+v %v", got, err)
		}
	}
	for _, cm := range pull.Comments()[:2] {
		if cm.Edited || cm.Minimized != "" || cm.Body != sum {
			t.Errorf("touched: %+v", cm)
		}
	}
	for _, th := range pull.Threads()[:2] {
		if cm := th.Comments[0]; cm.Edited || cm.Minimized != "" || cm.Body != inl {
			t.Errorf("touched: %+v", cm)
		}
	}
}

func TestLockedOnAServer(t *testing.T) {
	srv, _, pull := served(t)
	pull.Lock()
	c, _ := clientOf(t, srv, githubtest.WriteToken)
	got, err := c.SyncSummary(context.Background(), targetOf(pull), "gate", "text", SummaryOptions{})
	if err != nil || got.Done != Skipped || !strings.Contains(got.Reason, "locked") || srv.Count(githubtest.Writes) != 0 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestMovedOnOnAServer(t *testing.T) {
	srv, _, pull := served(t)
	c, _ := clientOf(t, srv, githubtest.WriteToken)
	to := targetOf(pull)
	pull.Push(githubtest.Files{"config.yaml": settingsFile("2G")})
	got, err := c.SyncSummary(context.Background(), to, "gate", "text", SummaryOptions{})
	if err != nil || got.Done != Skipped || srv.Count(githubtest.Writes) != 0 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestLongSummaryOnAServer(t *testing.T) {
	srv, _, pull := served(t)
	c, _ := clientOf(t, srv, githubtest.WriteToken)
	level := 0
	got, err := c.SyncSummary(context.Background(), targetOf(pull), "gate", strings.Repeat("x", 70_000), SummaryOptions{Shrink: func(l int) string {
		level = l
		return strings.Repeat("x", 70_000>>l)
	}})
	if err != nil || got.Done != Created || level != 1 || len(pull.Comments()[0].Body) < 35_000 {
		t.Errorf("%+v %v level %d", got, err, level)
	}
}

func TestPullOfHead(t *testing.T) {
	srv := githubtest.New(t)
	repo := srv.AddRepo("octo-org/hub", githubtest.Files{"a": "a\n"})
	fork, twin := repo.Fork("pupil"), repo.Fork("twin")
	sha := fork.Commit("change", githubtest.Files{"a": "b\n"})
	twin.SetBranch("change", sha)
	pull := repo.OpenPull(githubtest.PullSpec{Head: "change", HeadRepo: fork})
	repo.OpenPull(githubtest.PullSpec{Head: "change", HeadRepo: twin})
	c, _ := clientOf(t, srv, githubtest.ReadToken)
	ctx := context.Background()
	pr, err := c.PullRequest(ctx, testRepo, pull.Number())
	if err != nil {
		t.Fatal(err)
	}
	id := pr.HeadRepo.ID
	if n, err := c.PullOfHead(ctx, testRepo, "pupil", "change", sha, id); err != nil || n != pull.Number() {
		t.Error(n, err)
	}
	for _, bad := range []struct {
		owner, branch, sha string
		id                 int64
		kind               Kind
	}{
		{"twin", "change", sha, id, NotFound}, {"pupil", "other", sha, id, NotFound}, {"pupil", "change", fakeSHA(1), id, NotFound},
		{"pupil", "change", sha, id + 99, NotFound}, {"pupil", "change", sha, 0, Invalid}, {"", "change", sha, id, Invalid}, {"pupil", "change", "main", id, Invalid},
	} {
		if n, err := c.PullOfHead(ctx, testRepo, bad.owner, bad.branch, bad.sha, bad.id); !errors.Is(err, bad.kind) {
			t.Errorf("%+v: %d %v", bad, n, err)
		}
	}
	repo.SetBranch("release", repo.Branch("main"))
	repo.OpenPull(githubtest.PullSpec{Head: "change", HeadRepo: fork, Base: "release"})
	if n, err := c.PullOfHead(ctx, testRepo, "pupil", "change", sha, id); !errors.Is(err, Conflict) {
		t.Errorf("two have this head: %d %v", n, err)
	}
	pull.Close()
	if n, err := c.PullOfHead(ctx, testRepo, "pupil", "change", sha, id); err != nil || n == pull.Number() {
		t.Errorf("one was closed: %d %v", n, err)
	}
}

func TestPublicFilesWithoutToken(t *testing.T) {
	srv, _, pull := served(t)
	c, _ := clientOf(t, srv, "")
	tree, err := c.Tree(context.Background(), testRepo, pull.Head())
	if err != nil {
		t.Fatal(err)
	}
	var want []BlobRef
	for _, e := range tree.Entries {
		want = append(want, BlobRef{e.SHA, e.Size})
	}
	blobs, err := c.Blobs(context.Background(), testRepo, want)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		if b := blobs[w.SHA]; b.Err != nil || int64(len(b.Data)) != w.Size {
			t.Errorf("%d bytes of %d: %v", len(b.Data), w.Size, b.Err)
		}
	}
}
