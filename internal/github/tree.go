package github

import (
	"context"
	"fmt"

	"github.com/google/go-github/v60/github"
)

// Tree is everything below a commit or tree.
type Tree struct {
	SHA       string
	Entries   []TreeEntry
	Truncated bool // beyond 100,000 entries or 7 MB GitHub leaves the rest out
}

// TreeEntry is one path in a tree.
type TreeEntry struct {
	Path string
	Mode string // 100644, 100755, 040000, 120000 (symbolic link) or 160000 (submodule)
	Type string // blob, tree or commit
	SHA  string
	Size int64 // of a blob
}

// Tree lists everything below a commit or tree, in one call.
func (c *Client) Tree(ctx context.Context, repo Repo, sha string) (*Tree, error) {
	what := fmt.Sprintf("list the files of commit %.12s", sha)
	if err := repo.check(); err != nil {
		return nil, err
	}
	if !IsSHA(sha) {
		return nil, &Error{Kind: Invalid, What: what, Message: "this is no commit's id"}
	}
	var tree *github.Tree
	err := c.do(ctx, call{what: what}, func(ctx context.Context) (err error) {
		tree, _, err = c.rest.Git.GetTree(ctx, repo.Owner, repo.Name, sha, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &Tree{SHA: tree.GetSHA(), Truncated: tree.GetTruncated(), Entries: make([]TreeEntry, 0, len(tree.Entries))}
	for _, e := range tree.Entries {
		out.Entries = append(out.Entries, TreeEntry{e.GetPath(), e.GetMode(), e.GetType(), e.GetSHA(), int64(e.GetSize())})
	}
	return out, nil
}
