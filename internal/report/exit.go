package report

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// The exit codes of a check. Where several apply, usage comes before failed, failed before unevaluated.
const (
	ExitPassed      = 0 // every rule at or above the fail level passed, is waived or does not apply
	ExitFailed      = 1 // at least one rule fails at or above the fail level
	ExitUsage       = 2 // a wrong flag or wrong settings: nothing was evaluated
	ExitUnevaluated = 3 // something could not be evaluated, so that nobody can say that the hub is in order
)

// exit decides the exit code. Green needs proof: a rule that broke, a fatal problem, or no rule evaluated at all is
// never 0.
func exit(results []Result, problems []Problem, failOn settings.Level, strict bool) (code int, reason string) {
	failed, broken, evaluated := 0, 0, 0
	undecided := undecided(results, failOn)
	for _, r := range results {
		switch {
		case r.Outcome == RuleError:
			broken++
			continue
		case r.Outcome == Fail && fails(r, Fail, failOn):
			failed++
		}
		if r.Rule != WaiversRule && !r.off {
			evaluated++
		}
	}
	fatal := 0
	for _, p := range problems {
		if p.Fatal {
			fatal++
		}
	}
	var why []string
	add := func(n int, one, many string) {
		if n == 1 {
			why = append(why, one)
		} else if n > 1 {
			why = append(why, fmt.Sprintf(many, n))
		}
	}
	switch {
	case failed > 0 || strict && undecided > 0:
		add(failed, "one rule fails"+level(failOn), "%d rules fail"+level(failOn))
		if strict {
			add(undecided, "one rule cannot be decided, which fails in strict mode", "%d rules cannot be decided, which fails in strict mode")
		}
		code = ExitFailed
	case fatal+broken > 0:
		code = ExitUnevaluated
	case evaluated == 0:
		return ExitUnevaluated, "no rule was evaluated, so nothing is known"
	case undecided > 0:
		return ExitPassed, fmt.Sprintf("no rule fails%s, but %d cannot be decided; --strict makes that fail", level(failOn), undecided)
	default:
		return ExitPassed, "no rule fails" + level(failOn)
	}
	add(broken, "one rule broke and said nothing", "%d rules broke and said nothing")
	add(fatal, "something could not be read or evaluated", "%d things could not be read or evaluated")
	return code, strings.Join(why, "; ")
}

// undecided counts the rules severe enough to fail that cannot be decided. Nobody shall take them for passed.
func undecided(results []Result, failOn settings.Level) (n int) {
	for _, r := range results {
		if r.Outcome != RuleError && r.Outcome != Waived && !(r.Outcome == Fail && fails(r, Fail, failOn)) && fails(r, Unknown, failOn) {
			n++
		}
	}
	return n
}

// fails says whether a result has a finding of outcome o that no waiver covers, and is severe enough.
func fails(r Result, o Outcome, failOn settings.Level) bool {
	if r.Severity.Rank() < failOn.Rank() {
		return false
	}
	for _, f := range r.Findings {
		if f.Outcome == o && f.Waiver == nil {
			return true
		}
	}
	return len(r.Findings) == 0 && r.Outcome == o
}

func level(l settings.Level) string {
	switch l {
	case settings.Never:
		return " the check (fail_on is never)"
	case settings.Info:
		return ""
	}
	return " at severity " + string(l) + " or above"
}

// Undecided counts the rules at the fail level that cannot be decided.
func (r *Report) Undecided() int { return undecided(r.Results, r.failOn) }

// Gates says whether a result makes the check fail: it fails or, in strict mode, cannot be decided, and is severe enough.
func (r *Report) Gates(res Result) bool {
	return fails(res, Fail, r.failOn) || r.strict && fails(res, Unknown, r.failOn)
}

// AtFailLevel says whether a result would make the check fail if it failed.
func (r *Report) AtFailLevel(res Result) bool { return res.Severity.Rank() >= r.failOn.Rank() }
