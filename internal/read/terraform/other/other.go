// Package other reads DNS records of any cloud, and names the machines of clouds that are not understood yet.
package other

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// machines are the types that declare a machine in a cloud without an adapter of its own: its name in the common model,
// and the argument that holds the machine type.
var machines = map[string][3]string{
	"vsphere_virtual_machine":   {"other", "num_cpus", "user_data"},
	"proxmox_vm_qemu":           {"other", "cores", "cicustom"},
	"scaleway_instance_server":  {"other", "type", "user_data"},
	"exoscale_compute_instance": {"other", "type", "user_data"},
	"ibm_is_instance":           {"other", "profile", "user_data"},
	"oci_core_instance":         {"other", "shape", "user_data"},
	"upcloud_server":            {"other", "plan", "user_data"},
	"libvirt_domain":            {"other", "memory", "cloudinit"},
}

// parts are the keys of an instance that stay unknown.
var parts = []string{"os", "boot_disk", "volumes", "public_ips", "ingress", "ingress_default", "egress_restricted", "ssh", "identity", "metadata",
	"patching", "monitoring", "protection", "tags"}

// Instances names the machines.
func Instances(m *model.Infra) {
	for _, res := range m.Config.Resources {
		kind, ok := machines[res.Type]
		if !ok || res.Data {
			continue
		}
		i := m.AddInstance(res, kind[0])
		spot := doc.UnknownOf("the cloud is not understood yet", i.At)
		i.SetMachine(res.Attr(kind[1]), spot)
		name := kind[0]
		if name == "other" {
			name = res.Type
		}
		why := "the provider " + name + " is not understood yet; state this in an infra.yaml"
		for _, p := range parts {
			i.Opaque(p, why)
		}
		if v := res.Attr(kind[2]); !v.IsNull() && v.Kind == eval.String {
			i.UserData = append(i.UserData, model.UserData{Val: v.Decoded(), Attr: kind[2]})
		}
	}
}
