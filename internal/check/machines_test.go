package check

import (
	"strings"
	"testing"
)

// What runs on another machine than the hub's sets nothing on the hub, also where the settings name one hub for all of a directory.
func TestOtherMachines(t *testing.T) {
	const main = `resource "aws_instance" "hub" {
  instance_type = "t3.xlarge"
  user_data     = file("install.sh")
}
resource "aws_instance" "a_jump_host" {
  instance_type = "t3.nano"
}
resource "null_resource" "later" {
  connection {
    host = HOST
  }
  provisioner "remote-exec" {
    inline = ["sudo tljh-config set limits.memory 1G"]
  }
}
variable "address" {}
`
	for host, want := range map[string]string{
		"aws_instance.hub.public_ip":         "pass",
		"aws_instance.a_jump_host.public_ip": "unknown",
		`"203.0.113.9"`:                      "unknown",
	} {
		got, rep := checked(t, map[string]string{
			"main.tf":           strings.Replace(main, "HOST", host, 1),
			"install.sh":        "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ada\n",
			".tljh-policy.yaml": "version: 1\nhubs:\n  - name: hub\n    dir: .\n",
		}, "resource-limits", "vm-sizing")
		if string(got["hub resource-limits"]) != want {
			t.Errorf("%s: %s, want %s", host, got["hub resource-limits"], want)
		}
		for _, r := range rep.Results {
			if strings.Contains(r.Message, "nano") {
				t.Errorf("%s: another machine is taken for the hub's: %s", host, r.Message)
			}
		}
	}
}
