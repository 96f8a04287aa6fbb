package githubtest

import (
	"strconv"
	"strings"
)

// gqlPlace is where a thread is and was.
func (c *call) gqlPlace(t *thread) node {
	now, _, current := t.now()
	o := node{"path": now.path, "isOutdated": !current, "subjectType": "LINE", "diffSide": now.side, "line": nil, "startLine": nil,
		"startDiffSide": nil, "originalLine": nil, "originalStartLine": nil}
	if t.anchor.file {
		o["subjectType"], o["diffSide"] = "FILE", "RIGHT"
		return o
	}
	o["originalLine"] = t.anchor.line
	if current {
		o["line"] = now.line
	}
	if t.anchor.startLine > 0 {
		o["originalStartLine"], o["startDiffSide"] = t.anchor.startLine, now.startSide
		if current {
			o["startLine"] = now.startLine
		}
	}
	return o
}

func (c *call) gqlThread(t *thread) node {
	o := c.gqlPlace(t)
	o["__typename"], o["id"] = "PullRequestReviewThread", nodeID("PRRT", t.id)
	o["isResolved"], o["isCollapsed"], o["resolvedBy"] = t.resolved != nil, t.resolved != nil, nil
	if t.resolved != nil && !t.resolved.Bot() {
		o["resolvedBy"] = c.gqlActor(t.resolved)
	}
	may := c.mayResolve()
	o["viewerCanResolve"], o["viewerCanUnresolve"] = may && t.resolved == nil, may && t.resolved != nil
	o["viewerCanReply"] = c.mayWrite(t.pull) && !t.pull.locked
	o["comments"] = connection("PullRequestReviewCommentConnection", list(t.visible(c.viewer()), c.gqlComment))
	o["pullRequest"] = field(func(args) (any, error) { return c.gqlPull(t.pull), nil })
	o["repository"] = field(func(args) (any, error) { return c.gqlRepo(t.pull.repo), nil })
	return o
}

// mayWrite is what comments, reviews and minimising need.
func (c *call) mayWrite(p *Pull) bool {
	return c.token != nil && !p.repo.archived && c.token.Permissions.allowed("pull_requests=write")
}

// mayResolve is what resolving threads needs: writing to pull requests does not suffice.
func (c *call) mayResolve() bool {
	return c.token.Permissions.allowed("contents=write, pull_requests=write")
}

// spell turns a classifier into the spelling that minimizedReason has.
func spell(classifier string) string {
	return strings.ReplaceAll(strings.ToLower(classifier), "_", "-")
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
