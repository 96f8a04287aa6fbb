package assemble

import (
	"strings"
	"testing"
)

const cdkHub = `import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

class HubStack(cdk.Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        data = ec2.UserData.for_linux()
        data.add_commands(
            "curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada",
            "tljh-config set limits.memory 2G",
        )
        ec2.Instance(self, "Hub", instance_type=ec2.InstanceType("t3.large"), user_data=data)
        ec2.Instance(self, "Gpu", instance_type=ec2.InstanceType("g5.xlarge"))

app = cdk.App()
HubStack(app, "Course")
app.synth()
`

// A program of the CDK declares the hub's machine: what its user data sets is the hub's, and it is one hub.
func TestCDKProgramIsHub(t *testing.T) {
	res := load(t, map[string]string{"infra/app.py": cdkHub, "infra/cdk.json": `{"app": "python3 app.py"}`})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "Hub" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
	h := res.Hubs[0]
	for path, want := range map[string]string{limit: "2147483648 @infra/app.py:10:44", machine0: "t3.large @infra/app.py:12:67"} {
		if got := at(h.Root, path) + " @" + nodeAt(h.Root, path).At.String(); got != want {
			t.Errorf("%s\n got %s\nwant %s", path, got, want)
		}
	}
	if len(res.Problems) > 0 {
		t.Errorf("problems: %+v", res.Problems)
	}
}

// A script sets the hub up, and the program declares the only machine.
func TestCDKHasTheOnlyMachine(t *testing.T) {
	program := strings.Replace(cdkHub, `        ec2.Instance(self, "Gpu", instance_type=ec2.InstanceType("g5.xlarge"))`+"\n", "", 1)
	program = strings.Replace(program, ", user_data=data", "", 1)
	program = strings.Replace(strings.Replace(program, "curl", "echo", 1), "tljh-config set limits.memory 2G", "true", 1)
	program = strings.Replace(program, "tljh.jupyter.org/bootstrap.py", "example.org", 1)
	res := load(t, map[string]string{"install.sh": "#!/bin/bash\n" + install, "app.py": program})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "Hub" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
}

const synthesized = `{"Resources": {"Hub1234": {"Type": "AWS::EC2::Instance", "Properties": {"InstanceType": "t3.xlarge",
  "UserData": {"Fn::Base64": "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada\ntljh-config set limits.memory 3G"}},
  "Metadata": {"aws:cdk:path": "Course/Hub/Resource"}}}}`

// The template that the CDK made is committed: it is read, and the program is not, so that the hub has one machine.
func TestSynthesizedTemplateComesFirst(t *testing.T) {
	res := load(t, map[string]string{"app.py": cdkHub, "cdk.json": `{"app": "python3 app.py"}`, "cdk.out/Course.template.json": synthesized})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "Hub1234" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
	if got := at(res.Hubs[0].Root, limit); got != "3221225472" {
		t.Errorf("limit %s", got)
	}
	if len(res.Problems) != 1 || !strings.Contains(res.Problems[0].Msg, "is read instead of it") || res.Problems[0].Fatal {
		t.Errorf("problems: %+v", res.Problems)
	}
}

// A template that was made of another program says nothing about this one.
func TestTemplateOfAnotherProgram(t *testing.T) {
	res := load(t, map[string]string{"hub/app.py": cdkHub, "hub/cdk.json": `{"app": "python3 app.py"}`, "cdk.json": `{"app": "python3 other.py"}`,
		"cdk.out/Other.template.json": `{"Resources": {"Box": {"Type": "AWS::EC2::Instance", "Properties": {"InstanceType": "t3.nano"}, "Metadata": {"aws:cdk:path": "Other/Box/Resource"}}}}`})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "Hub" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
}

const typescript = `import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib';

export class HubStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const data = ec2.UserData.forLinux();
    data.addCommands('curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada', 'tljh-config set limits.memory 2G');
    new ec2.Instance(this, 'Hub', { instanceType: new ec2.InstanceType('t3.large'), userData: data });
  }
}
`

