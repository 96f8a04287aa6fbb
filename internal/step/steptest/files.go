// Package steptest is a checkout in memory, for the tests of readers.
package steptest

import (
	"errors"
	"path"
	"sort"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Files is a checkout by path; it implements step.Files.
type Files map[string]string

// Archive is the files of a txtar archive.
func Archive(text string) Files {
	m := Files{}
	for _, f := range txtar.Parse([]byte(text)).Files {
		m[f.Name] = string(f.Data)
	}
	return m
}

// Open returns a file's text.
func (m Files) Open(p string) (*span.Source, error) {
	if s, ok := m[p]; ok {
		return span.NewSource(p, s), nil
	}
	return nil, errors.New("no such file")
}

// Exists says whether p is a file.
func (m Files) Exists(p string) bool { _, ok := m[p]; return ok }

// List is the names of the files in a directory, sorted.
func (m Files) List(dir string) (names []string) {
	for p := range m {
		if path.Dir(p) == path.Clean(dir) {
			names = append(names, path.Base(p))
		}
	}
	sort.Strings(names)
	return names
}
