package assemble

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/doc"

	"github.com/tljh-policy/tljh-policy/internal/hub"
)

const (
	limit    = "limits/memory_bytes"
	machine0 = "infra/instances/0/machine/type"
)

// machineOf is the id of the machine that a hub's document marks as its own.
func machineOf(res *Result, k int) string {
	for _, in := range res.Hubs[k].Root.Get("infra", "instances").List() {
		if on, _ := in.Get("is_hub").Value.(bool); on {
			id, _ := in.Get("id").Str()
			return id
		}
	}
	return ""
}

// publicIP is the kinds of the public addresses of a hub's machine.
func publicIP(d *hub.Document) string {
	var kinds []string
	for _, in := range d.Root.Get("infra", "instances").List() {
		for _, ip := range in.Get("public_ips").List() {
			kind, _ := ip.Get("kind").Str()
			kinds = append(kinds, kind)
		}
	}
	return strings.Join(kinds, " ")
}

// Every instance of a module is a hub with its own machine and its own values; the machines beside them are none.
func TestModuleInstancesAreHubs(t *testing.T) {
	res := load(t, map[string]string{
		"main.tf": `
variable "hubs" {
  default = {
    stats = { size = "s-4vcpu-8gb", memory = "1G" }
    bio   = { size = "s-2vcpu-4gb", memory = "2G" }
  }
}
module "hub" {
  source   = "./hub"
  for_each = var.hubs
  size     = each.value.size
  memory   = each.value.memory
}
module "helpers" {
  source = "./helpers"
}
`,
		"hub/main.tf": `
variable "size" {}
variable "memory" {}
resource "digitalocean_droplet" "this" {
  image     = "ubuntu-24-04-x64"
  size      = var.size
  user_data = templatefile("${path.module}/setup.sh.tftpl", { memory = var.memory })
}
`,
		"hub/setup.sh.tftpl": "#!/bin/bash\n" + install + "tljh-config set limits.memory ${memory}\n",
		"helpers/main.tf": `
resource "digitalocean_droplet" "gpu" {
  count     = 2
  size      = "gpu-h100x1-80gb"
  user_data = "#!/bin/bash\napt-get install -y nvidia-driver-550\n"
}
resource "digitalocean_droplet" "nfs" {
  size      = "s-2vcpu-4gb"
  user_data = "#!/bin/bash\napt-get install -y nfs-kernel-server\nexportfs -a\n"
}
`})
	var got []string
	for k, h := range res.Hubs {
		got = append(got, brief(h, limit)+" on "+machineOf(res, k))
	}
	want := []string{
		`hub-bio(hub/main.tf hub/setup.sh.tftpl main.tf) limits/memory_bytes=2147483648 on module.hub["bio"].digitalocean_droplet.this`,
		`hub-stats(hub/main.tf hub/setup.sh.tftpl main.tf) limits/memory_bytes=1073741824 on module.hub["stats"].digitalocean_droplet.this`,
	}
	for k := range got {
		got[k] = strings.Replace(got[k], "helpers/main.tf ", "", 1) // the configuration is one
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

var environments = map[string]string{
	"main.tf": `
variable "size" {}
variable "memory" {}
resource "digitalocean_droplet" "hub" {
  image     = "ubuntu-24-04-x64"
  size      = var.size
  user_data = <<-EOT
    #!/bin/bash
    ` + install + `
    tljh-config set limits.memory ${var.memory}
  EOT
}
`,
	"envs/prod.tfvars": "size   = \"s-4vcpu-8gb\"\nmemory = \"1G\"\n",
	"envs/dev.tfvars":  "size   = \"s-1vcpu-1gb\"\nmemory = \"512M\"\n",
}

// Where nothing says which environment is meant, what they disagree on is unknown; settings that name tfvars files make
// a hub of each.
func TestEnvironments(t *testing.T) {
	res := load(t, environments)
	if len(res.Hubs) != 1 {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	if diff := cmp.Diff("hub(envs/dev.tfvars envs/prod.tfvars main.tf) limits/memory_bytes=? infra/instances/0/machine/type=?", brief(res.Hubs[0], limit, machine0)); diff != "" {
		t.Error(diff)
	}
	res = load(t, environments, HubSetting{Name: "prod", Sources: []string{"envs/prod.tfvars"}}, HubSetting{Name: "dev", Sources: []string{"./envs/dev.tfvars"}})
	var got []string
	for _, h := range res.Hubs {
		got = append(got, brief(h, limit, machine0))
	}
	want := []string{
		"dev(envs/dev.tfvars main.tf) limits/memory_bytes=536870912 infra/instances/0/machine/type=s-1vcpu-1gb",
		"prod(envs/prod.tfvars main.tf) limits/memory_bytes=1073741824 infra/instances/0/machine/type=s-4vcpu-8gb",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A provisioner outside the module of the machine works on the machine that its connection names through an output.
func TestProvisionerThroughAnOutput(t *testing.T) {
	res := load(t, map[string]string{
		"main.tf": `
module "vm" {
  source = "./vm"
}
resource "openstack_compute_instance_v2" "nfs" {
  name = "storage"
}
resource "null_resource" "setup" {
  connection {
    host = module.vm.address
  }
  provisioner "file" {
    source      = "setup.sh"
    destination = "/tmp/setup.sh"
  }
  provisioner "remote-exec" {
    inline = ["sudo bash /tmp/setup.sh"]
  }
}
`,
		"vm/main.tf": `
resource "openstack_networking_port_v2" "this" {}
resource "openstack_compute_instance_v2" "this" {
  name = "hub"
  network { port = openstack_networking_port_v2.this.id }
}
resource "openstack_networking_floatingip_v2" "this" {
  pool    = "public"
  port_id = openstack_networking_port_v2.this.id
}
output "address" { value = openstack_networking_floatingip_v2.this.address }
`,
		"setup.sh": install + "tljh-config set limits.memory 1G\n"})
	if len(res.Hubs) != 1 {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	if got := machineOf(res, 0); got != "module.vm.openstack_compute_instance_v2.this" {
		t.Errorf("the hub runs on %q", got)
	}
	if n := res.Hubs[0].Root.AtPath([]any{"limits", "memory_bytes"}); n == nil || n.Plain() != int64(1<<30) {
		t.Errorf("limit: %+v", n)
	}
}

// A plan alone declares the hub's machine.
func TestPlanAloneIsAHub(t *testing.T) {
	res := load(t, map[string]string{"plan.json": `{"format_version": "1.2", "terraform_version": "1.9.5", "planned_values": {"root_module": {"resources": [
 {"address": "hcloud_server.hub", "mode": "managed", "type": "hcloud_server", "name": "hub",
  "values": {"server_type": "cx32", "image": "ubuntu-24.04", "user_data": "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 -\ntljh-config set limits.memory 1G\n"}}]}}}`})
	if len(res.Hubs) != 1 {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	if diff := cmp.Diff("hub(plan.json) limits/memory_bytes=1073741824 infra/instances/0/machine/type=cx32", brief(res.Hubs[0], limit, machine0)); diff != "" {
		t.Error(diff)
	}
}

// The inventory that Terraform writes says for which machine a playbook is.
func TestMachineByWrittenInventory(t *testing.T) {
	res := load(t, map[string]string{
		"terraform/main.tf": `
resource "hcloud_server" "a" {
  server_type = "cx32"
}
resource "hcloud_server" "b" {
  server_type = "cx52"
}
resource "local_file" "inventory" {
  filename = "../ansible/hosts"
  content  = "[teaching]\n${hcloud_server.b.ipv4_address}\n[storage]\n${hcloud_server.a.ipv4_address}\n"
}
`,
		"ansible/site.yml": "- hosts: teaching\n  become: true\n  tasks:\n    - name: TLJH\n      shell: curl -L https://tljh.jupyter.org/bootstrap.py | python3 -\n",
	})
	if len(res.Hubs) != 1 {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	if got := machineOf(res, 0); got != "hcloud_server.b" {
		t.Errorf("the hub runs on %q", got)
	}
}

// A hub that a variable switches off is judged as it will be when it is switched on, and the report says so; where there is
// another hub it is left alone. What another variable switches off stays off.
func TestSwitchedOffHub(t *testing.T) {
	body := "size      = \"s-4vcpu-8gb\"\n  user_data = \"#!/bin/bash\\n" + strings.ReplaceAll(strings.TrimSpace(install), "\"", "\\\"") + "\\n\"\n"
	off := "variable \"on\" {\n  default = false\n}\nresource \"digitalocean_droplet\" \"hub\" {\n  count = var.on ? 1 : 0\n  " + body + "}\n"
	address := "variable \"fixed\" {\n  default = 0\n}\nresource \"digitalocean_reserved_ip\" \"a\" {\n  count = COUNT\n  droplet_id = digitalocean_droplet.hub[0].id\n}\n"
	inside := "variable \"on\" {\n  default = false\n}\nlocals {\n  hubs = var.on ? [\"a\"] : []\n}\nmodule \"hub\" {\n  source = \"./hub\"\n  names = local.hubs\n}\n"
	const name, said = "hub(main.tf) digitalocean_droplet.hub[0] ", "var.on is off, so that no hub is made"
	for title, c := range map[string]struct {
		files    map[string]string
		hubs     string
		problems string
	}{
		"switched off":        {map[string]string{"main.tf": off}, name + "lifetime", said},
		"with all it has":     {map[string]string{"main.tf": off + strings.ReplaceAll(address, "COUNT", "var.on ? 1 : 0")}, name + "static", said},
		"and its address too": {map[string]string{"main.tf": off + strings.ReplaceAll(address, "COUNT", "var.fixed")}, name + "lifetime", said},
		"both by one switch":  {map[string]string{"main.tf": off + strings.ReplaceAll(address, "COUNT", "var.on ? var.fixed : 0")}, name + "lifetime", said},
		"by a tfvars file":    {map[string]string{"main.tf": strings.Replace(off, "false", "true", 1), "terraform.tfvars": "on = false\n"}, "hub(main.tf terraform.tfvars) digitalocean_droplet.hub[0] lifetime", said},
		"within a module": {map[string]string{"main.tf": inside, "hub/main.tf": "variable \"names\" {}\nresource \"digitalocean_droplet\" \"hub\" {\n  for_each = toset(var.names)\n  " + body + "}\n"},
			"hub(hub/main.tf main.tf) module.hub.digitalocean_droplet.hub[\"a\"] lifetime", said},
		"and another":    {map[string]string{"main.tf": off, "hub/install.sh": install}, "hub(hub/install.sh) (hub) ", ""},
		"never made":     {map[string]string{"main.tf": strings.ReplaceAll(off, "var.on ? 1 : 0", "0")}, "", ""},
		"something else": {map[string]string{"main.tf": "variable \"on\" {\n  default = false\n}\nresource \"digitalocean_droplet\" \"web\" {\n  count = var.on ? 1 : 0\n}\n"}, "", ""},
	} {
		res := load(t, c.files)
		var hubs, problems []string
		for k, d := range res.Hubs {
			hubs = append(hubs, brief(d)+" "+machineOf(res, k)+" "+publicIP(d))
		}
		for _, p := range res.Problems {
			problems = append(problems, p.Msg)
		}
		if got := strings.Join(hubs, ", "); got != c.hubs || (c.problems == "") != (len(problems) == 0) || !strings.Contains(strings.Join(problems, "; "), c.problems) {
			t.Errorf("%s: %s; %q", title, got, problems)
		}
	}
}

// A machine that names no security group has the network's own one: what that lets in is known only where it is declared.
func TestNoSecurityGroup(t *testing.T) {
	hub := "resource \"aws_instance\" \"hub\" {\n  instance_type = \"t3.large\"\n  user_data = <<-E\n    #!/bin/bash\n    " + strings.TrimSpace(install) + "\n  E\n}\n"
	own := "resource \"aws_default_security_group\" \"own\" {\n  ingress {\n    protocol = \"tcp\"\n    from_port = 443\n    to_port = 443\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n"
	for name, c := range map[string]struct {
		tf   string
		want bool
	}{
		"declared nowhere": {hub, false},
		"declared":         {hub + own, true},
		"two of them":      {hub + own + strings.ReplaceAll(own, "\"own\"", "\"other\""), false},
	} {
		in := load(t, map[string]string{"main.tf": c.tf}).Hubs[0].Root.Get("infra", "instances").List()[0].Get("ingress")
		known := len(in.Items) > 0
		for _, r := range in.Items {
			known = known && r.State != doc.Unknown
		}
		if known != c.want {
			t.Errorf("%s: known is %v: %v", name, known, in.Plain())
		}
	}
}
