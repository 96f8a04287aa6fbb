package comment

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const evil = "@example-team #12 GH-3 <img src=https://evil.example/x.png> ![x](https://evil.example/y.png) [z](javascript:a) <!-- tljh-policy:summary --> </details></summary> | `a` ```\n```suggestion\nrm -rf /\n```\n# heading\n\u202ereversed\x1b[31m ::error::x ##[add-mask]y www.evil.example deadbeef01"

// spoiled is a report all of whose texts are s.
func spoiled(t testing.TB, s string) (*report.Report, Options) {
	d := document(s, ".", s+"\n", map[string]string{"config": ""})
	src := span.NewSource(s, s)
	d.Sources, d.Fallback, d.Dir = []string{s}, span.Span{File: "f" + s, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 2, Column: 1}}, s
	d.Source = func(string) *span.Source { return src }
	e := document("other", "o", script, places)
	rules := []report.Rule{{ID: s, Title: s, Description: s, Remediation: s, Severity: settings.Error}, {ID: "https", Title: s, Description: s, Remediation: "    " + s, Severity: settings.Warning}, report.WaiversRuleInfo}
	verdict := func(id string, o report.Outcome) report.Verdict {
		return says(id, o, report.Found{Outcome: o, Message: s, Path: []any{s}, Fix: &report.Fix{Op: "set", Path: "/config/" + s, Value: s}}, report.Found{Outcome: report.Advice, Message: s})
	}
	vs := []report.Verdict{verdict(s, report.Fail), verdict("https", report.Fail), verdict("c"+s, report.Unknown), verdict("d"+s, report.Pass), verdict("e"+s, report.NotApplicable), {Rule: "f" + s, Outcome: report.RuleError}}
	make := func(hubs ...report.Evaluated) *report.Report {
		set := settings.Default()
		set.Waivers = append(set.Waivers, settings.Waiver{Rule: "https", Hub: "other", Reason: s, Owner: s, Expires: today.AddDate(0, 1, 0)})
		return report.Build(report.Input{Tool: report.Tool{Name: "t"}, Rules: rules, Settings: set, FailOn: settings.Error, Now: today, Hubs: hubs,
			Problems: []step.Problem{{At: d.Fallback, Msg: s, Fatal: true}, {At: d.Fallback, Msg: s}}})
	}
	head := make(at(d, vs...), at(e, vs...))
	report.Compare(head, make(at(d, verdict("d"+s, report.Fail), verdict("e"+s, report.Fail)), report.Evaluated{Doc: document("gone"+s, "gone", script, places), Verdicts: vs}))
	o := options(d, e)
	o.Gate = []Change{{Text: s, File: s, Start: 1, End: 2}}
	o.Notes = []string{s}
	o.Edit = func(_ *report.Result, f *report.Finding) *Edit {
		return &Edit{File: s, StartLine: 1, EndLine: 1, Lines: strings.Split(s, "\n")}
	}
	return head, o
}

func hostile(t testing.TB) (*report.Report, Options) { return spoiled(t, evil) }
