package gitobj

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// WriteRepository writes objects, as loose ones, and references into a git directory that git and its libraries open: a bare
// repository, or the .git of a checkout. head is a reference or the id of a detached HEAD. Depth is how many commits of each
// history are there, as in a shallow clone; 0 is every object of the store.
func (s *Store) WriteRepository(dir string, refs map[string]string, head string, depth int) error {
	files := map[string][]byte{
		"config": []byte("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"),
		"HEAD":   []byte(head + "\n"),
	}
	tips := slices.Collect(maps.Values(refs))
	if s.commits[head] == nil {
		files["HEAD"] = []byte("ref: " + head + "\n")
	} else {
		tips = append(tips, head)
	}
	for name, id := range refs {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("reference %q leads out of the repository", name)
		}
		files[name] = []byte(id + "\n")
	}
	ids := slices.Collect(maps.Keys(s.raw))
	if depth > 0 {
		var cut []string
		if ids, cut = s.reachable(tips, depth); len(cut) > 0 {
			files["shallow"] = []byte(strings.Join(cut, "\n") + "\n")
		}
	}
	for _, id := range ids {
		packed, err := compressed(s.raw[id])
		if err != nil {
			return err
		}
		files["objects/"+id[:2]+"/"+id[2:]] = packed
	}
	for _, empty := range []string{"objects", "refs/heads", "refs/tags"} {
		if err := os.MkdirAll(filepath.Join(dir, empty), 0o755); err != nil {
			return err
		}
	}
	for name, data := range files {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(name)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, data []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, mode)
}

// WriteTree writes a commit's files into a directory. Submodules are empty directories, as they are without their checkout.
func (s *Store) WriteTree(dir string, commit *Commit) error {
	for _, path := range commit.Paths() {
		if !filepath.IsLocal(path) {
			return fmt.Errorf("path %q leads out of the directory", path)
		}
		entry, target := commit.snapshot[path], filepath.Join(dir, filepath.FromSlash(path))
		data, _ := s.Blob(entry.ID)
		var err error
		switch entry.Mode {
		case Submodule:
			err = os.MkdirAll(target, 0o755)
		case Symlink:
			if err = os.MkdirAll(filepath.Dir(target), 0o755); err == nil {
				err = os.Symlink(data, target)
			}
		case Executable:
			err = writeFile(target, []byte(data), 0o755)
		default:
			err = writeFile(target, []byte(data), 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reachable returns the objects of the first commits of each history, and the commits whose parents are missing.
func (s *Store) reachable(tips []string, depth int) (ids, cut []string) {
	seen := map[string]bool{}
	level := tips
	for ; depth > 0 && len(level) > 0; depth-- {
		var next []string
		for _, id := range level {
			commit := s.commits[id]
			if commit == nil || seen[id] {
				continue
			}
			seen[id], seen[commit.Tree] = true, true
			for _, entry := range s.Walk(commit.Tree, true) {
				seen[entry.ID] = entry.Mode != Submodule
			}
			next = append(next, commit.Parents...)
		}
		level = next
	}
	for id := range seen {
		if _, ok := s.raw[id]; !ok {
			continue
		}
		ids = append(ids, id)
		if commit := s.commits[id]; commit != nil && slices.ContainsFunc(commit.Parents, func(p string) bool { return !seen[p] }) {
			cut = append(cut, id)
		}
	}
	slices.Sort(cut)
	return ids, cut
}

func compressed(text string) ([]byte, error) {
	var out bytes.Buffer
	writer := zlib.NewWriter(&out)
	if _, err := writer.Write([]byte(text)); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
