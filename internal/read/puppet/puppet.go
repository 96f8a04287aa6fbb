// Package puppet reads Puppet's manifests without running them: the resources that a manifest declares, with its classes,
// modules and data, as steps in the order in which Puppet would see to them. What is only known on the machine, or to
// whoever runs Puppet, is unknown.
// Source: help.puppet.com/core (the language and its resource types).
package puppet

// Bounds of one manifest with all that it includes. A stranger writes them.
const (
	maxTokens    = 200000
	maxDepth     = 200
	maxFuel      = 300000
	maxResources = 5000
	maxCalls     = 60 // classes and defined types within each other
	maxText      = 1 << 18
	maxProblems  = 100
)
