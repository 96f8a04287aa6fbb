package clouds

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// hetzner are the modules of hetzner.hcloud.
func hetzner(name string) (k kind, ok bool) {
	switch name {
	case "server":
		return kind{typ: "hcloud_server", fill: hcloudServer}, true
	case "firewall":
		return kind{typ: "hcloud_firewall", fill: func(p *play, t *thing) { t.give("name", "rules=rule", "labels") }}, true
	case "firewall_resource":
		return kind{typ: "hcloud_firewall_attachment", fill: func(p *play, t *thing) {
			t.give("label_selectors")
			t.res.Give("firewall_id", p.named("hcloud_firewall", t.arg("firewall")))
			t.res.Give("server_ids", p.namedAll("hcloud_server", t.arg("servers")))
		}}, true
	case "volume":
		return kind{typ: "hcloud_volume", fill: func(p *play, t *thing) {
			t.give("name", "size", "format", "labels", "delete_protection")
			t.res.Give("server_id", p.named("hcloud_server", t.arg("server")))
		}}, true
	case "volume_attachment":
		return kind{typ: "hcloud_volume_attachment", fill: func(p *play, t *thing) {
			t.res.Give("server_id", p.named("hcloud_server", t.arg("server")))
			t.res.Give("volume_id", p.named("hcloud_volume", t.arg("volume")))
		}}, true
	case "primary_ip":
		return kind{typ: "hcloud_primary_ip", fill: func(p *play, t *thing) {
			t.give("name", "type", "auto_delete", "delete_protection")
			t.res.Give("assignee_id", p.named("hcloud_server", t.arg("server", "assignee_id")))
		}}, true
	case "floating_ip":
		return kind{typ: "hcloud_floating_ip", fill: func(p *play, t *thing) {
			t.give("name", "type", "delete_protection")
			t.res.Give("server_id", p.named("hcloud_server", t.arg("server")))
		}}, true
	}
	return k, false
}

func hcloudServer(p *play, t *thing) {
	t.give("name", "server_type", "image", "location", "ssh_keys", "user_data", "backups", "labels", "delete_protection")
	if v := t.arg("firewalls"); v != nil {
		t.res.Give("firewall_ids", p.namedAll("hcloud_firewall", v))
	}
	for i, v := range all(t.arg("volumes")) {
		p.tie(t, "hcloud_volume_attachment", ".volume."+strconv.Itoa(i), "server_id", t.res.Ref("id"), "volume_id", p.named("hcloud_volume", v))
	}
	net := eval.MapAt(t.at)
	for _, k := range []string{"ipv4", "ipv6"} {
		if v := t.arg(k); v != nil {
			net.Put(k, p.named("hcloud_primary_ip", v))
		}
		if v := t.arg("enable_" + k); v != nil {
			net.Put(k+"_enabled", v)
		}
	}
	if len(net.Keys) > 0 {
		t.res.Give("public_net", net)
	}
}

// linode are the modules of linode.cloud, and linode_v4 and linode of community.general.
func linode(name string) (k kind, ok bool) {
	switch name {
	case "instance", "v4":
		return kind{typ: "linode_instance", fill: func(p *play, t *thing) {
			t.give("label", "type", "image", "region", "authorized_keys", "authorized_users", "tags", "backups_enabled", "disk_encryption", "stackscript_id", "stackscript_data", "metadata")
			t.res.Give("firewall_id", p.named("linode_firewall", t.arg("firewall_id")))
		}}, true
	case "firewall":
		return kind{typ: "linode_firewall", fill: linodeFirewall}, true
	case "firewall_device":
		return kind{typ: "linode_firewall_device", fill: func(p *play, t *thing) { t.give("firewall_id", "entity_id", "entity_type") }}, true
	case "volume":
		return kind{typ: "linode_volume", fill: func(p *play, t *thing) { t.give("label", "size", "linode_id", "encryption") }}, true
	case "image":
		return kind{typ: "linode_image", fill: func(p *play, t *thing) { t.give("label", "linode_id") }}, true
	case "domain_record":
		return kind{typ: "linode_domain_record", fill: func(p *play, t *thing) { t.give("domain_id", "name", "type=record_type", "target") }}, true
	}
	return k, false
}

