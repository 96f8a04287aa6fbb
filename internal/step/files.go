package step

import "github.com/tljh-policy/tljh-policy/internal/span"

// Files is how readers open other files of the checkout: sourced scripts, templates, files that are copied.
// Paths are relative to the checkout, with slashes; anything outside it, too large or not text is an error.
type Files interface {
	// Open returns the text of a file, parsed once and cached.
	Open(path string) (*span.Source, error)
	// Exists says whether path is a regular file of the checkout.
	Exists(path string) bool
	// List returns the names of the regular files in a directory, sorted; nil if there is none.
	List(dir string) []string
}
