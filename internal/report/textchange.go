package report

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// change marks what the base did not have.
func (p *printer) change(c Change) string {
	if c != New {
		return ""
	}
	return "  " + p.style(yellow, "new")
}

// comparison says what is fixed, and what was checked in the base and is not any more.
func (p *printer) comparison(r *Report) {
	c := r.Comparison
	if c == nil {
		return
	}
	p.line(p.style(bold, fmt.Sprintf("Against the base: %d new, %d as before, %d fixed", c.Failures.New, c.Failures.Existing, c.Failures.Fixed)))
	for _, res := range r.Results {
		for _, f := range res.Fixed {
			hub := ""
			if res.Hub != "" {
				hub = " at hub " + sanitize.Line(res.Hub)
			}
			p.wrap("  "+p.style(green, "fixed")+"  ", "    ", sanitize.Line(res.Rule)+hub+", was: "+sanitize.Line(f.Message))
		}
	}
	for _, h := range c.HubsRemoved {
		p.wrap("  "+p.style(yellow, "gone")+"  ", "    ", fmt.Sprintf("hub %s is no longer found; what failed there (%d) does not count as fixed.", sanitize.Line(h.Name), h.Failures))
	}
	for _, h := range c.HubsRenamed {
		p.wrap("  renamed  ", "    ", "hub "+sanitize.Line(h.From)+" is now "+sanitize.Line(h.To)+".")
	}
	for _, d := range c.RulesDropped {
		p.wrap("  "+p.style(yellow, "dropped")+"  ", "    ", fmt.Sprintf("rule %s is not evaluated any more; in the base its outcome was %s.", sanitize.Line(d.Rule), d.Outcome))
	}
	p.line("")
}
