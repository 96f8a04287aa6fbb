package clouds

import (
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// digitalOcean are the modules of community.digitalocean and digitalocean.cloud.
func digitalOcean(name string) (k kind, ok bool) {
	switch name {
	case "droplet", "digital_ocean":
		return kind{typ: "digitalocean_droplet", fill: droplet}, true
	case "firewall":
		return kind{typ: "digitalocean_firewall", fill: dropletFirewall}, true
	case "floating_ip":
		return kind{typ: "digitalocean_floating_ip", fill: dropletIP, with: "ip", typ2: "digitalocean_floating_ip_assignment"}, true
	case "reserved_ip":
		return kind{typ: "digitalocean_reserved_ip", fill: dropletIP, with: "ip", typ2: "digitalocean_reserved_ip_assignment"}, true
	case "reserved_ip_assign":
		return kind{typ: "digitalocean_reserved_ip_assignment", fill: dropletIP}, true
	case "block_storage", "volume":
		return kind{fill: dropletVolume, typ: "digitalocean_volume", with: "droplet_id", typ2: "digitalocean_volume_attachment"}, true
	case "volume_action":
		return kind{fill: dropletVolume, typ: "digitalocean_volume_attachment"}, true
	case "snapshot":
		return kind{typ: "digitalocean_droplet_snapshot", fill: func(p *play, t *thing) { t.give("droplet_id") }}, true
	case "monitoring_alerts", "monitoring_alert", "alert_policy":
		return kind{typ: "digitalocean_monitor_alert", fill: func(p *play, t *thing) { t.give("type", "entities", "tags", "enabled", "alerts") }}, true
	case "domain_record":
		return kind{typ: "digitalocean_record", fill: func(p *play, t *thing) { t.give("domain", "name", "type", "data=value") }}, true
	case "domain":
		return kind{typ: "digitalocean_record", fill: func(p *play, t *thing) {
			t.give("name=domain", "ip=value")
			t.res.Give("name", eval.Text("@", t.at))
			t.res.Give("type", eval.Text("A", t.at))
		}}, true
	}
	return k, false
}

func droplet(p *play, t *thing) {
	t.give("name", "size_id=size", "size", "image_id=image", "image", "region", "ssh_key_ids=ssh_keys", "ssh_keys", "user_data", "backups_enabled=backups", "backups",
		"monitoring")
	if v := t.arg("tags"); v != nil {
		t.res.Give("tags", eval.ListAt(v.At, all(v)...))
	}
	if v := t.arg("volumes"); v != nil {
		t.res.Give("volume_ids", p.namedAll("digitalocean_volume", v))
	}
	for _, v := range all(t.arg("firewall")) { // firewalls that there are, or that the playbook makes
		fw, _ := p.named("digitalocean_firewall", v).Target()
		if fw == nil {
			if fw = p.add(t, "digitalocean_firewall", ".firewall"); fw == nil {
				return
			}
			fw.Give("inbound_rule", eval.NotKnown("the firewall "+v.TextString()+" is not made here", v.At))
		}
		fw.Give("droplet_ids", eval.ListAt(v.At, append(fw.Attr("droplet_ids").List(), t.res.Ref("id"))...))
	}
}

func dropletFirewall(p *play, t *thing) {
	t.give("name", "tags")
	if v := t.arg("droplet_ids"); v != nil {
		t.res.Give("droplet_ids", eval.ListAt(v.At, append(t.res.Attr("droplet_ids").List(), all(v)...)...))
	}
	rules := blocks(t.arg("inbound_rules"), "ports", "port_range")
	for _, b := range rules.Blocks() {
		if b.Kind != eval.Map {
			continue
		}
		if s, _ := b.Attr("port_range").Str(); s == "0" {
			b.Put("port_range", eval.Text("all", b.Attr("port_range").At))
		}
		if v := b.Attr("sources").Attr("addresses"); !v.IsNull() {
			b.Put("source_addresses", v)
		}
	}
	t.res.Give("inbound_rule", rules)
}

func dropletIP(p *play, t *thing) { t.give("ip=ip_address", "reserved_ip=ip_address", "droplet_id") }

func dropletVolume(p *play, t *thing) {
	if t.res.Type == "digitalocean_volume" {
		t.give("volume_name=name", "name", "block_size=size", "size_gigabytes=size", "filesystem_type=initial_filesystem_type")
		return
	}
	t.give("droplet_id")
	t.res.Give("volume_id", p.named("digitalocean_volume", first(t.arg("volume_name", "name", "volume_id", "id"), t.arg("volume"))))
}
