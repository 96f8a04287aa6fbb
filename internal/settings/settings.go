// Package settings reads .tljh-policy.yaml, a repository's own settings: its hubs where discovery cannot know them,
// rules switched off or tuned, waivers, and custom rules. Whatever is wrong in it is an error with a position, never a
// guess: a settings file that is half understood would weaken the check without anyone noticing.
package settings

import (
	"time"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// FileName is the settings file's name, at the root of the checkout.
const FileName = ".tljh-policy.yaml"

// Level is a severity, or for fail_on the lowest severity that fails the check.
type Level string

// The levels, most severe first. Never is for fail_on only.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Info    Level = "info"
	Never   Level = "never"
)

// Rank orders levels: the higher, the more severe. Never outranks every severity; an unknown word ranks as error,
// because a severity that is misread must not let a failure pass.
func (l Level) Rank() int {
	switch l {
	case Info:
		return 1
	case Warning:
		return 2
	case Never:
		return 4
	}
	return 3
}

// Settings is what the file says. The zero value, with FailOn Error, is "no settings file".
type Settings struct {
	Source   *span.Source // nil when there is no file
	Hubs     []Hub
	Rules    []Rule // in the order written
	Waivers  []Waiver
	Policies []Path
	FailOn   Level
	Strict   bool
	Runbooks bool // commands in Markdown runbooks count as done
}

// Default is what holds without a settings file.
func Default() *Settings { return &Settings{FailOn: Error} }

// Rule returns what the settings say about a rule; nil when they say nothing.
func (s *Settings) Rule(id string) *Rule {
	for i := range s.Rules {
		if s.Rules[i].ID == id {
			return &s.Rules[i]
		}
	}
	return nil
}

// Hub describes a hub that discovery cannot work out by itself. Exactly one of Dir and Sources is given.
type Hub struct {
	Name          string
	Dir           string   // relative to the checkout, cleaned, "." for its root
	Sources       []string // files relative to the checkout, cleaned
	ExpectedUsers Users
	At            span.Span
}

// Users are the people expected on a hub: Active at the same time, Total with an account. Nil where not said.
type Users struct {
	Active, Total *Number
}

// Number is a whole number and where it is written.
type Number struct {
	Value int64
	At    span.Span
}

// Rule changes one rule.
type Rule struct {
	ID       string
	At       span.Span // the id
	Severity Level     // "" for the rule's own
	Off      string    // the reason; "" when the rule is on
	OffAt    span.Span
	Params   []Param
}

// Param is one parameter of a rule, its value as JSON has it.
type Param struct {
	Name    string
	Value   any
	At      span.Span // the name
	ValueAt span.Span
}

// Waiver accepts a failing rule for a while.
type Waiver struct {
	Rule    string
	Hub     string // "" for every hub of the repository
	Path    string // JSON pointer into the hub document; "" for the whole rule
	Reason  string
	Owner   string
	Expires time.Time // the last day on which it holds, at 00:00 UTC
	At      span.Span // the whole waiver's first line
	RuleAt  span.Span
	HubAt   span.Span
}

// Path is a directory beneath the checkout, cleaned, with slashes.
type Path struct {
	Name string
	At   span.Span
}

// Expired says whether the last day of the waiver is over at now.
func Expired(expires, now time.Time) bool { return !now.UTC().Before(expires.AddDate(0, 0, 1)) }
