package action

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/snapshot"
)

// bases are the commits that a pull request is held against.
type bases struct {
	gate    string // whose settings, waivers and rules count: the tip of the base branch
	compare string // whose failures are not new: what the evaluated tree and the base branch have in common
}

// remoteStore is what is asked of GitHub's API to find the bases.
type remoteStore interface {
	snapshot.Store
	BranchTip(ctx context.Context, branch string) (string, error)
	MergeBase(ctx context.Context, base, head string) (string, error)
}

// findBases finds the base commits of a pull request or a merge group. evaluated is the commit of the tree that is judged.
//
// The merge commit that GitHub makes for a pull request has the base branch's tip as its first parent: nothing needs to be
// asked, unless the event names another, since the pull request may just have been sent to another branch. Anywhere else the tip is the branch's of now, not the one in the event: a pull request that is old
// must not be judged by rules that have been tightened since.
func findBases(ctx context.Context, t trigger, evaluated string, local *snapshot.Local, remote remoteStore) (bases, error) {
	if t.kind == queue {
		if t.base == "" {
			return bases{}, errors.New("the event names no base commit")
		}
		return bases{t.base, t.base}, nil
	}
	if local != nil {
		if p, err := local.Parents(evaluated); err == nil && len(p) == 2 && p[1] == t.head && evaluated == t.sha && evaluated != t.head {
			if p[0] == t.base {
				return bases{p[0], p[0]}, nil
			}
			if tip, err := remote.BranchTip(ctx, t.baseRef); err != nil || tip == p[0] {
				return bases{p[0], p[0]}, nil
			}
		}
	}
	b := bases{gate: t.base}
	if tip, err := remote.BranchTip(ctx, t.baseRef); err == nil {
		b.gate = tip
	}
	if b.gate == "" {
		return b, errors.New("the event names no base commit")
	}
	b.compare = b.gate
	if local != nil {
		if m, err := local.MergeBase(b.gate, evaluated); err == nil {
			b.compare = m
			return b, nil
		}
	}
	if m, err := remote.MergeBase(ctx, b.gate, evaluated); err == nil {
		b.compare = m
	}
	return b, nil
}

// stores asks one store after the other.
type stores []snapshot.Store

func (s stores) Tree(ctx context.Context, commit string) (out []snapshot.Entry, err error) {
	var all error
	for _, one := range s {
		if out, err = one.Tree(ctx, commit); err == nil {
			return out, nil
		}
		all = errors.Join(all, err)
	}
	return nil, all
}

func (s stores) Blobs(ctx context.Context, entries []snapshot.Entry, maxBytes int64) (out map[string][]byte, err error) {
	var all error
	for _, one := range s {
		if out, err = one.Blobs(ctx, entries, maxBytes); err == nil {
			return out, nil
		}
		all = errors.Join(all, err)
	}
	return nil, all
}

// trees are the trees of commits, written out once each.
type trees struct {
	store   snapshot.Store
	reuse   string   // the work tree that files are taken from where they are the same
	parents []string // where temporary directories may be made
	made    map[string]string
}

// dir is the directory that holds the tree of a commit.
func (t *trees) dir(ctx context.Context, commit string) (string, error) {
	if d, ok := t.made[commit]; ok {
		return d, nil
	}
	d, err := snapshot.Empty(t.parents...)
	if err != nil {
		return "", err
	}
	if err := snapshot.Write(ctx, t.store, commit, d, t.reuse); err != nil {
		os.RemoveAll(d)
		return "", fmt.Errorf("commit %.12s: %w", commit, err)
	}
	if t.made == nil {
		t.made = map[string]string{}
	}
	t.made[commit] = d
	return d, nil
}

// remove deletes all that was written.
func (t *trees) remove() {
	for _, d := range t.made {
		os.RemoveAll(d)
	}
}

// within returns the directory rel below root, made if it is not there: a pull request may add it. What is no directory
// beneath root, or reached by a link out of it, is an error.
func within(root, rel string) (string, error) {
	r, err := os.OpenRoot(root)
	if err != nil {
		return "", err
	}
	defer r.Close()
	if err := r.MkdirAll(rel, 0o755); err != nil {
		return "", err
	}
	return filepath.Join(root, rel), nil
}

// temporary are the directories in which temporary files may be made, best first: the runner's own are outside of the
// work tree and cleared after the job; the image has no /tmp of its own.
func temporary(env func(string) string) []string {
	return slices.DeleteFunc([]string{env("RUNNER_TEMP"), os.TempDir(), env("HOME")}, func(s string) bool { return s == "" })
}

// scratch is an empty directory; "" if none can be made.
func (t *trees) scratch() string {
	if d, ok := t.made[""]; ok {
		return d
	}
	d, err := snapshot.Empty(t.parents...)
	if err != nil {
		return ""
	}
	if t.made == nil {
		t.made = map[string]string{}
	}
	t.made[""] = d
	return d
}
