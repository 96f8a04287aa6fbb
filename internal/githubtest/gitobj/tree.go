package gitobj

import (
	"encoding/hex"
	"path"
	"slices"
	"strings"
)

// writeTree stores the trees of a snapshot, notes each directory's tree in ids, and returns the root's.
func (s *Store) writeTree(snapshot map[string]Entry, ids map[string]string) string {
	below := map[string][]Entry{"": nil} // directory → direct entries, files only
	for full, entry := range snapshot {
		dir, name := path.Split(full)
		dir = strings.TrimSuffix(dir, "/")
		below[dir] = append(below[dir], Entry{Path: name, Mode: entry.Mode, ID: entry.ID})
		for ; dir != ""; dir = parent(dir) {
			if _, ok := below[parent(dir)]; !ok {
				below[parent(dir)] = nil
			}
		}
	}
	dirs := make([]string, 0, len(below))
	for dir := range below {
		dirs = append(dirs, dir)
	}
	// Deepest first, so that a directory's tree is known when its parent is written.
	slices.SortFunc(dirs, func(a, b string) int {
		return depth(b) - depth(a)
	})
	for _, dir := range dirs {
		entries := below[dir]
		slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(sortKey(a), sortKey(b)) })
		ids[dir] = s.putTree(entries)
		if dir != "" {
			below[parent(dir)] = append(below[parent(dir)], Entry{Path: path.Base(dir), Mode: Directory, ID: ids[dir]})
		}
	}
	return ids[""]
}

func (s *Store) putTree(entries []Entry) string {
	var data strings.Builder
	for _, entry := range entries {
		id, err := hex.DecodeString(entry.ID)
		if err != nil || len(id) != 20 {
			panic("gitobj: not an object id: " + entry.ID)
		}
		data.WriteString(strings.TrimPrefix(entry.Mode, "0") + " " + entry.Path + "\x00" + string(id))
	}
	id := s.put("tree", data.String())
	s.trees[id] = entries
	return id
}

// Walk returns what a tree holds; with recursive also what its directories hold, each directory before its content, as
// `git ls-tree -r -t` does.
func (s *Store) Walk(tree string, recursive bool) []Entry {
	return s.walk(tree, "", recursive)
}

func (s *Store) walk(tree, prefix string, recursive bool) (all []Entry) {
	for _, entry := range s.trees[tree] {
		entry.Path = prefix + entry.Path
		all = append(all, entry)
		if recursive && entry.Mode == Directory {
			all = append(all, s.walk(entry.ID, entry.Path+"/", true)...)
		}
	}
	return all
}

// sortKey orders entries as git does: a directory as if its name ended in a slash.
func sortKey(entry Entry) string {
	if entry.Mode == Directory {
		return entry.Path + "/"
	}
	return entry.Path
}

func parent(dir string) string {
	if up := path.Dir(dir); up != "." {
		return up
	}
	return ""
}

func depth(dir string) int {
	if dir == "" {
		return 0
	}
	return 1 + strings.Count(dir, "/")
}
