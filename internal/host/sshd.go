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
	start := 0
	for _, line := range strings.SplitAfter(t.String(), "\n") {
		from := start + len(line) - len(strings.TrimLeft(line, "\\1^#? \t"))
		start += len(line)
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue // a comment; in a sed command, the sign stands further in
		}
		if m := sshdLine.FindStringSubmatchIndex(t.String()[from:start]); m != nil {
			value := t.Slice(from+m[2], from+m[3])
			i.guest.passwordAuth = settle(i.guest.passwordAuth, s, strings.EqualFold(value.String(), "yes"), value.Span())
		}
	}
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
