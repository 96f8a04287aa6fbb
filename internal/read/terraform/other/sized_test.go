package other_test

import (
	"fmt"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// Machines whose size is written as processors and memory have that size, in the units of their providers.
func TestSizes(t *testing.T) {
	for text, want := range map[string]string{
		"resource \"vsphere_virtual_machine\" \"h\" {\n  num_cpus = 4\n  memory = 8192\n}":                                                                "4 8192@3",
		"resource \"proxmox_vm_qemu\" \"h\" {\n  cores = 4\n  sockets = 2\n  memory = 4096\n}":                                                            "8 4096@4",
		"resource \"proxmox_vm_qemu\" \"h\" {\n  cpu {\n    cores = 2\n  }\n  memory = \"4096\"\n}":                                                       "2 4096@5",
		"resource \"proxmox_virtual_environment_vm\" \"h\" {\n  cpu {\n    cores = 2\n    sockets = var.s\n  }\n  memory {\n    dedicated = 2048\n  }\n}": "? 2048@7",
		"resource \"libvirt_domain\" \"h\" {\n  vcpu = 1\n  memory = var.m\n}\nvariable \"m\" {\n  default = 1024\n}":                                     "1 1024@6",
		"resource \"xenorchestra_vm\" \"h\" {\n  cpus = 2\n  memory_max = 4294967296\n}":                                                                  "2 4096@3",
		"resource \"lxd_instance\" \"h\" {\n  limits = {\n    cpu = \"4\"\n    memory = \"8GiB\"\n  }\n}":                                                 "4 8192@4",
		"resource \"incus_instance\" \"h\" {\n  config = {\n    \"limits.cpu\" = 2\n    \"limits.memory\" = \"8GB\"\n  }\n}":                              "2 7629@4",
		"resource \"sakuracloud_server\" \"h\" {\n  core = 2\n  memory = 4\n}":                                                                            "2 4096@3",
		"resource \"multipass_instance\" \"h\" {\n  cpus = 2\n  memory = \"4G\"\n}":                                                                       "2 3814@3",
		"resource \"vsphere_virtual_machine\" \"h\" {\n}":                                                                                                 "? ?",
		"resource \"vsphere_virtual_machine\" \"h\" {\n  num_cpus = \"many\"\n  memory = -1\n}":                                                           "? ?",
		"resource \"lxd_instance\" \"h\" {\n  limits = {\n    cpu = \"0-3\"\n    memory = \"50%\"\n  }\n}":                                                "? ?",
		"resource \"lxd_instance\" \"h\" {\n  limits = var.x\n}":                                                                                          "? ?",
	} {
		res := terraform.Read(steptest.Files{"main.tf": text}, terraform.Input{Dirs: []string{"."}})
		in := res.Modules[0].Infra.Get("instances").List()
		if len(in) != 1 {
			t.Errorf("%s: %d machines", text, len(in))
			continue
		}
		show := func(n *doc.Node, place bool) string {
			if n.State == doc.Unknown {
				return "?"
			}
			if place {
				return fmt.Sprintf("%v@%d", n.Value, n.At.Start.Line)
			}
			return fmt.Sprint(n.Value)
		}
		m := in[0].Get("machine")
		if got := show(m.Get("vcpu"), false) + " " + show(m.Get("memory_mib"), true); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}
