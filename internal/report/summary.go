package report

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

func (p *printer) problems(ps []Problem) {
	if len(ps) == 0 {
		return
	}
	p.line(p.style(bold, fmt.Sprintf("What could not be read or evaluated (%d)", len(ps))))
	for _, pr := range ps {
		label := "note"
		if pr.Fatal {
			label = "fatal"
		}
		at := ""
		if pr.Location != nil {
			at = sanitize.Line(pr.Location.String()) + ": "
		}
		p.wrap("  "+label+"  ", "    ", at+sanitize.Line(pr.Message))
	}
	p.line("")
}

// summary counts, hub by hub, and says what the exit code means.
func (p *printer) summary(r *Report) {
	for _, h := range r.Hubs {
		var s Summary
		for _, res := range r.Of(h.Name) {
			s.count(res.Outcome)
		}
		p.line("Hub " + sanitize.Line(h.Name) + ": " + s.String())
	}
	verdict, colour := "Not passed", red
	switch r.ExitCode {
	case ExitPassed:
		verdict, colour = "Passed", green
		if r.Undecided() > 0 {
			verdict, colour = "Not decided", yellow
		}
	case ExitUnevaluated:
		verdict = "Not evaluated"
	}
	p.wrap("", "  ", p.style(colour, verdict)+": "+r.ExitReason+fmt.Sprintf(" (exit code %d).", r.ExitCode))
}

// String is the counts in words, outcomes that nothing has left out.
func (s Summary) String() string {
	var parts []string
	for _, c := range []struct {
		n    int
		word string
	}{
		{s.Error, "broken"}, {s.Fail, "failed"}, {s.Unknown, "undecided"}, {s.Waived, "accepted for now"}, {s.Pass, "in order"}, {s.NotApplicable, "not applicable"},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	if len(parts) == 0 {
		return "nothing evaluated"
	}
	return strings.Join(parts, ", ")
}
