package check

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// A whole repository of a hub that Pulumi makes: the verdicts, and what becomes of them when what they rest on goes.
func TestPulumiHub(t *testing.T) {
	const project = `name: hub
runtime: yaml
config:
  size: {default: s-8vcpu-16gb}
resources:
  hub:
    type: digitalocean:Droplet
    properties:
      image: ubuntu-24-04-x64
      region: fra1
      size: ${size}
      sshKeys: [123]
      backups: true
      backupPolicy: {plan: daily, hour: 4}
      userData:
        fn::readFile: setup.sh
  home: {type: digitalocean:Volume, properties: {region: fra1, size: 200, name: home}, options: {protect: true}}
  homeOnHub: {type: digitalocean:VolumeAttachment, properties: {dropletId: "${hub.id}", volumeId: "${home.id}"}}
  address: {type: digitalocean:ReservedIp, properties: {region: fra1, dropletId: "${hub.id}"}}
  firewall:
    type: digitalocean:Firewall
    properties:
      dropletIds: ["${hub.id}"]
      inboundRules:
        - {protocol: tcp, portRange: "443", sourceAddresses: [0.0.0.0/0]}
        - {protocol: tcp, portRange: "80", sourceAddresses: [0.0.0.0/0]}
        - {protocol: tcp, portRange: "22", sourceAddresses: [203.0.113.0/24]}
`
	const setup = "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada\ntljh-config set limits.memory 1G\ntljh-config set limits.cpu 1\n"
	outcomes := func(project string) map[string]report.Outcome {
		got, _ := checked(t, map[string]string{"Pulumi.yaml": project, "setup.sh": setup}, "pinned-ip", "firewall", "resource-limits", "vm-sizing")
		out := map[string]report.Outcome{}
		for k, v := range got {
			_, rule, _ := strings.Cut(k, " ")
			out[rule] = v
		}
		return out
	}
	for id, got := range outcomes(project) {
		if got != report.Pass {
			t.Errorf("%s: %s", id, got)
		}
	}
	for _, c := range []struct{ rule, from, to, want string }{
		{"firewall", `portRange: "443"`, `portRange: "1-65535"`, "fail"},
		{"firewall", `sourceAddresses: [203.0.113.0/24]`, "sourceAddresses: ['${office}']", "unknown"},
		{"pinned-ip", `  address: {type: digitalocean:ReservedIp, properties: {region: fra1, dropletId: "${hub.id}"}}`, "", "fail"},
		{"pinned-ip", `  address: {type: digitalocean:ReservedIp`, "  address: {type: 'own:index:Address'", "unknown"},
		{"vm-sizing", "s-8vcpu-16gb", "s-1vcpu-1gb", "fail"},
		{"vm-sizing", "default: s-8vcpu-16gb", "type: string", "unknown"},
		{"resource-limits", "fn::readFile: setup.sh", "fn::readFile: other.sh", "unknown"},
	} {
		changed := strings.Replace(project, c.from, c.to, 1)
		if got := string(outcomes(changed)[c.rule]); changed == project || got != c.want {
			t.Errorf("%s with %q: %s, want %s", c.rule, c.to, got, c.want)
		}
	}
}
