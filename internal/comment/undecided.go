package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
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
		for i, g := range shown {
			if len(p.report.Hubs) > 1 {
				names, more := some(g.hubs, 10)
				if more > 0 {
					names = append(names[:len(names):len(names)], itoa(more)+" more")
				}
				p.add("At " + list(names) + ":")
			}
			p.list(g.items)
			if i < maxSettling {
				p.settling(g)
			}
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
	first []report.Result // of the first of the hubs
}

// maxSettling is at how many groups of hubs the text that settles things is shown: at the others it is much the same.
const maxSettling = 3

// settling is what to commit to decide it: for the first of several hubs, as it is the same beside the others.
func (p *page) settling(g *openAt) {
	texts := report.Settling(g.first)
	if len(texts) > 0 && !p.minor {
		p.cut = true
		return
	}
	for _, s := range texts {
		title := report.SettleTitle(s, p.code(s.File))
		if len(g.hubs) > 1 {
			title = "At " + g.hubs[0] + ", and likewise at the others: " + title
		}
		info := "yaml"
		if !strings.HasSuffix(s.File, ".yaml") {
			info = "sh"
		}
		p.add(title, markdown.Fence(info, s.Text))
	}
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
			same[key] = &openAt{items: p.open1(reasons), first: byHub[hub]}
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
