package githubtest

import (
	"strings"
	"time"
)

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// api is an address below /repos/OWNER/NAME of the REST API; html one below the repository's page.
func (r *Repo) api(below string) string  { return r.server.APIURL() + "/repos/" + r.FullName() + below }
func (r *Repo) html(below string) string { return r.server.URL() + "/" + r.FullName() + below }

func (s *Server) jsonUser(u *User) object {
	api, name := s.APIURL()+"/users/"+u.Login, "User"
	page := s.URL() + "/" + u.Login
	if u.Bot() {
		name, page = "Bot", s.URL()+"/apps/"+strings.TrimSuffix(u.Login, "[bot]")
	}
	return object{
		"login": u.Login, "id": u.ID, "node_id": nodeID("U", u.ID), "type": name, "site_admin": false, "user_view_type": "public",
		"gravatar_id": "", "avatar_url": s.URL() + "/avatars/" + u.Login, "html_url": page, "url": api,
		"events_url": api + "/events{/privacy}", "followers_url": api + "/followers", "following_url": api + "/following{/other_user}",
		"gists_url": api + "/gists{/gist_id}", "organizations_url": api + "/orgs", "received_events_url": api + "/received_events",
		"repos_url": api + "/repos", "starred_url": api + "/starred{/owner}{/repo}", "subscriptions_url": api + "/subscriptions",
	}
}

var repoURLs = strings.Fields(`archive:/{archive_format}{/ref} assignees:/assignees{/user} blobs:/git/blobs{/sha} branches:/branches{/branch}
collaborators:/collaborators{/collaborator} comments:/comments{/number} commits:/commits{/sha} compare:/compare/{base}...{head}
contents:/contents/{+path} contributors:/contributors deployments:/deployments downloads:/downloads events:/events forks:/forks
git_commits:/git/commits{/sha} git_refs:/git/refs{/sha} git_tags:/git/tags{/sha} hooks:/hooks issue_comment:/issues/comments{/number}
issue_events:/issues/events{/number} issues:/issues{/number} keys:/keys{/key_id} labels:/labels{/name} languages:/languages
merges:/merges milestones:/milestones{/number} notifications:/notifications{?since,all,participating} pulls:/pulls{/number}
releases:/releases{/id} stargazers:/stargazers statuses:/statuses/{sha} subscribers:/subscribers subscription:/subscription
tags:/tags teams:/teams trees:/git/trees{/sha}`)

// json is a repository as it appears within other answers; full adds what only its own answer has.
func (r *Repo) json() object {
	created := stamp(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	o := object{
		"id": r.id, "node_id": nodeID("R", r.id), "name": r.name, "full_name": r.FullName(), "owner": r.server.jsonUser(r.owner),
		"private": r.private, "visibility": map[bool]string{false: "public", true: "private"}[r.private],
		"description": nil, "homepage": nil, "language": nil, "license": nil, "mirror_url": nil, "fork": r.parent != nil,
		"default_branch": "main", "archived": r.archived, "disabled": false, "is_template": false, "allow_forking": true,
		"has_issues": true, "has_projects": false, "has_wiki": false, "has_pages": false, "has_downloads": false, "has_discussions": false,
		"forks": 0, "forks_count": 0, "open_issues": 0, "open_issues_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0,
		"size": 1, "topics": []string{}, "web_commit_signoff_required": false, "created_at": created, "updated_at": created, "pushed_at": created,
		"url": r.api(""), "html_url": r.html(""), "clone_url": r.html(".git"), "svn_url": r.html(""),
		"git_url": "git://example.org/" + r.FullName() + ".git", "ssh_url": "git@example.org:" + r.FullName() + ".git",
	}
	for _, pair := range repoURLs {
		name, below, _ := strings.Cut(pair, ":")
		o[name+"_url"] = r.api(below)
	}
	return o
}

func (r *Repo) full() object {
	o := r.json()
	o["network_count"], o["subscribers_count"] = 0, 0
	return o
}
