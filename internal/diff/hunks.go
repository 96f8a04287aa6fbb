// Package diff answers two questions about lines: where in a file of a pull request a review comment may stand (Parse,
// Hunks), and which line of one version of a file is which line of another (NewMap).
package diff

import "sort"

// Hunks are the parts of one file's diff that GitHub shows, in the order of the new file. The lines spoken of are those
// of the new file, GitHub's RIGHT side, counted from 1.
type Hunks []Hunk

// Hunk is one of these parts: lines of the new file, unchanged, added, or beside removed ones.
type Hunk struct {
	OldStart, OldLines int
	NewStart, NewLines int
	added              []span // ranges of added lines
	gaps               []int  // line after which lines were removed; NewStart-1 where they were removed at the top
	kept               []run  // runs of lines that both sides hold
}

// span is a range of lines, both ends included.
type span struct{ first, last int }

func (h Hunk) holds(start, end int) bool {
	return h.NewLines > 0 && start >= h.NewStart && end < h.NewStart+h.NewLines
}

// Contains says whether a comment on the lines start to end may stand in the diff: GitHub takes it only if both are in
// the same hunk, and refuses the whole review otherwise.
func (hs Hunks) Contains(start, end int) bool {
	_, ok := hs.find(start, end)
	return ok
}

// Touches says whether the lines start to end are changed by the diff: one of them is added, or lines were removed among or
// right beside them.
func (hs Hunks) Touches(start, end int) bool {
	h, ok := hs.find(start, end)
	if !ok {
		return false
	}
	for _, a := range h.added {
		if a.first <= end && a.last >= start {
			return true
		}
	}
	for _, g := range h.gaps {
		if g >= start-1 && g <= end {
			return true
		}
	}
	return false
}

// Added says whether every line from start to end was added.
func (hs Hunks) Added(start, end int) bool {
	h, ok := hs.find(start, end)
	if !ok {
		return false
	}
	for _, a := range h.added {
		if a.first <= start && a.last >= end {
			return true
		}
	}
	return false
}

// Clip is the part of start to end that the first hunk with any of these lines shows; ok is false if none does.
func (hs Hunks) Clip(start, end int) (first, last int, ok bool) {
	if start < 1 || end < start {
		return 0, 0, false
	}
	for _, h := range hs {
		first, last = max(start, h.NewStart), min(end, h.NewStart+h.NewLines-1)
		if h.NewLines > 0 && first <= last {
			return first, last, true
		}
	}
	return 0, 0, false
}

func (hs Hunks) find(start, end int) (Hunk, bool) {
	if start < 1 || end < start {
		return Hunk{}, false
	}
	i := sort.Search(len(hs), func(i int) bool { return hs[i].NewStart+hs[i].NewLines > start })
	if i < len(hs) && hs[i].holds(start, end) {
		return hs[i], true
	}
	return Hunk{}, false
}
