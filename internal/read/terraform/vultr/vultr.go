// Package vultr reads Vultr's instances and what belongs to them (reference/providers.md §4.9).
package vultr

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// Reader holds the machines between the two passes.
type Reader struct {
	m         *model.Infra
	instances []*model.Instance
	rules     map[*eval.Resource][]*eval.Resource // of firewall groups
}

// Instances finds the machines, their volumes and addresses.
func Instances(m *model.Infra) *Reader {
	r := &Reader{m: m}
	for _, res := range m.Config.Of("vultr_instance", "vultr_bare_metal_server") {
		r.instances = append(r.instances, r.instance(res))
	}
	r.volumes()
	r.addresses()
	return r
}

// Rest reads firewalls and images; Vultr has no alarms and no patching of its own.
func (r *Reader) Rest() {
	r.rules = map[*eval.Resource][]*eval.Resource{}
	for _, res := range r.m.Config.Of("vultr_firewall_rule") {
		if g := r.m.Named(res.Attr("firewall_group_id"), "id", "vultr_firewall_group"); g != nil {
			r.rules[g] = append(r.rules[g], res)
		}
	}
	for _, i := range r.instances {
		r.firewall(i)
	}
	for _, res := range r.m.Config.Of("vultr_snapshot") {
		if i := r.m.InstanceOf(res.Attr("instance_id")); i != nil {
			r.m.Image(res, "instance_image", i.ID)
		}
	}
}

func (r *Reader) instance(res *eval.Resource) *model.Instance {
	i := r.m.AddInstance(res, "vultr")
	at := i.At
	i.SetMachine(res.Attr("plan"), doc.Of(false, doc.Default, at).Because("Vultr takes no machine away"))
	r.system(i)
	i.OwnDisk("Vultr", doc.UnknownOf("Vultr does not say whether disks are encrypted", at), r.prepared(i))
	i.SSH("no ssh_key_ids: Vultr makes up a root password", true, res.Attr("ssh_key_ids"))
	i.NoCredentials("Vultr")
	i.Runs("user_data", res.Attr("user_data").Decoded(), true)
	r.script(i)
	i.SetProtection(nil)
	i.Put("tags", labels(i, res.Attr("tags"), res.Attr("tag")))
	r.backups(i)
	return i
}

// labels are names without values.
func labels(i *model.Instance, vs ...*eval.Val) *doc.Node {
	out := doc.NewMap(doc.Set, i.At)
	for _, v := range vs {
		if v.Kind == eval.Unknown {
			return doc.UnknownOf(v.Reason(), v.At.Span())
		}
		for _, t := range v.List() {
			if s, ok := t.Str(); ok && s != "" {
				out.Put(s, doc.Of("", doc.Set, t.At.Span()))
			}
		}
	}
	return out
}

func (r *Reader) system(i *model.Instance) {
	id := i.Res.Attr("os_id")
	if t, _ := id.Target(); t != nil && t.Data {
		for _, f := range t.Attr("filter").Blocks() {
			if n, _ := f.Attr("name").Str(); n == "name" {
				if l := f.Attr("values").List(); len(l) > 0 {
					i.SetOS(l[0], nil, "filter")
					return
				}
			}
		}
	}
	i.SetOS(model.First(id, i.Res.Attr("image_id"), i.Res.Attr("snapshot_id"), i.Res.Attr("app_id"), i.Res.Attr("iso_id")), nil, "")
}

func (r *Reader) prepared(i *model.Instance) *doc.Node {
	if v := i.Res.Attr("snapshot_id"); !v.IsNull() {
		return model.Derived(true, "it starts from a snapshot", v.At.Span())
	}
	return doc.Of(false, doc.Derived, i.At)
}

// script is the startup script that an instance names; it is base64 in Terraform.
func (r *Reader) script(i *model.Instance) {
	v := i.Res.Attr("script_id")
	if v.IsNull() {
		return
	}
	s := r.m.Named(v, "id", "vultr_startup_script")
	if s == nil {
		i.Runs("script_id", eval.NotKnown("a startup script that is not in this repository", v.At), false)
		return
	}
	if typ, _ := s.Attr("type").Str(); typ != "pxe" {
		i.UserData = append(i.UserData, model.UserData{Val: s.Attr("script").Decoded(), Attr: "script_id", Script: true})
	}
}

