package sarif

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// security is how bad it is when a built-in rule about security fails, on the scale of CVSS that code scanning sorts alerts
// by. Other rules have none: they are about operation.
var security = map[string]float64{
	"authenticator": 8.8, "access-control": 8.8, "secrets": 8.6, "https": 7.5, "instance-identity": 7.5, "firewall": 7.2, "ssh-access": 7.2,
	"admin-users": 6.5, "auto-upgrades": 5.5, "os-support": 5.5,
}

// securitySeverity is that number as far as the severity that the settings give the rule allows; "" for none.
func securitySeverity(rule string, severity settings.Level) string {
	n, ok := security[rule]
	switch {
	case !ok, severity == settings.Info:
		return ""
	case severity == settings.Warning:
		n = min(n, 6.9) // medium
	}
	return fmt.Sprintf("%.1f", n)
}

// variant says which of the descriptors of a rule a finding belongs to. Code scanning looks neither at "kind" nor, by default, at
// "suppressions": every result is an open alert with the security severity of its rule. What is undecided or accepted must not
// look like a hole, so it gets a descriptor of its own.
type variant struct{ suffix, title string }

var (
	failing   = variant{}
	undecided = variant{"/undecided", "Cannot be decided: "}
	accepted  = variant{"/accepted", "Accepted for now: "}
	broken    = variant{"/broken", "This rule is broken: "}
)

// describe is the index of a descriptor, which is made when it is first asked for.
func (w *writer) describe(r *report.Result, v variant) int {
	id := cut(sanitize.Line(r.Rule), 200) + v.suffix
	if i, ok := w.index[id]; ok {
		return i
	}
	i := len(w.rules)
	w.index[id] = i
	title := v.title + r.Title
	why := report.FirstSentences(r.Description, 20)
	if why == "" {
		why = r.Title
	}
	d := descriptor{
		ID: id, Name: cut(sanitize.Line(r.Rule), 200), Short: text(title), Full: text(why), Help: help(why, r.Remediation),
		Default: configuration{level(r.Severity)}, Properties: ruleProperties{Tags: []string{"tljh"}},
	}
	if v == broken {
		d.Default.Level = "error"
	} else if v != failing {
		d.Default.Level = "note"
	} else if d.Properties.SecuritySeverity = securitySeverity(r.Rule, r.Severity); d.Properties.SecuritySeverity != "" {
		d.Properties.Tags = append(d.Properties.Tags, "security")
	}
	w.rules = append(w.rules, d)
	return i
}

// help says why a rule matters and what to do about it.
func help(why, remediation string) message {
	plain := why
	blocks := []string{markdown.Prose(why, maxText)}
	if remediation != "" {
		plain += "\n\nWhat to do:\n" + remediation
		blocks = append(append(blocks, "**What to do:**"), markdown.Block(remediation)...)
	}
	m := message{Text: unlinked(cut(sanitize.Lines(plain), maxText-10))}
	for _, b := range blocks { // whole blocks only: what is cut within one may stay open
		if len(m.Markdown)+len(b) <= 4*maxText {
			m.Markdown = strings.TrimPrefix(m.Markdown+"\n\n"+b, "\n\n")
		}
	}
	return m
}

func level(l settings.Level) string {
	if l == settings.Info {
		return "note"
	}
	return string(l)
}
