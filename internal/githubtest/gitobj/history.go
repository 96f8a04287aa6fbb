package gitobj

import (
	"maps"
	"slices"
	"strings"
)

// Ancestors returns a commit and everything reachable from it.
func (s *Store) Ancestors(id string) map[string]bool {
	seen := map[string]bool{}
	for todo := []string{id}; len(todo) > 0; todo = todo[1:] {
		commit := s.commits[todo[0]]
		if commit == nil || seen[commit.ID] {
			continue
		}
		seen[commit.ID] = true
		todo = append(todo, commit.Parents...)
	}
	return seen
}

// MergeBase returns the best common ancestor: one that no other common ancestor descends from. Where several are
// equally good it is the newest. "" if there is none.
func (s *Store) MergeBase(a, b string) string {
	other := s.Ancestors(b)
	shared := map[string]bool{}
	for id := range s.Ancestors(a) {
		if other[id] {
			shared[id] = true
		}
	}
	best := maps.Clone(shared)
	for id := range shared {
		for ancestor := range s.Ancestors(id) {
			if ancestor != id {
				delete(best, ancestor)
			}
		}
	}
	candidates := slices.SortedFunc(maps.Keys(best), func(x, y string) int {
		if order := s.commits[y].When.Compare(s.commits[x].When); order != 0 {
			return order
		}
		return strings.Compare(x, y)
	})
	if len(candidates) == 0 {
		return ""
	}
	return candidates[0]
}

// Between returns the commits reachable from head and not from base, oldest first.
func (s *Store) Between(base, head string) []*Commit {
	known := s.Ancestors(base)
	var commits []*Commit
	for id := range s.Ancestors(head) {
		if !known[id] {
			commits = append(commits, s.commits[id])
		}
	}
	slices.SortFunc(commits, func(x, y *Commit) int {
		if order := x.When.Compare(y.When); order != 0 {
			return order
		}
		return strings.Compare(x.ID, y.ID)
	})
	return commits
}
