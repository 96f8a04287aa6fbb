package report

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/settings"
)

func TestExit(t *testing.T) {
	one := func(o Outcome, sev settings.Level) []Result {
		return []Result{{Rule: "a", Outcome: o, Severity: sev, Findings: []Finding{{Outcome: o}}}}
	}
	waived := []Result{{Rule: "a", Outcome: Waived, Severity: "error", Findings: []Finding{{Outcome: Fail, Waiver: &Waiver{}}}}}
	fatal, note := []Problem{{Fatal: true}}, []Problem{{}}
	join := func(rs ...[]Result) (out []Result) {
		for _, r := range rs {
			out = append(out, r...)
		}
		return out
	}
	tests := []struct {
		name     string
		results  []Result
		problems []Problem
		failOn   settings.Level
		strict   bool
		want     int
	}{
		{"pass", one(Pass, "error"), nil, "error", false, 0},
		{"pass, strict", one(Pass, "error"), nil, "error", true, 0},
		{"not applicable", one(NotApplicable, "error"), nil, "error", false, 0},
		{"waived", waived, nil, "error", false, 0},
		{"waived, strict", waived, nil, "error", true, 0},
		{"fail", one(Fail, "error"), nil, "error", false, 1},
		{"fail without findings", []Result{{Rule: "a", Outcome: Fail, Severity: "error"}}, nil, "error", false, 1},
		{"warning below the level", one(Fail, "warning"), nil, "error", false, 0},
		{"warning at the level", one(Fail, "warning"), nil, "warning", false, 1},
		{"info", one(Fail, "info"), nil, "info", false, 1},
		{"info below", one(Fail, "info"), nil, "warning", false, 0},
		{"never", one(Fail, "error"), nil, "never", false, 0},
		{"never, strict", one(Unknown, "error"), nil, "never", true, 0},
		{"severity that nobody knows", one(Fail, "fatal"), nil, "error", false, 1},
		{"unknown", one(Unknown, "error"), nil, "error", false, 0},
		{"unknown, strict", one(Unknown, "error"), nil, "error", true, 1},
		{"unknown warning, strict", one(Unknown, "warning"), nil, "error", true, 0},
		{"error", one(RuleError, "info"), nil, "error", false, 3},
		{"error, never", one(RuleError, "error"), nil, "never", false, 3},
		{"fail before error", join(one(RuleError, "error"), one(Fail, "error")), nil, "error", false, 1},
		{"fail before fatal", one(Fail, "error"), fatal, "error", false, 1},
		{"fatal", one(Pass, "error"), fatal, "error", false, 3},
		{"fatal, never", one(Pass, "error"), fatal, "never", false, 3},
		{"note", one(Pass, "error"), note, "error", false, 0},
		{"nothing", nil, nil, "error", false, 3},
		{"nothing, never", nil, nil, "never", false, 3},
		{"everything switched off", []Result{{Rule: "a", Outcome: NotApplicable, off: true}}, nil, "error", false, 3},
		{"waivers alone are no evaluation", []Result{{Rule: WaiversRule, Outcome: Fail, Severity: "warning"}}, nil, "error", false, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, why := exit(tt.results, tt.problems, tt.failOn, tt.strict)
			if code != tt.want || why == "" {
				t.Errorf("got %d (%s), want %d", code, why, tt.want)
			}
		})
	}
}
