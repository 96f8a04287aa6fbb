package gitobj

import (
	"cmp"
	"maps"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/linediff"
)

// maxRenames is git's diff.renameLimit: with more candidates on a side only unchanged files count as renamed.
const maxRenames = 1000

// renames joins removed and added files that are alike: equal ones first, then those that keep at least half, git's default.
func (s *Store) renames(changes map[string]*Change) {
	var removed, added []string
	for _, path := range slices.Sorted(maps.Keys(changes)) {
		switch changes[path].Status {
		case "removed":
			removed = append(removed, path)
		case "added":
			added = append(added, path)
		}
	}
	type pair struct {
		from, to string
		score    float64
	}
	var pairs []pair
	exactOnly := len(removed) > maxRenames || len(added) > maxRenames || len(removed)*len(added) > 10*maxRenames
	for _, from := range removed {
		for _, to := range added {
			before, after := changes[from].Old, changes[to].New
			switch {
			case before.ID == after.ID:
				pairs = append(pairs, pair{from, to, 1})
			case !exactOnly && before.Mode == after.Mode && before.Mode != Submodule:
				if score := s.likeness(before, after); score >= 0.5 {
					pairs = append(pairs, pair{from, to, score})
				}
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.score, a.score) })
	for _, p := range pairs {
		source, target := changes[p.from], changes[p.to]
		if source == nil || target.Status != "added" {
			continue
		}
		target.Status, target.Previous, target.Old = "renamed", p.from, source.Old
		delete(changes, p.from)
	}
}

// likeness is the share of the larger text that survives in the other.
func (s *Store) likeness(before, after Entry) float64 {
	a, b := s.text(before), s.text(after)
	if binary(a) || binary(b) || len(a) == 0 || len(b) == 0 {
		return 0
	}
	kept := 0
	for _, line := range linediff.Diff(a, b) {
		if line.Op == ' ' {
			kept += len(line.Text)
		}
	}
	return float64(kept) / float64(max(len(a), len(b)))
}
