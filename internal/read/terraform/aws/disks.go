package aws

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// disks reads the root disk and those declared inside the instance.
func (r *reader) disks(h *host) {
	root := h.attr("root_block_device")
	block := first(root)
	var extra []*eval.Val
	if h.template != nil && block == nil {
		for _, m := range h.template.Attr("block_device_mappings").Blocks() {
			name, _ := m.Attr("device_name").Str()
			if ebs := first(m.Attr("ebs")); ebs != nil && (name == "/dev/sda1" || name == "/dev/xvda") && block == nil {
				block = ebs
			} else if ebs != nil {
				extra = append(extra, ebs)
			}
		}
	}
	at := h.At
	if block != nil {
		at = block.At.Span()
	}
	disk := doc.NewMap(doc.Set, at)
	h.Put("boot_disk", disk)
	size := model.Num(firstSet(block.Attr("volume_size"), block.Attr("size")), at)
	if size.State == doc.Unset {
		size = doc.UnknownOf("the image decides the size of the root disk; set root_block_device.volume_size", at)
		if h.System == "ubuntu" || h.System == "debian" {
			size = doc.Of(8, doc.Default, at).Because("the size of the official image's root disk")
		}
	}
	r.ebs(disk, block, size, at)
	disk.Put("source_prepared_image", doc.Of(false, doc.Derived, at))
	for _, img := range r.m.Images {
		if of, _ := img.Get("of").Str(); of == h.ID {
			disk.Put("source_prepared_image", model.Derived(true, "the machine starts from an image of one's own", img.At))
		}
	}
	for k, b := range append(h.attr("ebs_block_device").Blocks(), extra...) {
		v := r.m.AddVolume(fmt.Sprintf("%s.ebs_block_device[%d]", h.ID, k), nil, b.At.Span())
		r.ebs(v.Node, b, model.Num(firstSet(b.Attr("volume_size"), b.Attr("size")), b.At.Span()), b.At.Span())
		v.Node.Put("prevent_destroy", model.PreventDestroy(h.Res))
		v.Tags = []*eval.Val{h.Res.Attr("volume_tags"), b.Attr("tags")}
		v.Node.Put("tags", model.Tags(b.At.Span(), v.Tags...))
		r.m.Attach(v, h.Instance, b.At.Span(), h.Cond)
	}
}

// ebs is the common part of EBS disks declared in an instance.
func (r *reader) ebs(to *doc.Node, b *eval.Val, size *doc.Node, at span.Span) {
	enc := model.Bool(b.Attr("encrypted"), at)
	if enc.State == doc.Unset {
		enc = doc.Of(false, doc.Default, at).Because("AWS does not encrypt disks unless told to")
		for _, e := range r.m.Config.Of("aws_ebs_encryption_by_default") {
			if on, ok := e.Attr("enabled").Bool(); !ok || on {
				enc = model.Derived(true, "aws_ebs_encryption_by_default", headOf(e))
			}
		}
	}
	key := doc.Of("none", doc.Derived, at)
	if !b.Attr("kms_key_id").IsNull() {
		key = model.Set("customer", b.Attr("kms_key_id").At.Span())
	} else if enc.Value == true {
		key = doc.Of("platform", doc.Derived, at)
	} else if enc.State == doc.Unknown {
		key = doc.UnknownOf(enc.Why, enc.At)
	}
	typ := model.Or(model.Str(firstSet(b.Attr("volume_type"), b.Attr("type")), at), "gp2", "AWS takes gp2, or the image's type, unless told otherwise")
	del := model.Or(model.Bool(b.Attr("delete_on_termination"), at), true, "AWS deletes this disk together with the instance unless delete_on_termination is false")
	model.Disk(to, size, typ, enc, key, del)
}

func first(v *eval.Val) *eval.Val {
	if b := v.Blocks(); len(b) > 0 {
		return b[0]
	}
	return nil
}

func firstSet(vs ...*eval.Val) *eval.Val {
	for _, v := range vs {
		if !v.IsNull() {
			return v
		}
	}
	return nil
}

// attachments reads volumes of their own and what ties them to machines.
func (r *reader) attachments() {
	for _, res := range r.m.Config.Of("aws_ebs_volume") {
		at := headOf(res)
		v := r.m.AddVolume(res.Addr, res, at)
		enc := doc.NewMap(doc.Set, at)
		r.ebs(enc, res.Body(), model.Num(res.Attr("size"), at), at)
		model.Disk(v.Node, enc.Get("size_gib"), enc.Get("type"), enc.Get("encrypted"), enc.Get("key"),
			doc.Of(false, doc.Default, at).Because("a volume of its own outlives the instance"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(res))
		v.Tags = []*eval.Val{r.defaultTags(res), res.Attr("tags_all"), res.Attr("tags")}
		v.Node.Put("tags", model.Tags(at, v.Tags...))
		r.volumes[res] = v
	}
	for _, res := range r.m.Config.Of("aws_volume_attachment") {
		at := headOf(res)
		host := r.m.InstanceOf(res.Attr("instance_id"))
		vol, _ := res.Attr("volume_id").Target()
		switch v := r.volumes[vol]; {
		case host == nil && v == nil:
		case host == nil:
			v.Node.Put("attached_to", doc.UnknownOf("the instance that "+res.Addr+" names is not in this repository", at))
			if len(r.hosts) > 0 && res.Attr("instance_id").IsUnknown() {
				for _, h := range r.hosts {
					h.VolumesWhy = res.Addr + " attaches a volume to an instance that is not known"
				}
			}
		case v == nil:
			host.VolumesWhy = res.Addr + " attaches a volume that is not in this repository"
		default:
			r.m.Attach(v, host, at, res.Cond)
		}
	}
	for _, res := range r.m.Config.Of("aws_efs_file_system") {
		at := headOf(res)
		v := r.m.AddVolume(res.Addr, res, at)
		model.Disk(v.Node, doc.UnsetAt(at).Because("an EFS file system grows with what is in it"), model.Set("efs", at),
			model.Or(model.Bool(res.Attr("encrypted"), at), false, "AWS does not encrypt file systems unless told to"),
			doc.UnsetAt(at), doc.Of(false, doc.Default, at).Because("a file system outlives the instance"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(res))
		v.Tags = []*eval.Val{r.defaultTags(res), res.Attr("tags")}
		v.Node.Put("tags", model.Tags(at, v.Tags...))
		r.volumes[res] = v
	}
}
