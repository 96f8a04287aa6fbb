package pulumi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func read(m steptest.Files, file string) terraform.Module {
	return Read(m, span.NewSource(file, m[file]), "")
}

func TestPrograms(t *testing.T) { moduletest.Run(t, read) }

// A machine whose type is an expression: what becomes of every function and reference.
func TestExpressions(t *testing.T) {
	const head = `name: p
runtime: yaml
config:
  known: {type: string, default: t3.large}
  plain: t3.large
  p:own: {value: t3.large}
  open: {type: string}
  list: {default: [t3.small, {size: t3.large}]}
variables:
  deep: {a: {b c: [t3.small, t3.large]}}
  lookup: {"fn::invoke": {function: "aws:ec2:getInstance", arguments: {instanceId: i-1}}}
  pair: [t3.small, t3.large]
resources:
  other: {type: "aws:ec2:Instance", properties: {instanceType: t3.nano, tags: {Size: t3.large}, networkInterfaces: [{deviceIndex: 0}]}}
  hub:
    type: aws:ec2:Instance
    properties:
      instanceType: `
	moduletest.MachineTypes(t, 1, map[string]string{
		"t3.large":              "set t3.large Pulumi.yaml:18:21",
		"${known}":              "default t3.large Pulumi.yaml:4:34",
		"'${plain}'":            "set t3.large Pulumi.yaml:5:10",
		"${own}":                "default t3.large Pulumi.yaml:6:18",
		"${open}":               "unknown <nil> Pulumi.yaml:18:21; the configuration open has no value",
		"${list[1].size}":       "default t3.large Pulumi.yaml:8:37",
		"${list[7]}":            "unknown <nil> Pulumi.yaml:18:21; there is no element 7",
		`'${deep.a["b c"][1]}'`: "set t3.large Pulumi.yaml:10:30",
		"${deep.z}":             "unknown <nil> Pulumi.yaml:18:21; there is no z",
		"t3.${missing}":         "unknown <nil> Pulumi.yaml:18:",
		"'t3.${'":               "unknown <nil> Pulumi.yaml:18:25; a reference in it cannot be read: its closing brace is missing",
		"'${[0]}'":              "unknown <nil> Pulumi.yaml:18:",
		"'${}'":                 "unknown",
		"'$${known}'":           "set ${known} Pulumi.yaml:18:22",
		"'$$'":                  "set $",
		"${other.instanceType}": "set t3.nano Pulumi.yaml:14:64",
		"${other.tags.Size}":    "set t3.large",
		"${other.publicIp}":     "unknown <nil> Pulumi.yaml:18:21; known only when the stack is updated (other.public_ip)",
		"${other.networkInterfaces[0].privateIp}":                 "unknown <nil> Pulumi.yaml:18:21; known only when the stack is updated (other.network_interfaces[0].private_ip)",
		"${other.ebsBlockDevices[0].volumeId}":                    "unknown <nil> Pulumi.yaml:18:21; known only when the stack is updated (other.ebs_block_devices[0].volume_id)",
		"${lookup.instanceType}":                                  "unknown <nil> Pulumi.yaml:18:21; looked up in the cloud (getInstance.instanceType)",
		"${pulumi.project}":                                       "set p Pulumi.yaml:1:7",
		"${pulumi.stack}":                                         "unknown <nil> Pulumi.yaml:18:21; the name of the stack is not known",
		"${pulumi.organization}":                                  "unknown",
		"{'fn::join': ['.', [t3, large]]}":                        "set t3.large",
		"{'Fn::Join': ['.', ['t3', '${open}']]}":                  "unknown <nil> Pulumi.yaml:18:",
		"{'fn::join': ['.', '${open}']}":                          "unknown",
		"{'fn::select': [1, '${pair}']}":                          "set t3.large Pulumi.yaml:12:20",
		"{'fn::select': [9, '${pair}']}":                          "unknown <nil> Pulumi.yaml:18:23; there is no such element",
		"{'fn::select': [0, {'fn::split': ['|', 't3.large|x']}]}": "set t3.large Pulumi.yaml:18:",
		"{'fn::split': ['|', '${open}']}":                         "unknown",
		"{'fn::fromBase64': dDMubGFyZ2U=}":                        "set t3.large",
		"{'fn::fromBase64': {'fn::toBase64': t3.large}}":          "set t3.large Pulumi.yaml:18:",
		"{'fn::readFile': size}":                                  "set t3.large size:1:1",
		"{'fn::readFile': '${pulumi.cwd}/size'}":                  "set t3.large size:1:1",
		"{'fn::readFile': ../size}":                               "unknown <nil> Pulumi.yaml:18:23; the file ../size is outside the repository",
		"{'fn::unsecret': t3.large}":                              "set t3.large",
		"{'fn::singleOrNone': [t3.large]}":                        "set t3.large",
		"{'fn::stackReference': [a/b/c, d]}":                      "unknown <nil> Pulumi.yaml:18:23; another stack exports it",
		"{'fn::toJSON': {a: 1}}":                                  `set {"a": 1}`,
		"{'fn::unheard': x}":                                      "unknown <nil> Pulumi.yaml:18:23; fn::unheard is not evaluated",
		"{'fn::invoke': {function: 'std:join', arguments: {separator: ., input: [t3, large]}, return: result}}": "set t3.large",
		"{'fn::aws:ec2:getInstance': {instanceId: i-1}}":                                                        "unknown",
		"{'fn::invoke': {function: 'own:pricing:getX', return: id}}":                                            "unknown <nil> Pulumi.yaml:18:23; looked up when the stack is updated (own:pricing:getX)",
		"!Sub x":     "unknown <nil> Pulumi.yaml:18:26; the tag !Sub means nothing to Pulumi",
		"[t3.large]": "unknown",
	}, func(expr string) terraform.Module {
		return read(steptest.Files{"Pulumi.yaml": head + expr + "\n", "size": "t3.large"}, "Pulumi.yaml")
	})
}

