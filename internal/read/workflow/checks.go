package workflow

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/host"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// schedule is how many hours lie between two runs of the workflow's densest schedule, and that schedule; 0 without one.
func (r *reader) schedule() (best float64, times span.Text) {
	list := field(field(r.d.Root, "on"), "schedule")
	for k := 0; list != nil && list.Kind == yaml.SequenceNode && k < len(list.Content); k++ {
		c := field(yamltext.Resolve(list.Content[k]), "cron")
		if c == nil {
			continue
		}
		if f := strings.Fields(c.Value); len(f) == 5 {
			if h := host.CronHours(f); h > 0 && (best == 0 || h < best) {
				best, times = h, r.d.Scalar(c)
			}
		} else {
			r.problem(r.d.Scalar(c).Span(), "a schedule must have five fields; GitHub does not run this workflow")
		}
	}
	return best, times
}

var (
	probe    = lazyregexp.New(`(?m)^.*\b(curl|wget)\s.*?(https?://[^\s"'|;)<>\\]+|\$\{?[A-Za-z_]\w*\}?[^\s"'|;)<>\\]*).*$`)
	variable = lazyregexp.New(`\$\{?([A-Za-z_]\w*)\}?`)
	fails    = lazyregexp.New(`\s(?:-[a-zA-Z]*f[a-zA-Z]*|--fail(?:-with-body)?)(?:\s|$)`)
	plain    = lazyregexp.New(`^\s*(?:curl|wget)\s[^|&;]*$`)
	orExit   = lazyregexp.New(`\|\|\s*(?:exit\s+1|\{[^}]*exit\s+1\s*;?\s*\})\s*$`)
	ifNot    = lazyregexp.New(`^\s*if\s+!\s+(?:curl|wget)\s`)
	notOK    = lazyregexp.New(`(?s)(?:!=|-ne)\s*["']?(?:200|302)["']?.{0,300}?\bexit\s+1\b`)
)

// lookForChecks finds in the script of a scheduled workflow the commands that ask an address whether it answers. GitHub tells
// whoever wrote the schedule by mail when a run fails.
func (u *runs) lookForChecks(text span.Text, sc scope) {
	if u.every == 0 {
		return
	}
	s := text.String()
	for _, m := range probe.FindAllStringSubmatchIndex(s, 50) {
		line := s[m[0]:m[1]]
		if strings.HasPrefix(strings.TrimSpace(line), "#") || strings.Contains(line, "| bash") || strings.Contains(line, "| sh") {
			continue
		}
		url := text.Slice(m[4], m[5])
		if v := variable.FindStringSubmatchIndex(url.String()); v != nil {
			value, ok := sc.env[url.String()[v[2]:v[3]]]
			if !ok {
				continue
			}
			url = span.Literal(url.String()[:v[0]]+value.String()+url.String()[v[1]:], url)
		}
		c := Check{URL: url, Signal: "status", Hours: u.every, Times: u.times, At: text.SpanOf(m[2], m[5])}
		if fails.MatchString(line) || s[m[2]:m[3]] == "wget" {
			c.Signal = "http"
		}
		rest := s[m[1]:]
		if k := strings.Index(rest, "\nfi"); k >= 0 {
			rest = rest[:k]
		}
		notify := "true"
		switch {
		case plain.MatchString(line), orExit.MatchString(line):
		case ifNot.MatchString(line) && strings.Contains(rest, "exit 1"):
		case notOK.MatchString(s[m[1]:]):
			c.Signal = "http"
		default:
			notify = span.Unknown("what is made of the answer is not worked out")
		}
		c.Notify = span.Literal(notify, text.Slice(m[2], m[3]))
		if u.every > 24 {
			u.problem(c.At, "the hub is asked here whether it answers, but less than once a day; that is no monitoring")
			continue
		}
		if c.Signal == "status" {
			u.problem(c.At, "curl takes an error page for an answer, so this check only notices a machine that is not reachable; add --fail")
		}
		u.checks = append(u.checks, c)
	}
}
