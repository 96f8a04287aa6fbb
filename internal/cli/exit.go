package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// usage and unevaluated are errors that have chosen their exit code. Every error of this package that is none of
// check.Error is a usage error of cobra's.
func usage(format string, args ...any) error { return check.Usage(format, args...) }

func unevaluated(format string, args ...any) error { return check.Unevaluated(format, args...) }

// verdict is the exit code of a report that has been written.
func verdict(code int) error {
	if code == report.ExitPassed {
		return nil
	}
	return &check.Error{Code: code}
}

// explain is the exit code and the message of an error.
func explain(err error) (int, string) {
	var e *check.Error
	if errors.As(err, &e) {
		return e.Code, e.Msg
	}
	if errors.Is(err, context.Canceled) {
		return report.ExitUnevaluated, "interrupted"
	}
	return report.ExitUsage, err.Error()
}

func unknownCommand(cmd *cobra.Command, name string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usage("there is no command %q%s", name, settings.DidYouMean(name, names))
}

// oneOf checks the value of a flag that takes one of some words.
func oneOf(flag, value string, words ...string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	hint := ""
	if s := settings.Suggest(value, words); s != "" {
		hint = fmt.Sprintf("; did you mean %q?", s)
	}
	return usage("--%s %q is not one of %s%s", flag, value, strings.Join(words, ", "), hint)
}

// noArgs and upTo are cobra.NoArgs and cobra.MaximumNArgs in plain words.
func noArgs(cmd *cobra.Command, args []string) error { return upTo(0)(cmd, args) }

func upTo(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage("%q is one argument too many\nSee: %s --help", args[n], cmd.CommandPath())
		}
		return nil
	}
}
