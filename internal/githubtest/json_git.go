package githubtest

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
	"github.com/tljh-policy/tljh-policy/internal/githubtest/linediff"
)

// escape makes a file's path part of a URL.
func escape(path string) string {
	return strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
}

func (r *Repo) jsonFile(change *gitobj.Change, head string) object {
	added, removed := linediff.Count(change.Script)
	id := change.New.ID
	if id == "" {
		id = change.Old.ID
	}
	o := object{
		"sha": id, "filename": change.Path, "status": change.Status, "additions": added, "deletions": removed, "changes": added + removed,
		"blob_url": r.html("/blob/" + head + "/" + escape(change.Path)), "raw_url": r.html("/raw/" + head + "/" + escape(change.Path)),
		"contents_url": r.api("/contents/" + escape(change.Path) + "?ref=" + head),
	}
	if text := patch(change); text != "" {
		o["patch"] = text
	}
	if change.Previous != "" {
		o["previous_filename"] = change.Previous
	}
	return o
}

func signature(c *gitobj.Commit) object {
	return object{"name": c.Name, "email": c.Email, "date": stamp(c.When)}
}

func (r *Repo) jsonParents(c *gitobj.Commit) []object {
	parents := []object{}
	for _, id := range c.Parents {
		parents = append(parents, object{"sha": id, "url": r.api("/commits/" + id), "html_url": r.html("/commit/" + id)})
	}
	return parents
}

var unsigned = object{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil}

func (r *Repo) jsonCommit(c *gitobj.Commit) object {
	return object{
		"sha": c.ID, "node_id": "C_" + c.ID, "url": r.api("/commits/" + c.ID), "html_url": r.html("/commit/" + c.ID),
		"comments_url": r.api("/commits/" + c.ID + "/comments"), "parents": r.jsonParents(c), "author": nil, "committer": nil,
		"commit": object{
			"author": signature(c), "committer": signature(c), "message": strings.TrimSuffix(c.Message, "\n"), "comment_count": 0,
			"url": r.api("/git/commits/" + c.ID), "tree": object{"sha": c.Tree, "url": r.api("/git/trees/" + c.Tree)}, "verification": unsigned,
		},
	}
}

func (r *Repo) jsonGitCommit(c *gitobj.Commit) object {
	return object{
		"sha": c.ID, "node_id": "C_" + c.ID, "url": r.api("/git/commits/" + c.ID), "html_url": r.html("/commit/" + c.ID),
		"author": signature(c), "committer": signature(c), "message": strings.TrimSuffix(c.Message, "\n"), "parents": r.jsonParents(c),
		"tree": object{"sha": c.Tree, "url": r.api("/git/trees/" + c.Tree)}, "verification": unsigned,
	}
}

// base64Lines is base64 as GitHub sends it: broken into lines of 60 characters.
func base64Lines(data string) string {
	text := base64.StdEncoding.EncodeToString([]byte(data))
	var out strings.Builder
	for ; len(text) > 60; text = text[60:] {
		out.WriteString(text[:60] + "\n")
	}
	if text != "" {
		out.WriteString(text + "\n")
	}
	return out.String()
}
