package report

import (
	"sort"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Input is all that a report is made of.
type Input struct {
	Tool     Tool
	Rules    []Rule // those that were evaluated or are switched off
	Hubs     []Evaluated
	Problems []step.Problem
	Settings *settings.Settings
	FailOn   settings.Level    // the lowest severity that fails the check
	Strict   bool              // unknown fails as well
	Now      time.Time         // decides whether waivers have expired
	Accepted map[Accepted]bool // the only findings that comments may waive; nil for any
	Partial  bool              // only some hubs or rules were evaluated, so an unused waiver proves nothing
}

// Rule is what the report needs to know of a rule.
type Rule struct {
	ID, Title, Description, Remediation string
	Severity                            settings.Level
}

// Evaluated is a hub with the verdicts on it.
type Evaluated struct {
	Doc      *hub.Document
	Verdicts []Verdict
}

// Verdict is what one rule said about one hub, before settings and waivers.
type Verdict struct {
	Rule     string
	Outcome  Outcome
	Findings []Found
	Err      error // why the rule broke; the outcome is then RuleError
}

// Found is one finding of a verdict, its place still a path in the hub document.
type Found struct {
	Outcome Outcome
	Path    []any
	Message string
	Fix     *Fix
	Related [][]any
	// SettledBy are the facts that would decide an unknown; nil for the one at Path.
	SettledBy [][]any
}

// Catalogue is the order in which built-in rules are shown: what lets strangers in or loses data comes first.
// Custom rules follow by id.
var Catalogue = []string{
	"authenticator", "access-control", "admin-users", "https", "resource-limits", "vm-sizing", "hub-scale", "idle-culling",
	"disk-backups", "home-volume", "pinned-ip", "dns", "base-environment", "base-snapshot", "ssh-access", "firewall",
	"instance-identity", "secrets", "monitoring", "auto-upgrades", "os-support", "tljh-version", "safe-replacement",
	"config-valid", WaiversRule,
}

// SortRules orders rule ids: those of the catalogue first, then the others by name.
func SortRules[T any](rules []T, id func(T) string) {
	sort.SliceStable(rules, func(i, j int) bool {
		a, b := catalogueIndex(id(rules[i])), catalogueIndex(id(rules[j]))
		return a < b || a == b && id(rules[i]) < id(rules[j])
	})
}

func catalogueIndex(id string) int {
	for i, x := range Catalogue {
		if x == id {
			return i
		}
	}
	return len(Catalogue)
}
