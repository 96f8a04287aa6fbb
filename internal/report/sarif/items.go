package sarif

import (
	"sort"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// item is a finding on its way to a result.
type item struct {
	res *report.Result
	f   *report.Finding
}

// items are the findings to write: the most severe first, new before old.
func (w *writer) items() []item {
	var out []item
	for i := range w.report.Results {
		res := &w.report.Results[i]
		for j := range res.Findings {
			switch f := &res.Findings[j]; f.Outcome {
			case report.Fail, report.Unknown, report.RuleError:
				out = append(out, item{res, f})
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if x, y := a.rank(), b.rank(); x != y {
			return x < y
		}
		return a.f.Change == report.New && b.f.Change != report.New
	})
	return out
}

// rank is 0 for the worst.
func (it item) rank() int {
	switch {
	case it.f.Outcome == report.RuleError:
		return 0
	case it.f.Waiver != nil:
		return 6
	case it.f.Outcome == report.Unknown:
		return 5
	}
	return 4 - it.res.Severity.Rank()
}
