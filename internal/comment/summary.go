package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
)

// summary puts the parts in order: the verdict, what somebody has to decide, what to repair, and then what can wait.
func (p *page) summary() string {
	all := problems(p.report)
	if p.Marker != "" {
		p.add(p.Marker)
	}
	p.add("### " + headline(p.report, all))
	p.add(p.lead(all))
	p.gate()
	p.hubChanges()
	p.fatal()
	p.scoreboard()
	p.failures(all)
	p.fixed()
	p.undecided(all)
	p.waived()
	p.inOrder()
	p.remarks()
	p.footer()
	return strings.TrimRight(p.out.String(), "\n") + "\n"
}

// headline is the verdict in a few words.
func headline(r *report.Report, all []*problem) string {
	gating, advice := map[string]bool{}, map[string]bool{}
	for _, b := range all {
		if b.Outcome == report.RuleError {
			continue
		}
		if b.gates {
			gating[b.Rule] = true
		} else {
			advice[b.Rule] = true
		}
	}
	open := r.Undecided()
	switch r.ExitCode {
	case report.ExitPassed:
		if open > 0 {
			return "❓ Hub check: nothing fails, but " + count(open, "point") + " cannot be decided"
		}
		says := "✅ Hub check passed"
		if c := r.Comparison; c != nil && len(c.HubsRemoved) > 0 {
			says = "⚠️ Hub check passed, but " + count(len(c.HubsRemoved), "hub") + " " + be(len(c.HubsRemoved)) + " no longer found"
		}
		if len(advice) > 0 {
			says += ", with " + count(len(advice), "recommendation")
		}
		if r.Summary.Unknown > 0 {
			says += "; " + count(r.Summary.Unknown, "point") + " cannot be decided"
		}
		return says
	case report.ExitFailed:
		if len(gating) == 0 {
			return "❌ Hub check failed: " + count(open, "point") + " cannot be decided"
		}
		verb := " are not met"
		if len(gating) == 1 {
			verb = " is not met"
		}
		return "❌ Hub check failed: " + count(len(gating), "rule") + verb
	}
	return "⛔ Hub check could not be completed"
}

// lead is a sentence or two on what that means for this pull request.
func (p *page) lead(all []*problem) string {
	r := p.report
	var says []string
	if r.Comparison != nil {
		says = append(says, changes(r)...)
	}
	switch r.ExitCode {
	case report.ExitUnevaluated:
		says = append(says, "Nobody can say that the hub is in order: "+p.say(r.ExitReason)+".")
	case report.ExitFailed:
		says = append(says, "Commit the changes that are described below and push: this comment then updates itself. A hub that already runs changes when somebody runs the same commands on it.")
	case report.ExitPassed:
		c := r.Comparison
		gone := c != nil && len(c.HubsRemoved)+len(c.RulesDropped) > 0
		if len(all) == 0 && r.Summary.Unknown == 0 && len(p.Gate) == 0 && !gone {
			says = append(says, allWell(r))
		}
	}
	return strings.Join(says, " ")
}

func allWell(r *report.Report) string {
	at := ""
	if len(r.Hubs) > 1 {
		at = " at " + itoa(len(r.Hubs)) + " hubs"
	}
	return "Nothing needs to be done" + at + "."
}

// footer names the whole report.
func (p *page) footer() {
	var says []string
	if p.cut {
		says = append(says, "Some details are left out here, as the text would be too long.")
	}
	if p.FullReport != "" {
		says = append(says, markdown.Link("Full report", p.FullReport))
	} else if p.cut {
		says = append(says, "`tljh-policy check` shows all of them.")
	}
	if len(says) > 0 {
		p.add(strings.Join(says, " "))
	}
}
