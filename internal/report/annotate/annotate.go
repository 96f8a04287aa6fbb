// Package annotate writes a report as workflow commands, which GitHub shows as annotations on the lines of a pull request. No
// permission is needed for them. The limits are the runner's and the platform's (docs "Workflow commands for GitHub
// Actions"): ten errors, ten warnings and ten notices a step, and 4,096 characters a message.
package annotate

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Options are what annotations need besides the report.
type Options struct {
	Prefix string // the checked directory within the repository; "" for its root
}

const (
	perLevel   = 10
	maxMessage = 4096
	maxTitle   = 255
	maxAdvice  = 1500
)

// annotation is one command.
type annotation struct {
	level          string // error, warning or notice
	at             *span.Span
	title, message string
	old            bool // was there before the pull request
	order          int
}

// Write writes the commands: errors first, new findings before old ones. What is beyond the limits is counted in the last one.
func Write(w io.Writer, r *report.Report, o Options) error {
	all := annotations(r)
	room := map[string]int{"error": perLevel, "warning": perLevel, "notice": perLevel - 1} // one is kept for the count
	var b strings.Builder
	left := map[string]int{}
	for _, a := range all {
		if room[a.level] == 0 {
			left[a.level]++
			continue
		}
		room[a.level]--
		b.WriteString(command(a, o.Prefix))
	}
	if says := beyond(left); says != "" {
		b.WriteString(command(annotation{level: "notice", title: "More findings", message: says}, ""))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func beyond(left map[string]int) string {
	var parts []string
	for _, level := range []string{"error", "warning", "notice"} {
		if n := left[level]; n == 1 {
			parts = append(parts, "1 "+level)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %ss", n, level))
		}
	}
	if parts == nil {
		return ""
	}
	return "GitHub shows no more than ten annotations of a kind; left out here: " + strings.Join(parts, ", ") + ". The job's summary and log have all of them."
}

// annotations are all there would be to say, in the order of the commands.
func annotations(r *report.Report) []annotation {
	var out []annotation
	for _, p := range r.Problems {
		if p.Fatal {
			out = append(out, annotation{level: "error", at: p.Location, title: "Could not be read or evaluated", message: p.Message})
		}
	}
	for i := range r.Results {
		res := &r.Results[i]
		for j := range res.Findings {
			if a, ok := annotate(r, res, &res.Findings[j]); ok {
				out = append(out, a)
			}
		}
	}
	rank := map[string]int{"error": 0, "warning": 1, "notice": 2}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.level != b.level {
			return rank[a.level] < rank[b.level]
		}
		if a.old != b.old {
			return b.old
		}
		return a.order < b.order
	})
	return out
}

func annotate(r *report.Report, res *report.Result, f *report.Finding) (annotation, bool) {
	a := annotation{at: f.Location, message: f.Message, old: f.Change == report.Existing}
	level := map[settings.Level]string{settings.Error: "error", settings.Warning: "warning"}[res.Severity]
	if level == "" {
		level = "notice"
	}
	state := "not met"
	switch {
	case f.Waiver != nil:
		return a, false
	case f.Outcome == report.RuleError:
		a.level, state = "error", "this rule is broken"
	case f.Outcome == report.Fail:
		a.level = level
	case f.Outcome == report.Unknown:
		a.level, a.order, state = "notice", 1, "cannot be decided"
		if r.Gates(*res) { // strict mode
			a.level = level
		}
	default:
		return a, false
	}
	if f.Outcome == report.Fail && res.Remediation != "" {
		a.message += "\n\nWhat to do:\n" + cut(res.Remediation, maxAdvice)
	}
	a.title = fmt.Sprintf("%s: %s (%s)", res.Title, state, res.Rule)
	if len(r.Hubs) > 1 && res.Hub != "" {
		a.title = "Hub " + res.Hub + ": " + a.title
	}
	return a, true
}
