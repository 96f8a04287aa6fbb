package host

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// UptimeCheck is Argv[0] of a step that says that something outside asks the hub, again and again, whether it answers. The
// words after it: what is asked for (http, or status for a mere answer), whether somebody is told (true, false or an unknown
// token), the address, and the hours between two checks at the place of the schedule.
const UptimeCheck = "monitor:uptime"

func (i *interp) uptime(s *step.Step) {
	if len(s.Argv) != 5 {
		return
	}
	notify := fact(s, s.Argv[2].String() == "true", s.At)
	if span.IsUnknown(s.Argv[2].String()) {
		notify = doc.UnknownOf(span.Reason(s.Argv[2].String()), s.At)
	}
	target := doc.Of(span.Show(s.Argv[3].String()), doc.Set, s.Argv[3].Span())
	every := doc.UnsetAt(s.At)
	if h, err := strconv.ParseFloat(s.Argv[4].String(), 64); err == nil {
		every = doc.Of(h, doc.Derived, s.Argv[4].Span())
	}
	i.guest.monitoring = append(i.guest.monitoring, entry(s, s.At, "kind", "uptime", "signal", s.Argv[1].String(), "notify", notify, "target", target, "every_hours", every))
}
