// Package digitalocean reads droplets and what belongs to them (reference/providers.md §4.4).
package digitalocean

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

type reader struct {
	m        *model.Infra
	droplets []*model.Instance
}

// Instances finds the droplets, their volumes and addresses.
func Instances(m *model.Infra) *reader {
	r := &reader{m: m}
	for _, res := range m.Config.Of("digitalocean_droplet") {
		r.droplets = append(r.droplets, r.droplet(res))
	}
	r.volumes()
	r.addresses()
	return r
}

func (r *reader) droplet(res *eval.Resource) *model.Instance {
	i := r.m.AddInstance(res, "digitalocean")
	at := i.At
	i.SetMachine(res.Attr("size"), doc.Of(false, doc.Default, at).Because("DigitalOcean takes no droplet away"))
	image := res.Attr("image")
	if t, _ := image.Target(); t != nil && t.Data {
		if n := t.Attr("slug"); !n.IsNull() {
			image = n
		} else if n := t.Attr("name"); !n.IsNull() {
			image = n
		}
	}
	prepared := doc.Of(false, doc.Derived, at)
	if t := r.m.Named(res.Attr("image"), "id", "digitalocean_droplet_snapshot", "digitalocean_custom_image"); t != nil {
		prepared = model.Derived(true, "it starts from "+t.Addr, res.Attr("image").At.Span())
	}
	i.SetOS(image, nil, "")
	disk := doc.NewMap(doc.Set, at)
	model.Disk(disk, i.LocalDisk(), doc.Of("ssd", doc.Default, at), doc.Of(true, doc.Default, at).Because("DigitalOcean encrypts disks at rest"),
		doc.Of("platform", doc.Default, at), doc.Of(true, doc.Default, at).Because("a droplet's own disk goes with the droplet"))
	disk.Put("source_prepared_image", prepared)
	i.Put("boot_disk", disk)

	keys := res.Attr("ssh_keys")
	ssh := doc.NewMap(doc.Set, at)
	n := doc.Of(0, doc.Default, at).Because("no ssh_keys: DigitalOcean mails a root password")
	if !keys.IsNull() {
		n = doc.Of(len(keys.List()), doc.Set, keys.At.Span())
		if keys.Kind == eval.Unknown {
			n = doc.UnknownOf(keys.Reason(), keys.At.Span())
		}
	}
	ssh.Put("keys", n)
	ssh.Put("key_refs", refs(keys, i))
	ssh.Put("password_auth", doc.UnsetAt(at))
	if n.Kind == doc.Number && len(keys.List()) == 0 {
		ssh.Put("password_auth", doc.Of(true, doc.Default, at).Because("without ssh_keys a droplet has a root password"))
	}
	ssh.Put("alternative", doc.Of("none", doc.Default, at))
	i.Put("ssh", ssh)
	i.Put("identity", model.NoIdentity(at, "droplets have no cloud credentials"))
	i.Put("metadata", model.Metadata(at, doc.Of(true, doc.Default, at).Because("the metadata service, user data included, is open to everybody on the droplet"),
		doc.Of("optional", doc.Default, at), doc.UnsetAt(at)))
	i.Put("egress_restricted", doc.Of(false, doc.Default, at))
	if v := res.Attr("user_data"); !v.IsNull() {
		i.UserData = append(i.UserData, model.UserData{Val: v, Attr: "user_data"})
		if !model.Ignores(res, "user_data") {
			i.Hazard("user_data", res.Where("user_data").Span())
		}
	}
	if t, _ := res.Attr("image").Target(); t != nil && t.Data && !model.Ignores(res, "image") {
		i.Hazard("image", res.Attr("image").At.Span())
	}
	i.SetProtection(nil)
	i.Put("tags", tags(res, i))
	if v := res.Attr("monitoring"); !v.IsNull() {
		at := v.At.Span()
		if on, ok := v.Bool(); !ok {
			i.Monitoring = append(i.Monitoring, doc.UnknownOf(v.Reason(), at))
		} else if on {
			i.Watch("agent", "memory", doc.Of(false, doc.Derived, at).Because("the agent measures; alert policies tell somebody"), res.Addr, at)
		}
	}
	r.backups(res, i)
	return i
}

