package main

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// files reads a tree: over what it starts from, unless it has a directory of its own.
func (s *scenario) files(t tree, over githubtest.Files) (githubtest.Files, error) {
	files := maps.Clone(over)
	if t.Dir != "" || files == nil {
		files = githubtest.Files{}
	}
	if t.Dir != "" {
		if err := readDir(s.path(t.Dir), files); err != nil {
			return nil, err
		}
	}
	for path, text := range t.Files {
		if text == nil {
			delete(files, path)
			continue
		}
		files[path] = *text
	}
	return files, nil
}

// readDir adds a directory's files, without a .git.
func readDir(dir string, files githubtest.Files) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == ".git" {
				return filepath.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.Type()&fs.ModeSymlink != 0 {
			target, err := os.Readlink(path)
			files[name] = githubtest.Symlink(target)
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files[name] = string(text)
		if info, err := entry.Info(); err == nil && info.Mode()&0o111 != 0 {
			files[name] = githubtest.Executable(string(text))
		}
		return nil
	})
}
