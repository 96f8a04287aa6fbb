package assemble

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

const cloudFormation = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Size: {Type: String, Default: t3.large}
Resources:
  Hub:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: !Ref Size
      UserData:
        Fn::Base64: |
          #!/bin/bash
          curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada
          tljh-config set limits.memory 2G
  Gpu:
    Type: AWS::EC2::Instance
    Properties: {InstanceType: g5.xlarge}
`

// A template of another tool declares the hub's machine: what its user data sets is the hub's, with the places in the template.
func TestStackIsHub(t *testing.T) {
	res := load(t, map[string]string{"cloud/hub.yaml": cloudFormation})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "Hub" {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	h := res.Hubs[0]
	for path, want := range map[string]string{limit: "2147483648 @cloud/hub.yaml:13:41", machine0: "t3.large @cloud/hub.yaml:3:33"} {
		if got := at(h.Root, path) + " @" + nodeAt(h.Root, path).At.String(); got != want {
			t.Errorf("%s\n got %s\nwant %s", path, got, want)
		}
	}
	if len(res.Problems) > 0 {
		t.Errorf("problems: %+v", res.Problems)
	}
}

// nodeAt is the node at a path, as at goes there.
func nodeAt(n *doc.Node, p string) *doc.Node {
	for _, e := range strings.Split(p, "/") {
		if e == "0" {
			n = n.List()[0]
		} else {
			n = n.Get(e)
		}
	}
	return n
}

// A script sets the hub up, and one template declares the only machine: it is the hub's, and that is said to be inferred.
func TestStackHasTheOnlyMachine(t *testing.T) {
	template := "Resources:\n  Box:\n    Type: AWS::EC2::Instance\n    Properties: {InstanceType: t3.large}\n"
	res := load(t, map[string]string{"install.sh": "#!/bin/bash\n" + install, "infra/box.yaml": template})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "Box" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
}

// A template that cannot be read may declare the hub's machine: what it may hold is unknown, and nothing is taken for missing.
func TestBrokenStack(t *testing.T) {
	res := load(t, map[string]string{"install.sh": "#!/bin/bash\n" + install, "infra/box.yaml": "AWSTemplateFormatVersion: 1\nResources:\n  Box: [ # restic\n"})
	n := res.Hubs[0].Root.Get("infra", "instances").List()[0]
	if why := n.Get("machine").Why; !strings.Contains(why, "infra/box.yaml (CloudFormation template), and is not seen there") {
		t.Errorf("machine: %s", why)
	}
	if b := res.Hubs[0].Root.Get("infra", "backups"); b.State != "unknown" || !strings.Contains(b.Why, "infra/box.yaml may see to it, and cannot be read") {
		t.Errorf("backups: %s %s", b.State, b.Why)
	}
	if len(res.Problems) != 1 || !res.Problems[0].Fatal || !strings.HasPrefix(res.Problems[0].At.String(), "infra/box.yaml:") {
		t.Errorf("problems: %+v", res.Problems)
	}
}

// What a broken template would set on the hub is unknown.
func TestBrokenStackSetsTheHub(t *testing.T) {
	text := strings.Replace(cloudFormation, "Properties: {InstanceType: g5.xlarge}", "Properties: [", 1)
	res := load(t, map[string]string{"hub.yaml": text})
	if len(res.Hubs) != 1 {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	if n := res.Hubs[0].Root.Get("limits", "memory_bytes"); n.State != "unknown" {
		t.Errorf("memory limit is %s", n.State)
	}
}

// A script makes the machine by its cloud's command line, and hands it the script that sets the hub up: one hub, one machine.
func TestCommandLineMakesTheMachine(t *testing.T) {
	res := load(t, map[string]string{
		"make.sh":  "#!/bin/bash\ngcloud compute instances create hub --machine-type=e2-standard-2 --image-family=ubuntu-2404-lts-amd64 \\\n  --metadata-from-file=startup-script=setup.sh # for tljh\n",
		"setup.sh": "#!/bin/bash\n" + install + "tljh-config set limits.memory 2G\n",
	})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "hub" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
	root := res.Hubs[0].Root
	if got := at(root, machine0) + " @" + nodeAt(root, machine0).At.String(); got != "e2-standard-2 @make.sh:2:52" {
		t.Errorf("machine type: %s", got)
	}
	if got := at(root, limit); got != "2147483648" {
		t.Errorf("limit: %s", got)
	}
}

// A script makes a machine and sets the hub up over SSH: it is that machine.
func TestCommandLineAndSSH(t *testing.T) {
	res := load(t, map[string]string{
		"make.sh": "#!/bin/bash\nIP=$(hcloud server create --name box --type cx32 --image ubuntu-24.04 | tail -1)\nssh root@$IP 'curl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ada'\n",
	})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "box" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
}

// Azure's template hands its machine the set-up in base64: it is the hub's, with its places in the template.
func TestAzureTemplateIsHub(t *testing.T) {
	res := load(t, map[string]string{"azuredeploy.json": `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"parameters": {"size": {"type": "string", "defaultValue": "Standard_B2ms"}},
"resources": [{"type": "Microsoft.Compute/virtualMachines", "name": "hub", "properties": {"hardwareProfile": {"vmSize": "[parameters('size')]"},
"osProfile": {"customData": "[base64('#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ada\ntljh-config set limits.memory 2G\n')]"}}}]}`})
	if len(res.Hubs) != 1 || machineOf(res, 0) != "hub" {
		t.Fatalf("%d hubs, machine %q", len(res.Hubs), machineOf(res, 0))
	}
	root := res.Hubs[0].Root
	if got := nodeAt(root, machine0).At.String(); at(root, machine0) != "Standard_B2ms" || got != "azuredeploy.json:2:60" {
		t.Errorf("machine type: %s at %s", at(root, machine0), got)
	}
	if n := nodeAt(root, limit); n.At.Start.Line != 4 {
		t.Errorf("limit at %s", n.At)
	}
}

// A template that fetches one of several set-up scripts from where the repository is published declares the machine of that one.
func TestMachinesThatFetchAScript(t *testing.T) {
	template := `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"parameters": {"script": {"type": "string", "defaultValue": "https://raw.githubusercontent.com/example/hub/main/ops/plain.sh"}},
"resources": [{"type": "Microsoft.Compute/virtualMachines", "name": "vm", "properties": {"hardwareProfile": {"vmSize": "Standard_D2s_v3"}},
  "resources": [{"type": "Microsoft.Compute/virtualMachines/extensions", "name": "vm/up", "properties": {"type": "CustomScript",
    "settings": {"fileUris": ["[parameters('script')]"], "commandToExecute": "bash $(ls *.sh)"}}}]}]}`
	res := load(t, map[string]string{"azuredeploy.json": template, "ops/plain.sh": install, "ops/gpu.sh": install})
	var got []string
	for k, d := range res.Hubs {
		got = append(got, brief(d)+" "+machineOf(res, k))
	}
	want := []string{"ops-gpu(ops/gpu.sh) (hub)", "ops-plain(azuredeploy.json ops/plain.sh) vm"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
