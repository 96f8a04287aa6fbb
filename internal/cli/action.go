package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/action"
	"github.com/tljh-policy/tljh-policy/internal/check"
)

// verdictLimit is how long the action may take to decide; jobs have hours, but a hang must not use them up.
const verdictLimit = 5 * time.Minute

func newAction(s Streams) *cobra.Command {
	return &cobra.Command{
		Use: "action", Short: "Run as a GitHub Action: inputs come from the environment", Args: noArgs,
		Long: "Check the checkout in GITHUB_WORKSPACE and answer on the pull request that started the run.\n" +
			"Inputs (INPUT_…), the event and the addresses come from the environment that a GitHub runner sets; see action.yml.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			code := action.Run(cmd.Context(), action.Host{
				Getenv: s.Env, Out: s.Out, Version: version(), Now: time.Now().UTC(), Limit: verdictLimit,
				Sleep: func(ctx context.Context, d time.Duration) error {
					select {
					case <-ctx.Done():
						return ctx.Err()
					case <-time.After(d):
						return nil
					}
				},
			})
			if code == 0 {
				return nil
			}
			return &check.Error{Code: code}
		},
	}
}
