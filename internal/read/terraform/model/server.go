package model

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// What clouds of simple servers have in common (DigitalOcean, Hetzner, Linode, Vultr, OpenStack and its kin).

// First is the first of vs that is written, nil if none is.
func First(vs ...*eval.Val) *eval.Val {
	for _, v := range vs {
		if !v.IsNull() {
			return v
		}
	}
	return nil
}

// NoCredentials fills what holds where machines have no credentials of their own, everybody on them reads the metadata
// service, and traffic out is free.
func (i *Instance) NoCredentials(cloud string) {
	i.Put("identity", NoIdentity(i.At, cloud+" gives machines no cloud credentials"))
	i.Put("metadata", Metadata(i.At, doc.Of(true, doc.Default, i.At).Because("the metadata service, user data included, is open to everybody on the machine"),
		doc.Of("optional", doc.Default, i.At), doc.UnsetAt(i.At)))
	i.Put("egress_restricted", doc.Of(false, doc.Default, i.At))
}

// SSH fills instance.ssh from the keys that the cloud puts on the machine. none says what happens without any; mailed:
// the cloud then sets a password and SSH takes it.
func (i *Instance) SSH(none string, mailed bool, keys ...*eval.Val) {
	ssh := doc.NewMap(doc.Set, i.At)
	i.Put("ssh", ssh)
	refs := doc.NewList(doc.Set, i.At)
	n, why, at := 0, "", i.At
	for _, v := range keys {
		for _, it := range v.List() {
			at = where(it, at)
			switch t, _ := it.Target(); {
			case it.Kind == eval.Unknown, it.Kind == eval.Ref && t != nil && t.Data && v.Kind != eval.List:
				why = it.Reason() // how many there are is not known either
			case it.Kind == eval.Ref:
				n++
				refs.Add(Derived("ref:"+it.From.String(), "", where(it, i.At)))
			default:
				n++
				refs.Add(Str(it, i.At))
			}
		}
	}
	password := doc.UnsetAt(i.At)
	switch {
	case n == 0 && why != "":
		ssh.Put("keys", doc.UnknownOf(why, at))
	case n == 0:
		ssh.Put("keys", doc.Of(0, doc.Default, i.At).Because(none))
		if mailed {
			password = doc.Of(true, doc.Default, i.At).Because(none)
		}
	default:
		ssh.Put("keys", Set(n, at))
	}
	ssh.Put("key_refs", refs)
	ssh.Put("password_auth", password)
	ssh.Put("alternative", doc.Of("none", doc.Default, i.At))
}

// Runs notes a text that the machine runs at its first boot. forces: the cloud replaces the machine when it changes.
func (i *Instance) Runs(attr string, v *eval.Val, forces bool) {
	if v.IsNull() {
		return
	}
	i.UserData = append(i.UserData, UserData{Val: v, Attr: attr})
	if forces && !Ignores(i.Res, attr) {
		i.Hazard("user_data", i.Res.Where(attr).Span())
	}
}

// OwnDisk fills boot_disk for a machine whose disk comes with its type and goes with it.
func (i *Instance) OwnDisk(cloud string, encrypted, prepared *doc.Node) {
	disk := doc.NewMap(doc.Set, i.At)
	i.Put("boot_disk", disk)
	key := doc.Of("none", doc.Derived, i.At)
	if encrypted.Value == true {
		key = doc.Of("platform", doc.Default, i.At)
	} else if encrypted.State == doc.Unknown {
		key = doc.UnknownOf(encrypted.Why, encrypted.At)
	}
	Disk(disk, i.LocalDisk(), doc.Of("ssd", doc.Default, i.At), encrypted, key,
		doc.Of(true, doc.Default, i.At).Because("at "+cloud+" a machine's own disk goes with the machine"))
	disk.Put("source_prepared_image", prepared)
}

// Prepared says whether an image argument names an image of one's own: one of the resource types given.
func (m *Infra) Prepared(i *Instance, image *eval.Val, types ...string) *doc.Node {
	if t := m.Named(image, "id", types...); t != nil {
		return Derived(true, "it starts from "+t.Addr, where(image, i.At))
	}
	return doc.Of(false, doc.Derived, i.At)
}

// ImageName is what an image argument tells of the image: itself, or the first of attrs that the data source or resource
// it refers to writes. Where a look-up may find another image tomorrow, the machine may be replaced.
func (i *Instance) ImageName(v *eval.Val, arg string, attrs ...string) *eval.Val {
	t, _ := v.Target()
	if t == nil {
		return v
	}
	for _, a := range attrs {
		if n := First(v.Picked(a), t.Attr(a)); !n.IsNull() {
			if t.Data && !Ignores(i.Res, arg) {
				i.Hazard("image", where(v, i.At))
			}
			return n
		}
	}
	return v
}

// Guarded is the lifecycle guard of a resource, or the cloud's own switch against deletion.
func Guarded(r *eval.Resource, attr string) *doc.Node {
	n := PreventDestroy(r)
	v := r.Attr(attr)
	if v.IsNull() || n.Value == true {
		return n
	}
	if on, ok := v.Bool(); ok && on {
		return Derived(true, attr+" is set", v.At.Span())
	} else if !ok {
		return doc.UnknownOf(v.Reason(), v.At.Span())
	}
	return n
}

// AttachBy ties volumes to machines by resources of type typ, whose arguments machine and volume name the two.
func (m *Infra) AttachBy(typ, machine, volume string, volumes ...string) {
	for _, res := range m.Config.Of(typ) {
		i := m.InstanceOf(res.Attr(machine))
		v := m.VolumeOf(m.Named(res.Attr(volume), "id", volumes...))
		switch {
		case i != nil && v != nil:
			m.Attach(v, i, res.At.Span(), res.Cond)
		case i != nil:
			i.VolumesWhy = res.Addr + " attaches a volume that is not in this repository"
		case v != nil:
			v.Node.Put("attached_to", doc.UnknownOf("the machine that "+res.Addr+" names is not in this repository", res.At.Span()))
		}
	}
}
