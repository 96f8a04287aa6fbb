package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// roll is a list that makes only those of its items that are shown, and counts the others.
type roll struct {
	limit int
	items []string
	left  int
}

func (r *roll) add(item func() string) {
	if len(r.items) >= r.limit {
		r.left++
		return
	}
	r.items = append(r.items, item())
}

func (r *roll) empty() bool { return len(r.items) == 0 && r.left == 0 }

// list writes a roll.
func (p *page) list(r *roll) {
	items := r.items
	if r.left > 0 {
		p.cut = true
		items = append(items, "… and "+itoa(r.left)+" more")
	}
	if len(items) > 0 {
		p.add("- " + strings.Join(items, "\n- "))
	}
}

// alert is a box of GitHub's: NOTE, WARNING or CAUTION, with a first line and a list.
func (p *page) alert(kind, title string, r *roll) {
	if r.empty() {
		return
	}
	items := r.items
	if r.left > 0 {
		p.cut = true
		items = append(items, "… and "+itoa(r.left)+" more")
	}
	p.add("> [!" + kind + "]\n> " + title + "\n>\n> - " + strings.Join(items, "\n> - "))
}

// gate shows what the pull request would change about its own check.
func (p *page) gate() {
	r := &roll{limit: p.notes}
	for _, c := range p.Gate {
		r.add(func() string { return strings.TrimSpace(p.say(c.Text) + " " + p.where(c.File, c.Start, c.End)) })
	}
	p.alert("CAUTION", "**This pull request would change its own check.** Look at this before you merge:", r)
}

// hubChanges names hubs and rules that were checked in the base and are not any more.
func (p *page) hubChanges() {
	c := p.report.Comparison
	if c == nil {
		return
	}
	gone := &roll{limit: p.notes}
	for _, h := range c.HubsRemoved {
		gone.add(func() string {
			says := "Hub **" + p.name(h.Name) + "** is no longer found in this repository."
			if h.Failures > 0 {
				says += " Its " + count(h.Failures, "failure") + " " + be(h.Failures) + " not counted as fixed."
			}
			return says
		})
	}
	for _, d := range c.RulesDropped {
		gone.add(func() string {
			says := "Rule " + p.code(d.Rule) + " was not evaluated any more"
			if d.Hub != "" {
				says += " for hub **" + p.name(d.Hub) + "**"
			}
			return says + " (before: " + outcomeWord(d.Outcome) + ")."
		})
	}
	p.alert("WARNING", "**Something is checked no longer.** Fine if you meant it; otherwise this pull request hides it from the check:", gone)
	moved := &roll{limit: p.notes}
	for _, h := range c.HubsRenamed {
		moved.add(func() string { return "Hub **" + p.name(h.From) + "** is now called **" + p.name(h.To) + "**." })
	}
	p.list(moved)
}

// fatal names what could not be read or evaluated.
func (p *page) fatal() {
	r := &roll{limit: p.notes}
	for _, pr := range p.report.Problems {
		if pr.Fatal {
			r.add(func() string { return p.unread(pr) })
		}
	}
	p.alert("WARNING", "**Could not be read or evaluated:**", r)
}

func (p *page) unread(pr report.Problem) string {
	if pr.Location == nil {
		return p.say(pr.Message)
	}
	return p.where(pr.Location.File, pr.Location.Start.Line, 0) + ": " + p.say(pr.Message)
}

// remarks are the report's other problems, and what could not be done on GitHub.
func (p *page) remarks() {
	r := &roll{limit: p.notes}
	for _, pr := range p.report.Problems {
		if !pr.Fatal {
			r.add(func() string { return p.unread(pr) })
		}
	}
	if !r.empty() {
		p.fold(false, "ℹ️ "+count(len(r.items)+r.left, "remark")+" on what was read", func() { p.list(r) })
	}
	own := &roll{limit: p.notes}
	for _, n := range p.Notes {
		own.add(func() string { return "ℹ️ " + p.say(n) })
	}
	p.list(own)
}
