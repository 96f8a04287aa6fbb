package cloudcli

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// google are the verbs of gcloud.
func google() []verb {
	return []verb{
		{words: "gcloud compute instances create", named: true, machine: true, typ: "google_compute_instance", fill: computeInstance},
		{words: "gcloud compute instances create-with-container", named: true, machine: true, typ: "google_compute_instance", fill: computeInstance},
		{words: "gcloud compute addresses create", named: true, typ: "google_compute_address", fill: func(s *script, m *made) {
			m.res.Give("name", m.word(s, 0))
		}},
		{words: "gcloud compute firewall-rules create", named: true, typ: "google_compute_firewall", fill: firewallRule},
		{words: "gcloud compute disks create", named: true, typ: "google_compute_disk", fill: func(s *script, m *made) {
			m.res.Give("name", m.word(s, 0))
			m.give(s, "type", "image", "image-family=image")
			m.res.Give("size", gigabytes(m.call.opt("size")))
		}},
		{words: "gcloud compute instances attach-disk", typ: "google_compute_attached_disk", fill: func(s *script, m *made) {
			m.res.Give("instance", m.word(s, 0))
			m.give(s, "disk")
		}},
		{words: "gcloud compute resource-policies create snapshot-schedule", named: true, typ: "google_compute_resource_policy", fill: snapshotSchedule},
		{words: "gcloud compute disks add-resource-policies", typ: "google_compute_disk_resource_policy_attachment", fill: func(s *script, m *made) {
			m.res.Give("disk", m.word(s, 0))
			m.give(s, "resource-policies=name")
		}},
		{words: "gcloud compute images create", named: true, typ: "google_compute_image", fill: func(s *script, m *made) { m.give(s, "source-disk") }},
		{words: "gcloud compute disks snapshot", typ: "google_compute_snapshot", fill: func(s *script, m *made) { m.res.Give("source_disk", m.word(s, 0)) }},
		{words: "gcloud dns record-sets create", named: true, typ: "google_dns_record_set", fill: func(s *script, m *made) {
			m.res.Give("name", m.word(s, 0))
			m.give(s, "type", "zone=managed_zone")
			m.giveAll(s, "rrdatas=rrdatas")
		}},
	}
}

// scopes are what a machine may do by default, with the project's own service account.
const scopes = "the default scopes"

func computeInstance(s *script, m *made) {
	r := m.res
	r.Give("name", m.word(s, 0))
	m.give(s, "machine-type", "deletion-protection")
	if m.call.opt("machine-type").IsNull() {
		r.Give("machine_type", eval.Text("n1-standard-1", m.at).Assume("gcloud's default"))
	}
	boot, init := eval.MapAt(m.at), eval.MapAt(m.at)
	for opt, arg := range map[string]string{"image": "image", "image-family": "image", "boot-disk-type": "type"} {
		if v := m.call.opt(opt); !v.IsNull() {
			init.Put(arg, s.val(v))
		}
	}
	if v := m.call.opt("boot-disk-size"); !v.IsNull() {
		init.Put("size", gigabytes(s.val(v)))
	}
	boot.Put("initialize_params", init)
	if m.call.has("no-boot-disk-auto-delete") {
		boot.Put("auto_delete", eval.BoolOf(false, m.at))
	}
	for i, v := range m.call.opts["create-disk"] {
		d := pairs([]*eval.Val{v})
		if on, _ := d.Attr("boot").Str(); on == "yes" || on == "true" {
			for from, to := range map[string]string{"image": "image", "image-family": "image", "type": "type"} {
				if x := d.Attr(from); !x.IsNull() {
					init.Put(to, x)
				}
			}
			init.Put("size", gigabytes(d.Attr("size")))
			if x := d.Attr("auto-delete"); x.TextString() == "no" {
				boot.Put("auto_delete", eval.BoolOf(false, x.At))
			}
			continue
		}
		disk := s.c.Declare("google_compute_disk", m.name+".disk."+strconv.Itoa(i), v.At)
		if disk == nil {
			break
		}
		disk.Give("size", gigabytes(d.Attr("size")))
		disk.Give("type", d.Attr("type"))
		s.attach(m, disk.Ref("id"), v.At)
	}
	r.Give("boot_disk", boot)
	for _, v := range m.call.opts["disk"] {
		s.attach(m, pairs([]*eval.Val{v}).Attr("name"), v.At)
	}
	s.network(m)
	meta := pairs(m.call.opts["metadata"])
	if meta == nil {
		meta = eval.MapAt(m.at)
	}
	if from := pairs(m.call.opts["metadata-from-file"]); from != nil {
		for _, k := range from.Keys {
			meta.Put(k, s.file(from.Child[k]))
		}
	}
	r.Give("metadata", meta)
	m.giveAll(s, "tags=tags")
	r.Give("labels", pairs(m.call.opts["labels"]))
	if m.call.has("preemptible") {
		r.Give("scheduling", eval.MapOf("preemptible", eval.BoolOf(true, m.at)))
	} else if v := m.call.opt("provisioning-model"); !v.IsNull() {
		r.Give("scheduling", eval.MapOf("provisioning_model", v))
	}
	if !m.call.has("no-service-account") {
		account := eval.MapAt(m.at)
		if v := m.call.opt("service-account"); !v.IsNull() {
			account.Put("email", s.val(v))
		}
		list := m.call.all("scopes")
		if len(list) == 0 && !m.call.has("no-scopes") {
			list = []*eval.Val{eval.Text(scopes, m.at)}
		}
		account.Put("scopes", eval.ListAt(m.at, list...))
		r.Give("service_account", account)
	}
}

