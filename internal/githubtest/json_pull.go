package githubtest

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/linediff"
)

func (p *Pull) api(below string) string {
	return p.repo.api(fmt.Sprintf("/pulls/%d%s", p.number, below))
}
func (p *Pull) issue(below string) string {
	return p.repo.api(fmt.Sprintf("/issues/%d%s", p.number, below))
}
func (p *Pull) html(below string) string {
	return p.repo.html(fmt.Sprintf("/pull/%d%s", p.number, below))
}

func (p *Pull) state() string {
	if p.closed {
		return "closed"
	}
	return "open"
}

// simple is a pull request as in lists; json adds what only its own answer has.
func (p *Pull) simple() object {
	s := p.repo.server
	labels := []object{}
	for _, name := range p.labels {
		labels = append(labels, p.repo.jsonLabel(name))
	}
	href := func(url string) object { return object{"href": url} }
	var closed, merge any
	if p.closed {
		closed = stamp(p.updated)
	}
	if id := p.mergeCommit(); id != "" {
		merge = id
	}
	o := object{
		"id": p.id, "node_id": nodeID("PR", p.id), "number": p.number, "state": p.state(), "locked": p.locked, "draft": p.draft,
		"title": p.title, "body": nil, "user": s.jsonUser(p.author), "author_association": p.repo.association(p.author),
		"labels": labels, "assignee": nil, "assignees": []any{}, "requested_reviewers": []any{}, "requested_teams": []any{},
		"milestone": nil, "auto_merge": nil, "active_lock_reason": nil,
		"created_at": stamp(p.created), "updated_at": stamp(p.updated), "closed_at": closed, "merged_at": nil, "merge_commit_sha": merge,
		"head": p.end(p.headRepo, p.headBranch, p.head), "base": p.end(p.repo, p.base, p.baseID),
		"url": p.api(""), "html_url": p.html(""), "diff_url": p.html(".diff"), "patch_url": p.html(".patch"), "issue_url": p.issue(""),
		"commits_url": p.api("/commits"), "comments_url": p.issue("/comments"), "statuses_url": p.repo.api("/statuses/" + p.head),
		"review_comments_url": p.api("/comments"), "review_comment_url": p.repo.api("/pulls/comments{/number}"),
		"_links": object{
			"self": href(p.api("")), "html": href(p.html("")), "issue": href(p.issue("")), "comments": href(p.issue("/comments")),
			"review_comments": href(p.api("/comments")), "review_comment": href(p.repo.api("/pulls/comments{/number}")),
			"commits": href(p.api("/commits")), "statuses": href(p.repo.api("/statuses/" + p.head)),
		},
	}
	if p.body != "" {
		o["body"] = p.body
	}
	return o
}

// end is base or head. A deleted fork leaves branch and commit, but no repository and no user.
func (p *Pull) end(r *Repo, branch, commit string) object {
	if r.deleted {
		return object{"label": "unknown:" + branch, "ref": branch, "sha": commit, "repo": nil, "user": nil}
	}
	return object{"label": r.owner.Login + ":" + branch, "ref": branch, "sha": commit, "repo": r.json(), "user": r.server.jsonUser(r.owner)}
}

func (p *Pull) json() object {
	o := p.simple()
	added, removed := 0, 0
	for _, change := range p.changes() {
		plus, minus := linediff.Count(change.Script)
		added, removed = added+plus, removed+minus
	}
	clean := p.mergeCommit() != ""
	o["mergeable"], o["mergeable_state"], o["rebaseable"] = clean, map[bool]string{true: "clean", false: "dirty"}[clean], clean
	o["merged"], o["merged_by"], o["maintainer_can_modify"] = false, nil, p.headRepo != p.repo
	o["additions"], o["deletions"], o["changed_files"] = added, removed, len(p.changes())
	o["comments"], o["review_comments"] = len(p.comments), len(p.reviewComments())
	o["commits"] = len(p.repo.network.objects.Between(p.mergeBase(), p.head))
	return o
}

func (r *Repo) jsonLabel(name string) object {
	return object{"id": int64(len(name)), "node_id": nodeID("LA", int64(len(name))), "url": r.api("/labels/x"), "name": name,
		"description": "", "color": "ededed", "default": false}
}

func (r *Repo) association(u *User) string {
	switch {
	case u == r.owner:
		return "OWNER"
	case u.Bot():
		return "NONE"
	}
	return "CONTRIBUTOR"
}
