package report

import (
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// before orders findings: those that make the outcome, then what needs attention most, then by place, path and words.
func before(outcome Outcome, a, b Finding) bool {
	if x, y := a.makes(outcome), b.makes(outcome); x != y {
		return x
	}
	if x, y := a.Outcome.rank(), b.Outcome.rank(); x != y {
		return x < y
	}
	if c := comparePlaces(a.Location, b.Location); c != 0 {
		return c < 0
	}
	if a.Path != b.Path {
		return a.Path < b.Path
	}
	return a.Message < b.Message
}

// sortResults orders results by hub, then by rule in the order of the catalogue.
func sortResults(rs []Result) {
	SortRules(rs, func(r Result) string { return r.Rule })
	sort.SliceStable(rs, func(i, j int) bool { return rs[i].Hub < rs[j].Hub })
}

func comparePlaces(a, b *span.Span) int {
	var x, y span.Span
	if a != nil {
		x = *a
	}
	if b != nil {
		y = *b
	}
	if c := strings.Compare(x.File, y.File); c != 0 {
		return c
	}
	if x.Start.Line != y.Start.Line {
		return x.Start.Line - y.Start.Line
	}
	return x.Start.Column - y.Start.Column
}

func sortProblems(ps []Problem) {
	sort.SliceStable(ps, func(i, j int) bool {
		if ps[i].Fatal != ps[j].Fatal {
			return ps[i].Fatal
		}
		if c := comparePlaces(ps[i].Location, ps[j].Location); c != 0 {
			return c < 0
		}
		return ps[i].Message < ps[j].Message
	})
}

// makes says whether f is one of the findings that a result has its outcome from.
func (f Finding) makes(outcome Outcome) bool {
	if outcome == Waived {
		return f.Waiver != nil
	}
	return f.Outcome == outcome && f.Waiver == nil
}
