package cdk

import (
	"sort"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// read reads the Python files of a checkout; the first program counts.
func read(m steptest.Files, _ string) terraform.Module {
	all := readAll(m)
	if len(all) == 0 {
		return terraform.Module{}
	}
	return all[0].Module
}

func readAll(m steptest.Files) []Program {
	var found []string
	for name, text := range m {
		if strings.HasSuffix(name, ".py") && strings.Contains(text, "aws_cdk") {
			found = append(found, name)
		}
	}
	sort.Strings(found)
	return Read(m, found, func(string) bool { return false })
}

func TestPrograms(t *testing.T) { moduletest.Run(t, read) }

const top = "import aws_cdk as cdk\nfrom aws_cdk import aws_ec2 as ec2\nclass S(cdk.Stack):\n    def __init__(self, scope, id):\n        super().__init__(scope, id)\n"

// stack is a program with one stack that does this.
func stack(body string) steptest.Files {
	return steptest.Files{"app.py": top + "        " + strings.ReplaceAll(strings.TrimSuffix(body, "\n"), "\n", "\n        ") + "\nS(cdk.App(), 'hub')\n"}
}

// A file that cannot be read is a problem with its place, and what it may have held is not known.
func TestMalformed(t *testing.T) {
	for text, want := range map[string]string{
		"        ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType('t3.large')\n": "app.py:",
		"        ec2.Instance(self, 'Hub', instance_type=)\n":                            "app.py:6:",
		"        hub = = ec2.Instance(self, 'Hub')\n":                                    "app.py:6:",
		"        ec2.Instance(self, 'Hub', user_data='\n":                                "app.py:6:",
		"      ec2.Instance(self, 'Hub')\n":                                              "app.py:6:",
		"        for x in\n            ec2.Instance(self, 'Hub')\n":                      "app.py:6:",
		"        ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType(f'{x'))\n":     "app.py:6:",
		"        x = '''\n": "app.py:",
		"        \x00\n":    "app.py:6:",
		"        if True\n            ec2.Instance(self, 'Hub')\n        ec2.CfnEIP(self)\n": "app.py:6:",
		"        return\n        }\n":                                                            "app.py:7:",
		"\tec2.Instance(self, 'Hub')\n":                                                          "app.py:6:",
		"        ec2.Instance(self, id='Hub', 'x')\n":                                            "app.py:6:",
		"        " + strings.Repeat("(", 5000) + "\n":                                            "app.py:6:",
		"        print 'x'\n        ec2.Instance(self, 'Hub')\n":                                 "app.py:6:",
		"        ec2.Instance(self, 'Hub',\n            instance_type=ec2.InstanceType(0777))\n": "app.py:7:",
	} {
		m := steptest.Files{"app.py": top + text + "S(cdk.App(), 'hub')\n"}
		got := moduletest.Describe(read(m, ""))
		if !strings.HasPrefix(got["problem 0"], want) || !strings.Contains(got["problem 0"], "this is no Python") {
			t.Errorf("%.80q\n got %s\nwant %s", text, got["problem 0"], want)
		}
		if !strings.HasPrefix(got["/complete"], "derived false") {
			t.Errorf("%.80q: complete is %s", text, got["/complete"])
		}
	}
	// A module that cannot be read, and a cdk.json.
	m := steptest.Files{"app.py": "import aws_cdk as cdk\nfrom hub import S\nS(cdk.App(), 'hub')\n", "hub.py": top + "        ec2.Instance(self, 'Hub'\n", "cdk.json": "{\"app\": "}
	got := moduletest.Describe(read(m, ""))
	if !strings.HasPrefix(got["problem 0"], "hub.py:") || !strings.HasPrefix(got["/complete"], "derived false") {
		t.Errorf("a module: %s, complete %s", got["problem 0"], got["/complete"])
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range moduletest.Files(f) {
		m, _ := moduletest.Archive(f, file)
		for name, text := range m {
			if strings.HasSuffix(name, ".py") {
				f.Add(text)
			}
		}
	}
	for _, body := range []string{
		"x = ec2.Instance(self, 'a', role=self, user_data=self, security_group=self)\nx.user_data.add_commands(x)",
		"x = ec2.Instance(x, x)\nx.connections.allow_from(x, x)\nx.y = x\nx.instance.add_property_override('A.0.B', x)",
		"for i in range(3): ec2.CfnSecurityGroup(self, f'{i}', security_group_ingress=[{'a': i}])",
		"cdk.CfnResource(self, 'a', type='AWS::EC2::Instance', properties={'BlockDeviceMappings': [1]})",
		"cdk.Tags.of(self).add('a', 'b')\ncdk.Aspects.of(self).add(1)\nself.__init__(self, self)",
	} {
		f.Add(stack(body)["app.py"])
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := steptest.Files{"app.py": text, "hub.py": text, "cdk.json": `{"app": "python app.py", "context": {"a": {"b": [1, null, "x"]}}}`}
		for _, p := range Read(m, []string{"app.py", "hub.py"}, func(string) bool { return false }) {
			moduletest.Describe(p.Module)
		}
	})
}
