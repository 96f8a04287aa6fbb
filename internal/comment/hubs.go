package comment

import (
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

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
