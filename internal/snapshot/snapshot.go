// Package snapshot writes the tree of a commit into a directory, so that it can be read like a checkout: from the objects
// of a local repository, or through an API. What is written is data of whoever made the commit; nothing leaves the
// directory, and nothing is run.
package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Entry is one file of a commit's tree.
type Entry struct {
	Path string // with slashes, relative to the tree's root
	Mode uint32 // as Git has it: 0o100644, 0o100755, 0o120000 for a link, 0o160000 for a submodule
	OID  string // the blob's object id, in hexadecimal
	Size int64  // in bytes; -1 if it is not known
}

// Modes of entries that are no plain files.
const (
	ModeLink      = 0o120000
	ModeSubmodule = 0o160000
)

// Store has commits.
type Store interface {
	// Tree lists all files of a commit, those in sub-directories included.
	Tree(ctx context.Context, commit string) ([]Entry, error)
	// Blobs returns the contents of entries by object id. What is too large may be left out; anything else that cannot be
	// had is an error.
	Blobs(ctx context.Context, entries []Entry, maxBytes int64) (map[string][]byte, error)
}

// Bounds of a snapshot.
const (
	MaxFiles     = 100_000   // as many as an API lists of a tree (reference/github.md §2.5)
	MaxFileBytes = 4 << 20   // a larger file is written as one of its size that holds nothing, which readers refuse
	MaxBytes     = 512 << 20 // in all
)

// Write writes the tree of a commit below dest, an empty directory. Files of the directory reuse ("" for none) that have the
// same content are copied from there and not asked for.
func Write(ctx context.Context, store Store, commit, dest, reuse string) error {
	entries, err := store.Tree(ctx, commit)
	if err != nil {
		return err
	}
	if len(entries) > MaxFiles {
		return fmt.Errorf("commit %.12s has more than %d files", commit, MaxFiles)
	}
	root, err := os.OpenRoot(dest)
	if err != nil {
		return err
	}
	defer root.Close()
	w := writer{root: root}
	missing, err := w.fromReuse(ctx, reuse, entries)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(missing, batch) {
		if err := w.batch(ctx, store, part); err != nil {
			return err
		}
	}
	return nil
}

// batch is how many files are held in memory at a time.
const batch = 500

func (w *writer) batch(ctx context.Context, store Store, entries []Entry) error {
	blobs, err := store.Blobs(ctx, entries, MaxFileBytes)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if text, ok := blobs[e.OID]; ok {
			err = w.file(e, text)
		} else {
			err = w.hollow(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type writer struct {
	root  *os.Root
	total int64
}

// file writes one entry. A name that Git itself would not check out is left out.
func (w *writer) file(e Entry, text []byte) error {
	if !sound(e.Path) {
		return nil
	}
	if w.total += int64(len(text)); w.total > MaxBytes {
		return fmt.Errorf("the commit holds more than %d MiB", MaxBytes>>20)
	}
	if err := w.parent(e.Path); err != nil {
		return err
	}
	if e.Mode == ModeLink {
		return tolerate(w.root.Symlink(string(text), e.Path))
	}
	perm := fs.FileMode(0o644)
	if e.Mode == 0o100755 {
		perm = 0o755
	}
	return tolerate(w.root.WriteFile(e.Path, text, perm))
}

// hollow writes a file of the entry's size that holds nothing.
func (w *writer) hollow(e Entry) error {
	if !sound(e.Path) {
		return nil
	}
	if err := w.parent(e.Path); err != nil {
		return err
	}
	f, err := w.root.Create(e.Path)
	if err != nil {
		return tolerate(err)
	}
	defer f.Close()
	return f.Truncate(max(e.Size, 1)) // zeros: no text that anything is read from
}

func (w *writer) parent(name string) error {
	dir := path.Dir(name)
	if dir == "." {
		return nil
	}
	return tolerate(w.root.MkdirAll(dir, 0o755))
}

// tolerate forgives what a crafted tree can cause and a sound one cannot: a name twice, or below a link. The file is then
// missing, as it would be in a checkout.
func tolerate(err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	if !errors.As(err, &pe) && !errors.As(err, &le) {
		return err
	}
	for _, e := range crafted {
		if errors.Is(err, e) {
			return nil
		}
	}
	if strings.Contains(err.Error(), "path escapes from parent") { // os.Root's, which has no name
		return nil
	}
	return err // a full disk, say: a file that is missing for that could be the settings
}

// sound says whether Git would check out a file of that name.
func sound(name string) bool {
	if name == "" || path.IsAbs(name) || strings.ContainsAny(name, "\x00\\") || path.Clean(name) != name {
		return false
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." || part == "." || strings.EqualFold(part, ".git") {
			return false
		}
	}
	return true
}
