package cloudformation

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func read(m steptest.Files, file string) terraform.Module {
	return Read(m, span.NewSource(file, m[file]))
}

func TestTemplates(t *testing.T) { moduletest.Run(t, read) }

// A machine whose type is an expression: what becomes of every function.
func TestFunctions(t *testing.T) {
	const head = `Parameters:
  Known: {Type: String, Default: t3.large}
  Open: {Type: String}
  Secret: {Type: String, Default: t3.large, NoEcho: true}
  List: {Type: CommaDelimitedList, Default: "t3.small, t3.large"}
Mappings:
  Sizes:
    big: {type: m5.large, same: t3.nano}
    small: {type: t3.small, same: t3.nano}
Conditions:
  Yes: !Equals [!Ref Known, t3.large]
  No: !Not [!Condition Yes]
  Maybe: !Equals [!Ref Open, x]
  Both: !And [!Condition Yes, !Condition Maybe]
  Neither: !And [!Condition No, !Condition Maybe]
  Either: !Or [!Condition Yes, !Condition Maybe]
  Circle: !Not [!Condition Circle]
Resources:
  Hub:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: `
	moduletest.MachineTypes(t, 0, map[string]string{
		"t3.large":                                          "set t3.large hub.yaml:22:21",
		"!Ref Known":                                        "default t3.large hub.yaml:2:34",
		"{Ref: Known}":                                      "default t3.large hub.yaml:2:34",
		"!Ref Open":                                         "unknown <nil> hub.yaml:22:26; parameter Open has no Default",
		"!Ref Secret":                                       "unknown <nil> hub.yaml:22:26; parameter Secret is a secret",
		"!Ref AWS::NoValue":                                 "unset <nil>",
		"!Ref Nobody":                                       "unknown <nil> hub.yaml:22:26; Nobody is not declared",
		"!Sub '${Known}'":                                   "set t3.large",
		"!Sub ['${A}.${B}', {A: t3, B: large}]":             "set t3.large hub.yaml:22:",
		"!Sub '${!Known}'":                                  "set ${Known}",
		"!Join ['.', [t3, large]]":                          "set t3.large",
		"!Join ['.', [t3, !Ref Open]]":                      "unknown <nil> hub.yaml:22:",
		"!Select [1, !Ref List]":                            "set t3.large hub.yaml:5:",
		"!Select [7, !Ref List]":                            "unknown <nil> hub.yaml:22:",
		"!Select [0, !Split ['|', 't3.large|x']]":           "set t3.large hub.yaml:22:47",
		"!FindInMap [Sizes, big, type]":                     "set m5.large hub.yaml:8:17",
		"!FindInMap [Sizes, !Ref Open, type]":               "unknown <nil> hub.yaml:22:21; which entry of the mapping is meant is not known: parameter Open has no Default",
		"!FindInMap [Sizes, !Ref Open, same]":               "set t3.nano",
		"!FindInMap [Sizes, none, same]":                    "unknown",
		"!If [Yes, t3.large, t3.small]":                     "set t3.large",
		"!If [No, t3.large, t3.small]":                      "set t3.small",
		"!If [Maybe, t3.large, t3.small]":                   `unknown <nil> hub.yaml:22:21; it depends on condition Maybe ("t3.large" or "t3.small"): parameter Open`,
		"!If [Maybe, t3.large, t3.large]":                   "set t3.large",
		"!If [Both, t3.large, t3.small]":                    "unknown",
		"!If [Neither, t3.large, t3.small]":                 "set t3.small",
		"!If [Either, t3.large, t3.small]":                  "set t3.large",
		"!If [Circle, t3.large, t3.small]":                  "unknown",
		"!If [Nobody, t3.large, t3.small]":                  "unknown",
		"!ImportValue size":                                 "unknown <nil> hub.yaml:22:34; another stack exports it",
		"'{{resolve:ssm-secure:size}}'":                     "unknown <nil> hub.yaml:22:",
		"!GetAtt Nobody.Type":                               "unknown",
		"{'Fn::Transform': {Name: Own}}":                    "unknown",
		"!Unheard of":                                       "unknown <nil> hub.yaml:22:30; Fn::Unheard is not evaluated",
		"[t3.large]":                                        "unknown",
		"!Join ['.', !Split ['-', 't3-large']]":             "set t3.large",
		"{'Fn::If': [Yes, {'Ref': Known}, t3.small]}":       "default t3.large",
		"!If [Yes, !If [No, a, t3.micro], t3.small]":        "set t3.micro",
		"!Sub ['${A}', {A: !FindInMap [Sizes, big, type]}]": "set m5.large",
	}, func(expr string) terraform.Module {
		return read(steptest.Files{"hub.yaml": head + expr + "\n"}, "hub.yaml")
	})
}