// A text that cannot be read is a problem with its place, and nothing of it is taken for known.
func TestMalformed(t *testing.T) {
	moduletest.Malformed(t, "Pulumi.yaml", map[string]string{
		"":                                    "Pulumi.yaml:1:1 this is no Pulumi project",
		"[]":                                  "Pulumi.yaml:1:1 this is no Pulumi project",
		"runtime: yaml\nresources:\n  A: [\n": "Pulumi.yaml:",
		"runtime: yaml\nresources:\n\tA: 1\n": "Pulumi.yaml:3:1 not valid YAML",
		"runtime: yaml\nresources: [a]\n":     "Pulumi.yaml:2:12 resources must be a map",
		"runtime: yaml\nresources:\n  a: {properties: {}}\n": "Pulumi.yaml:3:3 the resource a has no type of its own",
		"runtime: yaml\nresources:\n  a: aws:ec2:Instance\n": "Pulumi.yaml:3:3 the resource a has no type of its own",
		"runtime: yaml\nresources:\n  a: {type: 'aws:ec2:Instance', properties: &p {instanceType: t3.nano}}\n  b: {type: 'aws:ec2:Instance', properties: *p}\n": "Pulumi.yaml:3:45 Pulumi refuses programs with aliases",
		"runtime: yaml\nresources:\n  a: &a {type: 'aws:ec2:Instance'}\n  b: *a\n":                                                                              "Pulumi.yaml:4:3 the resource b has no type of its own",
		strings.Repeat("[", 100000):  "Pulumi.yaml:",
		strings.Repeat("a: {", 5000): "Pulumi.yaml:",
	}, read)
}

// What may hold machines that are not seen says so.
func TestIncomplete(t *testing.T) {
	moduletest.Incomplete(t, "Pulumi.yaml", map[string]string{
		"resources: {a: {type: 'aws:s3:Bucket'}}":                               "",
		"resources: {a: {type: 'random:RandomId'}, b: {type: 'awsx:ec2:Vpc'}}":  "",
		"resources: {a: {type: 'eks:Cluster'}}":                                 "a (eks:Cluster) is of a package that is not understood",
		"resources: {a: {type: 'azure-native:compute:VirtualMachineScaleSet'}}": "a (azure-native:compute:VirtualMachineScaleSet) makes machines, and is not evaluated",
		"resources: {a: {type: 'aws:ec2:Instance', properties: '${x}'}}":        "the properties of a are not known",
		"main: ../elsewhere": "the program is outside the repository",
		"runtime: {name: yaml, options: {compiler: cue export}}": "the program is what cue makes",
	}, read)
}

