package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Text writes the report for people to read: what fails first, with its line and what to do; then what cannot be
// decided and what would settle it; then what is in order. sources may be nil: no lines are shown then.
func Text(w io.Writer, r *Report, sources *Sources, colour bool) error {
	p := &printer{colour: colour, sources: sources, advised: map[string]string{}}
	for _, h := range r.Hubs {
		p.hub(h, r.Of(h.Name))
	}
	if rest := r.Of(""); len(rest) > 0 {
		p.line(p.style(bold, "The repository as a whole"))
		p.line("")
		p.results(rest)
	}
	p.problems(r.Problems)
	p.comparison(r)
	p.summary(r)
	_, err := w.Write(p.out.Bytes())
	return err
}

// Of is the results of one hub.
func (r *Report) Of(hubName string) []Result {
	var out []Result
	for _, res := range r.Results {
		if res.Hub == hubName {
			out = append(out, res)
		}
	}
	return out
}

// printer collects lines. Everything that may come from the repository goes through sanitize before it is styled, and
// line guards the whole line again, because wrapping can move any word to the start of one.
type printer struct {
	out     bytes.Buffer
	colour  bool
	sources *Sources
	advised map[string]string // rule to the hub under which its advice stands
}

type ansi string

const (
	bold   ansi = "1"
	dim    ansi = "2"
	red    ansi = "1;31"
	green  ansi = "32"
	yellow ansi = "1;33"
	blue   ansi = "1;34"
	cyan   ansi = "36"
)

func (p *printer) style(a ansi, s string) string {
	if !p.colour || s == "" {
		return s
	}
	return "\x1b[" + string(a) + "m" + s + "\x1b[0m"
}

func (p *printer) line(s string) {
	s = strings.ReplaceAll(s, "##[", "##\u200b[")
	if t := strings.TrimSpace(s); strings.HasPrefix(t, "::") {
		s = strings.Replace(s, "::", "\u200b::", 1)
	}
	p.out.WriteString(strings.TrimRight(s, " "))
	p.out.WriteByte('\n')
}

func (p *printer) hub(h Hub, results []Result) {
	title := "Hub " + sanitize.Line(h.Name)
	if h.Dir != "." && h.Dir != h.Name {
		title += " in " + sanitize.Line(h.Dir)
	}
	p.line(p.style(bold, title))
	shown := h.Sources
	more := ""
	if len(shown) > 6 {
		shown, more = shown[:6], fmt.Sprintf(" and %d more files", len(h.Sources)-6)
	}
	clean := make([]string, len(shown))
	for i, s := range shown {
		clean[i] = sanitize.Line(s)
	}
	if len(clean) > 0 {
		p.wrap("  ", "  ", p.style(dim, "read from "+strings.Join(clean, ", ")+more))
	}
	p.line("")
	p.results(results)
}

func (p *printer) results(results []Result) {
	by := map[Outcome][]Result{}
	for _, r := range results {
		by[r.Outcome] = append(by[r.Outcome], r)
	}
	for _, r := range by[RuleError] {
		p.broken(r)
	}
	for _, r := range BySeverity(by[Fail]) {
		p.failure(r)
	}
	p.unknowns(by[Unknown])
	p.waived(by[Waived])
	p.list(green, "In order", by[Pass])
	p.list(dim, "Does not apply", by[NotApplicable])
}

// BySeverity orders results by severity, the worst first.
func BySeverity(rs []Result) []Result {
	var out []Result
	for _, rank := range []int{3, 2, 1} {
		for _, r := range rs {
			if r.Severity.Rank() == rank {
				out = append(out, r)
			}
		}
	}
	return out
}
