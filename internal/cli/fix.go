package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/fix"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

type fixOptions struct {
	common
	policies, rules []string
	write           bool
	dir             string
	today           time.Time
}

func newFix(s Streams) *cobra.Command {
	o := &fixOptions{}
	cmd := &cobra.Command{
		Use: "fix [PATH]", Short: "Show, or make, the edits that put failing rules right", Args: upTo(1),
		Long: "Show the edits that put right what fails in the repository in PATH (the current directory if left out), as a\n" +
			"unified diff; with --write, make them. An edit is only made where it surely does what the rule asks for and nothing\n" +
			"else. The standard error says which findings are left for you, and why.\n\n" +
			"The exit code is that of \"tljh-policy check\" for the repository as the command leaves it.",
		Example: "  tljh-policy fix\n  tljh-policy fix --write --rule resource-limits ../my-hub\n  tljh-policy fix | git apply",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if o.today, err = o.common.today(); err != nil {
				return err
			}
			if o.dir, err = checkout(args); err != nil {
				return err
			}
			return check.Within(cmd.Context(), o.timeout, func(ctx context.Context) error { return runFix(ctx, s, o) })
		},
	}
	o.register(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&o.policies, "policy", nil, "`directory` with custom rules; may be repeated")
	f.StringArrayVar(&o.rules, "rule", nil, "only the rule with this `id`; may be repeated")
	f.BoolVar(&o.write, "write", false, "make the edits")
	return cmd
}

func (o *fixOptions) check(ctx context.Context) (*check.Done, error) {
	return check.Run(ctx, check.Options{
		Dir: o.dir, SettingsFile: o.settingsFile, Policies: check.Dirs(o.policies), Rules: o.rules, Hub: o.hub,
		Now: o.today, Limit: o.timeout, Version: version(),
	})
}

func runFix(ctx context.Context, s Streams, o *fixOptions) error {
	done, err := o.check(ctx)
	if err != nil {
		return err
	}
	defer done.Close()
	say := func(format string, args ...any) { fmt.Fprintln(s.Err, sanitize.Line(fmt.Sprintf(format, args...))) }
	fixer := done.Fixer()
	patch, refused := fixer.All(ctx, fixes(done.Report, say))
	for _, r := range refused {
		say("%s, hub %s: no exact edit: %v", r.Rule, r.Hub, r.Why)
	}
	if len(patch.Edits) == 0 {
		say("There is nothing to edit.")
		return verdict(done.Report.ExitCode)
	}
	if patch.Caution != "" {
		say("Caution: %s", patch.Caution)
	}
	if !o.write {
		if err := printDiff(s.Out, fixer.Diff(patch), say); err != nil {
			return unevaluated("the edits could not be shown: %v", err)
		}
		return verdict(done.Report.ExitCode)
	}
	if err := fixer.Write(patch); err != nil {
		return unevaluated("%v", err)
	}
	for _, e := range patch.Edits {
		say("%s:%d edited", e.File, e.StartLine)
	}
	after, err := o.check(ctx)
	if err != nil {
		return err
	}
	defer after.Close()
	return verdict(after.Report.ExitCode)
}

// fixes are the fixes of all findings that fail, and advice; it says which failing rules have none.
func fixes(r *report.Report, say func(string, ...any)) (out []fix.Wanted) {
	for _, res := range r.Results {
		found := false
		for _, f := range res.Findings {
			if f.Fix != nil && f.Waiver == nil && (f.Outcome == report.Fail || f.Outcome == report.Advice) {
				out = append(out, fix.Wanted{Hub: res.Hub, Rule: res.Rule, Fix: f.Fix})
				found = true
			}
		}
		if res.Outcome == report.Fail && !found {
			say("%s, hub %s: for you to decide; \"tljh-policy explain %s\" says what to do", res.Rule, res.Hub, res.Rule)
		}
	}
	return out
}

// printDiff writes a diff as it is where a terminal and a log take all of it for text, so that it can be applied.
func printDiff(w io.Writer, diff string, say func(string, ...any)) error {
	harmless := true
	var b strings.Builder
	for line := range strings.Lines(diff) {
		text := strings.TrimSuffix(line, "\n")
		body := strings.TrimSuffix(text, "\r")
		for _, part := range strings.Split(body, "\t") {
			harmless = harmless && sanitize.Lines(part) == part
		}
		b.WriteString(line)
	}
	if !harmless {
		say("The lines shown hold characters that a terminal might obey. They are shown as escapes, so the diff cannot be applied; use --write.")
		_, err := io.WriteString(w, sanitize.Lines(diff))
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}
