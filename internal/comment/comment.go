// Package comment writes what a pull request is told: the one summary comment, the review comments on changed lines, and the
// job's summary page. A report goes in, Markdown comes out; somebody else finds the place for it. It speaks to teachers who are no
// system administrators: what is wrong, why that matters to the people on the hub, where it is, and what to type.
//
// Every text that may come from the repository, custom rules' own included, goes through internal/report/markdown.
package comment

import (
	"strings"
	"unicode/utf16"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
)

// Options are what a comment needs besides the report. All of them may be left out.
type Options struct {
	Marker     string                                      // a hidden comment that the text begins with
	Link       func(file string, start, end int) string    // the address of lines of a file; "" for none
	FullReport string                                      // the address of the whole report
	Gate       []Change                                    // what the pull request would change about its own check
	Notes      []string                                    // what could not be done, and why
	Level      int                                         // how much to leave out, 0 (nothing) to MaxLevel
	Edit       func(*report.Result, *report.Finding) *Edit // the exact edit that puts a finding right; nil for none
	Sources    *report.Sources                             // for showing lines; those that may hold a secret are not shown
}

// Change is something that the pull request would change about its own check.
type Change struct {
	Text       string
	File       string // "" for none
	Start, End int    // lines
}

// Edit replaces lines of a file; its fields are those of internal/fix.
type Edit struct {
	File               string
	StartLine, EndLine int
	Lines              []string
	Caution            string // what to look at before it is applied; "" for nothing
}

// The size of a comment: GitHub refuses more than 65,536 characters; what it counts is not quite certain.
const (
	maxUnits = 60_000  // of UTF-16
	maxBytes = 240_000 // of UTF-8
)

// maxJobBytes is the size of a job's summary; over 1 MiB GitHub shows none of it.
const maxJobBytes = 1_000_000

// Summary is the pull request's one comment. It leaves out as much as o.Level says, and more until it is short enough; what it
// leaves out is the detail of what is least severe, and never the verdict or the counts.
func Summary(r *report.Report, o Options) string {
	return fit(r, o, func(s string) bool { return len(s) <= maxBytes && len(utf16.Encode([]rune(s))) <= maxUnits })
}

// JobSummary is the page of a job: all there is to say, as far as GitHub shows it.
func JobSummary(r *report.Report, o Options) string {
	o.Marker = ""
	return fit(r, o, func(s string) bool { return len(s) <= maxJobBytes })
}

func fit(r *report.Report, o Options, fits func(string) bool) string {
	for level := min(max(o.Level, 0), MaxLevel); ; level++ {
		s := (&page{Options: o, amount: amounts[level], report: r}).summary()
		if level == MaxLevel || fits(s) {
			return s
		}
	}
}

// page collects the blocks of a text.
type page struct {
	Options
	amount
	report *report.Report
	out    strings.Builder
	cut    bool // something was left out
}

// add writes blocks, each with an empty line after it.
func (p *page) add(blocks ...string) {
	for _, b := range blocks {
		if b != "" {
			p.out.WriteString(b + "\n\n")
		}
	}
}

// fold writes a part that opens when its title is clicked. title is HTML of our own.
func (p *page) fold(open bool, title string, body func()) {
	tag := "<details>"
	if open {
		tag = "<details open>"
	}
	p.add(tag + "<summary>" + title + "</summary>")
	body()
	p.add("</details>")
}

// say is a message or a description; name is a name in a sentence, code the same as code.
func (p *page) say(s string) string  { return markdown.Prose(s, p.prose) }
func (p *page) name(s string) string { return markdown.Value(s, p.value) }
func (p *page) code(s string) string { return markdown.Code(s, p.value) }

// where is a link to a place, or its name when there is no address for it; "" for no place.
func (p *page) where(file string, start, end int) string {
	if file == "" {
		return ""
	}
	label := file
	if start > 0 {
		label += ":" + itoa(start)
	}
	if p.Link == nil {
		return p.code(label)
	}
	return markdown.Link(p.code(label), p.Link(file, start, max(start, end)))
}
