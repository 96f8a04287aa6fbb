package comment

import (
	"sort"
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

// row is one hub's counts.
type row struct {
	name   string
	counts map[report.Outcome]int
	fresh  int // new failures
	order  int
}

// rows are the hubs, and the repository as a whole where something is said of it; the worst first.
func (p *page) rows() []*row {
	by := map[string]*row{}
	var out []*row
	for i, h := range p.report.Hubs {
		by[h.Name] = &row{name: h.Name, counts: map[report.Outcome]int{}, order: i}
		out = append(out, by[h.Name])
	}
	for i := range p.report.Results {
		res := &p.report.Results[i]
		r := by[res.Hub]
		if r == nil {
			r = &row{name: res.Hub, counts: map[report.Outcome]int{}, order: len(by)}
			by[res.Hub] = r
			out = append(out, r)
		}
		o := shown(p.report, res)
		r.counts[o]++
		if o == report.Fail && res.Change == report.New {
			r.fresh++
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if x, y := a.counts[report.RuleError]+a.counts[report.Fail], b.counts[report.RuleError]+b.counts[report.Fail]; x != y {
			return x > y
		}
		return a.counts[report.Unknown]+a.counts[advised] > b.counts[report.Unknown]+b.counts[advised]
	})
	return out
}

func (p *page) manyHubs() {
	rows := p.rows()
	var columns []int
	for i, o := range outcomes {
		for _, r := range rows {
			if r.counts[o.outcome] > 0 {
				columns = append(columns, i)
				break
			}
		}
	}
	first, rest := some(rows, min(p.hubs, openHubs))
	p.add(p.hubTable(first, columns))
	if rest > 0 {
		p.fold(false, count(rest, "more hub"), func() {
			more, left := some(rows[len(first):], p.hubs-len(first))
			if len(more) > 0 {
				p.add(p.hubTable(more, columns))
			}
			if left > 0 {
				p.cut = true
				p.add("… and " + count(left, "more hub") + ".")
			}
		})
	}
	var legend []string // the words are below: a phone is narrow
	for _, c := range columns {
		legend = append(legend, outcomes[c].icon+" "+strings.ToLower(outcomes[c].title))
	}
	p.add(strings.Join(legend, " · "))
}

// openHubs is how many hubs are shown before one has to click.
const openHubs = 15

func (p *page) hubTable(rows []*row, columns []int) string {
	text, line := "| Hub |", "\n|---|"
	for _, c := range columns {
		text += " " + outcomes[c].icon + " |"
		line += ":-:|"
	}
	text += line
	for _, r := range rows {
		text += "\n| " + p.hub(r.name) + " |"
		for _, c := range columns {
			n := r.counts[outcomes[c].outcome]
			cell := itoa(n)
			if n == 0 {
				cell = ""
			}
			if outcomes[c].outcome == report.Fail && r.fresh > 0 {
				cell = "**" + cell + "** (" + itoa(r.fresh) + " new)"
			}
			text += " " + cell + " |"
		}
	}
	return text
}

func (p *page) hub(name string) string {
	if name == "" {
		return "the repository as a whole"
	}
	return p.name(name)
}

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
