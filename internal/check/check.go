// Package check answers for one checkout: it reads the settings and the custom rules, has the checkout read and the rules
// evaluated, and makes the report. The commands of the command line and the GitHub Action call it; it prints nothing.
package check

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/assemble"
	"github.com/tljh-policy/tljh-policy/internal/fix"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Options say what to check, and by which rules.
type Options struct {
	Dir          string         // the checkout
	Gate         string         // directory that settings, waivers and custom rules are read from; "" for Dir
	SettingsFile string         // settings file to use instead of the one in Gate
	SettingsName string         // what messages call SettingsFile; "" for its path
	Policies     []PolicyDir    // directories with custom rules
	Rules        []string       // only these rules
	Hub          string         // only this hub
	FailOn       settings.Level // "" for what the settings say
	Strict       bool
	Accepted     map[report.Accepted]bool // the only findings that comments may waive; nil for any
	Now          time.Time
	Limit        time.Duration // for messages: how long ctx lasts
	Version      string        // the tool's own
}

// PolicyDir is a directory with custom rules. Name is what messages call it.
type PolicyDir struct{ Dir, Name string }

// Dirs are directories that messages call by their own paths.
func Dirs(paths []string) []PolicyDir {
	out := make([]PolicyDir, len(paths))
	for i, p := range paths {
		out[i] = PolicyDir{p, filepath.ToSlash(p)}
	}
	return out
}

// Done is a check that was made.
type Done struct {
	Report   *report.Report
	Sources  *report.Sources // the lines that may be shown
	Settings *settings.Settings
	Hubs     []*hub.Document
	Close    func() // releases the checkout

	read  *assemble.Result
	rules *evaluator.Evaluator
}

// Fixer turns fixes of the report's findings into edits. It is of no use after Close.
func (d *Done) Fixer() *fix.Fixer { return fix.New(d.read, d.rules) }

// Run makes a check. An *Error says why none could be made; what cannot be read or evaluated in part is in the report.
func Run(ctx context.Context, o Options) (*Done, error) {
	gate := o.Gate
	if gate == "" {
		gate = o.Dir
	}
	set, err := Settings(gate, o.SettingsFile, o.SettingsName)
	if err != nil {
		return nil, err
	}
	modules, err := Modules(gate, set, o.Policies)
	if err != nil {
		return nil, err
	}
	chosen := selection{settings: set, custom: modules, only: o.Rules, now: o.Now}
	rules, hubs, err := compileAndLoad(ctx, chosen, o.Dir, set, o.Now)
	if err != nil {
		return nil, err
	}
	docs, err := Choose(hubs.Hubs, o.Hub)
	if err != nil {
		hubs.Close()
		return nil, err
	}
	in := report.Input{
		Tool: report.Tool{Name: "tljh-policy", Version: o.Version}, Rules: chosen.reportRules(rules), Settings: set,
		FailOn: set.FailOn, Strict: set.Strict || o.Strict, Now: o.Now, Partial: len(o.Rules) > 0 || o.Hub != "", Accepted: o.Accepted,
		Problems: hubs.Problems,
	}
	if o.FailOn != "" {
		in.FailOn = o.FailOn
	}
	var faults []step.Problem
	in.Hubs, faults = evaluate(ctx, rules, docs)
	in.Problems = append(slices.Clone(in.Problems), faults...)
	if len(docs) == 0 {
		in.Problems = append(in.Problems, NoHub(in.Problems, hubs.Plugin)...)
	}
	if ctx.Err() != nil {
		in.Problems = append(in.Problems, step.Problem{Msg: TimeUp(o.Limit).Error(), Fatal: true})
	}
	return &Done{
		Report: report.Build(in), Sources: report.NewSources(docs, set.Source), Settings: set, Hubs: docs, Close: hubs.Close,
		read: hubs.read, rules: rules,
	}, nil
}

// TimeUp is the error of a check that took longer than limit.
func TimeUp(limit time.Duration) error {
	return Unevaluated("the time limit of %s was reached; --timeout gives it longer", limit)
}

// compileAndLoad compiles the rules while the checkout is read: neither needs the other. A mistake in the settings comes
// before one in the checkout.
func compileAndLoad(ctx context.Context, chosen selection, dir string, set *settings.Settings, now time.Time) (*evaluator.Evaluator, *Loaded, error) {
	type answer struct {
		hubs *Loaded
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if r := recover(); r != nil {
				a.err = Crash(r)
			}
			read <- a
		}()
		a.hubs, a.err = Load(ctx, dir, set, now)
	}()
	rules, err := chosen.compile(ctx)
	a := <-read
	if err == nil {
		err = a.err
	}
	if err != nil && a.hubs != nil {
		a.hubs.Close()
	}
	return rules, a.hubs, err
}

// Choose picks the hub that --hub names.
func Choose(docs []*hub.Document, name string) ([]*hub.Document, error) {
	if name == "" || len(docs) == 0 {
		return docs, nil
	}
	names := make([]string, len(docs))
	for i, d := range docs {
		if names[i] = d.Name; d.Name == name {
			return docs[i : i+1], nil
		}
	}
	return nil, Usage("--hub: there is no hub %q%s", name, settings.DidYouMean(name, names))
}

// NoHub is the problem of a checkout without a hub; plugin is where it says that it is a plugin of TLJH, if it does.
func NoHub(known []step.Problem, plugin span.Span) []step.Problem {
	for _, p := range known {
		if p.At == (span.Span{}) && p.Fatal {
			return nil // has been said
		}
	}
	if !plugin.IsZero() {
		return []step.Problem{{
			At: plugin, Fatal: true,
			Msg: "no hub found: this is a plugin of TLJH, which is part of no hub until one installs it, so no rule applies. Check the repository of " +
				"a hub that does. If this one holds a hub too, name its files under \"hubs:\" in " + settings.FileName,
		}}
	}
	return []step.Problem{{
		Fatal: true,
		Msg: "no hub found: nothing here installs or configures The Littlest JupyterHub in a way that is understood. " +
			"If something does, name its files under \"hubs:\" in " + settings.FileName,
	}}
}