func (r *Reader) backups(i *model.Instance) {
	v := i.Res.Attr("backups")
	if v.IsNull() {
		return
	}
	at := v.At.Span()
	s, ok := v.Str()
	on := model.Set(s == "enabled" || s == "true", at)
	if !ok {
		on = doc.UnknownOf(v.Reason(), at)
	}
	b := model.Backup{ID: i.ID + ".backups", Kind: "native", At: at, Covers: []*doc.Node{model.Cover(i.ID, at)}, Enabled: on, Cond: i.Cond,
		KeepCount: doc.Of(2, doc.Default, at).Because("Vultr keeps the two most recent backups"),
		Survives:  doc.UnknownOf("whether Vultr keeps backups of a machine that is gone is not known", at)}
	typ := i.Res.Body().Block("backups_schedule").Attr("type")
	kind, known := typ.Str()
	hours := map[string]int{"daily": 24, "daily_alt_even": 48, "daily_alt_odd": 48, "weekly": 168, "monthly": 744}[kind]
	switch {
	case known && hours > 0:
		b.EveryHours = model.Derived(hours, "the schedule is "+kind, typ.At.Span())
		b.KeepDays = model.Derived(float64(2*hours)/24, "two backups are kept", typ.At.Span())
	default:
		why := "backups_schedule does not say how often"
		if typ.IsUnknown() {
			why += ": " + typ.Reason()
		}
		b.EveryHours, b.KeepDays = doc.UnknownOf(why, at), doc.UnknownOf(why, at)
	}
	r.m.AddBackup(b)
}

func (r *Reader) volumes() {
	for _, res := range r.m.Config.Of("vultr_block_storage", "vultr_virtual_file_system_storage") {
		at := res.At.Span()
		v := r.m.AddVolume(res.Addr, res, at)
		model.Disk(v.Node, model.Num(res.Attr("size_gb"), at), model.Str(model.First(res.Attr("block_type"), res.Attr("disk_type")), at),
			doc.UnknownOf("Vultr does not say whether volumes are encrypted", at), doc.UnsetAt(at),
			doc.Of(false, doc.Default, at).Because("a volume outlives the machine"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(res))
		for _, a := range append(res.Attr("attached_to_instance").List(), res.Attr("attached_instances").List()...) {
			if i := r.m.InstanceOf(model.First(a.Attr("instance_id"), a)); i != nil {
				r.m.Attach(v, i, at, res.Cond)
			}
		}
	}
}

func (r *Reader) addresses() {
	const reserved = "a reserved IP stays when the machine is replaced"
	for _, ip := range r.m.Config.Of("vultr_reserved_ip") {
		r.m.Address[ip] = "static"
		r.m.PinTo(ip, ip, reserved, ip.Attr("instance_id"))
	}
	for _, lb := range r.m.Config.Of("vultr_load_balancer") {
		r.m.Address[lb] = "lb"
		r.m.Behind(lb, lb.Attr("attached_instances"))
	}
	for _, i := range r.instances {
		if v := i.Res.Attr("reserved_ip_id"); !v.IsNull() {
			if v.Kind == eval.Unknown {
				i.UnknownIP(v.Reason(), v.At.Span())
			} else if ip := r.m.Named(v, "id", "vultr_reserved_ip"); ip == nil || r.m.Owner[ip] == nil {
				r.m.Pin(ip, i, i.Res, reserved)
			}
		}
		i.OwnIP("lifetime", "a machine's own address is lost when the machine is replaced; no reserved IP is tied to it")
	}
}

func (r *Reader) firewall(i *model.Instance) {
	group := i.Res.Attr("firewall_group_id")
	if group.IsNull() {
		i.Put("ingress_default", doc.Of("allow", doc.Default, i.At).Because("a machine without a firewall group is open on every port"))
		return
	}
	at := group.At.Span()
	g := r.m.Named(group, "id", "vultr_firewall_group")
	if g == nil {
		why := "its firewall group is not in this repository: " + group.Reason()
		i.UnknownRules(why, at)
		i.Put("ingress_default", doc.UnknownOf(why, at))
		return
	}
	i.Put("ingress_default", model.Doubt(model.Derived("deny", "a firewall group refuses what it does not name", at), g.Cond))
	for _, res := range r.rules[g] {
		r.rule(i, res)
	}
}

func (r *Reader) rule(i *model.Instance, res *eval.Resource) {
	at := res.At.Span()
	proto := model.Proto(res.Attr("protocol"), at)
	from, to := model.Ports(res.Attr("port"), at)
	from, to = model.Portless(proto, from, to)
	subnet, size := res.Attr("subnet"), res.Attr("subnet_size")
	source := subnet
	a, ok := subnet.Str()
	n, ok2 := size.Str()
	switch {
	case ok && ok2:
		source = eval.Text(a+"/"+n, subnet.At)
	case !size.IsNull() && !ok2:
		source = size
	}
	if s, _ := res.Attr("source").Str(); s != "" {
		source = res.Attr("source") // "cloudflare", or a load balancer
	}
	i.Rule(model.Rule{Proto: proto, From: from, To: to, CIDRs: []*eval.Val{source}, World: true, Via: res.Addr, At: at, Cond: res.Cond})
}
