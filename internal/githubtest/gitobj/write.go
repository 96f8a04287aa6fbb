package gitobj

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"path/filepath"
)

// WriteRepository writes every object, as a loose one, and the references into a git directory that git and its
// libraries open: a bare repository, or the .git of a checkout. head is a reference or the id of a detached HEAD.
func (s *Store) WriteRepository(dir string, refs map[string]string, head string) error {
	files := map[string][]byte{
		"config": []byte("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"),
		"HEAD":   []byte(head + "\n"),
	}
	if s.commits[head] == nil {
		files["HEAD"] = []byte("ref: " + head + "\n")
	}
	for name, id := range refs {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("reference %q leads out of the repository", name)
		}
		files[name] = []byte(id + "\n")
	}
	for id, raw := range s.raw {
		packed, err := compressed(raw)
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
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
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
