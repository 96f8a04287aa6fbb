package cloudcli

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// userData gives the file, or the words, that a machine runs at its first boot.
func (m *made) userData(s *script, file, words string) {
	if v := m.call.opt(file); !v.IsNull() {
		m.res.Give("user_data", s.file(v))
	} else if v := m.call.opt(words); words != "" && !v.IsNull() {
		m.res.Give("user_data", s.val(v))
	}
}

// on gives a switch that a flag stands for.
func (m *made) on(flag, arg string) {
	if v := m.call.opt(flag); !v.IsNull() {
		m.res.Give(arg, v)
	}
}

func digitalocean() []verb {
	return []verb{
		{words: "doctl compute droplet create", named: true, machine: true, typ: "digitalocean_droplet", fill: func(s *script, m *made) {
			m.res.Give("name", m.word(s, 0))
			m.give(s, "size", "image", "region")
			m.giveAll(s, "ssh-keys=ssh_keys", "tag-names=tags", "tag-name=tags", "volumes=volume_ids")
			m.userData(s, "user-data-file", "user-data")
			m.on("enable-backups", "backups")
			m.on("enable-monitoring", "monitoring")
		}},
		{words: "doctl compute volume create", named: true, typ: "digitalocean_volume", fill: func(s *script, m *made) {
			m.res.Give("name", m.word(s, 0))
			m.res.Give("size", gigabytes(m.call.opt("size")))
			m.give(s, "fs-type=initial_filesystem_type")
		}},
		{words: "doctl compute volume-action attach", typ: "digitalocean_volume_attachment", fill: func(s *script, m *made) {
			m.res.Give("volume_id", m.word(s, 0))
			m.res.Give("droplet_id", m.word(s, 1))
		}},
		{words: "doctl compute reserved-ip create", typ: "digitalocean_reserved_ip", fill: func(s *script, m *made) { m.give(s, "droplet-id=droplet_id") }},
		{words: "doctl compute floating-ip create", typ: "digitalocean_floating_ip", fill: func(s *script, m *made) { m.give(s, "droplet-id=droplet_id") }},
		{words: "doctl compute reserved-ip-action assign", typ: "digitalocean_reserved_ip_assignment", fill: assignIP},
		{words: "doctl compute floating-ip-action assign", typ: "digitalocean_floating_ip_assignment", fill: assignIP},
		{words: "doctl compute droplet list", lookup: true}, {words: "doctl compute droplet get", lookup: true},
		{words: "doctl compute firewall create", typ: "digitalocean_firewall", fill: func(s *script, m *made) {
			m.give(s, "name")
			m.giveAll(s, "droplet-ids=droplet_ids", "tag-names=tags")
			m.res.Give("inbound_rule", inbound(m.call.opt("inbound-rules")))
		}},
	}
}

func assignIP(s *script, m *made) {
	m.res.Give("ip_address", m.word(s, 0))
	m.res.Give("droplet_id", m.word(s, 1))
}

// inbound is "protocol:tcp,ports:22,address:0.0.0.0/0 protocol:…" as blocks.
func inbound(v *eval.Val) *eval.Val {
	if v.IsNull() || v.IsUnknown() || v.Kind != eval.String {
		return v
	}
	out := eval.ListAt(v.At)
	from := 0
	text := v.TextString()
	for _, f := range strings.Split(text, " ") {
		b, sources := eval.MapAt(v.At), eval.ListAt(v.At)
		for _, p := range eval.TextOf(v.T.Slice(from, from+len(f))).SplitCommas().List() {
			k, val, ok := strings.Cut(p.TextString(), ":")
			value := eval.TextOf(p.T.Slice(p.T.Len()-len(val), p.T.Len()))
			switch {
			case !ok:
			case k == "protocol":
				b.Put("protocol", value)
			case k == "ports":
				b.Put("port_range", value)
			case k == "address":
				sources.Items = append(sources.Items, value)
			}
		}
		if len(b.Keys) > 0 {
			b.Put("source_addresses", sources)
			out.Items = append(out.Items, b)
		}
		from += len(f) + 1
	}
	return out
}

