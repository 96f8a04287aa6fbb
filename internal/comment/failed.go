package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// Failed is the text for a check that made no report: why, in the words of its error. Without it an older comment would go
// on saying that all is well.
func Failed(why string, o Options) string {
	p := &page{Options: o, amount: amounts[min(max(o.Level, 0), MaxLevel)], report: &report.Report{}}
	if p.Marker != "" {
		p.add(p.Marker)
	}
	p.add("### ⛔ Hub check could not be made")
	p.add("Nothing was evaluated, so nobody can say that the hub is in order.")
	lines := &roll{limit: p.notes}
	for _, l := range strings.Split(why, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines.add(func() string { return p.say(l) })
		}
	}
	p.list(lines)
	p.remarks()
	p.footer()
	return strings.TrimRight(p.out.String(), "\n") + "\n"
}
