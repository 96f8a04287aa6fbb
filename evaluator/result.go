package evaluator

// Outcome is what a rule says about a hub.
type Outcome string

// The outcomes of a rule, in the order of precedence, and Advice, which only findings have.
const (
	Errored       Outcome = "error"
	Fail          Outcome = "fail"
	Unknown       Outcome = "unknown"
	NotApplicable Outcome = "not_applicable"
	Pass          Outcome = "pass"
	Advice        Outcome = "advice"
)

// Result is what one rule says about one hub document. There is exactly one for each rule.
type Result struct {
	Rule    *Rule
	Outcome Outcome
	// Findings is all the rule said: by outcome in the order of precedence, then by path, then by message. Empty
	// when Outcome is Errored. Its first element carries Outcome.
	Findings []Finding
	// Err says why the Outcome is Errored; it is nil otherwise. Mostly an *Error, with the place in the rule.
	Err error
}

// Finding is one thing a rule says.
type Finding struct {
	Outcome Outcome
	// Path leads to the evidence in the hub document, through keys (string) and list indices (int). It need not exist
	// there. For rules written for conftest, which name none, it is what the rule reads. Empty where there is none at
	// all: reasons of not_applicable, mostly.
	Path    []any
	Message string
	Fix     *Fix
	Related [][]any // further paths that help to understand
	// SettledBy are the facts that would decide an unknown, where they are not what stands at Path.
	SettledBy [][]any
}

// Fix is a change that would put a finding right, in the words of tljh-config.
type Fix struct {
	Op    string // set, unset, add-item or remove-item
	Path  []any
	Value any   // as encoding/json decodes it, numbers as json.Number; nil for unset
	Then  []Fix // changes that belong to it, in this order: all are made, or none. They have no Then of their own
}
