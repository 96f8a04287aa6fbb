package action

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// verdict is what a run says.
type verdict struct {
	code  int
	why   string // why there is no report, or why code is not the report's
	in    inputs
	work  work
	head  *check.Done // nil if nothing could be evaluated
	bases bases       // zero where nothing is compared
	gate  []gateChange
	told  bool        // notes say something that whoever reviews has to see, also where all is well
	after *check.Done // the check by the pull request's own gate, where it differs
	edits *edits      // of head's findings
	notes []string    // what could not be done, for people
	close []func()
}

func (v *verdict) report() *report.Report {
	if v.head == nil {
		return nil
	}
	return v.head.Report
}

// note keeps something for people to know.
func (v *verdict) note(format string, args ...any) {
	v.notes = append(v.notes, fmt.Sprintf(format, args...))
}

// fail sets the exit code of an error and its message.
func (v *verdict) fail(err error) {
	var e *check.Error
	v.code, v.why = report.ExitUnevaluated, err.Error()
	if errors.As(err, &e) {
		v.code, v.why = e.Code, e.Msg
	}
}

// decider is what a verdict is made with.
type decider struct {
	env       func(string) string
	input     func(string) string
	workspace string
	trigger   trigger
	hosted    hosted
	now       time.Time
	limit     time.Duration
	version   string
	trees     trees
}

// decide makes the verdict. It writes nothing but temporary files, which trees.remove deletes.
func (d *decider) decide(ctx context.Context, v *verdict) error {
	var err error
	if v.in, err = readInputs(d.input); err != nil {
		return err
	}
	if d.trigger.kind == remote {
		err = d.remoteWork(ctx, v)
	} else {
		v.work, err = findWork(d.workspace, v.in.path, d.trigger)
	}
	if err != nil {
		return err
	}
	if d.trigger.kind == audit {
		return d.plain(ctx, v)
	}
	return d.againstBase(ctx, v)
}

// plain judges a tree by its own settings.
func (d *decider) plain(ctx context.Context, v *verdict) error {
	o, err := d.options(v, v.work.root)
	if err != nil {
		return err
	}
	return d.run(ctx, v, o)
}

func (d *decider) run(ctx context.Context, v *verdict, o check.Options) (err error) {
	if v.head, err = check.Run(ctx, o); err != nil {
		return err
	}
	v.close = append(v.close, v.head.Close)
	v.code, v.why = v.head.Report.ExitCode, ""
	return nil
}

// options are those of a check whose settings and rules lie in the tree gate.
func (d *decider) options(v *verdict, gate string) (check.Options, error) {
	o := check.Options{Dir: v.work.dir(), FailOn: v.in.failOn, Strict: v.in.strict, Now: d.now, Limit: d.limit, Version: d.version}
	var err error
	if o.Gate, err = within(gate, v.work.prefix); err != nil {
		return o, check.Usage("the directory %s: %v", v.work.prefix, err)
	}
	if v.in.settings != "" {
		if o.SettingsFile, err = d.gateFile(v, gate, v.in.settings); err != nil {
			return o, check.Usage("input settings: %v", err)
		}
		o.SettingsName = v.in.settings
	}
	for _, p := range v.in.policies {
		dir, err := d.gateFile(v, gate, p)
		if err != nil {
			return o, check.Usage("input policies: %v", err)
		}
		o.Policies = append(o.Policies, check.PolicyDir{Dir: dir, Name: p})
	}
	return o, nil
}

// gateFile is where a file or directory of the gate lies: in the tree of the gate, or in the workspace where a step has put a
// repository of the operators' own.
func (d *decider) gateFile(v *verdict, gate, name string) (string, error) {
	if operators(d.workspace, name, v.work) {
		return beneath(d.workspace, name)
	}
	if gate == v.work.root {
		return beneath(v.work.names, name)
	}
	rel, err := v.work.inRepo(name)
	if err != nil {
		return "", err
	}
	if found, err := beneath(gate, rel); err == nil {
		return found, nil
	}
	return "", fmt.Errorf("there is no %q in the base commit; it counts once it is merged", name)
}