// A stack that the settings choose decides what it sets; one whose file cannot be read leaves all of it open.
func TestStacks(t *testing.T) {
	m := steptest.Files{"infra/Pulumi.yaml": "name: p\nruntime: yaml\nstackConfigDir: stacks\nconfig: {size: {default: t3.nano}}\n" +
		"resources: {hub: {type: 'aws:ec2:Instance', properties: {instanceType: '${size}', tags: {Stack: '${pulumi.stack}'}}}}\n",
		"infra/stacks/Pulumi.dev.yaml": "config: {p:size: t3.small}\n", "infra/stacks/Pulumi.prod.yml": "config:\n  size: t3.large\n"}
	src := span.NewSource("infra/Pulumi.yaml", m["infra/Pulumi.yaml"])
	if got := StackFiles(m, src); len(got) != 2 {
		t.Errorf("stacks are %v", got)
	}
	for chosen, want := range map[string]string{
		"":                             "unknown <nil>",
		"infra/stacks/Pulumi.dev.yaml": "set t3.small infra/stacks/Pulumi.dev.yaml:1:18",
		"infra/stacks/Pulumi.prod.yml": "set t3.large infra/stacks/Pulumi.prod.yml:2:9",
	} {
		got := moduletest.Describe(Read(m, src, chosen))
		if s := got["/instances/0/machine/type"]; !strings.HasPrefix(s, want) {
			t.Errorf("%s: %s, want %s", chosen, s, want)
		}
	}
	m["infra/stacks/Pulumi.prod.yml"] = "config: [\n"
	got := moduletest.Describe(Read(m, src, "infra/stacks/Pulumi.prod.yml"))
	if s := got["/instances/0/machine/type why"]; !strings.Contains(s, "infra/stacks/Pulumi.prod.yml, which cannot be read") || got["problem 0"] == "" {
		t.Errorf("broken stack: %s; %s", s, got["problem 0"])
	}
}

func TestNames(t *testing.T) {
	for token, want := range map[string]string{"aws:ec2/instance:Instance": "aws_instance", "aws:ec2:Instance": "aws_instance", "AWS:EC2:instance": "aws_instance",
		"digitalocean:Droplet": "digitalocean_droplet", "digitalocean:index/droplet:Droplet": "digitalocean_droplet", "digitalocean:index:Droplet": "digitalocean_droplet",
		"aws:ec2/getAmi:getAmi": "aws_ami", "aws:s3:Bucket": quiet, "aws:ec2:Fleet": opaque, "nobody:index:Thing": "", "": "", "::::": ""} {
		if got := terraformType(token); got != want {
			t.Errorf("%s is %q, want %q", token, got, want)
		}
	}
	for in, want := range map[string]string{"ebsBlockDevice": "ebsBlockDevices", "inlinePolicy": "inlinePolicies", "alias": "aliases", "network": "networks", "deny": "denies", "array": "arrays", "": ""} {
		if got := plural(in); got != want {
			t.Errorf("plural of %s is %s", in, got)
		}
	}
}

