package githubtest

// Event returns the payload of a pull_request event, as in the file that GITHUB_EVENT_PATH names.
func (p *Pull) Event(action string) []byte {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	s := p.repo.server
	event := object{
		"action": action, "number": p.number, "pull_request": p.json(), "repository": p.repo.json(), "sender": s.jsonUser(p.author),
	}
	if action == "synchronize" {
		event["before"], event["after"] = p.before, p.head
	}
	return encode(event)
}

// PushEvent returns the payload of a push to a branch.
func (r *Repo) PushEvent(branch, before string) []byte {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	return encode(object{
		"ref": "refs/heads/" + branch, "before": before, "after": r.branches[branch], "created": false, "deleted": false, "forced": false,
		"base_ref": nil, "commits": []any{}, "head_commit": nil, "compare": r.html("/compare/" + before + "..." + r.branches[branch]),
		"pusher": object{"name": r.owner.Login}, "repository": r.json(), "sender": r.server.jsonUser(r.owner),
	})
}

// MergeGroupEvent returns the payload of a merge queue's check of a commit against main; it names no pull request.
func (r *Repo) MergeGroupEvent(head string) []byte {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	base := r.branches["main"]
	return encode(object{
		"action": "checks_requested", "repository": r.json(), "sender": r.server.jsonUser(r.owner),
		"merge_group": object{"head_sha": head, "head_ref": "refs/heads/gh-readonly-queue/main/pr-1-" + base, "base_sha": base,
			"base_ref": "refs/heads/main", "head_commit": r.simpleCommit(head)},
	})
}
