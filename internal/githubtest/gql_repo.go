package githubtest

import (
	"strings"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
	"github.com/tljh-policy/tljh-policy/internal/githubtest/graphql"
	"github.com/tljh-policy/tljh-policy/internal/githubtest/linediff"
)

func (c *call) gqlRepo(r *Repo) node {
	return node{
		"__typename": "Repository", "id": nodeID("R", r.id), "databaseId": int(r.id), "name": r.name, "nameWithOwner": r.FullName(),
		"isArchived": r.archived, "isFork": r.parent != nil, "isPrivate": r.private, "url": r.html(""),
		"defaultBranchRef": node{"__typename": "Ref", "id": "REF_main", "name": "main", "prefix": "refs/heads/",
			"target": field(func(args) (any, error) { return c.gqlObject(r, r.branches["main"]), nil })},
		"object": field(func(a args) (any, error) {
			id, expression := a.String("oid"), a.String("expression")
			switch {
			case (id == "") == (expression == ""):
				return nil, &graphql.Error{Message: "Exactly one of `oid` and `expression` must be given."}
			case r.private && !c.token.Permissions.allowed("contents=read"):
				return nil, gqlForbidden()
			case id == "":
				id = r.evaluate(expression)
			}
			return c.gqlObject(r, id), nil
		}),
		"pullRequest": field(func(a args) (any, error) {
			number, _ := a.Int("number")
			if number < 1 || number > len(r.pulls) {
				return nil, gqlNotFound("Could not resolve to a PullRequest with the number of %d.", number)
			}
			if r.private && !c.token.Permissions.allowed("pull_requests=read") {
				return nil, gqlForbidden()
			}
			return c.gqlPull(r.pulls[number-1]), nil
		}),
	}
}

// evaluate is rev-parse for COMMIT and COMMIT:path; "" where that leads nowhere.
func (r *Repo) evaluate(expression string) string {
	name, path, inside := strings.Cut(expression, ":")
	commit := r.resolve(name)
	if commit == nil || !inside {
		if commit != nil {
			return commit.ID
		}
		return expression
	}
	entry, _ := commit.At(path)
	return entry.ID
}

// maxText is where GraphQL cuts a blob's text.
const maxText = 512_000

// gqlObject is a git object, or nil, which GitHub answers without an error.
func (c *call) gqlObject(r *Repo, id string) node {
	kind, data, ok := r.network.objects.Object(id)
	if !ok {
		return nil
	}
	o := node{"__typename": strings.ToUpper(kind[:1]) + kind[1:], "id": "O_" + id, "oid": id, "abbreviatedOid": id[:7]}
	switch kind {
	case "blob":
		o["byteSize"], o["isTruncated"], o["isBinary"], o["text"] = len(data), len(data) > maxText, gitobj.Binary(data), nil
		if !gitobj.Binary(data) {
			o["text"] = strings.ToValidUTF8(data[:min(len(data), maxText)], "\uFFFD")
			if !utf8.ValidString(data) {
				o["isBinary"] = nil
			}
		}
	case "commit":
		commit := r.network.objects.Lookup(id)
		headline, _, _ := strings.Cut(commit.Message, "\n")
		o["messageHeadline"], o["committedDate"] = headline, stamp(commit.When)
	case "tree":
		o["entries"] = field(func(args) (any, error) { return c.gqlEntries(r, id), nil })
	}
	return o
}

func (c *call) gqlEntries(r *Repo, tree string) []node {
	entries, _ := r.network.objects.Tree(tree)
	list := []node{}
	for _, e := range entries {
		mode := 0
		for _, digit := range e.Mode {
			mode = mode*8 + int(digit-'0')
		}
		data, _ := r.network.objects.Blob(e.ID)
		list = append(list, node{"__typename": "TreeEntry", "name": e.Path, "path": e.Path, "mode": mode, "oid": e.ID, "size": len(data), "type": e.Type(),
			"object": field(func(args) (any, error) { return c.gqlObject(r, e.ID), nil })})
	}
	return list
}

func (c *call) gqlFiles(p *Pull) []node {
	kinds := map[string]string{"added": "ADDED", "removed": "DELETED", "modified": "MODIFIED", "renamed": "RENAMED", "changed": "CHANGED"}
	var files []node
	for _, change := range p.changes() {
		added, removed := linediff.Count(change.Script)
		files = append(files, node{"__typename": "PullRequestChangedFile", "path": change.Path, "additions": added, "deletions": removed,
			"changeType": kinds[change.Status], "viewerViewedState": "UNVIEWED"})
	}
	return files
}
