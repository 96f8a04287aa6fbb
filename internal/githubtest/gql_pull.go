package githubtest

// gqlPull is a pull request. What is long is computed when it is asked for.
func (c *call) gqlPull(p *Pull) node {
	merge := "CONFLICTING"
	if p.mergeCommit() != "" {
		merge = "MERGEABLE"
	}
	state := "OPEN"
	if p.closed {
		state = "CLOSED"
	}
	o := c.gqlWritten("PullRequest", nodeID("PR", p.id), p.id, p, p.author, p.body, "")
	for name, value := range (node{
		"number": p.number, "title": p.title, "state": state, "closed": p.closed, "merged": false, "mergeable": merge, "locked": p.locked,
		"isDraft": p.draft, "isCrossRepository": p.headRepo != p.repo, "baseRefName": p.base, "baseRefOid": p.baseID,
		"headRefName": p.headBranch, "headRefOid": p.head, "changedFiles": len(p.changes()), "url": p.html(""),
		"createdAt": stamp(p.created), "updatedAt": stamp(p.updated), "lastEditedAt": nil, "headRepository": nil,
		"baseRepository": field(func(args) (any, error) { return c.gqlRepo(p.repo), nil }),
		"comments": field(func(a args) (any, error) {
			return connection("IssueCommentConnection", list(p.comments, c.gqlComment))(a)
		}),
		"files": field(func(a args) (any, error) { return connection("PullRequestChangedFileConnection", c.gqlFiles(p))(a) }),
		"reviews": field(func(a args) (any, error) {
			return connection("PullRequestReviewConnection", list(p.visibleReviews(c.viewer()), c.gqlReview))(a)
		}),
		"reviewThreads": field(func(a args) (any, error) {
			return connection("PullRequestReviewThreadConnection", list(c.visibleThreads(p), c.gqlThread))(a)
		}),
	}) {
		o[name] = value
	}
	if !p.headRepo.deleted {
		o["headRepository"] = field(func(args) (any, error) { return c.gqlRepo(p.headRepo), nil })
	}
	return o
}

func list[T any](all []T, show func(T) node) []node {
	nodes := []node{}
	for _, element := range all {
		nodes = append(nodes, show(element))
	}
	return nodes
}

func (c *call) visibleThreads(p *Pull) (threads []*thread) {
	for _, t := range p.threads {
		if len(t.visible(c.viewer())) > 0 {
			threads = append(threads, t)
		}
	}
	return threads
}

// gqlWritten is what everything that somebody wrote has.
func (c *call) gqlWritten(kind, id string, number int64, p *Pull, author *User, body, minimized string) node {
	write := c.mayWrite(p)
	reasons := []string{}
	if !write {
		reasons = append(reasons, "INSUFFICIENT_ACCESS")
	}
	o := node{
		"__typename": kind, "id": id, "databaseId": int(number), "fullDatabaseId": formatID(number), "author": c.gqlActor(author),
		"authorAssociation": p.repo.association(author), "body": body, "viewerDidAuthor": author == c.viewer(), "viewerCanUpdate": write,
		"viewerCannotUpdateReasons": reasons, "viewerCanDelete": write, "viewerCanMinimize": write, "isMinimized": minimized != "",
		"minimizedReason": nil, "lastEditedAt": nil,
	}
	if minimized != "" {
		o["minimizedReason"] = spell(minimized)
	}
	return o
}

func (c *call) gqlComment(one *comment) node {
	kind := "IssueComment"
	if one.thread != nil {
		kind = "PullRequestReviewComment"
	}
	o := c.gqlWritten(kind, one.node(), one.id, one.pull, one.author, one.body, one.minimized)
	o["createdAt"], o["updatedAt"], o["url"] = stamp(one.created), stamp(one.updated), one.page()
	if one.updated != one.created {
		o["lastEditedAt"] = stamp(one.updated)
	}
	if one.thread == nil {
		return o
	}
	t := one.thread
	place := c.gqlPlace(t)
	for _, name := range []string{"line", "startLine", "originalLine", "originalStartLine", "path", "subjectType"} {
		o[name] = place[name]
	}
	commit := func(id string) field {
		return func(args) (any, error) { return c.gqlObject(one.pull.repo, id), nil }
	}
	o["diffHunk"], o["outdated"], o["replyTo"], o["state"] = t.place.hunk, place["isOutdated"], nil, "SUBMITTED"
	o["commit"], o["originalCommit"] = commit(one.pull.head), commit(t.head)
	o["pullRequestReview"] = field(func(args) (any, error) { return c.gqlReview(one.review), nil })
	if one.review.state == "PENDING" {
		o["state"] = "PENDING"
	}
	if one.replyTo != 0 {
		o["replyTo"] = field(func(args) (any, error) { return c.gqlComment(t.comments[0]), nil })
	}
	return o
}

func (c *call) gqlReview(v *review) node {
	o := c.gqlWritten("PullRequestReview", nodeID("PRR", v.id), v.id, v.pull, v.author, v.body, v.minimized)
	o["state"], o["createdAt"], o["updatedAt"], o["submittedAt"] = v.state, stamp(v.created), stamp(v.created), nil
	o["url"] = v.json()["html_url"]
	if v.state != "PENDING" {
		o["submittedAt"] = stamp(v.submitted)
	}
	o["commit"] = field(func(args) (any, error) { return c.gqlObject(v.pull.repo, v.shownCommit()), nil })
	o["comments"] = field(func(a args) (any, error) {
		var nodes []node
		for _, t := range v.pull.threads {
			for _, one := range t.comments {
				if one.review == v {
					nodes = append(nodes, c.gqlComment(one))
				}
			}
		}
		return connection("PullRequestReviewCommentConnection", nodes)(a)
	})
	return o
}
