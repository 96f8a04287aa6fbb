package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

func newInspect(s Streams) *cobra.Command {
	o := &common{}
	cmd := &cobra.Command{
		Use: "inspect [PATH]", Short: "Print what each hub will really be, as rules see it (JSON)", Args: upTo(1),
		Long: "Print the hub documents of the repository in PATH: what each hub will really be, with the place of every value.\n" +
			"They are the input of rules; \"tljh-policy schema hub\" describes them.",
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := checkout(args)
			if err != nil {
				return err
			}
			return check.Within(cmd.Context(), o.timeout, func(ctx context.Context) error { return runInspect(ctx, s, o, dir) })
		},
	}
	o.register(cmd)
	return cmd
}

func runInspect(ctx context.Context, s Streams, o *common, dir string) error {
	today, err := o.today()
	if err != nil {
		return err
	}
	set, err := check.Settings(dir, o.settingsFile, "")
	if err != nil {
		return err
	}
	hubs, err := check.Load(ctx, dir, set, today)
	if err != nil {
		return err
	}
	defer hubs.Close()
	docs, err := check.Choose(hubs.Hubs, o.hub)
	if err != nil {
		return err
	}
	problems := hubs.Problems
	if len(docs) == 0 {
		problems = append(problems, check.NoHub(problems, hubs.Plugin)...)
	}
	text, err := hub.Print(docs)
	if err != nil {
		return unevaluated("the hub documents cannot be printed: %v", err)
	}
	if _, err := s.Out.Write(sanitize.JSON(text)); err != nil {
		return unevaluated("the hub documents cannot be printed: %v", err)
	}
	code := report.ExitPassed
	for _, p := range problems {
		if p.Fatal {
			code = report.ExitUnevaluated
		}
		place := ""
		if !p.At.IsZero() {
			place = p.At.String() + ": "
		}
		fmt.Fprintln(s.Err, sanitize.Line(place+p.Msg))
	}
	if ctx.Err() != nil {
		return check.TimeUp(o.timeout)
	}
	return verdict(code)
}
