package repo

import (
	"io/fs"
	"maps"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// With is the checkout as it would be with other text in some of its files. Files that have been read are shared; what
// the text may change (which files matter, and the problems of reading) is found out anew. It is of no use once t is
// closed, and need not be closed itself.
func (t *Tree) With(texts map[string]string) *Tree {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := &Tree{root: t.root, limits: t.limits, files: maps.Clone(t.files), lists: maps.Clone(t.lists), total: t.total, over: maps.Clone(t.over)}
	if w.over == nil {
		w.over = map[string]string{}
	}
	for name, text := range texts {
		name = path.Clean(name)
		w.over[name] = text
		f := &file{src: span.NewSource(name, text)}
		f.once.Do(func() {})
		w.files[name] = f
	}
	return w
}

// Direct says whether name is a regular file that no link leads to: what is written to name changes this file only.
func (t *Tree) Direct(name string) bool {
	if path.Clean(name) != name || path.IsAbs(name) || name == "." || strings.HasPrefix(name, "..") {
		return false
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if info, err := t.root.Lstat(dir); err != nil || !info.IsDir() {
			return false
		}
	}
	info, err := t.root.Lstat(name)
	return err == nil && info.Mode().Type() == fs.FileMode(0)
}