func hetzner() []verb {
	return []verb{
		{words: "hcloud server create", machine: true, typ: "hcloud_server", fill: func(s *script, m *made) {
			m.give(s, "name", "type=server_type", "image", "location")
			m.giveAll(s, "ssh-key=ssh_keys")
			var walls []*eval.Val
			for _, v := range m.call.all("firewall") {
				walls = append(walls, s.named("hcloud_firewall", v))
			}
			if len(walls) > 0 {
				m.res.Give("firewall_ids", eval.ListAt(m.at, walls...))
			}
			m.userData(s, "user-data-from-file", "")
			m.on("enable-backup", "backups")
			for k, v := range m.call.all("volume") {
				if tie := s.c.Declare("hcloud_volume_attachment", m.name+".volume."+strconv.Itoa(k), v.At); tie != nil {
					tie.Give("server_id", m.res.Ref("id"))
					tie.Give("volume_id", s.named("hcloud_volume", v))
				}
			}
			if v := m.call.opt("primary-ipv4"); !v.IsNull() {
				m.res.Give("public_net", eval.MapOf("ipv4", s.named("hcloud_primary_ip", v)))
			}
		}},
		{words: "hcloud server enable-backup", fill: func(s *script, m *made) {
			if r := s.machineNamed(m.word(s, 0)); r != nil && m.cond == "" {
				r.Give("backups", eval.BoolOf(true, m.at))
			}
		}},
		{words: "hcloud volume create", typ: "hcloud_volume", fill: func(s *script, m *made) {
			m.give(s, "name", "size", "format")
			if v := m.call.opt("server"); !v.IsNull() {
				m.res.Give("server_id", s.named("hcloud_server", v))
			}
		}},
		{words: "hcloud primary-ip create", typ: "hcloud_primary_ip", fill: func(s *script, m *made) {
			m.give(s, "name", "type", "auto-delete")
			if v := m.call.opt("assignee-id"); !v.IsNull() {
				m.res.Give("assignee_id", s.val(v))
			}
		}},
		{words: "hcloud floating-ip create", typ: "hcloud_floating_ip", fill: func(s *script, m *made) {
			m.give(s, "name", "type")
			if v := m.call.opt("server"); !v.IsNull() {
				m.res.Give("server_id", s.named("hcloud_server", v))
			}
		}},
		{words: "hcloud firewall create", typ: "hcloud_firewall", fill: func(s *script, m *made) {
			m.give(s, "name")
			if v := s.file(m.call.opt("rules-file")); !v.IsNull() {
				m.res.Give("rule", v.JSON())
			}
		}},
		{words: "hcloud firewall add-rule", fill: func(s *script, m *made) {
			fw, _ := s.named("hcloud_firewall", m.word(s, 0)).Target()
			if fw == nil {
				return
			}
			b := eval.MapAt(m.at)
			for _, o := range []string{"direction", "protocol", "port"} {
				if v := m.call.opt(o); !v.IsNull() {
					b.Put(o, s.val(v))
				}
			}
			b.Put("source_ips", s.vals(m.call.all("source-ips")))
			fw.Give("rule", eval.ListAt(m.at, append(fw.Attr("rule").List(), b)...))
		}},
	}
}

// named is the thing of a type that the script makes under a name; the name itself if it makes none.
func (s *script) named(typ string, v *eval.Val) *eval.Val {
	v = s.val(v)
	name, ok := v.Str()
	for _, m := range s.order {
		own, _ := m.call.name().Str()
		if ok && own == name && m.verb.typ == typ && m.res != nil {
			return m.res.Ref("id").AtPlace(v.At)
		}
	}
	return v
}

