package report

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
	p.line("  " + p.style(colour, string(r.Severity)) + "  " + p.style(bold, sanitize.Line(r.Rule)) + p.change(r.Change) + "  " + p.style(dim, "wanted: "+sanitize.Line(r.Title)))
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
	why := FirstSentences(r.Description, 3)
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