func refs(v *eval.Val, i *model.Instance) *doc.Node {
	out := doc.NewList(doc.Set, i.At)
	for _, it := range v.List() {
		if it.Kind == eval.Ref {
			out.Add(model.Derived("ref:"+it.From.String(), "", it.At.Span()))
			continue
		}
		out.Add(model.Str(it, i.At))
	}
	return out
}

// tags of a droplet are names without values.
func tags(res *eval.Resource, i *model.Instance) *doc.Node {
	v := res.Attr("tags")
	if v.Kind == eval.Unknown {
		return doc.UnknownOf(v.Reason(), v.At.Span())
	}
	out := doc.NewMap(doc.Set, i.At)
	for _, t := range v.List() {
		if s, ok := t.Str(); ok {
			out.Put(s, doc.Of("", doc.Set, t.At.Span()))
		}
	}
	return out
}

func (r *reader) backups(res *eval.Resource, i *model.Instance) {
	v := res.Attr("backups")
	if v.IsNull() {
		return
	}
	at := v.At.Span()
	b := model.Backup{ID: res.Addr + ".backups", Kind: "native", At: at, Covers: []*doc.Node{model.Cover(i.ID, at)}, Enabled: model.Bool(v, at), Cond: res.Cond,
		Survives: doc.Of(false, doc.Default, at).Because("DigitalOcean deletes a droplet's backups together with the droplet"),
		Offsite:  doc.Of(false, doc.Default, at)}
	b.EveryHours, b.KeepDays = doc.Of(24, doc.Default, at).Because("without backup_policy, backups are daily"), doc.Of(7, doc.Default, at).Because("daily backups are kept 7 days")
	for _, p := range res.Attr("backup_policy").Blocks() {
		plan := p.Attr("plan")
		switch s, ok := plan.Str(); {
		case ok && s == "weekly":
			b.EveryHours, b.KeepDays = model.Derived(168, "the weekly plan", plan.At.Span()), doc.Of(28, doc.Default, at).Because("weekly backups are kept 4 weeks")
		case ok && s == "daily":
			b.EveryHours = model.Derived(24, "the daily plan", plan.At.Span())
		case !plan.IsNull():
			why := "the backup plan is not known: " + plan.Reason()
			b.EveryHours, b.KeepDays = doc.UnknownOf(why, plan.At.Span()), doc.UnknownOf(why, plan.At.Span())
		}
	}
	r.m.AddBackup(b)
}

