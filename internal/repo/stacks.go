package repo

import "github.com/tljh-policy/tljh-policy/internal/lazyregexp"

// The kinds of files that declare machines in another format than Terraform's, and that are read.
const (
	CloudFormationKind = "CloudFormation template"
	ARMKind            = "ARM template"
	PulumiKind         = "Pulumi YAML program"
	PulumiPythonKind   = "Pulumi program in Python"
	BicepKind          = "Bicep template"
)

// Stack says whether a kind is one of those.
func Stack(kind string) bool {
	switch kind {
	case CloudFormationKind, ARMKind, PulumiKind, PulumiPythonKind, BicepKind:
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

// pulumiYAML is the runtime of a Pulumi project whose program is written in YAML.
var pulumiYAML = lazyregexp.New(`(?m)^["']?runtime["']?:[ \t]*(?:["']?yaml["']?[ \t]*(?:#.*)?\r?$|\{[^}\n]*\bname["']?:[ \t]*["']?yaml\b|(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n|[ \t]+.*\n)*?[ \t]+name:[ \t]*["']?yaml\b)`)

// pulumiPython is that of one whose program is written in Python.
var pulumiPython = lazyregexp.New(`(?m)^["']?runtime["']?:[ \t]*(?:["']?python["']?[ \t]*(?:#.*)?\r?$|\{[^}\n]*\bname["']?:[ \t]*["']?python\b|(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n|[ \t]+.*\n)*?[ \t]+name:[ \t]*["']?python\b)`)

// pulumi is the kind of a Pulumi.yaml: one whose program is YAML is read, others are programs in other languages.
func pulumi(text []byte) string {
	if pulumiYAML.Match(text) {
		return PulumiKind
	}
	if pulumiPython.Match(text) {
		return PulumiPythonKind
	}
	return "Pulumi program"
}

// ofPulumi says whether a directory's Pulumi.yaml is of a project whose program is written in YAML.
func (s *discovery) ofPulumi(d *dir) bool {
	if !d.has("Pulumi.yaml") {
		return false
	}
	text, _ := s.tree.text(d.join("Pulumi.yaml"), headBytes)
	return pulumi(text) == PulumiKind
}
