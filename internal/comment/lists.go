package comment

import (
	"github.com/tljh-policy/tljh-policy/internal/report"
)

// fixed are the failures of the base that are gone.
func (p *page) fixed() {
	r := &roll{limit: p.rules}
	for _, res := range p.report.Results {
		for _, f := range res.Fixed {
			r.add(func() string {
				text := "✅ " + p.code(res.Rule) + p.at(res.Hub) + ", was: " + p.say(f.Message)
				switch res.Outcome {
				case report.Fail:
					text += " (The rule still fails elsewhere.)"
				case report.NotApplicable:
					text += " (The rule no longer applies: " + p.say(res.Message) + ")"
				}
				return text
			})
		}
	}
	if !r.empty() {
		p.add("#### Fixed by this pull request")
		p.list(r)
	}
}

// at names a hub where there are several.
func (p *page) at(hub string) string {
	if len(p.report.Hubs) < 2 || hub == "" {
		return ""
	}
	return " (" + p.name(hub) + ")"
}

// waived are failures that somebody accepts for a while.
func (p *page) waived() {
	r := &roll{limit: p.rules}
	results := of(p.report, report.Waived)
	for _, res := range results {
		r.add(func() string { return p.acceptance(res) })
	}
	if !r.empty() {
		p.fold(false, "🟡 "+count(len(results), "failure")+" accepted for now", func() { p.list(r) })
	}
}

func (p *page) acceptance(r report.Result) string {
	text := p.code(r.Rule) + p.at(r.Hub)
	if p.amount.waived {
		text += ": " + p.say(r.Message)
	}
	w := r.Waiver
	if w == nil {
		return text
	}
	text += " **Until " + p.name(w.Expires) + "**"
	if w.Owner != "" {
		text += ", " + p.name(w.Owner)
	}
	if p.amount.waived {
		text += ": " + p.say(w.Reason)
	}
	if w.Location != nil {
		text += " → " + p.where(w.Location.File, w.Location.Start.Line, w.Location.End.Line)
	}
	return text
}

// inOrder are the rules that pass or do not apply.
func (p *page) inOrder() {
	for _, o := range []struct {
		outcome     report.Outcome
		icon, title string
	}{{report.Pass, "✅ ", " in order"}, {report.NotApplicable, "➖ ", " not applicable"}} {
		results := of(p.report, o.outcome)
		if len(results) == 0 {
			continue
		}
		if !p.passed {
			p.cut = true
			continue // the scoreboard counts them
		}
		r := &roll{limit: 2 * p.rules}
		for i := range results {
			r.add(func() string { return p.proof(&results[i]) })
		}
		p.fold(false, o.icon+itoa(len(results))+o.title, func() { p.list(r) })
	}
}

// proof is a rule that passes or does not apply, with what it rests on.
func (p *page) proof(r *report.Result) string {
	message := r.Message
	if message == "" {
		message = r.Title
	}
	text := p.code(r.Rule) + p.at(r.Hub) + ": " + p.say(message)
	if r.Outcome == report.Pass && r.Location != nil {
		text += " → " + p.where(r.Location.File, r.Location.Start.Line, r.Location.End.Line)
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Outcome == report.Advice {
			text += "\n  - " + p.finding(f, false)
		}
	}
	return text
}
