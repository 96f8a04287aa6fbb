package comment

import (
	"github.com/tljh-policy/tljh-policy/internal/report"
)

// changes are sentences on what is new, fixed and old. What does not make the check fail is told apart.
func changes(r *report.Report) []string {
	var failures, advice report.Changes
	for _, res := range r.Results {
		n := &failures
		if !r.AtFailLevel(res) {
			n = &advice
		}
		switch {
		case res.Outcome == report.Unknown || res.Outcome == report.RuleError:
		case res.Change == report.New && res.Outcome != report.Waived:
			n.New++
		case res.Change == report.Fixed:
			n.Fixed++
		case res.Change == report.Existing && res.Outcome != report.Waived:
			n.Existing++
		}
	}
	var says []string
	switch {
	case failures.New > 0 && failures.Fixed > 0:
		says = append(says, "This pull request **adds "+count(failures.New, "failure")+"** and fixes "+itoa(failures.Fixed)+".")
	case failures.New > 0:
		says = append(says, "This pull request **adds "+count(failures.New, "failure")+"**.")
	case failures.Fixed > 0:
		says = append(says, "This pull request **fixes "+count(failures.Fixed, "failure")+"** and adds none.")
	case failures.Existing > 0:
		says = append(says, "This pull request adds no failure.")
	}
	if failures.Existing == 1 {
		says = append(says, "1 was there before.")
	} else if failures.Existing > 1 {
		says = append(says, itoa(failures.Existing)+" were there before.")
	}
	switch {
	case advice.New > 0 && failures == (report.Changes{}):
		says = append(says, "This pull request adds "+count(advice.New, "recommendation")+".")
	case advice.Fixed > 0 && failures == (report.Changes{}):
		says = append(says, "This pull request follows "+count(advice.Fixed, "recommendation")+".")
	}
	if n := r.Comparison.Unknowns.New; n > 0 {
		says = append(says, count(n, "point")+" can no longer be decided from the repository.")
	}
	return says
}
