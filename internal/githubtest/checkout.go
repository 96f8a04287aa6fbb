package githubtest

import (
	"fmt"
	"path/filepath"
)

// WriteGit writes the repository with all its branches and refs/pull/N/head and /merge into a git directory. head is a
// reference or a commit id.
func (r *Repo) WriteGit(dir, head string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	refs := map[string]string{}
	for name, id := range r.branches {
		refs["refs/heads/"+name] = id
	}
	for _, p := range r.pulls {
		refs[fmt.Sprintf("refs/pull/%d/head", p.number)] = p.head
		if merge := p.mergeCommit(); merge != "" {
			refs[fmt.Sprintf("refs/pull/%d/merge", p.number)] = merge
		}
	}
	return r.network.objects.WriteRepository(dir, refs, head, 0)
}

// Checkout writes what actions/checkout leaves in the workspace: the files of a commit and a .git with a detached HEAD and
// depth commits of its history; depth 0 is all of it. It has no index.
func (r *Repo) Checkout(dir, commit string, depth int) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	found := r.network.objects.Lookup(commit)
	if found == nil {
		return fmt.Errorf("no commit %q", commit)
	}
	if err := r.network.objects.WriteTree(dir, found); err != nil {
		return err
	}
	return r.network.objects.WriteRepository(filepath.Join(dir, ".git"), nil, commit, depth)
}
