// Package ovh reads the machines that OVHcloud's own provider declares (reference/providers.md §4.7). Those that the
// OpenStack provider declares at OVHcloud are openstack's.
package ovh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// Reader holds the machines between the two passes.
type Reader struct {
	m         *model.Infra
	instances []*model.Instance
}

var volumeTypes = []string{"ovh_cloud_storage_block_volume", "ovh_cloud_project_volume"}

// Instances finds the machines, their volumes and addresses.
func Instances(m *model.Infra) *Reader {
	r := &Reader{m: m}
	for _, res := range m.Config.Of("ovh_cloud_instance", "ovh_cloud_project_instance", "ovh_vps") {
		r.instances = append(r.instances, r.instance(res))
	}
	r.volumes()
	r.addresses()
	return r
}

// Rest reads firewalls, backups and images; OVHcloud has no alarms of its own (its alerting is about cost).
func (r *Reader) Rest() {
	for _, i := range r.instances {
		r.firewall(i)
	}
	r.backups()
	for _, res := range r.m.Config.Of("ovh_cloud_project_instance_snapshot") {
		if i := r.m.InstanceOf(res.Attr("instance_id")); i != nil {
			r.m.Image(res, "instance_image", i.ID)
		}
	}
}

func (r *Reader) instance(res *eval.Resource) *model.Instance {
	i := r.m.AddInstance(res, "ovh")
	at := i.At
	flavor := model.First(res.Attr("flavor_name"), res.Attr("flavor_id"), res.Body().Block("flavor").Attr("flavor_id"), res.Body().Block("flavor").Attr("flavor_name"),
		res.Body().Block("model").Attr("name"))
	if t, _ := flavor.Target(); t != nil && t.Data {
		if n := model.First(flavor.Picked("name"), t.Attr("name"), t.Attr("name_filter"), t.Attr("flavor_name")); !n.IsNull() {
			flavor = n
		}
	}
	i.SetMachine(flavor, doc.Of(false, doc.Default, at).Because("OVHcloud takes no machine away"))
	image := model.First(res.Attr("image_name"), res.Attr("image_id"), res.Body().Block("boot_from").Attr("image_id"))
	prepared := r.m.Prepared(i, image, "ovh_cloud_project_instance_snapshot")
	arg := "image_id"
	if res.Type == "ovh_cloud_project_instance" {
		arg = "boot_from"
	}
	i.SetOS(i.ImageName(image, arg, "name", "os_type"), nil, "")
	if i.System == "" && prepared.Value == false {
		prepared = doc.UnknownOf("what is in the image is not known", at)
	}
	i.OwnDisk("OVHcloud", doc.UnknownOf("OVHcloud does not say whether machines' own disks are encrypted", at), prepared)
	i.SSH("no SSH key is named", false, res.Attr("ssh_key_name"), res.Body().Block("ssh_key").Attr("name"), res.Body().Block("ssh_key_create").Attr("public_key"),
		res.Attr("public_ssh_key"))
	i.NoCredentials("OVHcloud")
	i.Runs("user_data", res.Attr("user_data").Decoded(), true)
	if res.Type == "ovh_cloud_instance" && !model.Ignores(res, "image_id") && res.Attr("image_id").IsUnknown() {
		i.Hazard("image", res.Where("image_id").Span())
	}
	i.SetProtection(nil)
	i.Put("tags", model.Tags(at, res.Attr("tags")))
	return i
}