func (r *reader) volumes() {
	for _, res := range r.m.Config.Of("digitalocean_volume") {
		at := res.At.Span()
		v := r.m.AddVolume(res.Addr, res, at)
		model.Disk(v.Node, model.Num(res.Attr("size"), at), doc.Of("ssd", doc.Default, at), doc.Of(true, doc.Default, at).Because("DigitalOcean encrypts volumes at rest"),
			doc.Of("platform", doc.Default, at), doc.Of(false, doc.Default, at).Because("a volume outlives the droplet"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(res))
		v.Node.Put("filesystem", model.Str(res.Attr("initial_filesystem_type"), at))
	}
	for _, i := range r.droplets {
		ids := i.Res.Attr("volume_ids")
		for _, id := range ids.List() {
			if v := r.m.VolumeOf(r.m.Named(id, "id", "digitalocean_volume")); v != nil {
				r.m.Attach(v, i, id.At.Span(), i.Cond)
			} else {
				i.VolumesWhy = "a volume is attached that is not in this repository"
			}
		}
	}
	for _, res := range r.m.Config.Of("digitalocean_volume_attachment") {
		i := r.m.InstanceOf(res.Attr("droplet_id"))
		v := r.m.VolumeOf(r.m.Named(res.Attr("volume_id"), "id", "digitalocean_volume"))
		switch {
		case i != nil && v != nil:
			r.m.Attach(v, i, res.At.Span(), res.Cond)
		case i != nil:
			i.VolumesWhy = res.Addr + " attaches a volume that is not in this repository"
		case v != nil:
			v.Node.Put("attached_to", doc.UnknownOf("the droplet that "+res.Addr+" names is not in this repository", res.At.Span()))
		}
	}
}

func (r *reader) addresses() {
	ips := []string{"digitalocean_reserved_ip", "digitalocean_floating_ip", "digitalocean_reserved_ipv6"}
	static := func(ip *eval.Resource, i *model.Instance, via *eval.Resource) {
		cond := via.Cond
		if ip != nil {
			r.m.Address[ip], r.m.Owner[ip] = "static", i
		}
		i.PublicIP("static", doc.Set, via.Addr, "a reserved IP stays when the droplet is replaced", via.At.Span(), cond)
	}
	for _, ip := range r.m.Config.Of(ips...) {
		r.m.Address[ip] = "static"
		if i := r.m.InstanceOf(ip.Attr("droplet_id")); i != nil {
			static(ip, i, ip)
		}
	}
	for _, res := range r.m.Config.Of("digitalocean_reserved_ip_assignment", "digitalocean_floating_ip_assignment", "digitalocean_reserved_ipv6_assignment") {
		if i := r.m.InstanceOf(res.Attr("droplet_id")); i != nil {
			static(r.m.Named(model.First(res.Attr("ip_address"), res.Attr("ip")), "ip_address", ips...), i, res)
		} else if v := res.Attr("droplet_id"); v.Kind == eval.Unknown {
			r.m.Loose("which machine " + res.Addr + " belongs to is not known: " + v.Reason())
		}
	}
	for _, res := range r.m.Config.Of("digitalocean_loadbalancer") {
		r.m.Address[res] = "lb"
		for _, id := range res.Attr("droplet_ids").List() {
			if i := r.m.InstanceOf(id); i != nil {
				i.PublicIP("lb", doc.Set, res.Addr, "a load balancer stands in front", id.At.Span(), res.Cond)
			}
		}
		for _, i := range r.droplets {
			if yes, _ := tagged(res.Attr("droplet_tag"), i); yes {
				i.PublicIP("lb", doc.Set, res.Addr, "a load balancer stands in front", res.At.Span(), res.Cond)
			}
		}
	}
	for _, i := range r.droplets {
		i.OwnIP("lifetime", "a droplet's own address is lost when the droplet is replaced; no reserved IP is assigned")
	}
}

// Rest reads firewalls, alerts and images.
func (r *reader) Rest() {
	for _, i := range r.droplets {
		r.firewall(i)
	}
	r.alerts()
	for _, res := range r.m.Config.Of("digitalocean_droplet_snapshot") {
		if i := r.m.InstanceOf(res.Attr("droplet_id")); i != nil {
			r.m.Image(res, "instance_image", i.ID)
		}
	}
	for _, res := range r.m.Config.Of("digitalocean_volume_snapshot") {
		if v := r.m.VolumeOf(r.m.Named(res.Attr("volume_id"), "id", "digitalocean_volume")); v != nil {
			r.m.Image(res, "disk_snapshot", v.ID)
		}
	}
}

// tagged says whether a droplet carries one of the tags; why is not empty when that cannot be told.
func tagged(tags *eval.Val, i *model.Instance) (yes bool, why string) {
	for _, t := range tags.List() {
		for _, d := range i.Res.Attr("tags").List() {
			if eval.Same(t, d) {
				return true, ""
			}
			if ta, _ := t.Target(); ta != nil && ta.Type == "digitalocean_tag" && eval.Same(ta.Attr("name"), d) {
				return true, ""
			}
			if t.IsUnknown() || d.IsUnknown() {
				why = "the tags are not known: " + t.Reason() + d.Reason()
			}
		}
	}
	return false, why
}

func (r *reader) firewall(i *model.Instance) {
	found, doubt := false, ""
	for _, res := range r.m.Config.Of("digitalocean_firewall") {
		mine, why := tagged(res.Attr("tags"), i)
		if why != "" {
			doubt = "whether " + res.Addr + " protects this droplet is not known: " + why
		}
		for _, id := range res.Attr("droplet_ids").List() {
			mine = mine || r.m.InstanceOf(id) == i
			if id.Kind == eval.Unknown {
				doubt = "which droplets " + res.Addr + " protects is not known: " + id.Reason()
			}
		}
		if !mine {
			continue
		}
		found = true
		for _, b := range res.Attr("inbound_rule").Blocks() {
			at := b.At.Span()
			if b.Kind != eval.Map {
				i.UnknownRules(b.Reason(), at)
				continue
			}
			from, to := model.Ports(b.Attr("port_range"), at)
			proto := model.Proto(b.Attr("protocol"), at)
			if p, _ := proto.Str(); p == "icmp" {
				from, to = doc.UnsetAt(at), doc.UnsetAt(at)
			}
			rule := model.Rule{Proto: proto, From: from, To: to, Via: res.Addr, At: at, Cond: res.Cond}
			if v := b.Attr("source_addresses"); !v.IsNull() {
				rule.CIDRs = []*eval.Val{v}
			}
			i.Rule(rule)
		}
		i.Put("ingress_default", model.Doubt(model.Derived("deny", "a firewall refuses what it does not name", res.At.Span()), res.Cond))
	}
	switch {
	case found && doubt == "":
	case found:
		i.UnknownRules(doubt, i.At)
	case doubt != "":
		i.Put("ingress_default", doc.UnknownOf(doubt, i.At))
	default:
		i.Put("ingress_default", doc.Of("allow", doc.Default, i.At).Because("a droplet without a digitalocean_firewall is open on every port"))
	}
}

func (r *reader) alerts() {
	for _, res := range r.m.Config.Of("digitalocean_monitor_alert") {
		at := res.At.Span()
		typ, _ := res.Attr("type").Str()
		signal := typ[strings.LastIndex(typ, "/")+1:]
		signal, _, _ = strings.Cut(signal, "_")
		notify := doc.Of(false, doc.Derived, at)
		if a := res.Attr("alerts").Blocks(); len(a) > 0 && (len(a[0].Attr("email").List()) > 0 || len(a[0].Attr("slack").Blocks()) > 0) {
			notify = doc.Of(true, doc.Set, a[0].At.Span())
			kind := "email"
			if len(a[0].Attr("slack").Blocks()) > 0 {
				kind = "slack"
			}
			r.m.Sink(res, kind)
		}
		notify = inForce(res, notify)
		for _, i := range r.droplets {
			hit, _ := tagged(res.Attr("tags"), i)
			for _, e := range res.Attr("entities").List() {
				hit = hit || r.m.InstanceOf(e) == i
			}
			if hit {
				i.Watch("alert", signal, model.Doubt(notify, res.Cond), res.Addr, at)
			}
		}
	}
	for _, res := range r.m.Config.Of("digitalocean_uptime_check") {
		at := res.At.Span()
		notify := doc.Of(false, doc.Derived, at).Because("no digitalocean_uptime_alert belongs to this check")
		for _, a := range r.m.Config.Of("digitalocean_uptime_alert") {
			if t, _ := a.Attr("check_id").Target(); t == res && len(a.Attr("notifications").Blocks()) > 0 {
				notify = model.Doubt(doc.Of(true, doc.Set, a.At.Span()), a.Cond)
			}
		}
		notify = inForce(res, notify)
		target := res.Attr("target")
		r.m.Watch(target.Host(), target, "uptime", "http", model.Doubt(notify, res.Cond), res.Addr, at)
	}
}

// inForce is whether somebody is told by something that can be switched off.
func inForce(res *eval.Resource, notify *doc.Node) *doc.Node {
	on := model.Or(model.Bool(res.Attr("enabled"), res.At.Span()), true, "it is on unless enabled is false")
	if on.Value == true || notify.Value == false {
		return notify
	}
	return on
}