func (s *script) machineNamed(v *eval.Val) *eval.Resource {
	name, ok := v.Str()
	for _, m := range s.order {
		if own, _ := m.call.name().Str(); ok && m.verb.machine && own == name {
			return m.res
		}
	}
	return nil
}

func linode() []verb {
	return []verb{
		{words: "linode-cli linodes create", machine: true, typ: "linode_instance", fill: func(s *script, m *made) {
			m.give(s, "label", "type", "image", "region", "backups-enabled=backups_enabled", "firewall-id=firewall_id")
			m.giveAll(s, "authorized-keys=authorized_keys", "authorized-users=authorized_users", "tags=tags")
			if v := m.call.opt("metadata.user-data"); !v.IsNull() {
				m.res.Give("metadata", eval.MapOf("user_data", s.val(v)))
			}
		}},
		{words: "linode-cli volumes create", typ: "linode_volume", fill: func(s *script, m *made) { m.give(s, "label", "size", "linode-id=linode_id") }},
	}
}

func openstack() []verb {
	return []verb{
		{words: "openstack server create", named: true, machine: true, typ: "openstack_compute_instance_v2", fill: func(s *script, m *made) {
			m.res.Give("name", m.word(s, 0))
			m.give(s, "flavor=flavor_name", "image=image_name", "key-name=key_pair")
			m.giveAll(s, "security-group=security_groups")
			m.userData(s, "user-data", "")
			if v := m.call.opt("boot-from-volume"); !v.IsNull() {
				b := eval.MapAt(v.At)
				b.Put("source_type", eval.Text("image", v.At))
				b.Put("destination_type", eval.Text("volume", v.At))
				b.Put("boot_index", eval.Text("0", v.At))
				b.Put("volume_size", s.val(v))
				m.res.Give("block_device", eval.ListAt(v.At, b))
			}
		}},
		{words: "openstack server show", lookup: true},
		{words: "openstack floating ip create", typ: "openstack_networking_floatingip_v2", fill: func(s *script, m *made) { m.give(s, "port=port_id") }},
		{words: "openstack server add floating ip", typ: "openstack_compute_floatingip_associate_v2", fill: func(s *script, m *made) {
			m.res.Give("instance_id", s.named("openstack_compute_instance_v2", m.word(s, 0)))
			m.res.Give("floating_ip", m.word(s, 1))
		}},
		{words: "openstack volume create", named: true, typ: "openstack_blockstorage_volume_v3", fill: func(s *script, m *made) {
			m.res.Give("name", m.word(s, 0))
			m.give(s, "size")
		}},
		{words: "openstack server add volume", typ: "openstack_compute_volume_attach_v2", fill: func(s *script, m *made) {
			m.res.Give("instance_id", s.named("openstack_compute_instance_v2", m.word(s, 0)))
			m.res.Give("volume_id", s.named("openstack_blockstorage_volume_v3", m.word(s, 1)))
		}},
		{words: "openstack security group create", named: true, typ: "openstack_networking_secgroup_v2", fill: func(s *script, m *made) { m.res.Give("name", m.word(s, 0)) }},
		{words: "openstack security group rule create", typ: "openstack_networking_secgroup_rule_v2", fill: func(s *script, m *made) {
			m.res.Give("security_group_id", s.named("openstack_networking_secgroup_v2", m.word(s, 0)))
			m.give(s, "protocol", "remote-ip=remote_ip_prefix")
			dir := "ingress"
			if m.call.has("egress") {
				dir = "egress"
			}
			m.res.Give("direction", eval.Text(dir, m.at))
			if v := m.call.opt("dst-port"); !v.IsNull() {
				from, to, ranged := strings.Cut(v.TextString(), ":")
				if !ranged {
					to = from
				}
				m.res.Give("port_range_min", eval.Text(from, v.At))
				m.res.Give("port_range_max", eval.Text(to, v.At))
			}
		}},
	}
}
