package action

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

func ruleIDs() []string { return evaluator.BuiltinIDs() }

const ownRule = `# METADATA
# title: The hub has a name of ours
# description: Hubs are named after their course.
# custom:
#   severity: error
#   remediation: Name it.
package tljh.rules["own"]

import data.tljh

fail contains tljh.finding(["hub", "name"], "not named after a course") if input.hub.name != "course"

pass contains tljh.finding(["hub", "name"], "named after a course") if input.hub.name == "course"
`

// A pull request does not turn itself green: the base's settings, waivers, rules and inputs count, and what it would
// change about them is told.
func TestPullRequestCannotWeakenItsGate(t *testing.T) {
	only := settingsFor(t, "https")
	none := settingsFor(t)
	rules := "version: 1\npolicies: [rules]\n" + strings.TrimPrefix(none, "version: 1\n")
	flow := workflow()
	tests := []struct {
		name         string
		base, change tree
		env          map[string]string
		code         int
		outcome      string
		says         string // in the log
	}{
		{"nothing to hide", tree{"install.sh": failing, ".tljh-policy.yaml": only}, tree{"README": "x"}, nil, 1, "fail", ""},
		{"switches its rule off", tree{"install.sh": failing, ".tljh-policy.yaml": only}, tree{".tljh-policy.yaml": none}, nil, 1, "fail", "switches off the rule https"},
		{"lowers the fail level", tree{"install.sh": failing, ".tljh-policy.yaml": only}, tree{".tljh-policy.yaml": only + "fail_on: never\n"}, nil, 1, "fail", "sets fail_on to never (now error)"},
		{"adds a waiver", tree{"install.sh": failing, ".tljh-policy.yaml": only},
			tree{".tljh-policy.yaml": only + "waivers:\n  - {rule: https, reason: soon, owner: ada, expires: 2027-01-31}\n"}, nil, 1, "fail", "waives https until 2027-01-31: soon"},
		{"adds a comment", tree{"install.sh": failing, ".tljh-policy.yaml": only},
			tree{"install.sh": "# tljh-policy: ignore=https until=2027-01-31 soon\n" + failing}, nil, 1, "fail", "waives https in a comment until 2027-01-31: soon"},
		{"keeps a comment", tree{"install.sh": "# tljh-policy: ignore=https until=2027-01-31 soon\n" + failing, ".tljh-policy.yaml": only},
			tree{"README": "x"}, nil, 0, "pass", ""},
		{"deletes stricter settings", tree{"install.sh": failing, ".tljh-policy.yaml": "version: 1\nstrict: true\n" + strings.TrimPrefix(settingsFor(t, "disk-backups"), "version: 1\n")},
			tree{".tljh-policy.yaml": "-"}, nil, 1, "fail", "deletes the settings"},
		{"deletes a custom rule", tree{"install.sh": failing, ".tljh-policy.yaml": rules, "rules/own.rego": ownRule},
			tree{".tljh-policy.yaml": none, "rules/own.rego": "-"}, nil, 1, "fail", "deletes the custom rules in rules/own.rego"},
		{"edits a custom rule", tree{"install.sh": failing, ".tljh-policy.yaml": rules, "rules/own.rego": ownRule},
			tree{"rules/own.rego": strings.ReplaceAll(ownRule, `"course"`, `"hub"`)}, nil, 1, "fail", "changes the custom rules in rules/own.rego"},
		{"breaks a custom rule", tree{"install.sh": failing, ".tljh-policy.yaml": strings.Replace(rules, "version: 1\n", "version: 1\nhubs: [{name: course, dir: .}]\n", 1), "rules/own.rego": ownRule},
			tree{"rules/own.rego": ownRule + "\nfail contains"}, nil, 3, "error", "changes the custom rules"},
		{"breaks the settings", tree{"install.sh": failing, ".tljh-policy.yaml": settingsFor(t, "disk-backups")},
			tree{".tljh-policy.yaml": "version: 1\nfailon: never\n"}, nil, 2, "error", "own settings have mistakes"},
		{"edits the workflow's inputs", tree{"install.sh": failing, ".tljh-policy.yaml": only, ".github/workflows/pr.yml": flow},
			tree{".github/workflows/pr.yml": workflow("fail-on: never")}, map[string]string{"INPUT_FAIL-ON": "never"}, 1, "fail", "those of the base count: fail-on"},
		{"asks for its own gate", tree{"install.sh": failing, ".tljh-policy.yaml": only, ".github/workflows/pr.yml": flow},
			tree{".tljh-policy.yaml": none, ".github/workflows/pr.yml": workflow("base: head")}, map[string]string{"INPUT_BASE": "head"}, 1, "fail", "those of the base count: base"},
		{"checks another directory", tree{"install.sh": failing, ".tljh-policy.yaml": only, ".github/workflows/pr.yml": flow},
			tree{"ok/config.yaml": "https: {enabled: true}\n", ".github/workflows/pr.yml": workflow("path: ok")}, map[string]string{"INPUT_PATH": "ok"}, 1, "fail", "those of the base count: path"},
		{"other settings file", tree{"install.sh": failing, ".tljh-policy.yaml": only, ".github/workflows/pr.yml": flow},
			tree{"weak.yaml": none, ".github/workflows/pr.yml": workflow("settings: weak.yaml")}, map[string]string{"INPUT_SETTINGS": "weak.yaml"}, 1, "fail", "those of the base count: settings"},
		{"the base itself lets it", tree{"install.sh": failing, ".tljh-policy.yaml": only, ".github/workflows/pr.yml": workflow("base: head")},
			tree{".tljh-policy.yaml": settingsFor(t, "disk-backups")}, map[string]string{"INPUT_BASE": "head"}, 0, "unknown", "judged by its own settings"},
		{"hides the hub", tree{"install.sh": failing, ".tljh-policy.yaml": only}, tree{"install.sh": "-"}, nil, 3, "error", "no hub found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPull(t, tt.base, tt.change)
			for k, v := range tt.env {
				p.env[k] = v
			}
			code, out := p.run(t)
			if code != tt.code || out["outcome"] != tt.outcome {
				t.Errorf("exit code %d, outcome %s; want %d, %s\n%s", code, out["outcome"], tt.code, tt.outcome, p.out.String())
			}
			if !strings.Contains(p.out.String(), tt.says) {
				t.Errorf("the log does not say %q:\n%s", tt.says, p.out.String())
			}
		})
	}
}
