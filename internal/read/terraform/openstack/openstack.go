// Package openstack reads the machines of OpenStack clouds, Jetstream2 and OVHcloud among them, and what belongs to them
// (reference/providers.md §4.5). OpenStack has no backups, alarms or patching of its own to declare.
package openstack

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/machine"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// Reader holds the machines between the two passes.
type Reader struct {
	m     *model.Infra
	hosts []*host
	rules map[*eval.Resource][]*eval.Resource // of security groups
}

// host is a machine with the ports that it is reached by.
type host struct {
	*model.Instance
	ports []*eval.Resource
}

// Instances finds the machines, their volumes and addresses.
func Instances(m *model.Infra) *Reader {
	r := &Reader{m: m}
	for _, res := range m.Config.Of("openstack_compute_instance_v2") {
		h := &host{Instance: m.AddInstance(res, r.cloud(res))}
		r.hosts = append(r.hosts, h)
		r.machine(h)
	}
	r.volumes()
	byInstance := map[*model.Instance]*host{}
	for _, h := range r.hosts {
		byInstance[h.Instance] = h
		r.disks(h)
		for _, n := range h.Res.Attr("network").Blocks() {
			r.own(h, n.Attr("port"))
		}
	}
	for _, a := range m.Config.Of("openstack_compute_interface_attach_v2") {
		if h := byInstance[m.InstanceOf(a.Attr("instance_id"))]; h != nil {
			r.own(h, a.Attr("port_id"))
		}
	}
	m.AttachBy("openstack_compute_volume_attach_v2", "instance_id", "volume_id", volumeTypes...)
	r.addresses()
	return r
}

// Rest reads security groups and images.
func (r *Reader) Rest() {
	r.rules = map[*eval.Resource][]*eval.Resource{}
	for _, res := range r.m.Config.Of("openstack_networking_secgroup_rule_v2") {
		if g := r.m.Named(res.Attr("security_group_id"), "id", groupTypes...); g != nil {
			r.rules[g] = append(r.rules[g], res)
		}
	}
	for _, h := range r.hosts {
		r.ingress(h)
	}
	for _, res := range r.m.Config.Of("openstack_images_image_v2") {
		if v := res.Attr("volume_id"); !v.IsNull() {
			if vol := r.m.VolumeOf(r.m.Named(v, "id", volumeTypes...)); vol != nil {
				r.m.Image(res, "disk_snapshot", vol.ID)
			}
		}
	}
}

// cloud tells Jetstream2 and OVHcloud by their address in the provider block, or by what only they have; flavors have other sizes elsewhere.
func (r *Reader) cloud(res *eval.Resource) string {
	if p := r.m.Config.ProviderOf(res); p != nil {
		for _, attr := range []string{"auth_url", "cloud", "region", "endpoint_overrides"} {
			s := strings.ToLower(p.Body.Attr(attr).TextString())
			switch {
			case strings.Contains(s, "jetstream"):
				return "jetstream2"
			case strings.Contains(s, "ovh."), s == "ovh":
				return "ovh"
			}
		}
	}
	// Its own images and flavors together: either name alone is used elsewhere too.
	image, _ := model.First(res.Attr("image_name"), res.Attr("image_id")).Str()
	if t, _ := res.Attr("image_id").Target(); t != nil && res.Attr("image_name").IsNull() {
		image, _ = t.Attr("name").Str()
	}
	flavor, _ := res.Attr("flavor_name").Str()
	if _, known := machine.Lookup("jetstream2", flavor); known && strings.HasPrefix(image, "Featured-") {
		return "jetstream2"
	}
	return "openstack"
}

func (r *Reader) machine(h *host) {
	at := h.At
	spot := doc.Of(false, doc.Default, at).Because("the cloud takes no machine away")
	flavor := model.First(h.Res.Attr("flavor_name"), h.Res.Attr("flavor_id"))
	t, _ := flavor.Target()
	if t != nil && t.Type == "openstack_compute_flavor_v2" && !t.Attr("name").IsNull() {
		flavor = t.Attr("name")
	}
	h.SetMachine(flavor, spot)
	if t != nil && t.Type == "openstack_compute_flavor_v2" && !t.Attr("vcpus").IsNull() && !t.Attr("ram").IsNull() {
		why := "from " + t.Addr
		m := h.Node.Get("machine")
		m.Put("vcpu", model.Num(t.Attr("vcpus"), at).Because(why))
		m.Put("memory_mib", model.Num(t.Attr("ram"), at).Because(why))
		m.Put("source", model.Derived("declared", why, t.At.Span()))
	}
	h.SSH("no key_pair, so the cloud puts no key on the machine", false, h.Res.Attr("key_pair"))
	if v := h.Res.Attr("admin_pass"); !v.IsNull() {
		h.Node.Get("ssh").Put("password_auth", doc.UnknownOf("admin_pass sets a password; whether SSH takes it depends on the image", v.At.Span()))
	}
	h.NoCredentials("OpenStack")
	h.Runs("user_data", h.Res.Attr("user_data").Decoded(), true)
	h.SetProtection(nil)
	h.Tags = []*eval.Val{h.Res.Attr("metadata")}
	tags := model.Tags(at, h.Tags...)
	if tags.Kind == doc.Map {
		for _, t := range h.Res.Attr("tags").List() {
			if s, ok := t.Str(); ok {
				tags.Put(s, doc.Of("", doc.Set, t.At.Span()))
			}
		}
	}
	h.Put("tags", tags)
}

