package comment

import (
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
)

// matrix shows every rule at every hub, where the hubs are few enough to fit beside each other.
func (p *page) matrix() {
	hubs := p.report.Hubs
	if len(hubs) > p.amount.matrix {
		return
	}
	var rules []string
	known, icons := map[string]bool{}, map[[2]string]string{}
	for i := range p.report.Results {
		res := &p.report.Results[i]
		if res.Hub == "" {
			continue
		}
		if !known[res.Rule] {
			known[res.Rule] = true
			rules = append(rules, res.Rule)
		}
		for _, o := range outcomes {
			if o.outcome == shown(p.report, res) {
				icons[[2]string{res.Rule, res.Hub}] = o.icon
			}
		}
	}
	report.SortRules(rules, func(s string) string { return s })
	first, left := some(rules, p.rules)
	text, line := "| Rule |", "\n|---|"
	for _, h := range hubs {
		text += " " + p.name(h.Name) + " |"
		line += ":-:|"
	}
	text += line
	for _, r := range first {
		text += "\n| " + markdown.Cell(r, p.value) + " |"
		for _, h := range hubs {
			text += " " + icons[[2]string{r, h.Name}] + " |"
		}
	}
	p.fold(false, "Every rule at every hub", func() {
		p.add(text)
		if left > 0 {
			p.cut = true
			p.add("… and " + count(left, "more rule") + ".")
		}
	})
}
