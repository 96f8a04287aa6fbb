package aws

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// lightsail reads Lightsail's machines, which have their own kinds of address, firewall and snapshot.
func (r *reader) lightsail() {
	for _, res := range r.m.Config.Of("aws_lightsail_instance") {
		i := r.m.AddInstance(res, "lightsail")
		at := i.At
		i.SetMachine(res.Attr("bundle_id"), doc.Of(false, doc.Default, at))
		i.SetOS(res.Attr("blueprint_id"), nil, "slug")
		disk := doc.NewMap(doc.Set, at)
		model.Disk(disk, i.LocalDisk(), doc.Of("ssd", doc.Default, at), doc.Of(true, doc.Default, at).Because("Lightsail encrypts disks"),
			doc.Of("platform", doc.Default, at), doc.Of(true, doc.Default, at).Because("the disk of a Lightsail machine goes with it"))
		i.Put("boot_disk", disk)
		keys := doc.Of(1, doc.Default, at).Because("Lightsail puts the account's default key on the machine")
		ssh := doc.NewMap(doc.Set, at)
		ssh.Put("keys", keys)
		ssh.Put("key_refs", model.Strings(res.Attr("key_pair_name"), at))
		ssh.Put("password_auth", doc.UnsetAt(at))
		ssh.Put("alternative", doc.Of("none", doc.Default, at))
		i.Put("ssh", ssh)
		i.Put("identity", model.NoIdentity(at, "Lightsail machines have no role of yours"))
		i.Put("metadata", model.Metadata(at, doc.Of(true, doc.Default, at), doc.Of("optional", doc.Default, at), doc.UnsetAt(at)))
		i.Put("egress_restricted", doc.Of(false, doc.Default, at))
		i.SetProtection(nil)
		i.Tags = []*eval.Val{r.defaultTags(res), res.Attr("tags")}
		i.Put("tags", model.Tags(at, i.Tags...))
		if v := res.Attr("user_data"); !v.IsNull() {
			i.UserData = append(i.UserData, model.UserData{Val: v, Attr: "user_data", Script: true})
		}
		r.lightsailPorts(i)
		for _, ip := range r.m.Config.Of("aws_lightsail_static_ip_attachment") {
			if r.m.Named(ip.Attr("instance_name"), "name", "aws_lightsail_instance") == res {
				i.PublicIP("static", doc.Set, ip.Addr, "a static IP is attached", headOf(ip), ip.Cond)
				if s := r.m.Named(ip.Attr("static_ip_name"), "name", "aws_lightsail_static_ip"); s != nil {
					r.m.Address[s], r.m.Owner[s] = "static", i
				}
			}
		}
		for _, a := range r.m.Config.Of("aws_lightsail_lb_attachment") {
			if r.m.Named(a.Attr("instance_name"), "name", "aws_lightsail_instance") == res {
				i.PublicIP("lb", doc.Set, a.Addr, "a load balancer stands in front", headOf(a), a.Cond)
			}
		}
		r.lightsailDisks(i)
		if len(i.PublicIPs) == 0 {
			i.PublicIP("ephemeral", doc.Default, i.ID, "the address changes when the machine is stopped; attach a static IP", at, "")
		}
		for _, a := range res.Attr("add_on").Blocks() {
			status, _ := a.Attr("status").Str()
			r.m.AddBackup(model.Backup{ID: res.Addr + ".add_on", Kind: "native", At: a.At.Span(), Covers: i.CoverAll(at),
				EveryHours: doc.Of(24, doc.Default, at).Because("Lightsail's automatic snapshots are daily"), KeepCount: doc.Of(7, doc.Default, at).Because("Lightsail keeps the last seven"),
				Survives: doc.Of(false, doc.Default, at).Because("automatic snapshots go with the machine"), Enabled: model.Set(status == "Enabled", a.At.Span())})
		}
	}
}

// lightsailDisks are the disks attached to a machine by name; automatic snapshots of the machine contain them.
func (r *reader) lightsailDisks(i *model.Instance) {
	for _, a := range r.m.Config.Of("aws_lightsail_disk_attachment") {
		if r.m.Named(a.Attr("instance_name"), "name", "aws_lightsail_instance") != i.Res {
			continue
		}
		res := r.m.Named(a.Attr("disk_name"), "name", "aws_lightsail_disk")
		if res == nil {
			i.VolumesWhy = a.Addr + " attaches a disk that is not in this repository"
			continue
		}
		at := headOf(res)
		v := r.m.AddVolume(res.Addr, res, at)
		model.Disk(v.Node, model.Num(res.Attr("size_in_gb"), at), doc.Of("ssd", doc.Default, at), doc.Of(true, doc.Default, at).Because("Lightsail encrypts disks"),
			doc.Of("platform", doc.Default, at), doc.Of(false, doc.Default, at).Because("a disk of its own outlives the machine"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(res))
		r.m.Attach(v, i, headOf(a), a.Cond)
	}
}

func (r *reader) lightsailPorts(i *model.Instance) {
	i.Put("ingress_default", doc.Of("deny", doc.Default, i.At).Because("Lightsail's firewall refuses what it does not name"))
	found := false
	for _, res := range r.m.Config.Of("aws_lightsail_instance_public_ports") {
		if r.m.Named(res.Attr("instance_name"), "name", "aws_lightsail_instance") != i.Res {
			continue
		}
		found = true
		for _, b := range res.Attr("port_info").Blocks() {
			at := b.At.Span()
			if b.Kind != eval.Map {
				i.UnknownRules(b.Reason(), at)
				continue
			}
			var cidrs []*eval.Val
			for _, v := range []*eval.Val{b.Attr("cidrs"), b.Attr("ipv6_cidrs")} {
				if !v.IsNull() {
					cidrs = append(cidrs, v)
				}
			}
			i.Rule(model.Rule{Proto: model.Proto(b.Attr("protocol"), at), From: model.Num(b.Attr("from_port"), at), To: model.Num(b.Attr("to_port"), at),
				CIDRs: cidrs, World: true, Via: res.Addr, At: at, Cond: res.Cond})
		}
	}
	if !found {
		for _, port := range []int{22, 80} {
			i.Rule(model.Rule{Proto: doc.Of("tcp", doc.Default, i.At), From: doc.Of(port, doc.Default, i.At), To: doc.Of(port, doc.Default, i.At), World: true,
				Via: "Lightsail's default firewall", At: i.At})
		}
	}
}
