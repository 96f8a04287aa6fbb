package host

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// unit remembers whether a unit of systemd is switched on: a timer that is only written does nothing.
func (i *interp) unit(s *step.Step, name, verb string) {
	if path.Ext(name) == "" {
		name += ".service"
	}
	if name == "traefik.service" {
		switch verb {
		case "disable", "mask":
			i.noProxy = s.At
		case "enable", "unmask":
			i.noProxy = span.Span{}
		}
	}
	switch verb {
	case "enable", "start", "restart", "reenable":
		i.switched[name] = settle(i.switched[name], s, true, s.At)
	case "disable", "mask", "stop":
		i.switched[name] = settle(i.switched[name], s, false, s.At)
	}
}

// timerBackups turns systemd's timers into backup entries.
func (i *interp) timerBackups() {
	for _, t := range i.timers {
		name := t.String()
		unit := i.units[name]
		every := timerHours(unit.String())
		service := strings.TrimSuffix(name, ".timer") + ".service"
		for _, line := range strings.Split(unit.String(), "\n") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(line), "Unit="); ok {
				service = v
			}
		}
		for _, line := range strings.Split(i.units[service].String(), "\n") {
			if cmd, ok := strings.CutPrefix(strings.TrimSpace(line), "ExecStart="); ok && every > 0 {
				i.backup(&step.Step{At: unit.Span()}, strings.TrimLeft(cmd, "-@+!:"), every, unit.Span(), i.idle(name, unit.Span()))
			}
		}
	}
}

// idle says that a timer does not run, or may not; nil when it surely does.
func (i *interp) idle(timer string, at span.Span) *doc.Node {
	switch on := i.switched[timer]; {
	case on == nil:
		return doc.UnknownOf("nothing in the repository switches the timer on; add: systemctl enable --now "+timer, at)
	case on.State == doc.Unknown || on.Value == false:
		return on
	}
	return nil
}
