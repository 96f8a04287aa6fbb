package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// ErrAbsent is for a commit whose objects the repository lacks: it was cloned without them.
var ErrAbsent = errors.New("not in this clone")

// Local is a repository on this machine. Git itself is not needed, and whose files these are does not matter.
type Local struct {
	Root string // the work tree's directory
	s    *filesystem.Storage
}

// OpenLocal opens the repository that dir lies in, but none above the directory ceiling ("" for no limit).
func OpenLocal(dir, ceiling string) (*Local, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if ceiling != "" {
		if ceiling, err = filepath.Abs(ceiling); err != nil {
			return nil, err
		}
	}
	for {
		if info, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return openDotGit(dir, info.IsDir())
		}
		up := filepath.Dir(dir)
		if up == dir || dir == ceiling {
			return nil, errors.New("no Git repository")
		}
		dir = up
	}
}

// openDotGit opens the repository of a work tree; in a linked one .git is a file that names its directory.
func openDotGit(root string, isDir bool) (*Local, error) {
	git := filepath.Join(root, ".git")
	if !isDir {
		text, err := os.ReadFile(git)
		if err != nil {
			return nil, err
		}
		to, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
		if !ok {
			return nil, fmt.Errorf("%s names no directory", git)
		}
		if git = to; !filepath.IsAbs(git) {
			git = filepath.Join(root, git)
		}
	}
	fs := osfs.New(git)
	if text, err := os.ReadFile(filepath.Join(git, "commondir")); err == nil {
		common := strings.TrimSpace(string(text))
		if !filepath.IsAbs(common) {
			common = filepath.Join(git, common)
		}
		return &Local{root, filesystem.NewStorage(dotgit.NewRepositoryFilesystem(fs, osfs.New(common)), cache.NewObjectLRUDefault())}, nil
	}
	return &Local{root, filesystem.NewStorage(fs, cache.NewObjectLRUDefault())}, nil
}

// Resolve is the commit that a name means: an object id, a branch, a tag, a remote's branch, or HEAD.
func (l *Local) Resolve(name string) (string, error) {
	if plumbing.IsHash(name) {
		return name, nil
	}
	for _, format := range plumbing.RefRevParseRules {
		ref, err := storer.ResolveReference(l.s, plumbing.ReferenceName(fmt.Sprintf(format, name)))
		if err != nil {
			continue
		}
		if tag, err := object.GetTag(l.s, ref.Hash()); err == nil {
			c, err := tag.Commit()
			if err != nil {
				return "", absent(name, err)
			}
			return c.Hash.String(), nil
		}
		return ref.Hash().String(), nil
	}
	return "", fmt.Errorf("%q is no commit, branch or tag of the repository", name)
}

// Parents are the parents of a commit, which need not be in the clone themselves.
func (l *Local) Parents(commit string) ([]string, error) {
	c, err := l.commit(commit)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range c.ParentHashes {
		out = append(out, p.String())
	}
	return out, nil
}

// MergeBase is the best common ancestor of two commits; an error where the clone lacks the history to tell.
func (l *Local) MergeBase(a, b string) (string, error) {
	x, err := l.commit(a)
	if err != nil {
		return "", err
	}
	y, err := l.commit(b)
	if err != nil {
		return "", err
	}
	bases, err := x.MergeBase(y)
	if err != nil {
		return "", absent(a, err)
	}
	if len(bases) == 0 {
		return "", fmt.Errorf("%.12s and %.12s have no common ancestor in this clone", a, b)
	}
	return bases[0].Hash.String(), nil
}

func (l *Local) commit(id string) (*object.Commit, error) {
	c, err := object.GetCommit(l.s, plumbing.NewHash(id))
	if err != nil {
		return nil, absent(id, err)
	}
	return c, nil
}

// Tree implements Store.
func (l *Local) Tree(ctx context.Context, commit string) ([]Entry, error) {
	c, err := l.commit(commit)
	if err != nil {
		return nil, err
	}
	tree, err := c.Tree()
	if err != nil {
		return nil, absent(commit, err)
	}
	walk := object.NewTreeWalker(tree, true, nil)
	defer walk.Close()
	var out []Entry
	for ctx.Err() == nil {
		name, e, err := walk.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, absent(commit, err)
		}
		if e.Mode == filemode.Dir {
			continue
		}
		if len(out) > MaxFiles {
			return out, nil // Write says so
		}
		size := int64(-1)
		if e.Mode != filemode.Submodule {
			if size, err = l.s.EncodedObjectSize(e.Hash); err != nil {
				return nil, absent(name, err)
			}
		}
		out = append(out, Entry{name, uint32(e.Mode), e.Hash.String(), size})
	}
	return nil, ctx.Err()
}

// Blobs implements Store.
func (l *Local) Blobs(ctx context.Context, entries []Entry, maxBytes int64) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, e := range entries {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if _, ok := out[e.OID]; ok || e.Size > maxBytes {
			continue
		}
		blob, err := object.GetBlob(l.s, plumbing.NewHash(e.OID))
		if err != nil {
			return nil, absent(e.Path, err)
		}
		r, err := blob.Reader()
		if err != nil {
			return nil, absent(e.Path, err)
		}
		text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
		r.Close()
		if err != nil {
			return nil, absent(e.Path, err)
		}
		out[e.OID] = text
	}
	return out, nil
}

// absent tells a clone that lacks objects (shallow, or partial) from a broken one.
func absent(what string, err error) error {
	if errors.Is(err, plumbing.ErrObjectNotFound) || errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%.40s is %w", what, ErrAbsent)
	}
	return fmt.Errorf("%.40s cannot be read: %w", what, err)
}
