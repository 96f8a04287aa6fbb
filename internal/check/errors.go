package check

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// Error is an error that has chosen its exit code.
type Error struct {
	Code int
	Msg  string // "" when everything has been said
}

func (e *Error) Error() string { return e.Msg }

// Usage is for what the caller can put right: a flag, an argument, the settings.
func Usage(format string, args ...any) error {
	return &Error{report.ExitUsage, fmt.Sprintf(format, args...)}
}

// Unevaluated is for what keeps an answer from being given.
func Unevaluated(format string, args ...any) error {
	return &Error{report.ExitUnevaluated, fmt.Sprintf(format, args...)}
}

// Crash is for a panic. The value may quote the repository: whoever prints it makes it harmless.
func Crash(r any) error {
	return Unevaluated("internal error: %.500v\nThis is a mistake in tljh-policy, not in your repository; please report it.", r)
}