// A text that cannot be read is a problem with its place, and nothing of it is taken for known.
func TestMalformed(t *testing.T) {
	moduletest.Malformed(t, "hub.yaml", map[string]string{
		"":                     "hub.yaml this CloudFormation template declares no Resources",
		"Resources: []\n":      "hub.yaml this CloudFormation template declares no Resources",
		"Resources:\n  A: [\n": "hub.yaml:",
		"Resources:\n\tA: 1\n": "hub.yaml:2:1 not valid YAML",
		"Resources:\n  Hub:\n    Properties: {}\n":            "hub.yaml:2:3 the resource Hub has no Type",
		"Resources:\n  Hub: AWS::EC2::Instance\n":             "hub.yaml:2:3 the resource Hub has no Type",
		"{\n \"Resources\": {\n  \"Hub\": {\"Type\" \"x\"}}}": "hub.yaml:3:18 not valid JSON: a colon is missing",
		"{\"Resources\": {\"Hub\": {\"Type\": \"x\\q\"}}}":    "hub.yaml:1:32 not valid JSON: this string has a wrong escape",
		"{\"Resources\": {\"Hub\": ":                          "hub.yaml:1:23 not valid JSON: a value is missing",
		strings.Repeat("[", 100000):                           "hub.yaml:",
		"{\"a\": " + strings.Repeat("[", 100000):              "hub.yaml:1:",
	}, read)
}

// Macros, nested stacks and loops may hold machines that are not seen.
func TestIncomplete(t *testing.T) {
	moduletest.Incomplete(t, "hub.yaml", map[string]string{
		"Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function}\n": "",
		"Transform: [AWS::Serverless-2016-10-31, Own]\nResources:\n  F: {Type: A::B::C}\n":            "the macro Own changes",
		"Resources:\n  F: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x}}\n":         "the nested stack F",
		"Resources:\n  Fn::ForEach::All: [A, [b], {}]\n":                                              "Fn::ForEach::All makes resources",
		"Resources:\n  F: {Type: AWS::EC2::SpotFleet}\n":                                              "F (AWS::EC2::SpotFleet) makes machines",
		"Resources:\n  F: {Type: AWS::EC2::Instance, Properties: {'Fn::Transform': {Name: x}}}\n":     "a macro (Fn::Transform) makes a part",
	}, read)
}

func FuzzRead(f *testing.F) {
	for _, file := range moduletest.Files(f) {
		m, _ := moduletest.Archive(f, file)
		for _, text := range m {
			f.Add(text)
		}
	}
	f.Add("Resources: {A: {Type: AWS::EC2::Instance}, B: {Type: AWS::EC2::LaunchTemplate}, C: {Type: AWS::Backup::BackupPlan}, D: {Type: AWS::IAM::Role}, E: {Type: AWS::EC2::SecurityGroupIngress}}")
	f.Add("Resources: {A: {Type: AWS::EC2::Instance, Properties: {UserData: !Sub '${A} ${', Tags: !If [x]}}}")
	f.Add("{\"Resources\": {\"A\": {\"Type\": \"AWS::IAM::Role\", \"Properties\": {\"Fn::Select\": [0, {\"Fn::Split\": []}]}}}}")
	f.Fuzz(func(t *testing.T, text string) {
		moduletest.Describe(read(steptest.Files{"hub.yaml": text}, "hub.yaml"))
	})
}
