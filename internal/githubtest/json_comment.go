package githubtest

import "fmt"

func (c *comment) json() object {
	r := c.pull.repo
	return object{
		"id": c.id, "node_id": c.node(), "body": c.body, "user": r.server.jsonUser(c.author), "author_association": r.association(c.author),
		"created_at": stamp(c.created), "updated_at": stamp(c.updated), "performed_via_github_app": nil,
		"url": r.api(fmt.Sprintf("/issues/comments/%d", c.id)), "issue_url": c.pull.issue(""), "html_url": c.page(),
	}
}

func (c *comment) page() string {
	if c.thread != nil {
		return c.pull.html(fmt.Sprintf("#discussion_r%d", c.id))
	}
	return c.pull.html(fmt.Sprintf("#issuecomment-%d", c.id))
}

// jsonReview is a review comment. An outdated one has line null and keeps original_line.
func (c *comment) jsonReview() object {
	p, t := c.pull, c.thread
	now, at, current := t.now()
	number := func(n int) any {
		if n == 0 {
			return nil
		}
		return n
	}
	commit := t.head
	if current {
		commit = p.head
	}
	o := object{
		"id": c.id, "node_id": c.node(), "pull_request_review_id": c.review.id, "body": c.body, "diff_hunk": t.place.hunk, "path": now.path,
		"commit_id": commit, "original_commit_id": t.head, "user": p.repo.server.jsonUser(c.author),
		"author_association": p.repo.association(c.author), "created_at": stamp(c.created), "updated_at": stamp(c.updated),
		"url": p.repo.api(fmt.Sprintf("/pulls/comments/%d", c.id)), "html_url": c.page(), "pull_request_url": p.api(""),
		"_links": object{
			"self": object{"href": p.repo.api(fmt.Sprintf("/pulls/comments/%d", c.id))}, "html": object{"href": c.page()},
			"pull_request": object{"href": p.api("")},
		},
		"subject_type": "line",
	}
	if t.anchor.file {
		o["subject_type"] = "file"
		o["position"], o["original_position"] = 1, 1
	} else {
		o["side"], o["line"], o["original_line"] = now.side, nil, t.anchor.line
		o["start_line"], o["start_side"], o["original_start_line"] = nil, nil, number(t.anchor.startLine)
		o["original_position"] = t.place.position
		o["position"] = nil
		if current {
			o["line"], o["start_line"], o["position"] = now.line, number(now.startLine), at.position
		}
		if t.anchor.startLine > 0 {
			o["start_side"] = now.startSide
		}
	}
	if c.replyTo != 0 {
		o["in_reply_to_id"] = c.replyTo
	}
	return o
}

func (v *review) json() object {
	p := v.pull
	page := p.html(fmt.Sprintf("#pullrequestreview-%d", v.id))
	o := object{
		"id": v.id, "node_id": nodeID("PRR", v.id), "user": p.repo.server.jsonUser(v.author), "body": v.body, "state": v.state,
		"commit_id": v.shownCommit(), "html_url": page, "pull_request_url": p.api(""), "author_association": p.repo.association(v.author),
		"_links": object{"html": object{"href": page}, "pull_request": object{"href": p.api("")}},
	}
	if v.state != "PENDING" {
		o["submitted_at"] = stamp(v.submitted)
	}
	return o
}
