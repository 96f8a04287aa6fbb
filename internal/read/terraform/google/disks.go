package google

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

func (r *reader) disks(h *host) {
	at := h.At
	var boot *eval.Val
	if b := h.attr("boot_disk").Blocks(); len(b) > 0 {
		boot = b[0]
	} else if b := h.attr("disk").Blocks(); len(b) > 0 {
		boot = b[0]
	}
	if !boot.IsNull() {
		at = boot.At.Span()
	}
	init := boot
	if p := boot.Attr("initialize_params").Blocks(); len(p) > 0 {
		init = p[0]
	}
	image := or(init.Attr("image"), init.Attr("source_image"))
	size, typ := or(init.Attr("size"), init.Attr("disk_size_gb")), or(init.Attr("type"), init.Attr("disk_type"))
	key := or(boot.Attr("kms_key_self_link"), boot.Attr("disk_encryption_key"))
	if d := r.m.Named(boot.Attr("source"), "name", "google_compute_disk"); d != nil {
		h.boot = d
		r.m.Owner[d] = h.Instance
		image, size, typ, key = d.Attr("image"), d.Attr("size"), d.Attr("type"), or(key, d.Attr("disk_encryption_key"))
	}
	prepared := doc.Of(false, doc.Derived, at)
	if t, _ := image.Target(); t != nil && t.Type == "google_compute_image" {
		if t.Data {
			if f := or(t.Attr("family"), t.Attr("name")); !f.IsNull() {
				if !t.Attr("family").IsNull() && !model.Ignores(h.Res, "boot_disk") {
					h.Hazard("image_family", image.At.Span())
				}
				image = f
			}
		} else {
			prepared = model.Derived(true, "it starts from "+t.Addr, image.At.Span())
		}
	}
	h.SetOS(image, nil, "")
	disk := doc.NewMap(doc.Set, at)
	h.Put("boot_disk", disk)
	model.Disk(disk, model.Or(model.Num(size, at), 10, "the size of the usual images"), model.Or(model.Str(typ, at), "pd-standard", "Google Cloud's default"),
		doc.Of(true, doc.Default, at).Because("Google Cloud encrypts disks at rest"), keyOf(key, h),
		model.Or(model.Bool(boot.Attr("auto_delete"), at), true, "Google Cloud deletes the boot disk together with the machine unless auto_delete is false"))
	if h.image {
		prepared = model.Derived(true, "it starts from an image of a whole machine", h.At)
		if boot.IsNull() {
			for _, k := range []string{"size_gib", "type", "delete_with_instance"} {
				disk.Put(k, doc.UnknownOf("the image of the machine decides", h.At))
			}
		}
	}
	disk.Put("source_prepared_image", prepared)
	for _, b := range h.attr("attached_disk").Blocks() {
		r.attach(h, b.Attr("source"), b, "attached_disk", h.Cond)
	}
	for k, b := range h.attr("scratch_disk").Blocks() {
		v := r.m.AddVolume(fmt.Sprintf("%s.scratch_disk[%d]", h.ID, k), nil, b.At.Span())
		model.Disk(v.Node, model.Or(model.Num(b.Attr("size"), b.At.Span()), 375, "a local SSD's size"), model.Set("local-ssd", b.At.Span()),
			doc.Of(true, doc.Default, b.At.Span()), doc.Of("platform", doc.Default, b.At.Span()), doc.Of(true, doc.Default, b.At.Span()).Because("a local SSD goes with the machine"))
		r.m.Attach(v, h.Instance, b.At.Span(), h.Cond)
	}
}

func keyOf(key *eval.Val, h *host) *doc.Node {
	if key.IsNull() {
		return doc.Of("platform", doc.Default, h.At)
	}
	return model.Set("customer", key.At.Span())
}

func or(vs ...*eval.Val) *eval.Val {
	for _, v := range vs {
		if !v.IsNull() {
			return v
		}
	}
	return nil
}

// attach ties the disk that v names to h; b is what says so.
func (r *reader) attach(h *host, v, b *eval.Val, what, cond string) {
	if b.Kind != eval.Map {
		h.VolumesWhy = b.Reason()
		return
	}
	d := r.m.Named(v, "name", "google_compute_disk", "google_compute_region_disk")
	if d == nil {
		h.VolumesWhy = "an " + what + " is not in this repository"
		return
	}
	vol := r.volume(d)
	r.m.Attach(vol, h.Instance, b.At.Span(), cond)
}

func (r *reader) volume(d *eval.Resource) *model.Volume {
	if v := r.m.VolumeOf(d); v != nil {
		return v
	}
	at := d.At.Span()
	v := r.m.AddVolume(d.Addr, d, at)
	key := doc.Of("platform", doc.Default, at)
	if k := d.Attr("disk_encryption_key"); !k.IsNull() {
		key = model.Set("customer", k.At.Span())
	}
	model.Disk(v.Node, model.Num(d.Attr("size"), at), model.Or(model.Str(d.Attr("type"), at), "pd-standard", "Google Cloud's default"),
		doc.Of(true, doc.Default, at).Because("Google Cloud encrypts disks at rest"), key, doc.Of(false, doc.Default, at).Because("an attached disk outlives the machine"))
	v.Node.Put("prevent_destroy", model.PreventDestroy(d))
	return v
}

func (r *reader) attached() {
	for _, res := range r.m.Config.Of("google_compute_attached_disk") {
		i := r.m.InstanceOf(res.Attr("instance"))
		if i == nil {
			if named := r.m.Named(res.Attr("instance"), "name", "google_compute_instance"); named != nil {
				i = r.m.Owner[named]
			}
		}
		for _, h := range r.hosts {
			if h.Instance == i && i != nil {
				r.attach(h, res.Attr("disk"), res.Body(), "attached disk", res.Cond)
			}
		}
	}
	for _, d := range r.m.Config.Of("google_compute_disk", "google_compute_region_disk") {
		if r.m.Owner[d] == nil {
			r.volume(d) // nothing attaches it, as far as the repository tells
		}
	}
}

// diskIDs are the ids, as "covers" uses them, of the disk that v names: a volume, or a machine for its boot disk, which
// takes the machine's name.
func (r *reader) diskIDs(v *eval.Val) []string {
	if d := r.m.Named(v, "name", "google_compute_disk", "google_compute_region_disk"); d != nil {
		if vol := r.m.VolumeOf(d); vol != nil {
			return []string{vol.ID}
		}
		if i := r.m.Owner[d]; i != nil {
			return []string{i.ID}
		}
		return nil
	}
	if i := r.m.InstanceOf(v); i != nil {
		return []string{i.ID}
	}
	if res := r.m.Named(v, "name", "google_compute_instance", "google_compute_instance_from_template"); res != nil {
		return []string{r.m.Owner[res].ID}
	}
	return nil
}