// attach ties a disk to the machine that a command makes.
func (s *script) attach(m *made, disk *eval.Val, at eval.Place) {
	if tie := s.c.Declare("google_compute_attached_disk", m.name+".attached", at); tie != nil {
		tie.Cond = m.cond
		tie.Give("instance", m.res.Ref("id"))
		tie.Give("disk", disk)
	}
}

// network is the machine's network interface: in the network called default, with an address of its own, unless told otherwise.
func (s *script) network(m *made) {
	nic := eval.MapAt(m.at)
	named := false
	for opt, arg := range map[string]string{"network": "network", "subnet": "subnetwork"} {
		if v := m.call.opt(opt); !v.IsNull() {
			nic.Put(arg, s.val(v))
			named = true
		}
	}
	if v := m.call.opt("network-interface"); !v.IsNull() {
		p := pairs([]*eval.Val{v})
		for from, to := range map[string]string{"network": "network", "subnet": "subnetwork"} {
			if x := p.Attr(from); !x.IsNull() {
				nic.Put(to, x)
				named = true
			}
		}
	}
	if !named {
		nic.Put("network", eval.Text("default", m.at).Assume("gcloud's default"))
	}
	if !m.call.has("no-address") {
		access := eval.MapAt(m.at)
		if v := m.call.opt("address"); !v.IsNull() {
			access.Put("nat_ip", s.address(s.val(v)))
		}
		nic.Put("access_config", eval.ListAt(m.at, access))
	}
	m.res.Give("network_interface", eval.ListAt(m.at, nic))
}

// address is the reserved address that goes by a name.
func (s *script) address(v *eval.Val) *eval.Val {
	name, ok := v.Str()
	for _, m := range s.order {
		if own, _ := m.word(s, 0).Str(); ok && m.verb.typ == "google_compute_address" && own == name && m.res != nil {
			return m.res.Ref("address").AtPlace(v.At)
		}
	}
	return v
}

// gigabytes is a size as gcloud writes it ("50GB", "1TB", "50") in GB.
func gigabytes(v *eval.Val) *eval.Val {
	s := v.TextString()
	low := strings.ToLower(s)
	for suffix, per := range map[string]int{"tib": 1024, "tb": 1024, "gib": 1, "gb": 1, "t": 1024, "g": 1} {
		n, ok := strings.CutSuffix(low, suffix)
		if x, err := strconv.Atoi(n); ok && err == nil && x < 1<<20 {
			if per == 1 {
				return eval.TextOf(v.T.Slice(0, len(n)))
			}
			return eval.Text(strconv.Itoa(x*per), v.At)
		}
	}
	return v
}

func firewallRule(s *script, m *made) {
	m.res.Give("name", m.word(s, 0))
	m.give(s, "network", "direction", "priority")
	if m.call.opt("network").IsNull() {
		m.res.Give("network", eval.Text("default", m.at).Assume("gcloud's default"))
	}
	m.giveAll(s, "source-ranges=source_ranges", "target-tags=target_tags", "source-tags=source_tags", "target-service-accounts=target_service_accounts")
	kind := "allow"
	list := m.call.all("allow", "rules")
	if a := m.call.opt("action").TextString(); strings.EqualFold(a, "deny") {
		kind = "deny"
	}
	out := eval.ListAt(m.at)
	for _, v := range list {
		t := v.TextString()
		proto, _, ported := strings.Cut(t, ":")
		b := eval.MapAt(v.At)
		if v.IsUnknown() {
			b = s.val(v)
		} else if b.Put("protocol", eval.TextOf(v.T.Slice(0, len(proto)))); ported {
			b.Put("ports", eval.ListAt(v.At, eval.TextOf(v.T.Slice(len(proto)+1, len(t)))))
		}
		out.Items = append(out.Items, b)
	}
	m.res.Give(kind, out)
}

func snapshotSchedule(s *script, m *made) {
	m.res.Give("name", m.word(s, 0))
	schedule, one := eval.MapAt(m.at), eval.MapAt(m.at)
	switch {
	case m.call.has("daily-schedule"):
		one.Put("days_in_cycle", eval.Text("1", m.at))
		schedule.Put("daily_schedule", one)
	case m.call.has("hourly-schedule"):
		one.Put("hours_in_cycle", s.val(m.call.opt("hourly-schedule")))
		schedule.Put("hourly_schedule", one)
	case m.call.has("weekly-schedule"):
		one.Put("day_of_weeks", eval.ListAt(m.at, eval.MapOf("day", s.val(m.call.opt("weekly-schedule")))))
		schedule.Put("weekly_schedule", one)
	}
	policy := eval.MapAt(m.at)
	policy.Put("schedule", schedule)
	if v := m.call.opt("max-retention-days"); !v.IsNull() {
		policy.Put("retention_policy", eval.MapOf("max_retention_days", s.val(v)))
	}
	m.res.Give("snapshot_schedule_policy", policy)
}
