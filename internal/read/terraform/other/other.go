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
	"scaleway_instance_server":  {"other", "type", "user_data"},
	"exoscale_compute_instance": {"other", "type", "user_data"},
	"ibm_is_instance":           {"other", "profile", "user_data"},
	"oci_core_instance":         {"other", "shape", "user_data"},
	"upcloud_server":            {"other", "plan", "user_data"},
	"alicloud_instance":         {"other", "instance_type", "user_data"},
	"tencentcloud_instance":     {"other", "instance_type", "user_data_raw"},
	"outscale_vm":               {"other", "vm_type", "user_data"},
	"civo_instance":             {"other", "size", "script"},
	"equinix_metal_device":      {"other", "plan", "user_data"},
	"metal_device":              {"other", "plan", "user_data"},
	"packet_device":             {"other", "plan", "user_data"},
	"cloudscale_server":         {"other", "flavor_slug", "user_data"},
}

// parts are the keys of an instance that stay unknown.
var parts = []string{"os", "boot_disk", "volumes", "public_ips", "ingress", "ingress_default", "egress_restricted", "ssh", "identity", "metadata",
	"patching", "monitoring", "protection", "tags"}

// Instances names the machines.
func Instances(m *model.Infra) {
	for _, res := range m.Config.Resources {
		kind, ok := machines[res.Type]
		own, cores := sizes[res.Type]
		if !ok && !cores || res.Data {
			continue
		}
		i := m.AddInstance(res, "other")
		if cores {
			own.setSize(i, res)
			kind[2] = own.data
		} else {
			i.SetMachine(res.Attr(kind[1]), doc.UnknownOf("the cloud is not understood yet", i.At))
		}
		why := "the provider " + res.Type + " is not understood yet; state this in an infra.yaml"
		for _, p := range parts {
			i.Opaque(p, why)
		}
		if v := under(res, kind[2]); !v.IsNull() && v.Kind == eval.String {
			i.UserData = append(i.UserData, model.UserData{Val: v.Decoded(), Attr: kind[2]})
		}
	}
}
