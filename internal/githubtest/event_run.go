package githubtest

import "fmt"

// RunEvent returns the payload of workflow_run: completed, after a workflow on the pull request. As on GitHub it names no pull
// request when the head is in a fork, and no repository of the head when the fork is gone.
func (p *Pull) RunEvent() []byte {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	r, s, actor := p.repo, p.repo.server, p.repo.server.jsonUser(p.author)
	api, when := r.api("/actions/runs/1"), stamp(p.updated)
	var head any
	if !p.headRepo.deleted {
		head = p.headRepo.json()
	}
	pulls := []object{}
	if p.headRepo == r {
		end := func(branch, commit string) object {
			return object{"ref": branch, "sha": commit, "repo": object{"id": r.id, "name": r.name, "url": r.api("")}}
		}
		pulls = append(pulls, object{"id": p.id, "number": p.number, "url": p.api(""), "head": end(p.headBranch, p.head), "base": end(p.base, p.baseID)})
	}
	workflow := object{"id": 1, "node_id": nodeID("W", 1), "name": "policy", "path": ".github/workflows/policy.yml", "state": "active", "created_at": when,
		"updated_at": when, "url": r.api("/actions/workflows/1"), "html_url": r.html("/blob/main/.github/workflows/policy.yml"), "badge_url": r.html("/badge.svg")}
	run := object{
		"id": 1, "node_id": nodeID("WFR", 1), "name": "policy", "path": workflow["path"], "event": "pull_request", "status": "completed", "conclusion": "success",
		"head_branch": p.headBranch, "head_sha": p.head, "head_repository": head, "head_commit": p.repo.simpleCommit(p.head), "repository": r.json(),
		"pull_requests": pulls, "actor": actor, "triggering_actor": actor, "run_number": 1, "run_attempt": 1, "workflow_id": 1, "check_suite_id": 1,
		"check_suite_node_id": nodeID("CS", 1), "created_at": when, "updated_at": when, "run_started_at": when, "previous_attempt_url": nil,
		"url": api, "html_url": r.html("/actions/runs/1"), "workflow_url": workflow["url"], "check_suite_url": r.api("/check-suites/1"),
	}
	for _, name := range []string{"artifacts", "cancel", "jobs", "logs", "rerun"} {
		run[name+"_url"] = fmt.Sprintf("%s/%s", api, name)
	}
	return encode(object{"action": "completed", "repository": r.json(), "sender": s.jsonUser(p.author), "workflow": workflow, "workflow_run": run})
}

// simpleCommit is a commit as events show it.
func (r *Repo) simpleCommit(id string) object {
	c := r.network.objects.Lookup(id)
	return object{"id": id, "tree_id": c.Tree, "message": c.Message, "timestamp": stamp(c.When), "author": signature(c), "committer": signature(c)}
}