// baseTime is how long reading the base may take, most of it waiting for GitHub: what is left of the limit is enough for a
// verdict without it. Tests shorten it.
var baseTime = 2 * time.Minute

// againstBase judges the tree of a pull request or a merge group by its base's gate, and tells new failures from old.
func (d *decider) againstBase(ctx context.Context, v *verdict) error {
	d.trees.store = stores{d.hosted}
	if v.work.local != nil {
		d.trees.store = stores{v.work.local, d.hosted}
	}
	if err := d.isPull(v); err != nil {
		return err
	}
	reading, done := context.WithTimeout(ctx, baseTime)
	defer done()
	gate, compare, err := d.baseTrees(reading, v)
	if err != nil {
		return d.blind(ctx, v, err)
	}
	if err := d.gateInputs(v, gate); err != nil {
		return err
	}
	if err := errors.Join(d.isPull(v), d.samePlace(v, gate)); err != nil {
		return err
	}
	if v.in.ownGate {
		gate = v.work.root
	}
	o, err := d.options(v, gate)
	if err != nil {
		return err
	}
	base, err := d.checkBase(ctx, v, o, compare)
	if err != nil {
		return err
	}
	o.Accepted = base.Report.AcceptedByComment()
	if v.in.ownGate {
		o.Accepted = nil
	}
	if err := d.run(ctx, v, o); err != nil {
		return err
	}
	report.Compare(v.head.Report, base.Report)
	d.stated(v, compare)
	if v.in.ownGate {
		v.note("The input \"base\" is \"head\": this pull request is judged by its own settings, waivers and rules.")
		return nil
	}
	return d.weighGate(ctx, v, gate)
}

// baseTrees writes out the trees of the base commits.
func (d *decider) baseTrees(ctx context.Context, v *verdict) (gate, compare string, err error) {
	if v.bases, err = findBases(ctx, d.trigger, v.work.commit, v.work.local, d.hosted); err != nil {
		return "", "", err
	}
	d.trees.reuse = v.work.root
	if gate, err = d.trees.dir(ctx, v.bases.gate); err != nil {
		return "", "", err
	}
	if compare, err = d.trees.dir(ctx, v.bases.compare); err != nil {
		v.note("What is new could not be told from what was there before: %v", err)
		v.bases.compare, compare = v.bases.gate, gate
	}
	return gate, compare, nil
}

// checkBase evaluates the tree that is compared with. What keeps it from being evaluated and is no fault of the gate's only
// costs the comparison.
func (d *decider) checkBase(ctx context.Context, v *verdict, o check.Options, compare string) (*check.Done, error) {
	dir, err := within(compare, v.work.prefix)
	if err != nil {
		return nil, check.Usage("the directory %s of the base: %v", v.work.prefix, err)
	}
	o.Dir = dir
	done, err := check.Run(ctx, o)
	if err != nil {
		return nil, err
	}
	v.close = append(v.close, done.Close)
	return done, nil
}

// blind is for a pull request whose base cannot be read: its failures are known without it, but nothing may turn green by
// settings, waivers and rules that the pull request could have written itself.
func (d *decider) blind(ctx context.Context, v *verdict, cause error) error {
	empty, err := within(d.trees.scratch(), v.work.prefix)
	if err != nil {
		return check.Unevaluated("the base commit cannot be read: %v", cause)
	}
	o := check.Options{
		Dir: v.work.dir(), Gate: empty, FailOn: v.in.failOn, Strict: v.in.strict, Accepted: map[report.Accepted]bool{},
		Now: d.now, Limit: d.limit, Version: d.version,
	}
	if o.FailOn == settings.Never {
		o.FailOn = settings.Error
	}
	if err := d.run(ctx, v, o); err != nil {
		return err
	}
	v.bases = bases{}
	said := fmt.Sprintf("The settings, waivers and rules of the base commit could not be read, so the built-in rules alone were evaluated: %v. "+
		"With \"fetch-depth: 2\" for actions/checkout no request is needed for them.", cause)
	v.note("%s", said)
	if v.code == report.ExitPassed {
		v.code, v.why = report.ExitUnevaluated, said
	}
	return nil
}
