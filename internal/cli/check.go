package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

type checkOptions struct {
	common
	format, colour, failOn string
	outputFlags            []string
	outputs                []output
	policies, rules        []string
	strict                 bool
	base                   string
	dir                    string
	today                  time.Time
}

func newCheck(s Streams) *cobra.Command {
	o := &checkOptions{}
	cmd := &cobra.Command{
		Use: "check [PATH]", Short: "Check the hubs that a repository sets up", Args: upTo(1),
		Long: "Check the hubs that the repository in PATH (the current directory if left out) sets up.\n\n" + aboutFormats + "\n" + about,
		Example: "  tljh-policy check\n" +
			"  tljh-policy check --strict --output json=report.json ../my-hub",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.prepare(args); err != nil {
				return err
			}
			return check.Within(cmd.Context(), o.timeout, func(ctx context.Context) error { return runCheck(ctx, s, o) })
		},
	}
	o.register(cmd)
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "text", "what to write to the standard output: `"+strings.Join(formats, "|")+"`")
	f.StringArrayVar(&o.outputFlags, "output", nil, "also write a report to a file: `FORMAT=FILE`; may be repeated")
	f.StringArrayVar(&o.policies, "policy", nil, "`directory` with custom rules; may be repeated")
	f.StringArrayVar(&o.rules, "rule", nil, "only the rule with this `id`; may be repeated")
	f.BoolVar(&o.strict, "strict", false, "a rule that cannot be decided fails too")
	f.StringVar(&o.failOn, "fail-on", "", "lowest severity that makes the check fail: `error|warning|info|never`")
	f.StringVar(&o.base, "base", "", "`commit or directory` to compare with: says which failures are new and which are fixed")
	f.StringVar(&o.colour, "color", "auto", "colour in text: `auto|always|never`")
	return cmd
}

// prepare checks flags and arguments before anything is read.
func (o *checkOptions) prepare(args []string) (err error) {
	if err := oneOf("format", o.format, formats...); err != nil {
		return err
	}
	if err := oneOf("color", o.colour, "auto", "always", "never"); err != nil {
		return err
	}
	if o.failOn != "" {
		if err := oneOf("fail-on", o.failOn, "error", "warning", "info", "never"); err != nil {
			return err
		}
	}
	if o.outputs, err = parseOutputs(o.outputFlags); err != nil {
		return err
	}
	if o.today, err = o.common.today(); err != nil {
		return err
	}
	o.dir, err = checkout(args)
	return err
}

func runCheck(ctx context.Context, s Streams, o *checkOptions) error {
	what := check.Options{
		Dir: o.dir, SettingsFile: o.settingsFile, Policies: check.Dirs(o.policies), Rules: o.rules, Hub: o.hub,
		FailOn: settings.Level(o.failOn), Strict: o.strict, Now: o.today, Limit: o.timeout, Version: version(),
	}
	done, err := check.Run(ctx, what)
	if err != nil {
		return err
	}
	defer done.Close()
	if o.base != "" {
		if err := compareWith(ctx, done.Report, what, o.base); err != nil {
			return err
		}
	}
	r := done.Report
	if err := writeAll(s, o, r, done.Sources); err != nil && r.ExitCode != report.ExitFailed {
		return err
	} else if err != nil {
		return &check.Error{Code: r.ExitCode, Msg: err.Error()}
	}
	return verdict(r.ExitCode)
}
