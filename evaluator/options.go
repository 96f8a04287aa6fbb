package evaluator

import "time"

// Options say which rules to load and within which limits to run them. The zero value loads no rule.
type Options struct {
	// Builtin loads the embedded rules.
	Builtin bool
	// Only loads no rules but these, where it is not empty; Skip leaves these out. Built-in rules that are left out
	// are not even parsed.
	Only, Skip []string
	// Custom is Rego text of custom rules and of the packages they share, tests included (they are left out).
	Custom []Module
	// Params gives parameters to rules: rule id, name, value.
	Params map[string]map[string]any
	// Now is what rules take for the time; zero means the time of New.
	Now time.Time
	// Timeout bounds the evaluation of one document with the built-in or the custom rules, and Grace the time they get
	// to stop after it. Zero means DefaultTimeout and DefaultGrace.
	Timeout, Grace time.Duration
	// MemoryLimit bounds how much the heap may grow while custom rules run, in bytes; zero means DefaultMemoryLimit.
	MemoryLimit uint64
}

// The limits that hold where Options say nothing.
const (
	DefaultTimeout            = 10 * time.Second
	DefaultGrace              = time.Second
	DefaultMemoryLimit uint64 = 1 << 30
)

// Module is one Rego file.
type Module struct {
	File   string // how messages call it, relative to the checkout
	Source string
}

func (o Options) withDefaults() Options {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Grace <= 0 {
		o.Grace = DefaultGrace
	}
	if o.MemoryLimit == 0 {
		o.MemoryLimit = DefaultMemoryLimit
	}
	return o
}
