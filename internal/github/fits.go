package github

import "unicode/utf16"

// GitHub says that a body holds at most 65,536 characters; what it counts is not quite certain, so that a margin is kept
// (reference/github.md §3.1).
const (
	MaxUnits = 60_000  // UTF-16 code units of a body
	MaxBytes = 240_000 // bytes of a body
)

// fits says whether a body is short enough for GitHub.
func fits(body string) bool {
	if len(body) > MaxBytes {
		return false
	}
	units := 0
	for _, r := range body {
		units += utf16.RuneLen(r)
	}
	return units <= MaxUnits
}
