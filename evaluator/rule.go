package evaluator

// Severity is how much a failing rule matters.
type Severity string

// The severities, worst first.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityInfo    Severity = "info"
)

// Rule describes a rule; the facts come from its METADATA.
type Rule struct {
	// ID names the rule in settings, waivers and reports: the last element of its package path; for rules written for
	// conftest the package path and the name, such as "main.deny_root".
	ID          string
	Title       string // the ID if METADATA has none
	Description string
	Remediation string
	Severity    Severity // its default; settings may change it
	Scope       string   // custom.scope: "advice" for a rule that recommends more than it demands
	Params      []Param  // sorted by name
	Resources   []string // related_resources: addresses to read more at
	Custom      bool
	At          Position // where its package, or for conftest its first rule, is declared
}

// Param is a parameter that a rule declares under custom.params in its METADATA.
type Param struct {
	Name        string
	Type        string // number, string, boolean or array
	Default     any
	Description string
}

// Position is a place in a Rego file; lines and columns count from 1, zero means the whole file.
type Position struct {
	File   string
	Line   int
	Column int
}
