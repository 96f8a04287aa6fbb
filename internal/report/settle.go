package report

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/settle"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// settles is what decides an unknown finding.
func settles(d *hub.Document, f Found) *Settle {
	paths := f.SettledBy
	if paths == nil {
		paths = [][]any{f.Path}
	}
	return settleOf(settle.Of(d, paths, f.Message))
}

func settleOf(s *settle.Step) *Settle {
	if s.Empty() {
		return nil
	}
	return &Settle{File: s.File, Add: s.Exists, Text: span.Show(s.Text()), step: s}
}

// Settling is what to commit to decide what is unknown in results, of one hub or several: one text a file, however many rules it serves.
func Settling(rs []Result) []Settle {
	var steps []*settle.Step
	for _, r := range rs {
		for _, f := range r.Findings {
			if f.Settle != nil {
				steps = append(steps, f.Settle.step)
			}
		}
	}
	var out []Settle
	for _, s := range settle.Merge(steps) {
		out = append(out, *settleOf(s))
	}
	return out
}

// SettleTitle says what to do with a text; file is its name as it is to be shown.
func SettleTitle(s Settle, file string) string {
	what := "commit this as " + file
	if s.Add {
		what = "add this to " + file
	}
	if strings.Contains(s.Text, "<") {
		what += ", with your own values for what stands in angle brackets"
	}
	return "To settle what you know, " + what + ":"
}

// Example is Text with the placeholders filled in: what somebody might write.
func (s *Settle) Example() string { return s.step.Example() }
