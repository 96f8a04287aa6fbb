package assemble

import (
	"strings"
	"testing"
)

const pulumiProject = `name: hub
runtime: yaml
config:
  size: {type: string}
resources:
  hub:
    type: hcloud:Server
    properties:
      serverType: ${size}
      image: ubuntu-24.04
      firewallIds: [1]
      userData: |
        #!/bin/bash
        curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada
        tljh-config set limits.memory ${memory}
`

func pulumiFiles() map[string]string {
	return map[string]string{
		"infra/Pulumi.yaml":      pulumiProject,
		"infra/Pulumi.dev.yaml":  "config: {hub:size: cx22, hub:memory: 1G}\n",
		"infra/Pulumi.prod.yaml": "config: {hub:size: cx52, hub:memory: 1G}\n",
	}
}

// What the stacks of a project agree on is known, with its place, and what they disagree on is not.
func TestPulumiStacksAreEnvironments(t *testing.T) {
	res := load(t, pulumiFiles())
	if len(res.Hubs) != 1 || machineOf(res, 0) != "hub" {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	root := res.Hubs[0].Root
	if n := nodeAt(root, limit); at(root, limit) != "1073741824" || n.At.File != "infra/Pulumi.dev.yaml" {
		t.Errorf("limit: %s at %s", at(root, limit), n.At)
	}
	if n := nodeAt(root, machine0); n.State != "unknown" || !strings.Contains(n.Why, `is "cx22" in infra/Pulumi.dev.yaml and is "cx52" in infra/Pulumi.prod.yaml`) {
		t.Errorf("machine type: %s %s", n.State, n.Why)
	}
}

// The settings choose a stack for each hub.
func TestPulumiStacksThatSettingsName(t *testing.T) {
	res := load(t, pulumiFiles(), HubSetting{Name: "dev", Sources: []string{"infra/Pulumi.dev.yaml"}}, HubSetting{Name: "prod", Sources: []string{"infra/Pulumi.prod.yaml"}})
	if len(res.Hubs) != 2 {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	for k, want := range []string{"cx22 @infra/Pulumi.dev.yaml:1:20", "cx52 @infra/Pulumi.prod.yaml:1:20"} {
		root := res.Hubs[k].Root
		if got := at(root, machine0) + " @" + nodeAt(root, machine0).At.String(); got != want {
			t.Errorf("machine type of %s: %s, want %s", res.Hubs[k].Name, got, want)
		}
	}
	if len(res.Problems) > 0 {
		t.Errorf("problems: %+v", res.Problems)
	}
}

// A project that cannot be read may declare the hub's machine, and whatever that does.
func TestBrokenPulumiProject(t *testing.T) {
	files := map[string]string{"install.sh": "#!/bin/bash\n" + install, "infra/Pulumi.yaml": "name: x\nruntime: yaml\nresources: [ # restic\n"}
	res := load(t, files)
	n := res.Hubs[0].Root.Get("infra", "instances").List()[0]
	if why := n.Get("machine").Why; !strings.Contains(why, "infra/Pulumi.yaml (Pulumi YAML program), and is not seen there") {
		t.Errorf("machine: %s", why)
	}
	if len(res.Problems) != 1 || !res.Problems[0].Fatal || !strings.HasPrefix(res.Problems[0].At.String(), "infra/Pulumi.yaml:3:") {
		t.Errorf("problems: %+v", res.Problems)
	}
}

// A program in another language is not read: the machine may be declared there.
func TestPulumiProgramInAnotherLanguage(t *testing.T) {
	res := load(t, map[string]string{"install.sh": "#!/bin/bash\n" + install, "Pulumi.yaml": "name: x\nruntime:\n  name: nodejs\n  options: {packagemanager: yaml}\n", "Main.yaml": "- hosts: all\n"})
	n := res.Hubs[0].Root.Get("infra", "instances").List()[0]
	if why := n.Get("machine").Why; !strings.Contains(why, "Pulumi.yaml (Pulumi program), and this format is not read yet") {
		t.Errorf("machine: %s", why)
	}
}
