package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Text writes the report for people to read: what fails first, with its line and what to do; then what cannot be
// decided and what would settle it; then what is in order. sources may be nil: no lines are shown then.
func Text(w io.Writer, r *Report, sources *Sources, colour bool) error {
	p := &printer{colour: colour, sources: sources, advised: map[string]string{}}
	for _, h := range r.Hubs {
		p.hub(h, r.of(h.Name))
	}
	if rest := r.of(""); len(rest) > 0 {
		p.line(p.style(bold, "The repository as a whole"))
		p.line("")
		p.results(rest)
	}
	p.problems(r.Problems)
	p.summary(r)
	_, err := w.Write(p.out.Bytes())
	return err
}

// of is the results of one hub.
func (r *Report) of(hubName string) []Result {
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
	for _, r := range bySeverity(by[Fail]) {
		p.failure(r)
	}
	p.unknowns(by[Unknown])
	p.waived(by[Waived])
	p.list(green, "In order", by[Pass])
	p.list(dim, "Does not apply", by[NotApplicable])
}

func bySeverity(rs []Result) []Result {
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

func (p *printer) broken(r Result) {
	p.line("  " + p.style(red, "broken rule") + "  " + p.style(bold, sanitize.Line(r.Rule)))
	for _, l := range strings.Split(sanitize.Lines(r.Message), "\n") {
		p.line("      " + l)
	}
	p.wrap("      ", "      ", "Nothing is known about what this rule looks at until the rule is repaired.")
	p.line("")
}

func (p *printer) failure(r Result) {
	colour := map[string]ansi{"error": red, "warning": yellow}[string(r.Severity)]
	if colour == "" {
		colour = blue
	}
	p.line("  " + p.style(colour, string(r.Severity)) + "  " + p.style(bold, sanitize.Line(r.Rule)) + "  " + p.style(dim, "wanted: "+sanitize.Line(r.Title)))
	shown := map[string]bool{}
	for _, f := range r.Findings {
		if f.Outcome != Pass && f.Outcome != NotApplicable {
			p.finding(f, shown)
		}
	}
	p.advise(r)
	p.line("")
}

// advise says why a rule matters and what to do; once a rule, however many hubs fail it.
func (p *printer) advise(r Result) {
	why := firstSentences(r.Description, 3)
	if why == "" && r.Remediation == "" {
		return
	}
	if first, ok := p.advised[r.Rule]; ok {
		p.wrap("      ", "      ", "Why, and what to do: see "+sanitize.Line(r.Rule)+" under hub "+sanitize.Line(first)+".")
		return
	}
	p.advised[r.Rule] = r.Hub
	if why != "" {
		p.wrap("      Why: ", "           ", why)
	}
	if r.Remediation != "" {
		p.line("      " + p.style(bold, "What to do:"))
		p.block("        ", r.Remediation)
	}
}

// finding shows a message and the line it is about, unless that line has just been shown.
func (p *printer) finding(f Finding, shown map[string]bool) {
	label := ""
	switch {
	case f.Waiver != nil:
		label = "accepted until " + f.Waiver.Expires + ": "
	case f.Outcome == Unknown:
		label = "not known: "
	case f.Outcome == Advice:
		label = "advice: "
	}
	p.wrap("      ", "      ", label+sanitize.Line(f.Message))
	if f.Location != nil && !shown[f.Location.String()] {
		p.place(f.Location)
		shown[f.Location.String()] = true
	}
	for _, rel := range f.Related {
		if rel.Location != nil && !shown[rel.Location.String()] {
			shown[rel.Location.String()] = true
			p.line("      see also " + p.style(cyan, sanitize.Line(rel.Location.String())))
		}
	}
}

func (p *printer) place(at *span.Span) {
	p.line("      " + p.style(cyan, sanitize.Line(at.String())))
	if p.sources == nil {
		return
	}
	text, secret, ok := p.sources.line(*at)
	if !ok {
		return
	}
	number := fmt.Sprintf("%8d", at.Start.Line)
	if secret {
		p.line(p.style(dim, number+" | (not shown: this line may hold a secret)"))
		return
	}
	line, carets := snippet(text, *at)
	p.line(p.style(dim, number+" | ") + line)
	p.line(p.style(dim, strings.Repeat(" ", len(number))+" | ") + p.style(red, carets))
}

func (p *printer) waived(rs []Result) {
	if len(rs) == 0 {
		return
	}
	p.line("  " + p.style(yellow, fmt.Sprintf("Accepted for now (%d)", len(rs))))
	for _, r := range rs {
		until := ""
		if r.Waiver != nil {
			until = " Until " + r.Waiver.Expires
			if r.Waiver.Owner != "" {
				until += ", " + sanitize.Line(r.Waiver.Owner)
			}
			until += ": " + sanitize.Line(r.Waiver.Reason)
		}
		p.wrap("    "+sanitize.Line(r.Rule)+": ", "      ", sanitize.Line(r.Message)+where(r.Location)+until)
	}
	p.line("")
}

// list shows results in a line or two each.
func (p *printer) list(colour ansi, title string, rs []Result) {
	if len(rs) == 0 {
		return
	}
	p.line("  " + p.style(colour, fmt.Sprintf("%s (%d)", title, len(rs))))
	for _, r := range rs {
		message := r.Message
		if message == "" {
			message = r.Title
		}
		at := ""
		if r.Outcome == Pass {
			at = where(r.Location)
		}
		p.wrap("    "+sanitize.Line(r.Rule)+": ", "      ", sanitize.Line(message)+at)
		for _, f := range r.Findings {
			if f.Outcome == Advice {
				p.wrap("      advice: ", "        ", sanitize.Line(f.Message)+where(f.Location))
			}
		}
	}
	p.line("")
}

func where(at *span.Span) string {
	if at == nil {
		return ""
	}
	return " (" + sanitize.Line(at.String()) + ")"
}
