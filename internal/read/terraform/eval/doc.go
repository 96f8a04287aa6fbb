// Package eval evaluates Terraform and OpenTofu configuration without running it: variables with defaults and tfvars,
// locals, local modules, count and for_each, dynamic blocks, functions and references between resources
// (reference/providers.md §8).
//
// It works on the syntax tree itself rather than with HCL's own evaluator, because every value has to keep the place
// of the literal it comes from, a text has to keep its positions through templates, and one unknown part must not make
// a whole script unknown. Evaluation is by demand, each expression at most once an instance; cycles, depth, the number
// of steps and the sizes of values are bounded, and hitting a bound is a fatal problem.
package eval

// Bounds of an evaluation. A hub's repository stays far below them.
const (
	maxFiles       = 500       // .tf files of one module directory
	maxNesting     = 250       // brackets in one file
	maxOperators   = 5000      // "?", "!" and template directives in one file
	maxDepth       = 600       // nested expressions, through locals and modules
	maxSteps       = 1_000_000 // expressions evaluated for one root module
	maxInstances   = 1000      // of count and for_each
	maxModules     = 500       // module instances of one root
	maxModuleDepth = 12
	maxItems       = 10_000  // of one list or map
	maxText        = 1 << 20 // bytes of one string
	maxResources   = 5000
)
