package githubtest

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
)

// resolve finds a commit by id, branch, refs/… name, or OWNER:branch of the network; nil if there is none.
func (r *Repo) resolve(name string) *gitobj.Commit {
	objects := r.network.objects
	if commit := objects.Lookup(name); commit != nil {
		return commit
	}
	if owner, branch, ok := strings.Cut(name, ":"); ok {
		if fork := r.server.repo(owner + "/" + r.name); fork != nil && fork.network == r.network {
			return objects.Lookup(fork.branches[branch])
		}
		return nil
	}
	name = strings.TrimPrefix(name, "refs/")
	if id, ok := r.branches[strings.TrimPrefix(name, "heads/")]; ok {
		return objects.Lookup(id)
	}
	if rest, ok := strings.CutPrefix(name, "pull/"); ok {
		number, which, _ := strings.Cut(rest, "/")
		if n, _ := strconv.Atoi(number); n > 0 && n <= len(r.pulls) {
			return objects.Lookup(map[string]string{"head": r.pulls[n-1].head, "merge": r.pulls[n-1].mergeCommit()}[which])
		}
	}
	if name == "HEAD" {
		return objects.Lookup(r.branches["main"])
	}
	return nil
}

func (c *call) commit(name string) *gitobj.Commit {
	commit := c.repo.resolve(name)
	if commit == nil {
		panic(refuse(http.StatusNotFound, "No commit found for SHA: "+name))
	}
	return commit
}

func getCommit(c *call) (int, any) {
	commit := c.commit(c.path("ref"))
	first := ""
	if len(commit.Parents) > 0 {
		first = commit.Parents[0]
	}
	o := c.repo.jsonCommit(commit)
	changes := c.repo.network.compare(first, commit.ID)
	o["files"] = jsonList(c, changes[:min(len(changes), maxFiles)], func(change *gitobj.Change) object { return c.repo.jsonFile(change, commit.ID) })
	return http.StatusOK, o
}

func getGitCommit(c *call) (int, any) {
	commit := c.repo.network.objects.Lookup(c.path("sha"))
	if commit == nil {
		return notFound().parts()
	}
	return http.StatusOK, c.repo.jsonGitCommit(commit)
}

func getRef(c *call) (int, any) {
	name := c.path("ref")
	commit := c.repo.resolve("refs/" + name)
	if commit == nil || !strings.HasPrefix(name, "heads/") && !strings.HasPrefix(name, "pull/") {
		return notFound().parts()
	}
	return http.StatusOK, object{
		"ref": "refs/" + name, "node_id": "REF_" + commit.ID, "url": c.repo.api("/git/refs/" + name),
		"object": object{"type": "commit", "sha": commit.ID, "url": c.repo.api("/git/commits/" + commit.ID)},
	}
}

// getTree takes a tree, or what leads to one. Any value of recursive counts, even "0".
func getTree(c *call) (int, any) {
	objects, id := c.repo.network.objects, c.path("sha")
	if commit := c.repo.resolve(id); commit != nil {
		id = commit.Tree
	}
	if _, ok := objects.Tree(id); !ok {
		return notFound().parts()
	}
	all := objects.Walk(id, c.request.Query.Has("recursive"))
	entries := []object{}
	for _, e := range all[:min(len(all), c.repo.TreeLimit)] {
		o := object{"path": e.Path, "mode": e.Mode, "type": e.Type(), "sha": e.ID}
		switch e.Type() {
		case "blob":
			data, _ := objects.Blob(e.ID)
			o["size"], o["url"] = len(data), c.repo.api("/git/blobs/"+e.ID)
		case "tree":
			o["url"] = c.repo.api("/git/trees/" + e.ID)
		}
		entries = append(entries, o)
	}
	return http.StatusOK, object{"sha": id, "url": c.repo.api("/git/trees/" + id), "tree": entries, "truncated": len(all) > c.repo.TreeLimit}
}

func getBlob(c *call) (int, any) {
	id := c.path("sha")
	data, ok := c.repo.network.objects.Blob(id)
	if !ok {
		return notFound().parts()
	}
	if c.raw() {
		return http.StatusOK, []byte(data)
	}
	return http.StatusOK, object{"sha": id, "node_id": "B_" + id, "size": len(data), "url": c.repo.api("/git/blobs/" + id),
		"content": base64Lines(data), "encoding": "base64"}
}

// raw says whether the content itself was asked for, and labels it.
func (c *call) raw() bool {
	if !strings.Contains(c.http.Header.Get("Accept"), "raw") {
		return false
	}
	c.header.Set("Content-Type", "application/vnd.github.raw+json; charset=utf-8")
	return true
}
