package clouds

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// openStack are the modules of openstack.cloud, and the older os_*.
func openStack(name string) (k kind, ok bool) {
	switch name {
	case "server":
		return kind{typ: "openstack_compute_instance_v2", fill: server}, true
	case "volume":
		return kind{typ: "openstack_blockstorage_volume_v3", fill: func(p *play, t *thing) {
			t.give("name", "display_name=name", "size", "volume_type", "image=image_id")
		}}, true
	case "server_volume":
		return kind{typ: "openstack_compute_volume_attach_v2", fill: func(p *play, t *thing) {
			t.res.Give("instance_id", p.named("openstack_compute_instance_v2", t.arg("server")))
			t.res.Give("volume_id", p.named("openstack_blockstorage_volume_v3", t.arg("volume")))
		}}, true
	case "floating_ip":
		return kind{typ: "openstack_compute_floatingip_associate_v2", fill: func(p *play, t *thing) {
			t.give("floating_ip_address=floating_ip")
			t.res.Give("instance_id", p.named("openstack_compute_instance_v2", t.arg("server")))
		}}, true
	case "security_group":
		return kind{typ: "openstack_networking_secgroup_v2", fill: func(p *play, t *thing) {
			t.give("name")
			for i, b := range t.arg("security_group_rules").Blocks() {
				if r := p.add(t, "openstack_networking_secgroup_rule_v2", ".rule."+strconv.Itoa(i)); r != nil {
					groupRule(p, r, b, t.res.Ref("id"), b.At)
				}
			}
		}}, true
	case "security_group_rule":
		return kind{typ: "openstack_networking_secgroup_rule_v2", fill: func(p *play, t *thing) {
			groupRule(p, t.res, t.args, p.named("openstack_networking_secgroup_v2", t.arg("security_group")), t.at)
		}}, true
	}
	return k, false
}

// groupRule is a rule of a security group: it lets traffic in unless told otherwise.
func groupRule(p *play, r *eval.Resource, b, group *eval.Val, at eval.Place) {
	r.Give("security_group_id", group)
	r.Give("direction", eval.Text("ingress", at))
	for _, k := range []string{"direction", "ethertype", "protocol", "port_range_min", "port_range_max", "remote_ip_prefix"} {
		v := b.Attr(k)
		if n, ok := v.Int(); ok && n < 0 { // all of them
			continue
		}
		r.Give(k, v)
	}
	r.Give("ethertype", b.Attr("ether_type"))
	r.Give("remote_group_id", p.named("openstack_networking_secgroup_v2", first(b.Attr("remote_group"), b.Attr("remote_group_id"))))
}

func server(p *play, t *thing) {
	t.give("name", "flavor=flavor_name", "image=image_name", "key_name=key_pair", "userdata=user_data")
	if v := t.arg("flavor_ram"); v != nil && t.arg("flavor") == nil {
		t.res.Give("flavor_name", eval.NotKnown("the smallest flavor with this much memory is taken, which only the cloud knows", v.At))
	}
	if v := t.arg("security_groups"); v != nil {
		t.res.Give("security_groups", p.namedAll("openstack_networking_secgroup_v2", v))
	}
	if v := t.arg("meta", "metadata"); v != nil && v.Kind == eval.Map {
		t.res.Give("metadata", v)
	}
	for i, v := range all(t.arg("volumes")) {
		p.tie(t, "openstack_compute_volume_attach_v2", ".volume."+strconv.Itoa(i), "instance_id", t.res.Ref("id"), "volume_id", p.named("openstack_blockstorage_volume_v3", v))
	}
	for i, v := range all(t.arg("floating_ips")) {
		p.tie(t, "openstack_compute_floatingip_associate_v2", ".ip."+strconv.Itoa(i), "instance_id", t.res.Ref("id"), "floating_ip", v)
	}
	var b *eval.Val
	switch on, _ := t.arg("boot_from_volume").Bool(); {
	case t.arg("boot_volume") != nil:
		v := t.arg("boot_volume")
		b = eval.MapAt(v.At)
		b.Put("source_type", eval.Text("volume", v.At))
		b.Put("uuid", p.named("openstack_blockstorage_volume_v3", v))
	case on:
		v := first(t.arg("volume_size"), t.arg("boot_from_volume"))
		b = eval.MapAt(v.At)
		b.Put("source_type", eval.Text("image", v.At))
		b.Put("volume_size", t.arg("volume_size"))
	default:
		return
	}
	b.Put("destination_type", eval.Text("volume", b.At))
	b.Put("boot_index", eval.Text("0", b.At))
	if v := t.arg("terminate_volume"); v != nil {
		b.Put("delete_on_termination", v)
	}
	t.res.Give("block_device", eval.ListAt(b.At, b))
}
