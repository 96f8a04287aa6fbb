// Package report is what a check says: one result for each rule and hub, with the exit code that follows from them.
// Build makes a Report; the writers turn it into text or JSON. The report is a public contract, version 1: its JSON
// Schema is report.schema.json.
package report

import (
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/settle"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// SchemaVersion is the version of the report's contract.
const SchemaVersion = 1

// Outcome is what a rule says about a hub.
type Outcome string

// The outcomes.
const (
	Pass          Outcome = "pass"
	Fail          Outcome = "fail"
	Unknown       Outcome = "unknown"
	NotApplicable Outcome = "not_applicable"
	Waived        Outcome = "waived"
	RuleError     Outcome = "error"
	Advice        Outcome = "advice" // of findings only: shown, decides nothing
)

// rank orders outcomes by how much they need attention, most first.
func (o Outcome) rank() int {
	for i, x := range []Outcome{RuleError, Fail, Unknown, Waived, NotApplicable, Pass, Advice} {
		if o == x {
			return i
		}
	}
	return 0
}

// Report is the outcome of one check. It holds nothing that differs between two runs on the same input and day.
type Report struct {
	SchemaVersion int       `json:"schema_version"`
	Tool          Tool      `json:"tool"`
	Hubs          []Hub     `json:"hubs"`
	Results       []Result  `json:"results"` // by hub's name, then by rule in the order of the catalogue
	Problems      []Problem `json:"problems"`
	Summary       Summary   `json:"summary"`
	// Comparison is nil unless Compare set this report against that of a base.
	Comparison *Comparison `json:"comparison"`
	ExitCode   int         `json:"exit_code"`
	ExitReason string      `json:"exit_reason"` // the exit code in words

	failOn  settings.Level
	strict  bool // unknown fails too
	pending []Pending
}

// Tool says what made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Hub is a hub that was evaluated.
type Hub struct {
	Name    string   `json:"name"`
	Dir     string   `json:"dir"`
	Sources []string `json:"sources"`
}

// Result is what one rule says about one hub. Its message, location, related places, fix and fingerprint are those of
// its first finding.
type Result struct {
	Rule        string         `json:"rule"`
	Hub         string         `json:"hub"` // "" for the repository as a whole
	Outcome     Outcome        `json:"outcome"`
	Severity    settings.Level `json:"severity"` // how bad a fail of this rule is, whatever the outcome
	Title       string         `json:"title"`
	Message     string         `json:"message"`
	Remediation string         `json:"remediation"`
	Location    *span.Span     `json:"location"`
	Related     []Related      `json:"related"`
	Findings    []Finding      `json:"findings"`
	Fixed       []Finding      `json:"fixed"` // failures of the base that are gone; their places are the base's
	Fingerprint string         `json:"fingerprint"`
	Change      Change         `json:"change"` // where the check compared with a base, see Compare
	Waiver      *Waiver        `json:"waiver"`
	Fix         *Fix           `json:"fix"`

	Description string `json:"-"`
	off         bool   // switched off by the settings
}

// Finding is one thing that a rule found.
type Finding struct {
	Outcome     Outcome    `json:"outcome"`
	Message     string     `json:"message"`
	Path        string     `json:"path"` // JSON pointer into the hub document
	Why         string     `json:"why"`  // of an unknown: what the repository does not tell
	Location    *span.Span `json:"location"`
	Related     []Related  `json:"related"`
	Fingerprint string     `json:"fingerprint"`
	Change      Change     `json:"change"`
	Waiver      *Waiver    `json:"waiver"`
	Fix         *Fix       `json:"fix"`
	Settle      *Settle    `json:"settle"` // of an unknown: what to commit to decide it; nil where that is more than a few lines

	about string // what the finding is about, in words that an edit elsewhere does not change: see about.go
}

// Settle is a text to commit that decides an unknown. Words in angle brackets stand for what only people know.
type Settle struct {
	File string `json:"file"`
	Add  bool   `json:"add"` // the file is there: the text is to be added
	Text string `json:"text"`

	step *settle.Step
}

// Fix is a change that would put a finding right, as the tljh-config command of that name makes it.
type Fix struct {
	Op    string `json:"op"`   // set, unset, add-item or remove-item
	Path  string `json:"path"` // JSON pointer into the hub document
	Value any    `json:"value"`
	Then  []Fix  `json:"then,omitempty"` // changes that belong to it, in this order: all are made, or none
}

// Related is a further place that helps to understand a finding.
type Related struct {
	Path     string     `json:"path"`
	Location *span.Span `json:"location"`
}

// Waiver is what accepts a failing rule.
type Waiver struct {
	Kind     string     `json:"kind"` // "settings" or "comment"
	Reason   string     `json:"reason"`
	Owner    string     `json:"owner"` // "" for a comment
	Expires  string     `json:"expires"`
	Location *span.Span `json:"location"`
}

// Problem is something that could not be read or evaluated.
type Problem struct {
	Message  string     `json:"message"`
	Fatal    bool       `json:"fatal"`
	Location *span.Span `json:"location"`
}

// Summary counts results by outcome.
type Summary struct {
	Pass          int `json:"pass"`
	Fail          int `json:"fail"`
	Unknown       int `json:"unknown"`
	NotApplicable int `json:"not_applicable"`
	Waived        int `json:"waived"`
	Error         int `json:"error"`
}

func (s *Summary) count(o Outcome) {
	switch o {
	case Pass:
		s.Pass++
	case Fail:
		s.Fail++
	case Unknown:
		s.Unknown++
	case NotApplicable:
		s.NotApplicable++
	case Waived:
		s.Waived++
	default:
		s.Error++
	}
}
