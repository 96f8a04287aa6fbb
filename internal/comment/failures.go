package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
)

// failures are what to repair: what this pull request brings is open to read; what was there before is folded when there is
// something new, so that nobody has to look for it.
func (p *page) failures(all []*problem) {
	shown, left := some(all, p.rules)
	var fresh, old []*problem
	for _, b := range shown {
		if b.Change == report.Existing {
			old = append(old, b)
		} else {
			fresh = append(fresh, b)
		}
	}
	if len(fresh) > 0 && p.report.Comparison != nil {
		p.add("#### New in this pull request")
	} else if len(fresh) > 0 {
		p.add("#### What to repair")
	}
	for _, b := range fresh {
		p.problem(b, true)
	}
	if len(old) > 0 {
		p.add("#### There before this pull request")
	}
	for _, b := range old {
		p.problem(b, len(fresh) == 0 && len(old) <= 3)
	}
	if left > 0 {
		p.cut = true
		p.add("… and " + count(left, "more rule") + " that " + map[bool]string{true: "is", false: "are"}[left == 1] + " not met.")
	}
}

// problem is one rule: what was found and where, why it matters, and what to do.
func (p *page) problem(b *problem, open bool) {
	says := "not met"
	if b.Outcome == report.RuleError {
		says = "this rule is broken"
	}
	title := b.icon() + " <b>" + markdown.HTML(b.Title, p.value) + "</b>: " + says + " (<code>" + markdown.HTML(b.Rule, p.value) + "</code>)"
	p.fold(open, title, func() {
		p.found(b)
		if b.Outcome == report.RuleError {
			p.add("Nothing is known about what this rule looks at until it is repaired.")
			return
		}
		if p.full(b) {
			p.advice(b)
		} else {
			p.cut = true
		}
		if !b.gates {
			p.add("This does not make the check fail.")
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

// shownFinding says whether a finding is shown under a failing rule.
func shownFinding(f *report.Finding) bool {
	return f.Outcome != report.Pass && f.Outcome != report.NotApplicable
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
			if f := &res.Findings[i]; shownFinding(f) {
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
	if !ok || strings.HasPrefix(text, "#") || strings.HasPrefix(text, "//") {
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
