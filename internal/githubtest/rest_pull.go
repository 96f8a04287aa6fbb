package githubtest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
	"github.com/tljh-policy/tljh-policy/internal/githubtest/linediff"
)

func rateLimit(c *call) (int, any) {
	if c.enterprise {
		return refuse(http.StatusNotFound, "Rate limiting is not enabled.").parts()
	}
	limit := object{"limit": 60, "used": 0, "remaining": 60, "reset": c.clock.Unix() + 3600}
	if c.token != nil {
		limit["limit"], limit["remaining"], limit["used"] = c.token.limit, c.token.remaining, c.token.limit-c.token.remaining
	}
	return http.StatusOK, object{"resources": object{"core": limit, "search": limit}, "rate": limit}
}

// whoAmI works for people only; an app's token is refused.
func whoAmI(c *call) (int, any) {
	if c.token == nil {
		return refuse(http.StatusUnauthorized, "Requires authentication").parts()
	}
	user := c.user(c.token.Login)
	if user.Bot() {
		return refuse(http.StatusForbidden, notAccessible).parts()
	}
	o := c.jsonUser(user)
	for _, name := range []string{"name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username"} {
		o[name] = nil
	}
	for _, name := range []string{"public_repos", "public_gists", "followers", "following"} {
		o[name] = 0
	}
	o["created_at"], o["updated_at"] = stamp(c.clock), stamp(c.clock)
	return http.StatusOK, o
}

func getRepo(c *call) (int, any) { return http.StatusOK, c.repo.full() }

// pull is the pull request in the path.
func (c *call) pull() *Pull {
	number, _ := strconv.Atoi(c.path("number"))
	if number < 1 || number > len(c.repo.pulls) {
		panic(notFound())
	}
	return c.repo.pulls[number-1]
}

func listPulls(c *call) (int, any) {
	state, head, base := c.query("state"), c.query("head"), c.query("base")
	var found []*Pull
	for _, p := range c.repo.pulls {
		label := p.headRepo.owner.Login + ":" + p.headBranch
		if (state == "all" || p.state() == state || state == "" && !p.closed) && (head == "" || head == label) && (base == "" || base == p.base) {
			found = append(found, p)
		}
	}
	return http.StatusOK, jsonList(c, found, (*Pull).simple)
}

func getPull(c *call) (int, any) {
	p := c.pull()
	if strings.Contains(c.http.Header.Get("Accept"), "diff") {
		return p.diff(c)
	}
	return http.StatusOK, p.json()
}

// diff is the raw diff, which GitHub refuses beyond 300 files or 20,000 lines.
func (p *Pull) diff(c *call) (int, any) {
	var out strings.Builder
	for _, change := range p.changes() {
		old := change.Path
		if change.Previous != "" {
			old = change.Previous
		}
		fmt.Fprintf(&out, "diff --git a/%s b/%s\n", old, change.Path)
		if text := linediff.Format(change.Hunks()); text != "" {
			from, to := "a/"+old, "b/"+change.Path
			if change.Status == "added" {
				from = "/dev/null"
			}
			if change.Status == "removed" {
				to = "/dev/null"
			}
			fmt.Fprintf(&out, "--- %s\n+++ %s\n%s\n", from, to, text)
		}
	}
	if len(p.changes()) > 300 || strings.Count(out.String(), "\n") > 20_000 {
		return (&refusal{http.StatusNotAcceptable, "Sorry, the diff exceeded the maximum number of files (300) or lines (20000).",
			[]any{object{"resource": "PullRequest", "field": "diff", "code": "too_large"}}}).parts()
	}
	c.header.Set("Content-Type", "application/vnd.github.diff; charset=utf-8")
	return http.StatusOK, []byte(out.String())
}

// maxFiles is how many changed files GitHub lists at most.
const maxFiles = 3000

func listFiles(c *call) (int, any) {
	p := c.pull()
	changes := p.changes()
	return http.StatusOK, jsonList(c, changes[:min(len(changes), maxFiles)], func(change *gitobj.Change) object { return c.repo.jsonFile(change, p.head) })
}

func listPullCommits(c *call) (int, any) {
	p := c.pull()
	commits := c.repo.network.objects.Between(p.mergeBase(), p.head)
	return http.StatusOK, jsonList(c, commits[:min(len(commits), 250)], c.repo.jsonCommit)
}

func listPullsOfCommit(c *call) (int, any) {
	commit := c.commit(c.path("ref"))
	var found []*Pull
	for _, p := range c.repo.pulls {
		if c.repo.network.objects.Ancestors(p.head)[commit.ID] && !c.repo.network.objects.Ancestors(p.mergeBase())[commit.ID] {
			found = append(found, p)
		}
	}
	return http.StatusOK, jsonList(c, found, (*Pull).simple)
}

func listLabels(c *call) (int, any) {
	return http.StatusOK, jsonList(c, c.pull().labels, c.repo.jsonLabel)
}
