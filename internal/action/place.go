package action

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/snapshot"
)

// work is the tree that is judged.
type work struct {
	root   string          // the repository's work tree on this machine
	prefix string          // the directory to check, relative to root, with slashes; "." for all of it
	names  string          // the directory that paths in inputs are relative to
	commit string          // which commit it is of
	local  *snapshot.Local // its objects; nil if there are none
}

// dir is the directory to check.
func (w work) dir() string { return filepath.Join(w.root, filepath.FromSlash(w.prefix)) }

// findWork finds the checkout that the directory path of the workspace lies in.
func findWork(workspace, path string, t trigger) (work, error) {
	dir, err := beneath(workspace, path)
	if err != nil {
		return work{}, check.Usage("input path: %v", err)
	}
	w := work{root: workspace, names: workspace, commit: t.head}
	if w.local, err = snapshot.OpenLocal(dir, workspace); err == nil {
		w.root = w.local.Root
		if head, err := w.local.Resolve("HEAD"); err == nil {
			w.commit = head
		}
	}
	rel, err := filepath.Rel(w.root, dir)
	if err != nil {
		return work{}, err
	}
	w.prefix = filepath.ToSlash(rel)
	return w, nil
}

// beneath is the path of something in root that no link leads out of.
func beneath(root, name string) (string, error) {
	if !filepath.IsLocal(name) {
		return "", fmt.Errorf("%q is not a path below the workspace", name)
	}
	r, err := os.OpenRoot(root)
	if err != nil {
		return "", fmt.Errorf("the workspace cannot be opened: %w", err)
	}
	defer r.Close()
	if _, err := r.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no %q; does actions/checkout run before this step?", name)
	} else if err != nil {
		return "", fmt.Errorf("%q cannot be used: %w", name, err)
	}
	return filepath.EvalSymlinks(filepath.Join(root, name))
}

// operators says whether a path of the workspace lies in a checkout of its own, which a step made of another repository: its
// rules are not the pull request's. A pull request can commit no .git directory; a submodule's .git is a file.
func operators(workspace, name string, w work) bool {
	dir, err := beneath(workspace, name)
	if err != nil {
		return false
	}
	for dir != workspace && dir != w.root && strings.HasPrefix(dir, workspace+string(filepath.Separator)) {
		if info, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return info.IsDir()
		}
		dir = filepath.Dir(dir)
	}
	return false
}

// inRepo is a path of an input as one of the repository.
func (w work) inRepo(name string) (string, error) {
	rel, err := filepath.Rel(w.root, filepath.Join(w.names, filepath.FromSlash(name)))
	if err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("%q is not in the repository that is checked", name)
	}
	return rel, nil
}