func (r *Reader) volumes() {
	for _, res := range r.m.Config.Of(volumeTypes...) {
		at := res.At.Span()
		v := r.m.AddVolume(res.Addr, res, at)
		typ := model.Str(model.First(res.Attr("volume_type"), res.Attr("type")), at)
		on := model.Bool(res.Body().Block("encryption").Attr("enabled"), at)
		if on.State == doc.Unset {
			on = model.Bool(res.Body().Block("encryption").Attr("encrypted"), at)
		}
		if s, _ := typ.Str(); strings.HasSuffix(s, "-luks") {
			on = model.Derived(true, "the type "+s+" is encrypted", typ.At)
		}
		on = model.Or(on, false, "OVHcloud does not encrypt volumes unless told to")
		key := doc.Of("none", doc.Derived, at)
		if on.Value == true {
			key = doc.Of("platform", doc.Default, at)
		}
		model.Disk(v.Node, model.Num(res.Attr("size"), at), typ, on, key, doc.Of(false, doc.Default, at).Because("a volume outlives the machine"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(res))
	}
	for _, i := range r.instances {
		for _, id := range i.Res.Attr("volume_ids").List() {
			if v := r.m.VolumeOf(r.m.Named(id, "id", volumeTypes...)); v != nil {
				r.m.Attach(v, i, id.At.Span(), i.Cond)
			} else {
				i.VolumesWhy = "a volume is attached that is not in this repository"
			}
		}
	}
}

func (r *Reader) addresses() {
	const why = "a floating or failover IP stays when the machine is replaced"
	for _, ip := range r.m.Config.Of("ovh_cloud_floating_ip") {
		r.m.Address[ip] = "static"
		r.m.PinTo(ip, ip, why, ip.Attr("instance_id"))
	}
	for _, a := range r.m.Config.Of("ovh_cloud_project_failover_ip_attach") {
		r.m.PinTo(nil, a, why, a.Attr("routed_to"))
	}
	for _, i := range r.instances {
		public := i.Res.Type == "ovh_vps"
		nets := append(i.Res.Attr("networks").Blocks(), i.Res.Attr("network").Blocks()...)
		for _, n := range nets {
			if n.Kind != eval.Map {
				i.UnknownIP(n.Reason(), n.At.Span())
				continue
			}
			on, known := model.First(n.Attr("auto_assign_public_ip"), n.Attr("public")).Bool()
			public = public || known && on
			private := n.Block("private")
			ip := model.First(n.Attr("ip"), private.Block("floating_ip").Attr("id"))
			switch res := r.m.Named(ip, "ip", "ovh_cloud_floating_ip"); {
			case res != nil:
				r.m.Pin(res, i, i.Res, why)
			case !ip.IsNull() && (n.Attr("subnet_id").IsNull() || ip.From != nil):
				r.m.Pin(nil, i, i.Res, "an address that the project keeps")
			case !private.Attr("floating_ip_create").IsNull():
				r.m.Pin(nil, i, i.Res, why)
			}
		}
		if len(nets) > 0 && !public && len(i.PublicIPs) == 0 {
			i.PublicIP("none", doc.Derived, i.ID, "it has private networks only", i.At, "")
			continue
		}
		i.OwnIP("lifetime", "a machine's own address is lost when the machine is replaced; no floating IP is tied to it")
	}
}

func (r *Reader) firewall(i *model.Instance) {
	for _, fw := range r.m.Config.Of("ovh_ip_firewall_rule", "ovh_ip_firewall") {
		i.UnknownRules("rules of the network's edge ("+fw.Addr+") are not evaluated", fw.At.Span())
	}
	groups := i.Res.Attr("security_group_ids")
	if groups.IsNull() || i.Res.Type != "ovh_cloud_instance" {
		i.Put("ingress_default", doc.Of("allow", doc.Default, i.At).Because("OVHcloud's default security group lets everything in"))
		return
	}
	at := groups.At.Span()
	i.Put("ingress_default", model.Derived("deny", "a security group refuses what no rule allows", at))
	if groups.Kind == eval.Unknown {
		i.UnknownRules(groups.Reason(), at)
	}
	for _, v := range groups.List() {
		g := r.m.Named(v, "id", "ovh_cloud_security_group")
		if g == nil {
			i.UnknownRules("a security group that is not in this repository: "+v.Reason(), at)
			continue
		}
		for _, b := range g.Attr("rule").Blocks() {
			r.rule(i, g, b)
		}
	}
}

func (r *Reader) rule(i *model.Instance, g *eval.Resource, b *eval.Val) {
	at := b.At.Span()
	if b.Kind != eval.Map {
		i.UnknownRules(b.Reason(), at)
		return
	}
	switch d, ok := b.Attr("direction").Str(); {
	case !ok:
		i.UnknownRules("a rule whose direction is not known", at)
		return
	case !strings.EqualFold(d, "ingress"):
		return
	}
	proto := doc.Of("any", doc.Default, at).Because("no protocol is named")
	if v := b.Attr("protocol"); !v.IsNull() {
		proto = model.Proto(v, at)
	}
	from, to := model.Num(b.Attr("port_range_min"), at), model.Num(b.Attr("port_range_max"), at)
	if from.State == doc.Unset && to.State == doc.Unset {
		from, to = model.AllPorts(at)
	}
	from, to = model.Portless(proto, from, to)
	rule := model.Rule{Proto: proto, From: from, To: to, World: b.Attr("remote_group_id").IsNull(), Via: g.Addr, At: at, Cond: g.Cond}
	if v := b.Attr("remote_ip_prefix"); !v.IsNull() {
		rule.CIDRs = []*eval.Val{v}
	}
	i.Rule(rule)
}

func (r *Reader) backups() {
	add := func(id string, i *model.Instance, b *eval.Val, cond string) {
		at := b.At.Span()
		every := model.Str(b.Attr("cron"), at)
		if s, ok := every.Str(); ok {
			every = doc.UnknownOf("the schedule "+s+" cannot be read", every.At)
			if h, ok := model.EveryHours(s); ok {
				every = model.Derived(h, "from the schedule "+s, every.At)
			}
		}
		enabled := doc.Of(true, doc.Default, at)
		if n, ok := b.Attr("max_execution_count").Int(); ok && n > 0 {
			enabled = model.Derived(false, "it runs only a number of times (max_execution_count)", b.Attr("max_execution_count").At.Span())
		}
		keep := model.Num(b.Attr("rotation"), at)
		days := doc.UnsetAt(at)
		if n, ok := b.Attr("rotation").Num(); ok && every.Known() {
			if h, ok := every.Value.(float64); ok {
				days = model.Derived(n*h/24, "rotation times the schedule", keep.At)
			}
		}
		r.m.AddBackup(model.Backup{ID: id, Kind: "native", At: at, Covers: []*doc.Node{model.Cover(i.ID, at)}, EveryHours: every, KeepCount: keep, KeepDays: days,
			Survives: doc.Of(true, doc.Default, at).Because("OVHcloud keeps the backup images of a machine that is gone"), Enabled: enabled, Cond: cond})
	}
	for _, res := range r.m.Config.Of("ovh_cloud_project_workflow_backup") {
		if i := r.m.InstanceOf(res.Attr("instance_id")); i != nil {
			add(res.Addr, i, res.Body(), res.Cond)
		}
	}
	for _, i := range r.instances {
		for _, b := range i.Res.Attr("auto_backup").Blocks() {
			add(i.ID+".auto_backup", i, b, i.Cond)
		}
	}
}
