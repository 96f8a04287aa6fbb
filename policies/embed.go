// Package policies holds the built-in rules: a folder a rule, named like its id, and the library they import (lib).
package policies

import "embed"

// FS holds the Rego files of the rules and of lib, with their tests.
//
//go:embed */*.rego
var FS embed.FS

// Lib is the folder of the library; every other folder of FS is a rule.
const Lib = "lib"
