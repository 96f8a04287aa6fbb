// Package hetzner reads Hetzner Cloud's servers and what belongs to them (reference/providers.md §4.6).
package hetzner

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// Reader holds the machines between the two passes.
type Reader struct {
	m       *model.Infra
	servers []*model.Instance
}

// Instances finds the servers, their volumes and addresses.
func Instances(m *model.Infra) *Reader {
	r := &Reader{m: m}
	for _, res := range m.Config.Of("hcloud_server") {
		r.servers = append(r.servers, r.server(res))
	}
	r.volumes()
	r.addresses()
	return r
}

// Rest reads firewalls and images; Hetzner has no alarms and no patching of its own.
func (r *Reader) Rest() {
	for _, i := range r.servers {
		r.firewall(i)
	}
	for _, res := range r.m.Config.Of("hcloud_snapshot") {
		if i := r.m.InstanceOf(res.Attr("server_id")); i != nil {
			r.m.Image(res, "instance_image", i.ID)
		}
	}
}

func (r *Reader) server(res *eval.Resource) *model.Instance {
	i := r.m.AddInstance(res, "hetzner")
	at := i.At
	i.SetMachine(res.Attr("server_type"), doc.Of(false, doc.Default, at).Because("Hetzner takes no server away"))
	image := res.Attr("image")
	prepared := r.m.Prepared(i, image, "hcloud_snapshot")
	if v, ok := image.Int(); ok && v > 0 {
		prepared = doc.UnknownOf("the image is named by a number, which may be a snapshot of one's own", image.At.Span())
	} else if t, _ := image.Target(); t != nil && t.Data && !t.Attr("with_selector").IsNull() {
		prepared = model.Derived(true, "it starts from an image that is found by its labels, as only one's own have", t.At.Span())
	}
	i.SetOS(i.ImageName(image, "image", "name"), nil, "")
	i.OwnDisk("Hetzner", doc.Of(false, doc.Default, at).Because("Hetzner does not encrypt disks"), prepared)
	i.SSH("no ssh_keys: Hetzner mails a root password", true, res.Attr("ssh_keys"))
	i.NoCredentials("Hetzner")
	i.Runs("user_data", res.Attr("user_data"), true)
	i.SetProtection(model.Or(model.Bool(res.Attr("delete_protection"), at), false, "Hetzner allows deletion unless delete_protection is true"))
	i.Tags = []*eval.Val{res.Attr("labels")}
	i.Put("tags", model.Tags(at, i.Tags...))
	if v := res.Attr("backups"); !v.IsNull() {
		b := v.At.Span()
		r.m.AddBackup(model.Backup{ID: res.Addr + ".backups", Kind: "native", At: b, Covers: []*doc.Node{model.Cover(i.ID, b)}, Enabled: model.Bool(v, b), Cond: res.Cond,
			EveryHours: doc.Of(24, doc.Default, b).Because("Hetzner's backups are daily"),
			KeepCount:  doc.Of(7, doc.Default, b).Because("Hetzner keeps the last seven"),
			KeepDays:   doc.Of(7, doc.Default, b).Because("Hetzner keeps the last seven daily backups"),
			Survives:   doc.Of(false, doc.Default, b).Because("Hetzner deletes a server's backups together with the server"),
			Offsite:    doc.Of(false, doc.Default, b)})
	}
	return i
}

func (r *Reader) volumes() {
	for _, res := range r.m.Config.Of("hcloud_volume") {
		at := res.At.Span()
		v := r.m.AddVolume(res.Addr, res, at)
		model.Disk(v.Node, model.Num(res.Attr("size"), at), doc.Of("ssd", doc.Default, at), doc.Of(false, doc.Default, at).Because("Hetzner does not encrypt volumes"),
			doc.Of("none", doc.Default, at), doc.Of(false, doc.Default, at).Because("a volume outlives the server"))
		v.Node.Put("prevent_destroy", model.Guarded(res, "delete_protection"))
		v.Node.Put("filesystem", model.Str(res.Attr("format"), at))
		v.Tags = []*eval.Val{res.Attr("labels")}
		if i := r.m.InstanceOf(res.Attr("server_id")); i != nil {
			r.m.Attach(v, i, at, res.Cond)
		}
	}
	r.m.AttachBy("hcloud_volume_attachment", "server_id", "volume_id", "hcloud_volume")
}

