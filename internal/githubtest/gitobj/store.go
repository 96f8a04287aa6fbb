// Package gitobj holds git objects in memory under their real ids: blobs, trees, commits, and what a server answers from
// them (merge bases, histories, changed files). Ids are SHA-1 over git's own encoding, so `git hash-object` agrees.
package gitobj

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Modes of tree entries.
const (
	Regular    = "100644"
	Executable = "100755"
	Symlink    = "120000"
	Directory  = "040000"
	Submodule  = "160000"
)

// File is what a commit holds under a path. Data is the text, the target of a symlink, or the commit of a submodule.
type File struct{ Mode, Data string }

// Entry is what a tree says of a path, relative to the tree.
type Entry struct{ Path, Mode, ID string }

// Type returns "blob", "tree" or "commit".
func (e Entry) Type() string {
	switch e.Mode {
	case Directory:
		return "tree"
	case Submodule:
		return "commit"
	}
	return "blob"
}

// Commit is a commit. ID and Tree are filled in by Store.Commit.
type Commit struct {
	ID, Tree  string
	Parents   []string
	Name      string
	Email     string
	When      time.Time
	Message   string
	snapshot  map[string]Entry // every file (not directory) by its full path
	treeOfDir map[string]string
}

// Store is a set of objects. It is not safe for use by several goroutines at once.
type Store struct {
	raw     map[string]string // id → "type size\x00data"
	trees   map[string][]Entry
	commits map[string]*Commit
}

// New returns an empty store.
func New() *Store {
	return &Store{raw: map[string]string{}, trees: map[string][]Entry{}, commits: map[string]*Commit{}}
}

func (s *Store) put(kind, data string) string {
	raw := fmt.Sprintf("%s %d\x00%s", kind, len(data), data)
	sum := sha1.Sum([]byte(raw))
	id := hex.EncodeToString(sum[:])
	s.raw[id] = raw
	return id
}

// Object returns an object's type ("blob", "tree", "commit") and data.
func (s *Store) Object(id string) (kind, data string, ok bool) {
	header, data, ok := strings.Cut(s.raw[id], "\x00")
	kind, _, _ = strings.Cut(header, " ")
	return kind, data, ok
}

// Blob returns the content of a blob.
func (s *Store) Blob(id string) (string, bool) {
	kind, data, ok := s.Object(id)
	return data, ok && kind == "blob"
}

// Tree returns the direct entries of a tree in git's order.
func (s *Store) Tree(id string) ([]Entry, bool) {
	entries, ok := s.trees[id]
	return entries, ok
}

// Lookup returns a commit, or nil.
func (s *Store) Lookup(id string) *Commit { return s.commits[id] }

// Commit stores a commit of exactly these files, keyed by path, and returns it.
func (s *Store) Commit(files map[string]File, commit Commit) *Commit {
	commit.snapshot, commit.treeOfDir = map[string]Entry{}, map[string]string{}
	for path, file := range files {
		id := file.Data
		if file.Mode != Submodule {
			id = s.put("blob", file.Data)
		}
		commit.snapshot[path] = Entry{Path: path, Mode: file.Mode, ID: id}
	}
	commit.Tree = s.writeTree(commit.snapshot, commit.treeOfDir)
	var text strings.Builder
	fmt.Fprintf(&text, "tree %s\n", commit.Tree)
	for _, parent := range commit.Parents {
		fmt.Fprintf(&text, "parent %s\n", parent)
	}
	for _, role := range []string{"author", "committer"} {
		fmt.Fprintf(&text, "%s %s <%s> %d +0000\n", role, commit.Name, commit.Email, commit.When.Unix())
	}
	fmt.Fprintf(&text, "\n%s", commit.Message)
	commit.ID = s.put("commit", text.String())
	s.commits[commit.ID] = &commit
	return &commit
}

// Files returns a commit's files by full path.
func (c *Commit) Files() map[string]Entry { return c.snapshot }

// At returns what a commit holds at a path: a file, or a directory's tree ("" is the root).
func (c *Commit) At(path string) (Entry, bool) {
	if entry, ok := c.snapshot[path]; ok {
		return entry, true
	}
	id, ok := c.treeOfDir[path]
	return Entry{Path: path, Mode: Directory, ID: id}, ok
}

// Paths returns a commit's file paths in order.
func (c *Commit) Paths() []string { return slices.Sorted(maps.Keys(c.snapshot)) }
