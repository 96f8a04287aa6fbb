package comment

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Inline is the review comment on a finding's line: what is wrong, why it matters, how to repair it. edit, if there is one, must
// replace exactly the lines that the comment stands on: it becomes a suggestion that one click commits.
func Inline(res *report.Result, f *report.Finding, edit *Edit, o Options) string {
	p := &page{Options: o, amount: amounts[0], report: &report.Report{}}
	if o.Marker != "" {
		p.add(o.Marker)
	}
	icon := map[string]string{"error": "❌", "warning": "⚠️", "info": "💡"}[string(res.Severity)]
	if f.Outcome == report.Unknown {
		icon = "❓"
	}
	p.add(icon + " **" + p.name(res.Title) + ": " + map[bool]string{true: "cannot be decided", false: "not met"}[f.Outcome == report.Unknown] + "** (" + p.code(res.Rule) + ")")
	p.add(p.say(f.Message))
	if why := report.FirstSentences(res.Description, 2); why != "" {
		p.add("**Why it matters:** " + p.say(why))
	}
	advice := markdown.Block(res.Remediation)
	if f.Outcome == report.Unknown && f.Settle != nil {
		p.add(report.SettleTitle(*f.Settle, p.code(f.Settle.File)), markdown.Fence("", f.Settle.Text))
	}
	if s := suggestion(edit, o.Sources); s != "" {
		p.add("**What to do:** commit this suggestion.", s)
		p.add(p.caution(edit))
		if len(advice) > 0 {
			p.fold(false, "More on what to do", func() { p.add(advice...) })
		}
	} else if len(advice) > 0 {
		p.add("**What to do:**")
		p.add(advice...)
	}
	return strings.TrimRight(p.out.String(), "\n") + "\n"
}

// maxSuggestion is how many bytes of a suggestion are shown: nobody reviews more in one click.
const maxSuggestion = 8000

// suggestion is the block that replaces the lines of a comment with one click; "" when there is no edit, or when its lines
// could not be shown exactly as they would be committed.
func suggestion(e *Edit, sources *report.Sources) string {
	if e == nil {
		return ""
	}
	size := 0
	for _, l := range e.Lines {
		size += len(l)
		shown := strings.ReplaceAll(l, "\t", "    ")
		if size > maxSuggestion || sanitize.Lines(shown) != shown || strings.ContainsAny(l, "\r\n") || strings.Contains(l, "<!--") || sources.Secret(l) {
			return ""
		}
	}
	return markdown.Exact("suggestion", e.Lines)
}

// Fixed is what a review comment becomes once its rule finds nothing wrong at that place.
func Fixed(rule string) string {
	return "✅ **Fixed.** The rule " + markdown.Code(rule, markdown.MaxValue) + " finds nothing wrong here any more.\n"
}