func (r *Reader) addresses() {
	for _, ip := range r.m.Config.Of("hcloud_primary_ip") {
		if on, ok := ip.Attr("auto_delete").Bool(); ok && on {
			continue // it goes with its server
		}
		r.m.Address[ip] = "static"
	}
	const primary = "a primary IP stays when the server is replaced"
	for _, i := range r.servers {
		net := i.Res.Body().Block("public_net")
		for _, name := range []string{"ipv4", "ipv6"} {
			if on, ok := net.Attr(name + "_enabled").Bool(); ok && !on {
				continue
			}
			v := net.Attr(name)
			ip := r.m.Named(v, "id", "hcloud_primary_ip")
			switch {
			case ip != nil && r.m.Address[ip] == "":
				r.m.Owner[ip] = i // auto_delete
			case ip != nil:
				r.m.Pin(ip, i, i.Res, primary)
			case v.IsUnknown():
				i.UnknownIP("whether its primary IP stays is not known: "+v.Reason(), v.At.Span())
			case !v.IsNull():
				r.m.Pin(nil, i, i.Res, primary)
			}
		}
	}
	for _, ip := range r.m.Config.Of("hcloud_primary_ip") {
		if r.m.Owner[ip] != nil {
			continue
		}
		if i := r.m.InstanceOf(ip.Attr("assignee_id")); i != nil && r.m.Address[ip] == "" {
			r.m.Owner[ip] = i
		} else {
			r.m.PinTo(ip, ip, primary, ip.Attr("assignee_id"))
		}
	}
	const floating = "a floating IP stays when the server is replaced"
	for _, ip := range r.m.Config.Of("hcloud_floating_ip") {
		r.m.Address[ip] = "static"
		r.m.PinTo(ip, ip, floating, ip.Attr("server_id"))
	}
	for _, a := range r.m.Config.Of("hcloud_floating_ip_assignment") {
		r.m.PinTo(r.m.Named(a.Attr("floating_ip_id"), "id", "hcloud_floating_ip"), a, floating, a.Attr("server_id"))
	}
	r.balancers()
	for _, i := range r.servers {
		net := i.Res.Body().Block("public_net")
		v4, ok4 := net.Attr("ipv4_enabled").Bool()
		v6, ok6 := net.Attr("ipv6_enabled").Bool()
		if ok4 && !v4 && ok6 && !v6 && len(i.PublicIPs) == 0 {
			i.PublicIP("none", doc.Set, i.ID, "public_net switches both address families off", net.At.Span(), "")
			continue
		}
		i.OwnIP("lifetime", "a server's own address is lost when the server is replaced; no primary or floating IP is tied to it")
	}
}

func (r *Reader) balancers() {
	for _, lb := range r.m.Config.Of("hcloud_load_balancer") {
		r.m.Address[lb] = "lb"
		for _, t := range lb.Attr("target").Blocks() {
			r.m.Behind(lb, t.Attr("server_id"))
		}
	}
	for _, t := range r.m.Config.Of("hcloud_load_balancer_target") {
		r.m.Behind(t, t.Attr("server_id"))
		if s := t.Attr("label_selector"); !s.IsNull() {
			for _, i := range r.servers {
				if yes, _ := selects(s, i.Tags[0]); yes {
					i.PublicIP("lb", doc.Set, t.Addr, "a load balancer stands in front", s.At.Span(), t.Cond)
				}
			}
		}
	}
}
