package cloudformation

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// rootDevice says whether a device is the one that official images start from.
func rootDevice(v *eval.Val) bool {
	s, _ := v.Str()
	return s == "/dev/sda1" || s == "/dev/xvda"
}

func instance(t *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"image_id": "ami", "user_data": "user_data_base64", "security_group_ids": "vpc_security_group_ids",
		"block_device_mappings": "", "network_interfaces": "", "volumes": ""})
	disks(r, p.Attr("block_device_mappings"))
	r.res.Give("network_interfaces", interfaces(p.Attr("network_interfaces")))
	r.res.Give("launch_template", templateOf(p.Attr("launch_template")))
	if on, _ := p.Attr("propagate_tags_to_volume_on_creation").Bool(); on {
		r.res.Give("volume_tags", p.Attr("tags"))
	}
	for i, v := range p.Attr("volumes").List() {
		if a := t.beside(r, "aws_volume_attachment", "Volumes."+strconv.Itoa(i), v.At); a != nil {
			a.Give("instance_id", r.res.Ref("id"))
			a.Give("volume_id", v.Attr("volume_id"))
		}
	}
}

// disks are the block devices of an instance: the root's, and others.
func disks(r *resource, v *eval.Val) {
	if v.IsUnknown() {
		r.res.Give("root_block_device", v)
		return
	}
	var others []*eval.Val
	var root, unknown *eval.Val
	for _, m := range v.Blocks() {
		ebs := m.Attr("ebs")
		switch {
		case m.Kind != eval.Map:
			others, unknown = append(others, m), m
		case ebs.IsNull():
		case rootDevice(m.Attr("device_name")):
			root = ebs
		default:
			others = append(others, ebs)
		}
	}
	if root == nil {
		root = unknown // it may be the root's
	}
	r.res.Give("root_block_device", root)
	if len(others) > 0 {
		r.res.Give("ebs_block_device", eval.ListAt(v.At, others...))
	}
}

// interfaces are the network interfaces that an instance names or makes.
func interfaces(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.List {
		return v
	}
	return v.Rename(1, func(k string) (string, bool) {
		if k == "group_set" || k == "groups" {
			k = "security_groups"
		}
		return k, false
	})
}

func templateOf(v *eval.Val) *eval.Val {
	if spec := v.Attr("launch_template_specification"); !spec.IsNull() {
		v = spec
	}
	if v.IsNull() || v.Kind != eval.Map {
		return v
	}
	out := eval.MapAt(v.At)
	for from, to := range map[string]string{"launch_template_id": "id", "launch_template_name": "name"} {
		if n := v.Attr(from); !n.IsNull() {
			out.Put(to, n)
		}
	}
	return out
}

func launchTemplate(_ *template, r *resource, p *eval.Val) {
	r.res.Give("name", p.Attr("launch_template_name"))
	d := p.Attr("launch_template_data")
	if d.IsUnknown() {
		for _, k := range []string{"instance_type", "image_id", "user_data", "key_name", "vpc_security_group_ids"} {
			r.res.Give(k, d)
		}
		return
	}
	if d.Kind != eval.Map {
		return
	}
	r.give(d, map[string]string{"security_group_ids": "vpc_security_group_ids", "network_interfaces": "", "monitoring": ""})
	r.res.Give("network_interfaces", interfaces(d.Attr("network_interfaces")))
	r.res.Give("monitoring", d.Attr("monitoring").Attr("enabled"))
}

func launchConfiguration(_ *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"launch_configuration_name": "name", "block_device_mappings": "", "user_data": "user_data_base64"})
	disks(r, p.Attr("block_device_mappings"))
}

func scalingGroup(_ *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"launch_configuration_name": "launch_configuration", "launch_template": "", "tags": ""})
	r.res.Give("launch_template", templateOf(p.Attr("launch_template")))
	r.res.Give("tags", p.Attr("tags"))
}

func lightsail(t *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"instance_name": "name", "add_ons": "", "hardware": "", "networking": ""})
	for _, a := range p.Attr("add_ons").Blocks() {
		if typ, _ := a.Attr("add_on_type").Str(); typ == "AutoSnapshot" {
			m := eval.MapAt(a.At)
			m.Put("type", a.Attr("add_on_type"))
			if s := a.Attr("status"); !s.IsNull() {
				m.Put("status", s)
			}
			r.res.Give("add_on", m)
		}
	}
	if n := p.Attr("networking"); !n.IsNull() {
		if ports := t.beside(r, "aws_lightsail_instance_public_ports", "Networking", n.At); ports != nil {
			ports.Give("instance_name", r.res.Ref("name"))
			ports.Give("port_info", n.Attr("ports"))
		}
	}
	for i, d := range p.Attr("hardware").Attr("disks").Blocks() {
		n := "Disks." + strconv.Itoa(i)
		disk, tie := t.beside(r, "aws_lightsail_disk", n, d.At), t.beside(r, "aws_lightsail_disk_attachment", n+".Attachment", d.At)
		if disk == nil || tie == nil {
			return
		}
		disk.Give("name", d.Attr("disk_name"))
		disk.Give("size_in_gb", d.Attr("size_in_gb"))
		tie.Give("disk_name", disk.Ref("name"))
		tie.Give("instance_name", r.res.Ref("name"))
	}
}

func staticIP(t *template, r *resource, p *eval.Val) {
	r.res.Give("name", p.Attr("static_ip_name"))
	if to := p.Attr("attached_to"); !to.IsNull() {
		if tie := t.beside(r, "aws_lightsail_static_ip_attachment", "AttachedTo", to.At); tie != nil {
			tie.Give("static_ip_name", r.res.Ref("name"))
			tie.Give("instance_name", to)
		}
	}
}
