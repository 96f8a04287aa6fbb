// Package policies holds the built-in rules, a folder a rule that is named like its id, and the libraries they import.
package policies

import "embed"

// FS holds the Rego files of the rules and of the libraries, with their tests.
//
//go:embed */*.rego
var FS embed.FS

// Libraries are the folders of FS that hold no rule. A folder with nothing but tests in it holds none either.
var Libraries = []string{"lib", "common"}
