// Package cli is the command line of tljh-policy: flags, streams and exit codes. What the commands do is done by the
// packages they call.
package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Streams is what a command gets of the machine it runs on.
type Streams struct {
	Out, Err io.Writer
	Env      func(name string) string
}

// Main runs the command that args name, without the program's own name, and returns the exit code. It never panics and
// never exits.
func Main(ctx context.Context, args []string, s Streams) (code int) {
	defer func() {
		if r := recover(); r != nil {
			code = finish(s, check.Crash(r))
		}
	}()
	root := newRoot(s)
	root.SetArgs(args)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	return finish(s, root.ExecuteContext(ctx))
}

// finish says what went wrong, if anything did, and chooses the exit code.
func finish(s Streams, err error) int {
	if err == nil {
		return 0
	}
	code, message := explain(err)
	if message != "" {
		fmt.Fprintln(s.Err, sanitize.Lines("tljh-policy: "+message))
	}
	return code
}

const about = `tljh-policy reads the repository that sets up a hub of The Littlest JupyterHub,
works out what the hub will really be, and says which rules of a production-ready
hub it keeps, with the line that each answer rests on.

Exit codes: 0 in order; 1 a rule fails; 2 a wrong flag or wrong settings;
3 something could not be evaluated, so nobody can say that the hub is in order.`

func newRoot(s Streams) *cobra.Command {
	root := &cobra.Command{
		Use: "tljh-policy", Short: "Check that a TLJH hub's repository makes a production-ready hub", Long: about,
		SilenceErrors: true, SilenceUsage: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%v\nSee: %s --help", err, cmd.CommandPath())
	})
	root.AddCommand(newAction(s), newCheck(s), newInspect(s), newRules(s), newExplain(s), newFix(s), newSchema(s), newVersion(s))
	return root
}
