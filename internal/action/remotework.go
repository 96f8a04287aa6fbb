package action

import (
	"context"
	"fmt"
	"path"
	"path/filepath"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/snapshot"
)

// remoteWork writes out the head of a pull request that is read through the API: nothing of it is checked out where a later
// step could run it. The workspace holds the default branch, if anything; files that are the same are taken from there.
func (d *decider) remoteWork(ctx context.Context, v *verdict) error {
	t := &d.trigger
	if !filepath.IsLocal(v.in.path) {
		return check.Usage("input path: %q is not a path below the repository's root", v.in.path)
	}
	if t.number == 0 || t.baseRef == "" {
		if err := d.findPull(ctx); err != nil {
			return check.Unevaluated("the pull request of this run cannot be found: %v", err)
		}
	}
	local, _ := snapshot.OpenLocal(d.workspace, d.workspace)
	d.trees.store, d.trees.reuse = stores{d.hosted}, d.workspace
	if local != nil {
		d.trees.store, d.trees.reuse = stores{local, d.hosted}, local.Root
	}
	root, err := d.trees.dir(ctx, t.head)
	if err != nil {
		return check.Unevaluated("the pull request's files cannot be read: %v", err)
	}
	v.work = work{root: root, names: root, prefix: path.Clean(filepath.ToSlash(v.in.path)), commit: t.head, local: local}
	if _, err := beneath(root, v.in.path); err != nil {
		return check.Usage("input path: there is no %q in the pull request", v.in.path)
	}
	return nil
}

// findPull finds the open pull request whose head a workflow_run is about.
func (d *decider) findPull(ctx context.Context) error {
	t := &d.trigger
	if d.hosted.client == nil {
		return d.hosted.why
	}
	if t.number == 0 {
		n, err := d.hosted.client.PullOfHead(ctx, d.hosted.repo, t.headOwner, t.headRef, t.head, t.headRepoID)
		if err != nil {
			return err
		}
		t.number = n
	}
	pr, err := d.hosted.client.PullRequest(ctx, d.hosted.repo, t.number)
	if err != nil {
		return err
	}
	if pr.HeadSHA != t.head {
		return fmt.Errorf("pull request %d has moved on; the run for its new head will answer", t.number)
	}
	t.base, t.baseRef = pr.BaseSHA, pr.BaseRef
	return nil
}