func linodeFirewall(p *play, t *thing) {
	rules := t.arg("rules")
	in := blocks(rules.Attr("inbound"))
	for _, b := range in.Blocks() {
		for _, k := range []string{"ipv4", "ipv6"} {
			if v := b.Attr("addresses").Attr(k); b.Kind == eval.Map && !v.IsNull() {
				b.Put(k, v)
			}
		}
	}
	t.give("label")
	t.res.Give("inbound", in)
	t.res.Give("inbound_policy", rules.Attr("inbound_policy"))
	if s, ok := t.arg("status").Str(); ok && s == "disabled" {
		t.res.Give("disabled", eval.BoolOf(true, t.arg("status").At))
	}
	ids := eval.ListAt(t.at)
	for _, d := range t.arg("devices").Blocks() {
		if typ, _ := d.Attr("type").Str(); typ == "linode" || d.Attr("type").IsNull() {
			ids.Items = append(ids.Items, first(d.Attr("id"), d))
		}
	}
	t.res.Give("linodes", ids)
}

// vultr are the modules of vultr.cloud and ngine_io.vultr.
func vultr(name string) (k kind, ok bool) {
	switch name {
	case "instance", "server":
		return kind{typ: "vultr_instance", fill: vultrInstance}, true
	case "firewall_group":
		return kind{typ: "vultr_firewall_group"}, true
	case "firewall_rule":
		return kind{typ: "vultr_firewall_rule", fill: func(p *play, t *thing) {
			t.give("protocol", "port", "subnet", "subnet_size", "source", "cidr=subnet")
			if from := t.arg("start_port"); from != nil {
				port := from
				if to := t.arg("end_port"); to != nil && !from.IsUnknown() && !to.IsUnknown() {
					a, _ := from.Str()
					b, _ := to.Str()
					port = eval.Text(a+"-"+b, from.At)
				}
				t.res.Give("port", port)
			}
			t.res.Give("firewall_group_id", p.named("vultr_firewall_group", t.arg("group")))
		}}, true
	case "block_storage":
		return kind{typ: "vultr_block_storage", fill: func(p *play, t *thing) {
			t.give("label", "size=size_gb", "size_gb", "block_type")
			t.res.Give("attached_to_instance", p.named("vultr_instance", t.arg("attached_to_instance", "attached_to")))
		}}, true
	case "reserved_ip":
		return kind{typ: "vultr_reserved_ip", fill: func(p *play, t *thing) {
			t.give("label")
			t.res.Give("instance_id", p.named("vultr_instance", t.arg("instance_id", "instance", "attached_to")))
		}}, true
	case "snapshot":
		return kind{typ: "vultr_snapshot", fill: func(p *play, t *thing) {
			t.res.Give("instance_id", p.named("vultr_instance", t.arg("instance")))
		}}, true
	}
	return k, false
}

func vultrInstance(p *play, t *thing) {
	t.give("name=label", "label", "plan", "os=os_id", "image=image_id", "snapshot=snapshot_id", "ssh_keys=ssh_key_ids", "ssh_key=ssh_key_ids", "user_data", "tags", "tag", "startup_script=script_id",
		"backups_schedule")
	if v := t.arg("backups", "auto_backup_enabled"); v != nil {
		on, ok := v.Bool()
		switch {
		case !ok:
			t.res.Give("backups", eval.NotKnown(v.Reason(), v.At))
		case on:
			t.res.Give("backups", eval.Text("enabled", v.At))
		default:
			t.res.Give("backups", eval.Text("disabled", v.At))
		}
	}
	if v := t.arg("firewall_group"); v != nil {
		t.res.Give("firewall_group_id", p.named("vultr_firewall_group", v))
	}
	if v := t.arg("reserved_ipv4"); v != nil {
		t.res.Give("reserved_ip_id", p.named("vultr_reserved_ip", v))
	}
}
