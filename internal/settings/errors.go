package settings

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Problem is one mistake in the settings file.
type Problem struct {
	At  span.Span
	Msg string // what is wrong and what to write instead
}

// Error is file:line:column: message.
func (p Problem) Error() string { return p.At.String() + ": " + p.Msg }

// Problems are all mistakes of a file, in the order of their places. An empty list is not an error: see Err.
type Problems []Problem

// Error is one line a mistake.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is ps as an error, nil when it is empty.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}
