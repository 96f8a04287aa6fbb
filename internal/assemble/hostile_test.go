package assemble

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// vm is a machine in Terraform.
func vm(resource, name, kind, more string) string {
	return fmt.Sprintf("resource \"aws_instance\" %q {\n  ami = \"ami-1\"\n  instance_type = %q\n  tags = { Name = %q }\n  %s\n}\n", resource, kind, name, more)
}

const firstBoot = "user_data = file(\"${path.module}/install.sh\")"

// The hub's machine is the right one or not known, however the others are named, and no other machine lends it a property.
func TestHostileMachines(t *testing.T) {
	encrypted := "monitoring = true\n  root_block_device {\n    encrypted = true\n  }"
	group := `resource "aws_launch_template" "l" {
  image_id      = "ami-1"
  instance_type = "t3.large"
  user_data     = filebase64("install.sh")
}
resource "aws_autoscaling_group" "g" {
  min_size         = 1
  max_size         = 1
  desired_capacity = 1
  launch_template {
    id = aws_launch_template.l.id
  }
}
`
	disk := `resource "aws_ebs_volume" "d" {
  availability_zone = "x"
  size              = 100
  encrypted         = true
}
resource "aws_volume_attachment" "d" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.d.id
  instance_id = aws_instance.nfs.id
}
`
	module := "variable \"kind\" {}\nresource \"aws_instance\" \"h\" {\n  ami = \"ami-1\"\n  instance_type = var.kind\n  " + firstBoot + "\n}\n"
	script := "#!/bin/bash\n" + install
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a GPU node with the nicer name": {map[string]string{"main.tf": vm("a", "a", "t3.large", firstBoot) + vm("jupyterhub", "jupyterhub-gpu", "g4dn.xlarge", encrypted)}, "aws_instance.a t3.large encrypted=false"},
		"nothing says which":             {map[string]string{"main.tf": vm("server", "server", "t3.large", "") + vm("gpu", "jupyterhub-gpu", "g4dn.xlarge", encrypted)}, "?"},
		"NFS mounts the disk":            {map[string]string{"main.tf": vm("main", "main", "t3.large", "") + vm("nfs", "nfs", "t3.small", encrypted) + disk}, "?"},
		"NFS alone":                      {map[string]string{"main.tf": vm("nfs", "nfs-server", "t3.small", encrypted) + disk}, "?"},
		"monitoring beside it":           {map[string]string{"main.tf": vm("tljh", "tljh", "t3.large", "") + vm("monitoring", "monitoring", "t3.small", encrypted)}, "aws_instance.tljh t3.large encrypted=false"},
		"monitoring of the hub":          {map[string]string{"main.tf": vm("x", "x", "t3.large", "") + vm("m", "tljh-monitoring", "t3.small", encrypted)}, "?"},
		"a bastion":                      {map[string]string{"main.tf": vm("app", "app", "t3.large", "") + vm("bastion", "tljh-bastion", "t3.nano", encrypted)}, "?"},
		"four alike":                     {map[string]string{"main.tf": vm("node", "node", "t3.large", "count = 4")}, "?"},
		"workers":                        {map[string]string{"main.tf": vm("hub", "hub", "t3.large", "") + vm("worker", "worker", "t3.small", "count = 4\n  "+encrypted)}, "aws_instance.hub t3.large encrypted=false"},
		"a group of one":                 {map[string]string{"main.tf": group}, "aws_autoscaling_group.g t3.large encrypted=false"},
		"two hubs, a machine each": {map[string]string{"install.sh": "", "a/install.sh": script, "b/install.sh": script, "a/main.tf": vm("x", "x", "t3.large", ""), "b/main.tf": vm("y", "y", "t3.small", encrypted)},
			"aws_instance.x t3.large encrypted=false, aws_instance.y t3.small encrypted=true"},
		"two hubs, one machine": {map[string]string{"install.sh": "", "a/install.sh": script, "b/install.sh": script, "tf/main.tf": vm("x", "x", "t3.large", encrypted)}, "?, ?"},
		"module instances": {map[string]string{"install.sh": "", "m/install.sh": script, "m/main.tf": module, "main.tf": "module \"one\" {\n  source = \"./m\"\n  kind = \"t3.large\"\n}\nmodule \"two\" {\n  source = \"./m\"\n  kind = \"t3.small\"\n}\n"},
			"module.one.aws_instance.h t3.large encrypted=false, module.two.aws_instance.h t3.small encrypted=false"},
		"environments": {map[string]string{"main.tf": "variable \"kind\" {}\n" + strings.Replace(vm("h", "h", "K", firstBoot), `"K"`, "var.kind", 1), "prod.tfvars": "kind = \"t3.large\"\n", "dev.tfvars": "kind = \"t3.small\"\n"},
			"aws_instance.h ? encrypted=false"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"install.sh": script}
			maps.Copy(files, c.files)
			var got []string
			for _, d := range load(t, files).Hubs {
				seat := "?"
				for _, m := range d.Root.Get("infra").Get("instances").List() {
					if !isTrue(m.Get("is_hub")) || !isTrue(m.Get("declared")) {
						continue
					}
					id, _ := m.Get("id").Str()
					kind, ok := m.Get("machine").Get("type").Str()
					if !ok {
						kind = "?"
					}
					encrypted := isTrue(m.Get("boot_disk").Get("encrypted"))
					seat = fmt.Sprintf("%s %s encrypted=%v", id, kind, encrypted)
				}
				got = append(got, seat)
			}
			if g := strings.Join(got, ", "); g != c.want {
				t.Errorf("got %s\nwant %s", g, c.want)
			}
		})
	}
}

func isTrue(n *doc.Node) bool { return n != nil && n.State != doc.Unknown && n.Value == true }