var volumeTypes = []string{"openstack_blockstorage_volume_v3", "openstack_blockstorage_volume_v2", "openstack_blockstorage_volume_v1"}

func (r *Reader) volumes() {
	for _, res := range r.m.Config.Of(volumeTypes...) {
		at := res.At.Span()
		v := r.m.AddVolume(res.Addr, res, at)
		r.disk(v.Node, res.Body(), res.Attr("size"), doc.Of(false, doc.Default, at).Because("a volume outlives the machine"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(res))
	}
}

func (r *Reader) disk(to *doc.Node, b, size *eval.Val, deleted *doc.Node) {
	at := b.At.Span()
	why := "the volume type decides whether it is encrypted, and only the cloud knows it"
	model.Disk(to, model.Num(size, at), model.Str(b.Attr("volume_type"), at), doc.UnknownOf(why, at), doc.UnknownOf(why, at), deleted)
}

// disks reads the boot disk and the volumes declared inside the machine.
func (r *Reader) disks(h *host) {
	image := model.First(h.Res.Attr("image_name"), h.Res.Attr("image_id"))
	arg := "image_id"
	var boot *eval.Val
	for k, b := range h.Res.Attr("block_device").Blocks() {
		if b.Kind != eval.Map {
			h.VolumesWhy = b.Reason()
			continue
		}
		index, known := b.Attr("boot_index").Int()
		if boot == nil && (b.Attr("boot_index").IsNull() || known && index == 0) {
			boot = b
			continue
		}
		r.extra(h, b, k)
	}
	at := h.At
	deleted := doc.Of(true, doc.Default, at).Because("the flavor's own disk goes with the machine")
	disk := doc.NewMap(doc.Set, at)
	h.Put("boot_disk", disk)
	typ, _ := boot.Attr("destination_type").Str()
	switch vol := r.m.Named(boot.Attr("uuid"), "id", volumeTypes...); {
	case boot != nil && vol != nil: // it starts from a volume of its own
		image, arg = model.First(vol.Attr("image_id"), image), "block_device"
		disk.At = boot.At.Span()
		r.m.Owner[vol] = h.Instance
		r.disk(disk, vol.Body(), vol.Attr("size"), r.deleted(boot))
		r.drop(vol)
	case boot != nil && typ == "volume":
		image, arg = model.First(image, boot.Attr("uuid")), "block_device"
		disk.At = boot.At.Span()
		r.disk(disk, boot, boot.Attr("volume_size"), r.deleted(boot))
	default:
		if boot != nil {
			image = model.First(image, boot.Attr("uuid"))
		}
		model.Disk(disk, r.local(h), doc.UnsetAt(at), doc.UnknownOf("only the cloud knows whether its machines' own disks are encrypted", at), doc.UnsetAt(at), deleted)
	}
	h.SetOS(h.ImageName(image, arg, "name", "name_regex"), nil, "")
	disk.Put("source_prepared_image", r.prepared(h, image))
}

// prepared: an image that this repository uploads may be the distribution's; one made of a volume is one's own.
func (r *Reader) prepared(h *host, image *eval.Val) *doc.Node {
	t := r.m.Named(image, "id", "openstack_images_image_v2")
	switch {
	case t != nil && !t.Attr("volume_id").IsNull():
		return model.Derived(true, "it starts from "+t.Addr, image.At.Span())
	case t != nil:
		return doc.UnknownOf("what is in the image that "+t.Addr+" uploads is not known", image.At.Span())
	case h.System == "":
		return doc.UnknownOf("what is in the image is not known", h.At)
	}
	return doc.Of(false, doc.Derived, h.At)
}

func (r *Reader) local(h *host) *doc.Node {
	t, _ := model.First(h.Res.Attr("flavor_id"), h.Res.Attr("flavor_name")).Target()
	if t != nil && t.Type == "openstack_compute_flavor_v2" {
		if n := model.Num(t.Attr("disk"), h.At); n.State == doc.Set {
			return n
		}
	}
	return h.LocalDisk()
}

func (r *Reader) deleted(b *eval.Val) *doc.Node {
	return model.Or(model.Bool(b.Attr("delete_on_termination"), b.At.Span()), false, "OpenStack keeps the volume unless delete_on_termination is true")
}

// extra is a disk beside the boot disk: a volume that exists, or one made with the machine.
func (r *Reader) extra(h *host, b *eval.Val, k int) {
	at := b.At.Span()
	if source, _ := b.Attr("source_type").Str(); source == "volume" {
		if v := r.m.VolumeOf(r.m.Named(b.Attr("uuid"), "id", volumeTypes...)); v != nil {
			r.m.Attach(v, h.Instance, at, h.Cond)
		} else {
			h.VolumesWhy = "a volume is attached that is not in this repository"
		}
		return
	}
	v := r.m.AddVolume(fmt.Sprintf("%s.block_device[%d]", h.ID, k), nil, at)
	r.disk(v.Node, b, b.Attr("volume_size"), r.deleted(b))
	if typ, _ := b.Attr("destination_type").Str(); typ == "local" {
		v.Node.Put("delete_with_instance", model.Derived(true, "a local disk goes with the machine", at))
	}
	v.Node.Put("prevent_destroy", model.PreventDestroy(h.Res))
	r.m.Attach(v, h.Instance, at, h.Cond)
}

// drop removes a volume that is a machine's boot disk from the data volumes.
func (r *Reader) drop(res *eval.Resource) {
	for k, v := range r.m.Volumes {
		if v.Res == res {
			r.m.Volumes = append(r.m.Volumes[:k:k], r.m.Volumes[k+1:]...)
			return
		}
	}
}
