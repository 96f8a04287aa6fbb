package repo

import "github.com/tljh-policy/tljh-policy/internal/lazyregexp"

// The kinds of files that declare machines in another format than Terraform's, and that are read.
const (
	CloudFormationKind = "CloudFormation template"
	ARMKind            = "ARM template"
)

// Stack says whether a kind is one of those.
func Stack(kind string) bool {
	switch kind {
	case CloudFormationKind, ARMKind:
		return true
	}
	return false
}

// cloudFormation is what a template of CloudFormation holds: its version, which is optional, or a resource of a type that
// hubs are made of.
var cloudFormation = lazyregexp.New(`AWSTemplateFormatVersion|\bType["']?\s*:\s*["']?AWS::(?:EC2|Lightsail|AutoScaling|DLM|Backup|CloudFormation)::`)

// makesMachines are the command lines of clouds that make machines.
var makesMachines = lazyregexp.New(`\bec2\s+run-instances|\blightsail\s+create-instances\b|\bcompute\s+instances\s+create|\bdroplet\s+create\b|\bvm\s+create\b|\bhcloud\s+server\s+create\b|\blinodes\s+create\b|\bopenstack\s+server\s+create\b`)

// armTemplate is the schema that Azure's templates name.
var armTemplate = lazyregexp.New(`(?i)"[^"]*schemas?[^"]*/[a-z]*deploymentTemplate\.json#?"`)
