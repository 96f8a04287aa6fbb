package githubtest

import (
	"net/http"
	"strings"
)

// routes is what the server answers, and which permissions it takes.
func routes() (all []route) {
	const (
		repo      = "/repos/{owner}/{repo}"
		pull      = repo + "/pulls/{number}"
		comment   = repo + "/pulls/comments/{id}"
		sticky    = repo + "/issues/comments/{id}"
		review    = pull + "/reviews/{review}"
		open      = "metadata=read"
		readCode  = "contents=read"
		readPull  = "pull_requests=read"
		writePull = "pull_requests=write"
		readTalk  = "issues=read; pull_requests=read"
		writeTalk = "issues=write; pull_requests=write"
	)
	for _, one := range []struct {
		pattern, rule string
		handle        handler
	}{
		{"GET /rate_limit", "", rateLimit},
		{"GET /user", "", whoAmI},
		{"GET " + repo, open, getRepo},
		{"GET " + repo + "/pulls", readPull, listPulls},
		{"GET " + comment, readPull, getReviewComment},
		{"PATCH " + comment, writePull, updateReviewComment},
		{"DELETE " + comment, writePull, deleteReviewComment},
		{"GET " + pull, readPull, getPull},
		{"GET " + pull + "/files", readPull, listFiles},
		{"GET " + pull + "/commits", readPull, listPullCommits},
		{"GET " + pull + "/reviews", readPull, listReviews},
		{"POST " + pull + "/reviews", writePull, createReview},
		{"GET " + review, readPull, getReview},
		{"PUT " + review, writePull, updateReview},
		{"DELETE " + review, writePull, deleteReview},
		{"GET " + review + "/comments", readPull, listCommentsOfReview},
		{"PUT " + review + "/dismissals", writePull, dismissReview},
		{"POST " + review + "/events", writePull, submitReview},
		{"GET " + pull + "/comments", readPull, listReviewComments},
		{"POST " + pull + "/comments", writePull, createReviewComment},
		{"POST " + pull + "/comments/{id}/replies", writePull, replyToReviewComment},
		{"GET " + repo + "/issues/{number}/comments", readTalk, listComments},
		{"POST " + repo + "/issues/{number}/comments", writeTalk, createComment},
		{"GET " + sticky, readTalk, getComment},
		{"PATCH " + sticky, writeTalk, updateComment},
		{"DELETE " + sticky, writeTalk, deleteComment},
		{"GET " + repo + "/issues/{number}/labels", readTalk, listLabels},
		{"GET " + repo + "/contents/{path...}", readCode, getContents},
		{"GET " + repo + "/compare/{basehead...}", readCode, compareCommits},
		{"GET " + repo + "/git/trees/{sha}", readCode, getTree},
		{"GET " + repo + "/git/blobs/{sha}", readCode, getBlob},
		{"GET " + repo + "/git/commits/{sha}", readCode, getGitCommit},
		{"GET " + repo + "/git/ref/{ref...}", readCode, getRef},
		{"GET " + repo + "/commits/{ref}", readCode, getCommit},
		{"GET " + repo + "/commits/{ref}/pulls", readPull, listPullsOfCommit},
	} {
		all = append(all, newRoute(one.pattern, one.rule, one.handle))
	}
	return all
}

// authorize finds the repository and holds the token against the rule. What nobody may know of is 404; what may be read
// but not written is 403.
func (c *call) authorize(rule string) {
	write := c.http.Method != http.MethodGet
	if write && c.token == nil {
		panic(refuse(http.StatusUnauthorized, "Requires authentication"))
	}
	if c.path("owner") == "" {
		return
	}
	name := c.path("owner") + "/" + c.path("repo")
	c.repo = c.Server.repo(name)
	if r := c.moved[strings.ToLower(name)]; c.repo == nil && r != nil && !r.deleted {
		c.redirect(name, r)
	}
	if c.repo == nil || c.repo.private && (c.token == nil || !c.token.Permissions.allowed("metadata=read")) {
		panic(notFound())
	}
	c.header.Set("X-Accepted-GitHub-Permissions", rule)
	if !write && !c.repo.private {
		return // anybody may read what is public
	}
	if !c.token.Permissions.allowed(rule) {
		panic(refuse(http.StatusForbidden, notAccessible))
	}
	if write && c.repo.archived {
		panic(refuse(http.StatusForbidden, "Repository was archived so is read-only."))
	}
}

// redirect points to where a renamed repository is now: reads may become any request, writes must stay what they are.
func (c *call) redirect(old string, r *Repo) {
	status, message := http.StatusMovedPermanently, "Moved Permanently"
	if c.http.Method != http.MethodGet {
		status, message = http.StatusTemporaryRedirect, "Temporary Redirect"
	}
	location := c.APIURL() + "/repos/" + r.FullName() + strings.TrimPrefix(c.http.URL.EscapedPath(), "/repos/"+old)
	if c.http.URL.RawQuery != "" {
		location += "?" + c.http.URL.RawQuery
	}
	c.header.Set("Location", location)
	panic(refuse(status, message))
}
