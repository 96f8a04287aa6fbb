package action

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

const workflowDir = ".github/workflows"

func isWorkflow(name string) bool {
	return path.Dir(name) == workflowDir && (strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml"))
}

// what says in a word what a file that calls the check is.
func what(file string) string {
	if isWorkflow(file) {
		return "workflow"
	}
	return "action"
}

// gateInputs puts back the inputs that the pull request changed for itself, by editing the workflow that runs the check.
// Events that run the default branch's workflow leave nothing to put back.
func (d *decider) gateInputs(v *verdict, gate string) error {
	if d.trigger.kind == remote {
		return nil
	}
	added, changed, removed := fileChanges(gate, v.work.root, workflowDir, isWorkflow)
	all := slices.Concat(added, changed, removed)
	before, after := readFlow(gate, ""), readFlow(v.work.root, "")
	for _, name := range sortedKeys(before) {
		if text, ok := after[name]; !isWorkflow(name) && (!ok || text != before[name]) {
			if all = append(all, name); !ok {
				removed = append(removed, name)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	for _, f := range all {
		at := span.Span{}
		if !slices.Contains(removed, f) {
			at = top(f)
		}
		v.gate = append(v.gate, gateChange{text: "changes the " + what(f) + " " + f, at: at})
	}
	action := d.env("GITHUB_ACTION_REPOSITORY")
	file, _, _ := strings.Cut(strings.TrimPrefix(d.env("GITHUB_WORKFLOW_REF"), d.env("GITHUB_REPOSITORY")+"/"), "@")
	if file != "" && readFlow(gate, file).same(readFlow(v.work.root, file)) {
		return nil // what changes is elsewhere
	}
	get, names := baseInputs(d.input, before.calls(action), after.calls(action), file, d.env("GITHUB_JOB"))
	if len(names) == 0 {
		return nil
	}
	in, err := readInputs(get)
	if err != nil {
		return err
	}
	was := v.in
	v.in.path, v.in.settings, v.in.policies, v.in.failOn, v.in.strict, v.in.ownGate = in.path, in.settings, in.policies, in.failOn, in.strict, in.ownGate
	v.gate = append(v.gate, gateChange{text: "changes inputs of the step that runs this check; those of the base count: " + strings.Join(names, ", "), at: top(file)})
	if in.path != was.path {
		if v.work, err = findWork(d.workspace, in.path, d.trigger); err != nil {
			return err
		}
	}
	return nil
}

// top is the beginning of a file, the zero span for none.
func top(file string) span.Span {
	if file == "" {
		return span.Span{}
	}
	return span.Span{File: file, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 1, Column: 1}}
}

// weighGate says what the pull request would change about its gate, and what the check would say then.
func (d *decider) weighGate(ctx context.Context, v *verdict, gate string) error {
	own, err := d.options(v, v.work.root)
	var head *settings.Settings
	if err == nil {
		head, err = check.Settings(own.Gate, own.SettingsFile, own.SettingsName)
	}
	if err != nil {
		v.gate = append(v.gate, gateChange{text: "breaks the settings: nothing could be checked after the merge"})
		if v.code != report.ExitFailed {
			v.code, v.why = report.ExitUsage, "The pull request's own settings have mistakes. "+err.Error()
		} else {
			v.note("The pull request's own settings have mistakes. %s", err.Error())
		}
		return nil
	}
	n := len(v.gate)
	v.gate = append(v.gate, settingsChanges(v.head.Settings, head, or(v.in.settings, path.Join(v.work.prefix, settings.FileName)))...)
	v.gate = append(v.gate, d.ruleChanges(v, gate, v.head.Settings, head)...)
	for _, p := range v.head.Report.Pending() {
		v.gate = append(v.gate, gateChange{text: fmt.Sprintf("waives %s in a comment until %s: %s", p.Rule, p.Waiver.Expires, p.Waiver.Reason), at: inRepo(v.work, *p.Waiver.Location)})
	}
	if len(v.gate) == n {
		return nil
	}
	if v.after, err = check.Run(ctx, own); err != nil {
		v.gate = append(v.gate, gateChange{text: "breaks the check itself: nothing could be checked after the merge"})
		if v.code == report.ExitPassed {
			v.fail(err)
		} else {
			v.note("By its own settings and rules the pull request could not be checked. %s", err.Error())
		}
		return nil
	}
	v.close = append(v.close, v.after.Close)
	if after := v.after.Report; after.ExitCode == report.ExitUnevaluated && v.code == report.ExitPassed {
		v.code, v.why = after.ExitCode, "By the pull request's own settings and rules the check could not be made: "+after.ExitReason
	}
	return nil
}

// inRepo is a place in the checked directory as one of the repository.
func inRepo(w work, at span.Span) span.Span {
	at.File = path.Join(w.prefix, at.File)
	return at
}

// ruleChanges are the custom rules that differ, in the directories that the base's settings, the head's, or the inputs name.
func (d *decider) ruleChanges(v *verdict, gate string, base, head *settings.Settings) []gateChange {
	dirs := map[string]bool{}
	for _, s := range []*settings.Settings{base, head} {
		for _, p := range s.Policies {
			dirs[path.Join(v.work.prefix, p.Name)] = true
		}
	}
	for _, p := range v.in.policies {
		if rel, err := v.work.inRepo(p); err == nil && !operators(d.workspace, p, v.work) {
			dirs[path.Clean(rel)] = true
		}
	}
	said := map[string]gateChange{}
	for dir := range dirs {
		added, changed, removed := fileChanges(gate, v.work.root, dir, func(n string) bool { return strings.HasSuffix(n, ".rego") })
		for verb, files := range map[string][]string{"adds": added, "changes": changed, "deletes": removed} {
			for _, f := range files {
				at := top(f)
				if verb == "deletes" {
					at = span.Span{}
				}
				said[f] = gateChange{text: verb + " the custom rules in " + f, at: at}
			}
		}
	}
	var out []gateChange
	for _, f := range sortedKeys(said) {
		out = append(out, said[f])
	}
	return out
}
