package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
)

// failures are what to repair: what this pull request brings is open to read; what was there before is folded when there is
// something new, and so is advice when there is something to repair.
func (p *page) failures(all []*problem) {
	shown, left := some(all, p.rules)
	var fresh, old, advice []*problem
	for _, b := range shown {
		switch {
		case !b.gates:
			advice = append(advice, b)
		case b.Change == report.Existing:
			old = append(old, b)
		default:
			fresh = append(fresh, b)
		}
	}
	title := "What to repair"
	if p.report.Comparison != nil {
		title = "New in this pull request"
	}
	p.problems(title, fresh, true)
	p.problems("There before this pull request", old, len(fresh) == 0 && len(old) <= 3)
	p.problems("Recommended", advice, len(fresh)+len(old) == 0 && len(advice) <= 3)
	if left > 0 {
		p.cut = true
		p.add("… and " + count(left, "more rule") + " that " + be(left) + " not met.")
	}
}

func (p *page) problems(title string, list []*problem, open bool) {
	if len(list) > 0 {
		p.add("#### " + title)
	}
	for _, b := range list {
		p.problem(b, open)
	}
}

// problem is one rule: what was found and where, why it matters, and what to do.
func (p *page) problem(b *problem, open bool) {
	says := "Not met"
	if b.Outcome == report.RuleError {
		says = "This rule is broken"
	}
	title := b.icon() + " " + says + ": <b>" + markdown.HTML(b.Title, p.value) + "</b> (<code>" + markdown.HTML(b.Rule, p.value) + "</code>)"
	if !b.gates && b.Change == report.New {
		title += " <b>new</b>"
	}
	p.fold(open, title, func() {
		p.found(b)
		switch {
		case b.Outcome == report.RuleError:
			p.add("Nothing is known about what this rule looks at until it is repaired.")
		case p.full(b):
			p.advice(b)
		default:
			p.cut = true
		}
	})
}

// full says whether why and what to do are shown.
func (p *page) full(b *problem) bool {
	switch {
	case b.Change == report.Existing && !p.existing:
		return false
	case !b.gates:
		return p.minor
	}
	return p.major
}

// shownFinding says whether a finding is shown under a failing rule: not what passes, and not what cannot be told because of what
// fails at the same place.
func shownFinding(res *report.Result, f *report.Finding) bool {
	if f.Outcome == report.Pass || f.Outcome == report.NotApplicable {
		return false
	}
	if f.Outcome == report.Unknown && f.Location != nil {
		for _, other := range res.Findings {
			if other.Outcome == report.Fail && other.Location != nil && *other.Location == *f.Location {
				return false
			}
		}
	}
	return true
}

// found lists what a rule found, hub by hub where there are several.
func (p *page) found(b *problem) {
	r := &roll{limit: p.places}
	for _, res := range b.all {
		hub := ""
		if len(p.report.Hubs) > 1 {
			hub = "**" + p.hub(res.Hub) + "**: "
		}
		for i := range res.Findings {
			if f := &res.Findings[i]; shownFinding(res, f) {
				r.add(func() string { return hub + p.finding(f, f.Change == report.New && b.Change == report.Existing) })
			}
		}
		if len(res.Findings) == 0 {
			r.add(func() string { return hub + p.say(res.Message) })
		}
	}
	if len(r.items) != 1 || r.left > 0 {
		p.list(r)
		return
	}
	p.add(r.items[0])
	if at := b.Location; at != nil && p.full(b) && p.edit(b) == nil {
		p.add(p.line(at.File, at.Start.Line))
	}
}

// finding is a message and its place.
func (p *page) finding(f *report.Finding, fresh bool) string {
	label := ""
	switch {
	case f.Waiver != nil:
		label = "accepted until " + p.name(f.Waiver.Expires) + ": "
	case f.Outcome == report.Unknown:
		label = "not known: "
	case f.Outcome == report.Advice:
		label = "advice: "
	case fresh:
		label = "**new** "
	}
	text := label + p.say(f.Message)
	if f.Location != nil {
		text += " → " + p.where(f.Location.File, f.Location.Start.Line, f.Location.End.Line)
	}
	return text
}

// line is a line of the repository as code; "" when it is not there, says nothing or must not be shown.
func (p *page) line(file string, n int) string {
	text, ok := p.Sources.Line(file, n)
	text = strings.TrimSpace(text)
	if !ok || strings.HasPrefix(text, "#") || strings.HasPrefix(text, "//") || strings.HasSuffix(text, ":") {
		return ""
	}
	return markdown.Fence("", text)
}

// advice says why a rule matters and what to do about it.
func (p *page) advice(b *problem) {
	if why := report.FirstSentences(b.Description, 3); why != "" {
		p.add("**Why it matters:** " + p.say(why))
	}
	edits := p.edits(b)
	for _, e := range edits {
		p.add(e)
	}
	blocks := markdown.Block(b.Remediation)
	switch {
	case len(blocks) == 0:
	case len(edits) > 0:
		p.fold(false, "More on what to do", func() { p.add(blocks...) })
	default:
		p.add("**What to do:**")
		p.add(blocks...)
	}
}
