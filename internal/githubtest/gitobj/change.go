package gitobj

import (
	"maps"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/linediff"
)

// Change is one file that differs between two commits, in the words of GitHub's API.
type Change struct {
	Path     string
	Previous string // of a renamed file
	Status   string // added, removed, modified, renamed, changed (its type: a file that became a symlink)
	Old, New Entry  // zero where the file does not exist
	Binary   bool
	Script   []linediff.Line
}

// Hunks returns the change as git would show it; none for binary files and submodules.
func (c *Change) Hunks() []linediff.Hunk { return linediff.Hunks(c.Script) }

// Changes compares two commits, by path, and finds renames. A nil commit is an empty one.
func (s *Store) Changes(before, after *Commit) []*Change {
	old, current := map[string]Entry{}, map[string]Entry{}
	if before != nil {
		old = before.snapshot
	}
	if after != nil {
		current = after.snapshot
	}
	byPath := map[string]*Change{}
	for path, entry := range old {
		if now, ok := current[path]; !ok {
			byPath[path] = &Change{Path: path, Status: "removed", Old: entry}
		} else if now != entry {
			status := "modified"
			if kind(now.Mode) != kind(entry.Mode) {
				status = "changed"
			}
			byPath[path] = &Change{Path: path, Status: status, Old: entry, New: now}
		}
	}
	for path, entry := range current {
		if _, ok := old[path]; !ok {
			byPath[path] = &Change{Path: path, Status: "added", New: entry}
		}
	}
	s.renames(byPath)
	changes := make([]*Change, 0, len(byPath))
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		s.compare(byPath[path])
		changes = append(changes, byPath[path])
	}
	return changes
}

// kind is a mode without the right to execute.
func kind(mode string) string {
	if mode == Executable {
		return Regular
	}
	return mode
}

func (s *Store) compare(change *Change) {
	before, after := s.text(change.Old), s.text(change.New)
	if change.Binary = binary(before) || binary(after); !change.Binary {
		change.Script = linediff.Diff(before, after)
	}
}

// text returns what git compares: a blob's content, or the line that stands for a submodule.
func (s *Store) text(entry Entry) string {
	if entry.Mode == Submodule {
		return "Subproject commit " + entry.ID + "\n"
	}
	data, _ := s.Blob(entry.ID)
	return data
}

// binary is git's test: a NUL among the first 8000 bytes.
func binary(data string) bool { return strings.Contains(data[:min(len(data), 8000)], "\x00") }

// Binary says whether git takes a text for binary data.
func Binary(data string) bool { return binary(data) }