// A program of the CDK in another language is not followed: it is a hub of which little is known, and the reason says what would tell.
func TestCDKInTypeScript(t *testing.T) {
	files := map[string]string{"cdk.json": `{"app": "npx ts-node bin/app.ts"}`, "lib/hub-stack.ts": typescript,
		"bin/app.ts": "import * as cdk from 'aws-cdk-lib';\nnew HubStack(new cdk.App(), 'Course');\n"}
	res := load(t, files)
	if len(res.Hubs) != 1 {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	root := res.Hubs[0].Root
	for _, n := range []string{root.Get("limits", "memory_bytes").Why, root.Get("infra", "instances").List()[0].Get("machine").Why} {
		if !strings.Contains(n, "(CDK program)") || !strings.Contains(n, "programs of the CDK are read in Python only (the template that `cdk synth` writes to cdk.out is read too, if it is committed)") {
			t.Errorf("reason: %s", n)
		}
	}
	files["cdk.out/Course.template.json"] = synthesized
	if res = load(t, files); len(res.Hubs) != 1 || machineOf(res, 0) != "Hub1234" || at(res.Hubs[0].Root, limit) != "3221225472" {
		t.Errorf("%d hubs, machine %q, limit %s", len(res.Hubs), machineOf(res, 0), at(res.Hubs[0].Root, limit))
	}
}

// What a program does on its machine in a way that is not followed makes unknown what it may set; nothing is taken for a default.
func TestCDKNotFollowed(t *testing.T) {
	for name, c := range map[string]struct{ from, to string }{
		"the script is put together elsewhere": {"user_data=data", "user_data=company.wrap(data)"},
		"a command is hidden":                  {`"tljh-config set limits.memory 2G",`, `company.render("tljh-config set limits.memory 2G"),`},
		"a text that nothing adds":             {`"tljh-config set limits.memory 2G",`, ")\n        company.more(\n            \"tljh-config set limits.memory 2G\","},
		"it stops in the middle":               {"class HubStack", "class HubStack("},
	} {
		t.Run(name, func(t *testing.T) {
			res := load(t, map[string]string{"app.py": "import company\n" + strings.Replace(cdkHub, c.from, c.to, 1)})
			if len(res.Hubs) != 1 {
				t.Fatalf("%d hubs", len(res.Hubs))
			}
			if n := res.Hubs[0].Root.Get("limits", "memory_bytes"); n.State != "unknown" {
				t.Errorf("memory limit is %s %v", n.State, n.Value)
			}
		})
	}
}

// A Pulumi program in Python declares the hub's machine, and what it runs is that machine's.
func TestPulumiInPython(t *testing.T) {
	program := "import pulumi\nimport pulumi_aws as aws\n\nsize = pulumi.Config().get('size') or 't3.large'\naws.ec2.Instance('hub', instance_type=size, user_data='''#!/bin/bash\n" +
		"curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada\ntljh-config set limits.memory 2G\n''')\n"
	files := map[string]string{"infra/Pulumi.yaml": "name: hub\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n", "infra/__main__.py": program, "infra/Pulumi.prod.yaml": "config:\n  hub:size: t3.xlarge\n"}
	res := load(t, files)
	if len(res.Hubs) != 1 || machineOf(res, 0) != "hub" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
	root := res.Hubs[0].Root
	for path, want := range map[string]string{limit: "2147483648 @infra/__main__.py:7:31", machine0: "t3.xlarge @infra/Pulumi.prod.yaml:2:13"} {
		if got := at(root, path) + " @" + nodeAt(root, path).At.String(); got != want {
			t.Errorf("%s\n got %s\nwant %s", path, got, want)
		}
	}
	files["infra/__main__.py"] = program + "x = (\n"
	if res = load(t, files); len(res.Hubs) != 1 || res.Hubs[0].Root.Get("limits", "memory_bytes").State != "unknown" {
		t.Errorf("%d hubs of a program that Python refuses", len(res.Hubs))
	}
}