// A program has no order: what a resource says is known above it too. A circle is no value.
func TestOrder(t *testing.T) {
	for text, want := range map[string]string{
		"  hub: {type: 'aws:ec2:Instance', properties: {instanceType: '${later.tags.size}'}}\n  later: {type: 'aws:ec2:Vpc', properties: {tags: {size: '${last.name}'}}}\n  last: {type: 'aws:ec2:KeyPair', properties: {name: t3.large}}\n": "set t3.large Pulumi.yaml:5:54",
		"  hub: {type: 'aws:ec2:Instance', properties: {instanceType: '${a.tags.x}'}}\n  a: {type: 'aws:ec2:Vpc', properties: {tags: {x: '${b.tags.x}'}}}\n  b: {type: 'aws:ec2:Vpc', properties: {tags: {x: '${a.tags.x}'}}}\n":             "unknown",
		"  hub: {type: 'aws:ec2:Instance', properties: {instanceType: '${hub.instanceType}'}}\n": "unknown",
	} {
		got := moduletest.Describe(read(steptest.Files{"Pulumi.yaml": "runtime: yaml\nresources:\n" + text}, "Pulumi.yaml"))
		if s := got["/instances/0/machine/type"]; !strings.HasPrefix(s, want) {
			t.Errorf("%s\n got %s\nwant %s", text, s, want)
		}
	}
}

// What a program in a directory of its own reads lies below that, and can be named from the project's.
func TestProgramElsewhere(t *testing.T) {
	m := steptest.Files{"Pulumi.yaml": "name: p\nruntime: yaml\nmain: src\n", "size": "t3.large", "src/type": "t3.small",
		"src/Main.yaml": "resources:\n  a: {type: 'aws:ec2:Instance', properties: {instanceType: {'fn::readFile': '${pulumi.rootDirectory}/size'}}}\n  b: {type: 'aws:ec2:Instance', properties: {instanceType: {'fn::readFile': ./type}}}\n"}
	got := moduletest.Describe(read(m, "Pulumi.yaml"))
	if a, b := got["/instances/0/machine/type"], got["/instances/1/machine/type"]; a != "set t3.large size:1:1" || b != "set t3.small src/type:1:1" {
		t.Errorf("%s, %s", a, b)
	}
}

// What doubles at every step stays within bounds.
func TestDoubling(t *testing.T) {
	var b strings.Builder
	b.WriteString("name: p\nruntime: yaml\nvariables:\n  l0: [x]\n  t0: x\n  m0: {a: x}\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&b, "  l%d: ['${l%d}', '${l%d}']\n  t%d: '${t%d}${t%d}'\n  m%d: {a: '${m%d}', b: '${m%d}'}\n", i, i-1, i-1, i, i-1, i-1, i, i-1, i-1)
	}
	b.WriteString("resources:\n  hub:\n    type: aws:ec2:Instance\n    properties:\n      userData: {'fn::toJSON': '${l59}'}\n      tags: '${m59}'\n      vpcSecurityGroupIds: '${l59}'\n" +
		"      instanceType: '${t59}'\n      keyName: {'fn::join': ['', '${l59}']}\n      ebsBlockDevices: '${m59}'\n  two: {type: 'command:remote:Command', properties: {create: 'echo ${m59} ${l59}', environment: '${m59}'}}\n" +
		"  three: {type: 'aws-native:ec2:Instance', properties: '${m59}'}\n  four: {type: 'azure-native:compute:VirtualMachine', properties: {tags: '${m59}'}}\n")
	moduletest.Describe(read(steptest.Files{"Pulumi.yaml": b.String()}, "Pulumi.yaml"))
}

func FuzzRead(f *testing.F) {
	for _, file := range moduletest.Files(f) {
		m, _ := moduletest.Archive(f, file)
		for _, text := range m {
			f.Add(text, "config: {size: 1}")
		}
	}
	f.Add("resources: {a: {type: 'aws:ec2:Instance', properties: {userData: '${a.b[0]', tags: {'fn::select': [x]}}}}", "config: [")
	f.Add("resources: {a: {type: 'command:remote:Command', properties: {create: '${a}', update: 1, stdin: {}, environment: {A: \"'\"}}}}", "config: {p:a: {secure: x}}")
	f.Add("variables: {a: '${b}', b: ['${a}']}\nresources: {a: {type: 'azure-native:compute:VirtualMachine', properties: {vmName: '${b}', securityRules: [1]}}}", "")
	f.Fuzz(func(t *testing.T, text, stack string) {
		moduletest.Describe(read(steptest.Files{"Pulumi.yaml": text, "Pulumi.prod.yaml": stack}, "Pulumi.yaml"))
	})
}
