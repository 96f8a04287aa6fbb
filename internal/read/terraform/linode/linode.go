// Package linode reads Linode's (Akamai's) instances and what belongs to them (reference/providers.md §4.8).
package linode

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

// Instances finds the machines, their volumes and addresses.
func Instances(m *model.Infra) *Reader {
	r := &Reader{m: m}
	for _, res := range m.Config.Of("linode_instance") {
		r.instances = append(r.instances, r.instance(res))
	}
	r.volumes()
	r.addresses()
	return r
}

// Rest reads firewalls, alarms and images.
func (r *Reader) Rest() {
	for _, i := range r.instances {
		r.firewall(i)
	}
	r.alerts()
	for _, res := range r.m.Config.Of("linode_image") {
		if i := r.m.InstanceOf(res.Attr("linode_id")); i != nil {
			r.m.Image(res, "instance_image", i.ID)
		}
	}
}

// disks are the disks that an instance declares by resources of their own, instead of by image.
func (r *Reader) disks(res *eval.Resource) []*eval.Val {
	out := res.Attr("disk").Blocks()
	for _, d := range r.m.Config.Of("linode_instance_disk") {
		if t, _ := d.Attr("linode_id").Target(); t == res {
			out = append(out, d.Body())
		}
	}
	return out
}

func (r *Reader) instance(res *eval.Resource) *model.Instance {
	i := r.m.AddInstance(res, "linode")
	at := i.At
	i.SetMachine(res.Attr("type"), doc.Of(false, doc.Default, at).Because("Linode takes no machine away"))
	image := res.Attr("image")
	keys := []*eval.Val{res.Attr("authorized_keys"), res.Attr("authorized_users")}
	for _, d := range r.disks(res) {
		if v := d.Attr("image"); !v.IsNull() && image.IsNull() {
			image = v
		}
		keys = append(keys, d.Attr("authorized_keys"), d.Attr("authorized_users"))
		r.stackscript(i, d)
	}
	prepared := r.m.Prepared(i, image, "linode_image")
	if s, ok := image.Str(); ok && strings.HasPrefix(s, "private/") {
		prepared = model.Derived(true, "it starts from an image of one's own", image.At.Span())
	}
	i.SetOS(i.ImageName(image, "image", "id", "label"), nil, "")
	i.OwnDisk("Linode", encrypted(res, i), prepared)
	i.SSH("no authorized_keys and no authorized_users: only the root password gets in", true, keys...)
	i.NoCredentials("Linode")
	for _, b := range res.Attr("metadata").Blocks() {
		i.Runs("metadata", b.Attr("user_data").Decoded(), true)
	}
	r.stackscript(i, res.Body())
	i.SetProtection(nil)
	i.Put("tags", labels(i))
	r.backups(i)
	return i
}

func encrypted(res *eval.Resource, i *model.Instance) *doc.Node {
	v := res.Attr("disk_encryption")
	s, ok := v.Str()
	switch {
	case v.IsNull():
		return doc.UnknownOf("it depends on the region whether Linode encrypts the disk; set disk_encryption", i.At)
	case !ok:
		return doc.UnknownOf(v.Reason(), v.At.Span())
	}
	return model.Set(s == "enabled", v.At.Span())
}

func labels(i *model.Instance) *doc.Node {
	v := i.Res.Attr("tags")
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

// stackscript is the script that b starts a machine with; its fields are the script's environment.
func (r *Reader) stackscript(i *model.Instance, b *eval.Val) {
	v := b.Attr("stackscript_id")
	if v.IsNull() {
		return
	}
	s := r.m.Named(v, "id", "linode_stackscript")
	if s == nil {
		i.Runs("stackscript_id", missing(v), false)
		return
	}
	u := model.UserData{Val: s.Attr("script"), Attr: "stackscript_id", Script: true, Vars: map[string]*eval.Val{}}
	if data := b.Attr("stackscript_data"); data.Kind == eval.Map {
		for _, k := range data.Keys {
			u.Vars[k] = data.Child[k]
		}
	}
	i.UserData = append(i.UserData, u)
}

// missing is a script that is named, but not in the repository.
func missing(v *eval.Val) *eval.Val {
	return eval.NotKnown("a StackScript that is not in this repository", v.At)
}

func (r *Reader) backups(i *model.Instance) {
	v := i.Res.Attr("backups_enabled")
	if v.IsNull() {
		return
	}
	at := v.At.Span()
	r.m.AddBackup(model.Backup{ID: i.ID + ".backups", Kind: "native", At: at, Covers: []*doc.Node{model.Cover(i.ID, at)}, Enabled: model.Bool(v, at), Cond: i.Cond,
		EveryHours: doc.Of(24, doc.Default, at).Because("Linode's backup service makes one a day"),
		KeepDays:   doc.Of(14, doc.Default, at).Because("Linode keeps a daily, a weekly and a biweekly backup; none is older than 14 days"),
		Survives:   doc.Of(false, doc.Default, at).Because("Linode deletes a machine's backups together with the machine"),
		Offsite:    doc.Of(false, doc.Default, at)})
}

func (r *Reader) volumes() {
	for _, res := range r.m.Config.Of("linode_volume") {
		at := res.At.Span()
		v := r.m.AddVolume(res.Addr, res, at)
		enc := model.Str(res.Attr("encryption"), at)
		on := doc.UnknownOf("it depends on the region whether Linode encrypts the volume; set encryption", at)
		if s, ok := enc.Str(); ok {
			on = model.Set(s == "enabled", enc.At)
		}
		model.Disk(v.Node, model.Num(res.Attr("size"), at), doc.Of("ssd", doc.Default, at), on, doc.UnsetAt(at),
			doc.Of(false, doc.Default, at).Because("a volume outlives the machine"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(res))
		if i := r.m.InstanceOf(res.Attr("linode_id")); i != nil {
			r.m.Attach(v, i, at, res.Cond)
		}
	}
	for _, c := range r.m.Config.Of("linode_instance_config") {
		i := r.m.InstanceOf(c.Attr("linode_id"))
		if i == nil {
			continue
		}
		for _, l := range r.m.Config.Refs(eval.ListOf(append(c.Attr("devices").Blocks(), c.Attr("device").Blocks()...)...)) {
			if v := r.m.VolumeOf(l.Res); v != nil && v.Of == nil {
				r.m.Attach(v, i, c.At.Span(), c.Cond)
			}
		}
	}
}
