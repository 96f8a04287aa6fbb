package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

var sshdLine = lazyregexp.New(`(?i)^\s*PasswordAuthentication[\s=]+"?(yes|no)\b`)

// sshd reads PasswordAuthentication. Drop-ins are read before the main file and the first value wins; the last one
// written by a script is the best guess of which that is.
func (i *interp) sshd(s *step.Step, t span.Text) {
	lines(t, func(line string, at span.Span) {
		if m := sshdLine.FindStringSubmatch(strings.TrimLeft(line, `\1^#? `)); m != nil {
			i.guest.passwordAuth = settle(i.guest.passwordAuth, s, strings.EqualFold(m[1], "yes"), at)
		}
	})
}

func (i *interp) authorizedKeys(s *step.Step) {
	n := 0
	lines(s.Content, func(line string, _ span.Span) {
		if strings.Contains(line, "ssh-") || strings.Contains(line, "ecdsa-") || span.IsUnknown(line) {
			n++
		}
	})
	if n > 0 {
		i.guest.addKeys(s, n)
	}
}
