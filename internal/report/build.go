package report

import (
	"sort"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Build makes the report: it applies severities, switched-off rules and waivers, puts everything in order, and decides
// the exit code.
func Build(in Input) *Report {
	in.Hubs = append([]Evaluated(nil), in.Hubs...)
	sort.SliceStable(in.Hubs, func(i, j int) bool { return in.Hubs[i].Doc.Name < in.Hubs[j].Doc.Name })
	b := builder{in: in, rules: map[string]Rule{}, waivers: newWaivers(in)}
	for _, r := range in.Rules {
		b.rules[r.ID] = r
	}
	rep := &Report{
		SchemaVersion: SchemaVersion, Tool: in.Tool,
		Hubs: []Hub{}, Results: []Result{}, Problems: []Problem{},
	}
	for _, e := range in.Hubs {
		rep.Hubs = append(rep.Hubs, Hub{e.Doc.Name, e.Doc.Dir, append([]string{}, e.Doc.Sources...)})
		rep.Results = append(rep.Results, b.hub(e)...)
	}
	rep.Results = append(rep.Results, b.waiverResults()...)
	sortResults(rep.Results)
	same := map[step.Problem]bool{}
	for _, p := range in.Problems {
		if same[p] {
			continue
		}
		same[p] = true
		rep.Problems = append(rep.Problems, Problem{span.Show(p.Msg), p.Fatal, place(p.At)})
	}
	sortProblems(rep.Problems)
	for _, r := range rep.Results {
		rep.Summary.count(r.Outcome)
	}
	rep.failOn, rep.strict = in.FailOn, in.Strict
	rep.pending = b.waivers.pending
	rep.ExitCode, rep.ExitReason = exit(rep.Results, rep.Problems, in.FailOn, in.Strict)
	return rep
}

type builder struct {
	in      Input
	rules   map[string]Rule
	waivers *waivers
}

func (b *builder) hub(e Evaluated) []Result {
	var out []Result
	said := map[string]bool{}
	b.waivers.enter(e.Doc)
	for _, v := range e.Verdicts {
		said[v.Rule] = true
		out = append(out, b.result(e.Doc, v))
	}
	for _, r := range b.in.Rules {
		if !said[r.ID] && r.ID != WaiversRule {
			if off := b.off(e.Doc, r); off != nil {
				out = append(out, *off)
			}
		}
	}
	return out
}

// off is the result of a rule that the settings switch off; nil when they do not.
func (b *builder) off(d *hub.Document, r Rule) *Result {
	s := b.in.Settings.Rule(r.ID)
	if s == nil || s.Off == "" {
		return nil
	}
	f := Finding{Outcome: NotApplicable, Message: "Switched off in the settings: " + s.Off, Location: place(s.OffAt), Related: []Related{}}
	res := b.start(d.Name, r.ID)
	res.off = true
	b.finish(&res, NotApplicable, []Finding{f})
	return &res
}

// start is an empty result of a rule.
func (b *builder) start(hubName, id string) Result {
	r, ok := b.rules[id]
	if !ok {
		r = Rule{ID: id, Title: id}
	}
	res := Result{
		Rule: id, Hub: hubName, Severity: r.Severity, Title: r.Title, Description: r.Description, Remediation: r.Remediation,
		Related: []Related{}, Findings: []Finding{}, Fixed: []Finding{},
	}
	if s := b.in.Settings.Rule(id); s != nil && s.Severity != "" {
		res.Severity = s.Severity
	}
	if res.Severity == "" {
		res.Severity = "error"
	}
	return res
}

func (b *builder) result(d *hub.Document, v Verdict) Result {
	res := b.start(d.Name, v.Rule)
	findings := make([]Finding, 0, len(v.Findings))
	for _, f := range v.Findings {
		findings = append(findings, b.finding(d, v.Rule, f))
	}
	outcome := v.Outcome
	if v.Err != nil || outcome == RuleError {
		msg := "the rule broke and gave no reason"
		if v.Err != nil {
			msg = v.Err.Error()
		}
		outcome, findings = RuleError, []Finding{{Outcome: RuleError, Message: msg, Location: place(d.Fallback), Related: []Related{}}}
	}
	outcome = b.waivers.apply(v.Rule, outcome, findings)
	b.finish(&res, outcome, findings)
	return res
}

func (b *builder) finding(d *hub.Document, rule string, f Found) Finding {
	out := Finding{
		Outcome: f.Outcome, Message: span.Show(f.Message), Path: jsonPointer(f.Path), about: about(d, f.Path), Location: place(d.Locate(f.Path)),
		Related: []Related{}, Fix: f.Fix,
	}
	for _, p := range f.Related {
		out.Related = append(out.Related, Related{jsonPointer(p), place(d.Locate(p))})
	}
	if f.Outcome == Unknown {
		out.Why = why(d, f.Path)
		out.Settle = settles(d, f)
	}
	if f.Outcome == Fail || f.Outcome == Unknown {
		out.Waiver = b.waivers.find(d, rule, f.Path, out)
	}
	return out
}

// why is the reason of the nearest value on the path that the repository does not tell.
func why(d *hub.Document, path []any) string {
	for i := len(path); i > 0; i-- {
		if n := d.Root.AtPath(path[:i]); n != nil {
			if n.State == doc.Unknown {
				return span.Show(n.Why)
			}
			return ""
		}
	}
	return ""
}

// finish orders the findings, gives them their fingerprints, and lifts the first one into the result.
func (b *builder) finish(res *Result, outcome Outcome, findings []Finding) {
	sort.SliceStable(findings, func(i, j int) bool { return before(outcome, findings[i], findings[j]) })
	same := map[string]int{}
	for i := range findings {
		f := &findings[i]
		f.Fingerprint = fingerprint(res.Rule, res.Hub, f.about, same)
	}
	res.Outcome, res.Findings = outcome, findings
	if len(findings) == 0 {
		res.Fingerprint = fingerprint(res.Rule, res.Hub, "", same)
		return
	}
	f := findings[0]
	res.Message, res.Location, res.Related, res.Fix = f.Message, f.Location, f.Related, f.Fix
	res.Fingerprint = f.Fingerprint
	if outcome == Waived {
		res.Waiver = f.Waiver
	}
}
