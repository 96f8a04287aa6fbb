package clouds

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// google are the modules of google.cloud.
func google(name string) (k kind, ok bool) {
	switch name {
	case "compute_instance":
		return kind{typ: "google_compute_instance", fill: computeInstance}, true
	case "compute_address":
		return kind{typ: "google_compute_address", fill: func(p *play, t *thing) { t.give("name", "address_type") }}, true
	case "compute_network":
		return kind{typ: "google_compute_network", fill: func(p *play, t *thing) { t.give("name") }}, true
	case "compute_firewall":
		return kind{typ: "google_compute_firewall", fill: computeFirewall}, true
	case "compute_disk":
		return kind{typ: "google_compute_disk", fill: func(p *play, t *thing) {
			t.give("name", "size_gb=size", "type", "source_image=image", "labels", "disk_encryption_key")
		}}, true
	case "compute_snapshot":
		return kind{typ: "google_compute_snapshot", fill: func(p *play, t *thing) {
			t.res.Give("source_disk", p.named("google_compute_disk", t.arg("source_disk")))
		}}, true
	case "compute_image":
		return kind{typ: "google_compute_image", fill: func(p *play, t *thing) {
			t.res.Give("source_disk", p.named("google_compute_disk", t.arg("source_disk")))
		}}, true
	case "compute_resource_policy":
		return kind{typ: "google_compute_resource_policy", fill: func(p *play, t *thing) { t.give("name", "snapshot_schedule_policy") }}, true
	case "dns_resource_record_set":
		return kind{typ: "google_dns_record_set", fill: func(p *play, t *thing) {
			t.give("name", "type", "managed_zone")
			t.res.Give("rrdatas", eval.ListAt(t.at, all(t.arg("target"))...))
		}}, true
	}
	return k, false
}

// base is the last part of an address of Google's interface, "zones/z/machineTypes/e2-medium".
func base(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.String || v.IsUnknown() {
		return v
	}
	s := v.TextString()
	return eval.TextOf(v.T.Slice(strings.LastIndexByte(s, '/')+1, len(s)))
}

func computeInstance(p *play, t *thing) {
	r := t.res
	t.give("name", "labels", "scheduling", "deletion_protection", "metadata")
	r.Give("machine_type", base(t.arg("machine_type")))
	if v := t.arg("tags"); v != nil {
		r.Give("tags", first(v.Attr("items"), v))
	}
	r.Give("service_account", blocks(t.arg("service_accounts")))
	for i, d := range t.arg("disks").Blocks() {
		on, known := d.Attr("boot").Bool()
		switch {
		case d.Kind != eval.Map || !known && !d.Attr("boot").IsNull():
			p.c.NotEvaluated("a disk of "+t.name+" is not known: "+d.Reason()+d.Attr("boot").Reason(), d.At)
		case on || i == 0 && d.Attr("boot").IsNull():
			boot := eval.MapAt(d.At)
			if v := d.Attr("auto_delete"); !v.IsNull() {
				boot.Put("auto_delete", v)
			}
			if v := d.Attr("source"); !v.IsNull() {
				boot.Put("source", p.named("google_compute_disk", v))
			}
			if b := blocks(d.Attr("initialize_params"), "disk_size_gb", "size", "disk_type", "type", "source_image", "image"); !b.IsNull() {
				boot.Put("initialize_params", b)
			}
			r.Give("boot_disk", boot)
		case !d.Attr("source").IsNull():
			p.tie(t, "google_compute_attached_disk", ".disk."+strconv.Itoa(i), "instance", r.Ref("id"), "disk", p.named("google_compute_disk", d.Attr("source")))
		default:
			init := d.Attr("initialize_params")
			disk := p.add(t, "google_compute_disk", ".disk."+strconv.Itoa(i))
			if disk == nil {
				return
			}
			disk.Give("size", init.Attr("disk_size_gb"))
			disk.Give("type", base(init.Attr("disk_type")))
			p.tie(t, "google_compute_attached_disk", ".disk."+strconv.Itoa(i)+".tie", "instance", r.Ref("id"), "disk", disk.Ref("id"))
		}
	}
	r.Give("network_interface", p.interfaces(t.arg("network_interfaces"), t.at))
}

// interfaces are a machine's network interfaces: one in the network called default, unless told otherwise.
func (p *play) interfaces(v *eval.Val, at eval.Place) *eval.Val {
	if v.IsNull() {
		nic := eval.MapAt(at)
		nic.Put("network", eval.Text("default", at).Assume("Google's default"))
		return eval.ListAt(at, nic)
	}
	list := blocks(v, "access_configs", "access_config")
	for _, b := range list.Blocks() {
		if b.Kind != eval.Map {
			continue
		}
		if n := b.Attr("network"); !n.IsNull() {
			b.Put("network", p.network(n))
		} else if b.Attr("subnetwork").IsNull() {
			b.Put("network", eval.Text("default", b.At).Assume("Google's default"))
		}
		if s := b.Attr("subnetwork"); s.Kind == eval.Map {
			b.Put("subnetwork", first(s.Attr("selfLink"), s.Attr("name")))
		}
		access := blocks(b.Attr("access_config"))
		for _, a := range access.Blocks() {
			if ip := a.Attr("nat_ip"); a.Kind == eval.Map && !ip.IsNull() {
				if ip.Kind == eval.Map {
					ip = first(ip.Attr("address"), ip.Attr("name"))
				}
				a.Put("nat_ip", p.named("google_compute_address", ip))
			}
		}
		if !access.IsNull() {
			b.Put("access_config", access)
		}
	}
	return list
}

// network is the network that v names: one of the playbook's, or by the last part of its address.
func (p *play) network(v *eval.Val) *eval.Val {
	if v.Kind == eval.Map {
		v = first(v.Attr("name"), v.Attr("selfLink"))
	}
	return p.named("google_compute_network", base(v))
}

func computeFirewall(p *play, t *thing) {
	t.give("name", "direction", "priority", "disabled", "source_ranges", "source_tags", "target_tags", "target_service_accounts")
	if v := t.arg("network"); v != nil {
		t.res.Give("network", p.network(v))
	} else {
		t.res.Give("network", eval.Text("default", t.at).Assume("Google's default"))
	}
	t.res.Give("allow", blocks(t.arg("allowed"), "ip_protocol", "protocol"))
	t.res.Give("deny", blocks(t.arg("denied"), "ip_protocol", "protocol"))
}
