package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

type checkOptions struct {
	common
	format, colour, failOn string
	outputFlags            []string
	outputs                []output
	policies, rules        []string
	strict                 bool
	dir                    string
	today                  time.Time
}

func newCheck(s Streams) *cobra.Command {
	o := &checkOptions{}
	cmd := &cobra.Command{
		Use: "check [PATH]", Short: "Check the hubs that a repository sets up", Args: upTo(1),
		Long: "Check the hubs that the repository in PATH (the current directory if left out) sets up.\n\n" + about,
		Example: "  tljh-policy check\n" +
			"  tljh-policy check --strict --output json=report.json ../my-hub",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.prepare(args); err != nil {
				return err
			}
			return within(cmd.Context(), o.timeout, func(ctx context.Context) error { return runCheck(ctx, s, o) })
		},
	}
	o.register(cmd)
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "text", "what to write to the standard output: `text|json`")
	f.StringArrayVar(&o.outputFlags, "output", nil, "also write a report to a file: `FORMAT=FILE`; may be repeated")
	f.StringArrayVar(&o.policies, "policy", nil, "`directory` with custom rules; may be repeated")
	f.StringArrayVar(&o.rules, "rule", nil, "only the rule with this `id`; may be repeated")
	f.BoolVar(&o.strict, "strict", false, "a rule that cannot be decided fails too")
	f.StringVar(&o.failOn, "fail-on", "", "lowest severity that makes the check fail: `error|warning|info|never`")
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
	set, err := loadSettings(o.dir, o.settingsFile)
	if err != nil {
		return err
	}
	modules, err := customModules(o.dir, set, o.policies)
	if err != nil {
		return err
	}
	chosen := selection{settings: set, custom: modules, only: o.rules, now: o.today}
	rules, hubs, err := compileAndLoad(ctx, chosen, o.dir, set, o.today)
	if err != nil {
		return err
	}
	defer hubs.close()
	docs, err := choose(hubs.hubs, o.hub)
	if err != nil {
		return err
	}
	in := report.Input{
		Tool: report.Tool{Name: "tljh-policy", Version: version()}, Rules: chosen.reportRules(rules), Settings: set,
		FailOn: set.FailOn, Strict: set.Strict || o.strict, Now: o.today, Partial: len(o.rules) > 0 || o.hub != "",
		Problems: hubs.problems,
	}
	if o.failOn != "" {
		in.FailOn = settings.Level(o.failOn)
	}
	var faults []step.Problem
	in.Hubs, faults = evaluate(ctx, rules, docs)
	in.Problems = append(slices.Clone(in.Problems), faults...)
	if len(docs) == 0 {
		in.Problems = append(in.Problems, noHub(in.Problems)...)
	}
	if ctx.Err() != nil {
		in.Problems = append(in.Problems, step.Problem{Msg: timeUp(o.timeout).Error(), Fatal: true})
	}
	r := report.Build(in)
	if err := writeAll(s, o, r, report.NewSources(docs, set.Source)); err != nil && r.ExitCode != report.ExitFailed {
		return err
	} else if err != nil {
		return &exitError{r.ExitCode, err.Error()}
	}
	return verdict(r.ExitCode)
}

// compileAndLoad compiles the rules while the checkout is read: neither needs the other. A mistake in the settings comes
// before one in the checkout.
func compileAndLoad(ctx context.Context, chosen selection, dir string, set *settings.Settings, now time.Time) (*evaluator.Evaluator, *loaded, error) {
	type answer struct {
		hubs *loaded
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if r := recover(); r != nil {
				a.err = crash(r)
			}
			read <- a
		}()
		a.hubs, a.err = load(ctx, dir, set, now)
	}()
	rules, err := chosen.compile(ctx)
	a := <-read
	if err == nil {
		err = a.err
	}
	if err != nil && a.hubs != nil {
		a.hubs.close()
	}
	return rules, a.hubs, err
}

// choose picks the hub that --hub names.
func choose(docs []*hub.Document, name string) ([]*hub.Document, error) {
	if name == "" || len(docs) == 0 {
		return docs, nil
	}
	names := make([]string, len(docs))
	for i, d := range docs {
		if names[i] = d.Name; d.Name == name {
			return docs[i : i+1], nil
		}
	}
	return nil, usage("--hub: there is no hub %q%s", name, settings.DidYouMean(name, names))
}

// noHub is the problem of a checkout without a hub.
func noHub(known []step.Problem) []step.Problem {
	for _, p := range known {
		if p.At == (span.Span{}) && p.Fatal {
			return nil // has been said
		}
	}
	return []step.Problem{{
		Fatal: true,
		Msg: "no hub found: nothing here installs or configures The Littlest JupyterHub in a way that is understood. " +
			"If something does, name its files under \"hubs:\" in " + settings.FileName,
	}}
}
