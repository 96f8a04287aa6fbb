package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
)

// advised stands for a failure that does not make the check fail.
const advised report.Outcome = "advised"

// shown is the outcome under which a result is counted.
func shown(r *report.Report, res *report.Result) report.Outcome {
	if res.Outcome == report.Fail && !r.Gates(*res) {
		return advised
	}
	return res.Outcome
}

// outcomes in the order of the scoreboard.
var outcomes = []struct {
	outcome     report.Outcome
	icon, title string
}{
	{report.RuleError, "⛔", "Broken rule"},
	{report.Fail, "❌", "Not met"},
	{advised, "⚠️", "Recommended"},
	{report.Unknown, "❓", "Cannot be decided"},
	{report.Waived, "🟡", "Accepted for now"},
	{report.Pass, "✅", "In order"},
	{report.NotApplicable, "➖", "Does not apply"},
}

func outcomeWord(o report.Outcome) string {
	for _, x := range outcomes {
		if x.outcome == o {
			return strings.ToLower(x.title)
		}
	}
	return "unknown"
}

// scoreboard shows every rule at a glance. For one hub, a line for each outcome; for several, a line for each hub.
func (p *page) scoreboard() {
	if len(p.report.Results) == 0 {
		return
	}
	if len(p.report.Hubs) <= 1 {
		p.oneHub()
		return
	}
	p.manyHubs()
	p.matrix()
}

func (p *page) oneHub() {
	text := "| | Rules |\n|---|---|"
	for _, o := range outcomes {
		var results []*report.Result
		for i := range p.report.Results {
			if res := &p.report.Results[i]; shown(p.report, res) == o.outcome {
				results = append(results, res)
			}
		}
		if len(results) == 0 {
			continue
		}
		var rules []string
		some, left := some(results, p.rules)
		for _, res := range some {
			name := markdown.Cell(res.Rule, p.value)
			switch res.Change {
			case report.New:
				name += " **new**"
			case report.Fixed:
				name += " **fixed**"
			}
			rules = append(rules, name)
		}
		if left > 0 {
			p.cut = true
			rules = append(rules, "and "+itoa(left)+" more")
		}
		text += "\n| " + o.icon + " " + o.title + " | **" + itoa(len(results)) + "** · " + strings.Join(rules, ", ") + " |"
	}
	p.add(text)
}

func (p *page) hub(name string) string {
	if name == "" {
		return "the repository as a whole"
	}
	return p.name(name)
}
