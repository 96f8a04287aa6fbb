package comment

import (
	"sort"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// problem is one failing or broken rule at all the hubs where it fails, as far as their change against the base is the same.
type problem struct {
	*report.Result // the first one: title and advice are the same for all
	all            []*report.Result
	gates          bool // it makes the check fail
}

// problems are what needs repair: new before old, what makes the check fail first, then by severity and in the order of the report.
func problems(r *report.Report) []*problem {
	var out []*problem
	type key struct {
		rule    string
		change  report.Change
		outcome report.Outcome
		gates   bool
	}
	by := map[key]*problem{}
	for i := range r.Results {
		res := &r.Results[i]
		if res.Outcome != report.Fail && res.Outcome != report.RuleError {
			continue
		}
		gates := shown(r, res) != advised
		k := key{res.Rule, res.Change, res.Outcome, gates}
		if by[k] == nil {
			by[k] = &problem{Result: res, gates: gates}
			out = append(out, by[k])
		}
		by[k].all = append(by[k].all, res)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if x, y := a.Change == report.Existing, b.Change == report.Existing; x != y {
			return y
		}
		if a.gates != b.gates {
			return a.gates
		}
		if x, y := a.Outcome == report.RuleError, b.Outcome == report.RuleError; x != y {
			return x
		}
		return a.Severity.Rank() > b.Severity.Rank()
	})
	return out
}

// icon says at a glance how bad it is.
func (b *problem) icon() string {
	switch {
	case b.Outcome == report.RuleError:
		return "⛔"
	case b.gates:
		return "❌"
	case b.Severity == "info":
		return "💡"
	}
	return "⚠️"
}

// of is the results of the report with an outcome.
func of(r *report.Report, o report.Outcome) []report.Result {
	var out []report.Result
	for _, res := range r.Results {
		if res.Outcome == o {
			out = append(out, res)
		}
	}
	return out
}
