package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// undecided says what the repository does not tell and what would settle it. It is open when nothing is more urgent.
func (p *page) undecided(all []*problem) {
	results := of(p.report, report.Unknown)
	if len(results) == 0 {
		return
	}
	title := "❓ " + count(len(results), "point") + " cannot be decided from this repository"
	p.fold(len(all) == 0, title, func() {
		if p.open == 0 {
			p.cut = true
			return
		}
		groups := p.reasons(results)
		shown, left := some(groups, p.open)
		for _, g := range shown {
			if len(p.report.Hubs) > 1 {
				names, more := some(g.hubs, 10)
				if more > 0 {
					names = append(names[:len(names):len(names)], itoa(more)+" more")
				}
				p.add("At " + list(names) + ":")
			}
			p.list(g.items)
		}
		if left > 0 {
			p.cut = true
			p.add("… and more at other hubs.")
		}
	})
}

// openAt is what is open for the same reasons at some hubs.
type openAt struct {
	hubs  []string
	items *roll
}

func (p *page) reasons(results []report.Result) []*openAt {
	var order []string
	byHub := map[string][]report.Result{}
	for _, r := range results {
		if byHub[r.Hub] == nil {
			order = append(order, r.Hub)
		}
		byHub[r.Hub] = append(byHub[r.Hub], r)
	}
	var out []*openAt
	same := map[string]*openAt{}
	for _, hub := range order {
		reasons := report.Reasons(byHub[hub])
		key := ""
		for _, o := range reasons {
			key += o.Why + "\x00" + strings.Join(o.Rules, "\x00") + "\x00\x00"
			if len(o.Rules) == 1 && o.One.Location != nil {
				key += o.One.Location.String()
			}
		}
		if same[key] == nil {
			same[key] = &openAt{items: p.open1(reasons)}
			out = append(out, same[key])
		}
		same[key].hubs = append(same[key].hubs, "**"+p.hub(hub)+"**")
	}
	return out
}

// open1 is what is open at one hub, one item a reason.
func (p *page) open1(reasons []report.Reason) *roll {
	r := &roll{limit: p.open}
	for _, o := range reasons {
		r.add(func() string {
			if len(o.Rules) > 1 {
				shown, left := some(o.Rules, p.rules)
				names := make([]string, len(shown))
				for i, s := range shown {
					names[i] = p.code(s)
				}
				if left > 0 {
					names = append(names, itoa(left)+" more")
				}
				return p.say(report.Sentence(o.Why)) + " This leaves open: " + list(names) + "."
			}
			text := p.code(o.Rules[0]) + ": " + p.say(o.One.Message)
			if at := o.One.Location; at != nil {
				text += " → " + p.where(at.File, at.Start.Line, at.End.Line)
			}
			return text
		})
	}
	return r
}
