package cdk

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// instance is ec2.Instance, with what the CDK adds where nothing is said.
func instance(m *made, p *eval.Val) {
	a := m.a
	m.machine(p)
	put(p, "security_group_ids", eval.ListAt(m.res.At, m.groups()...))
	m.pass(p, "availability_zone", "detailed_monitoring monitoring", "propagate_tags_to_volume_on_creation", "disable_api_termination", "private_ip_address")
	m.address(p)
	if v := m.prop("user_data_causes_replacement"); v != nil {
		a.later = append(a.later, func() { m.res.Give("user_data_replace_on_change", a.Val(v)) })
	}
	if v := m.prop("instance_name"); v != nil {
		p.Put("tags", eval.ListAt(a.Place(v.At), tag("Name", a.Val(v), a.Place(v.At))))
	} else {
		p.Put("tags", eval.ListAt(m.res.At, tag("Name", m.path(), m.res.At))) // the CDK's default
	}
}

// address tells whether the machine gets a public address of its own.
func (m *made) address(p *eval.Val) {
	v := m.prop("associate_public_ip_address")
	if v != nil {
		p.Put("associate_public_ip_address", m.a.Val(v))
		return
	}
	subnet := eval.MapAt(m.res.At)
	subnet.Put("map_public_ip_on_launch", m.public())
	if s := m.beside("AWS::EC2::Subnet", "Subnet", subnet); s != nil {
		p.Put("subnet_id", s.Ref("id"))
	}
}

func bastion(m *made, p *eval.Val) {
	if !m.has("instance_type") {
		p.Put("instance_type", eval.Text("t3.nano", m.res.At).Assume("the CDK's default for a BastionHostLinux"))
	}
	instance(m, p)
}

// machine is what machines and groups of machines are given alike.
func (m *made) machine(p *eval.Val) {
	a := m.a
	if v := m.prop("instance_type"); v != nil {
		p.Put("instance_type", a.instanceType(v))
	}
	if v := m.prop("machine_image"); v != nil {
		p.Put("image_id", m.image(v))
	}
	put(p, "user_data", a.script(m, m.prop("user_data")))
	m.pass(p, "key_name")
	if v := m.prop("key_pair"); v != nil {
		if k := a.of(v); k != nil && k.res == nil {
			p.Put("key_name", a.imported(k, "key_pair_name", a.Place(v.At)))
		} else {
			p.Put("key_name", a.Val(v))
		}
	}
	if v := m.prop("block_devices"); v != nil {
		p.Put("block_device_mappings", a.devices(v))
	}
	if role := m.ownRole(); role != nil {
		p.Put("iam_instance_profile", m.profile(role).Ref("id"))
	} else if v := m.prop("role"); v != nil {
		p.Put("iam_instance_profile", eval.NotKnown("its role is not made here", a.Place(v.At)))
	}
	options := eval.MapAt(m.res.At)
	if v := m.prop("require_imdsv2"); v != nil {
		options.At = a.Place(v.At)
		on, ok := a.Val(v).Bool()
		switch {
		case !ok:
			options.Put("http_tokens", eval.NotKnown(declare.Reason(v), options.At))
		case on:
			options.Put("http_tokens", eval.Text("required", options.At))
		}
	}
	for _, k := range []string{"http_tokens", "http_endpoint"} {
		if v := m.prop(k); v != nil {
			if n := strings.ToLower(declare.Name(v)); n != "" {
				options.Put(k, eval.Text(strings.ReplaceAll(n, "_", "-"), a.Place(v.At)))
			} else {
				options.Put(k, eval.NotKnown(declare.Reason(v), a.Place(v.At)))
			}
		}
	}
	put(options, "http_put_response_hop_limit", a.Val(m.prop("http_put_response_hop_limit")))
	if len(options.Keys) > 0 {
		p.Put("metadata_options", options)
	}
}

func tag(key string, v *eval.Val, at eval.Place) *eval.Val {
	t := eval.MapAt(at)
	t.Put("Key", eval.Text(key, at))
	t.Put("Value", v)
	return t
}

// path is what the CDK calls a construct: the ids of all it is in, from the stack down.
func (m *made) path() *eval.Val {
	var ids []string
	known := true
	m.a.above(m, func(up *made) bool {
		if up.kind == "App" || up.kind == "Stage" {
			return false
		}
		ids = append([]string{up.id()}, ids...)
		known = known && up.id() != ""
		return true
	})
	if !known || len(ids) < 2 {
		return eval.NotKnown(onlyThen+" (the path of the construct)", m.res.At)
	}
	return eval.Text(strings.Join(ids, "/"), m.res.At)
}

// instanceType is an ec2.InstanceType as AWS writes it.
func (a *app) instanceType(v *python.Value) *eval.Val {
	m := a.of(v)
	if m == nil {
		if v.Kind == python.Text {
			return a.Val(v)
		}
		return eval.NotKnown(declare.Reason(v), a.Place(v.At))
	}
	switch m.kind {
	case "aws_ec2.InstanceType":
		return a.Val(m.arg(0, "instance_type_identifier"))
	case "aws_ec2.InstanceType.of":
		at := a.Place(m.Head)
		class, size := m.arg(0, "instance_class"), m.arg(1, "instance_size")
		f, s := family(declare.Name(class)), sizeOf(declare.Name(size))
		if f == "" || s == "" {
			for _, v := range []*python.Value{class, size} {
				if v != nil && v.Reason() != "" {
					return eval.NotKnown(v.Reason(), at)
				}
			}
			return eval.NotKnown("the instance type is not known", at)
		}
		return eval.Text(f+"."+s, at)
	}
	return a.Val(v)
}

// families are the first letters of AWS's families by the CDK's long names, traits the letters behind the number.
var (
	families = map[string]string{"BURSTABLE": "t", "STANDARD": "m", "COMPUTE": "c", "MEMORY": "r"}
	traits   = map[string]string{"AMD": "a", "INTEL": "i", "GRAVITON": "g", "NVME_DRIVE": "d", "HIGH_PERFORMANCE": "n"}
)

// family is an ec2.InstanceClass as AWS writes it: T3A is "t3a", BURSTABLE3_AMD too.
func family(class string) string {
	head, rest, _ := strings.Cut(class, "_")
	word := strings.TrimRight(head, "0123456789")
	number := head[len(word):]
	first := families[word]
	if first == "" {
		if rest != "" || number == "" && !strings.ContainsAny(head, "0123456789") {
			return ""
		}
		return strings.ToLower(class) // a short name
	}
	out := first + number
	for rest != "" {
		found := false
		for _, t := range keys(traits) {
			tail, ok := strings.CutPrefix(rest, t)
			if !ok {
				continue
			}
			tail = strings.TrimLeft(tail, "0123456789")
			if tail == "" || tail[0] == '_' {
				out, rest, found = out+traits[t], strings.TrimPrefix(tail, "_"), true
				break
			}
		}
		if !found {
			return ""
		}
	}
	return out
}

// sizeOf is an ec2.InstanceSize as AWS writes it: XLARGE2 is "2xlarge".
func sizeOf(size string) string {
	s := strings.ToLower(size)
	if n, ok := strings.CutPrefix(s, "xlarge"); ok && n != "" {
		if strings.Trim(n, "0123456789") != "" {
			return ""
		}
		return n + "xlarge"
	}
	if strings.Contains(s, "_") {
		return ""
	}
	return s
}

// devices are ec2.BlockDevice as block device mappings.
func (a *app) devices(v *python.Value) *eval.Val {
	at := a.Place(v.At)
	if v.Kind != python.List {
		return eval.NotKnown("the disks are not known: "+declare.Reason(v), at)
	}
	out := eval.ListAt(at)
	for _, it := range v.Items {
		m := a.of(it)
		if m == nil || !strings.HasSuffix(m.kind, ".BlockDevice") {
			out.Items = append(out.Items, eval.NotKnown("a disk that is not known: "+declare.Reason(it), at))
			continue
		}
		dev := eval.MapAt(a.Place(m.Head))
		m.pass(dev, "device_name")
		if vol := a.of(m.prop("volume")); vol == nil {
			dev.Put("ebs", eval.NotKnown("the disk is not known", dev.At))
		} else if !strings.HasSuffix(vol.kind, ".ephemeral") && !strings.HasSuffix(vol.kind, ".no_device") {
			dev.Put("ebs", a.ebs(vol))
		}
		out.Items = append(out.Items, dev)
	}
	return out
}

func (a *app) ebs(m *made) *eval.Val {
	ebs := eval.MapAt(a.Place(m.Head))
	switch {
	case strings.HasSuffix(m.kind, ".ebs"):
		put(ebs, "volume_size", a.Val(m.arg(0, "volume_size")))
	case strings.HasSuffix(m.kind, ".ebs_from_snapshot"):
		m.pass(ebs, "volume_size")
		put(ebs, "snapshot_id", a.Val(m.arg(0, "snapshot_id")))
	default:
		return eval.NotKnown("the disk is not known", ebs.At)
	}
	m.pass(ebs, "encrypted", "delete_on_termination", "iops")
	m.disk(ebs)
	return ebs
}

// disk is what volumes say alike.
func (m *made) disk(p *eval.Val) {
	if v := m.prop("volume_type"); v != nil {
		if n := strings.ToLower(declare.Name(v)); n != "" {
			long := map[string]string{"general_purpose_ssd": "gp2", "general_purpose_ssd_gp3": "gp3", "provisioned_iops_ssd": "io1", "provisioned_iops_ssd_io2": "io2",
				"throughput_optimized_hdd": "st1", "cold_hdd": "sc1", "magnetic": "standard"}
			if l := long[n]; l != "" {
				n = l
			}
			p.Put("volume_type", eval.Text(n, m.a.Place(v.At)))
		} else {
			p.Put("volume_type", eval.NotKnown(declare.Reason(v), m.a.Place(v.At)))
		}
	}
	for _, k := range []string{"kms_key", "encryption_key"} {
		if v := m.prop(k); v != nil {
			p.Put("kms_key_id", eval.NotKnown(onlyThen, m.a.Place(v.At)))
		}
	}
}

// volume is ec2.Volume.
func volume(m *made, p *eval.Val) {
	m.pass(p, "size", "encrypted", "snapshot_id", "availability_zone")
	m.disk(p)
	if v := m.prop("volume_name"); v != nil {
		p.Put("tags", eval.ListAt(m.a.Place(v.At), tag("Name", m.a.Val(v), m.a.Place(v.At))))
	}
}

func keyPair(m *made, p *eval.Val) {
	m.pass(p, "key_pair_name key_name", "public_key_material public_key_material")
}

// scalingGroup is a group of machines; the reader of AWS knows what a group of one is.
func scalingGroup(m *made, p *eval.Val) {
	a := m.a
	size := m.prop("max_capacity")
	for _, k := range []string{"desired_capacity", "min_capacity"} {
		if size == nil {
			size = m.prop(k)
		}
	}
	if size == nil {
		p.Put("max_size", eval.Text("1", m.res.At).Assume("the CDK's default"))
	} else {
		p.Put("max_size", a.Val(size))
	}
	if v := m.prop("launch_template"); v != nil || m.has("mixed_instances_policy") {
		m.unknown("the machines of %s are made of a launch template, which is not evaluated", m.res.Addr)
		return
	}
	c := eval.MapAt(m.res.At)
	m.machine(c)
	put(c, "security_groups", eval.ListAt(m.res.At, m.groups()...))
	if v := m.prop("associate_public_ip_address"); v != nil {
		c.Put("associate_public_ip_address", a.Val(v))
	} else {
		c.Put("associate_public_ip_address", m.public())
	}
	if lc := m.beside("AWS::AutoScaling::LaunchConfiguration", "LaunchConfig", c); lc != nil {
		p.Put("launch_configuration_name", lc.Ref("name"))
	}
}

func fileSystem(m *made, p *eval.Val) {
	m.pass(p, "encrypted", "file_system_name")
	if !m.has("encrypted") {
		p.Put("encrypted", eval.BoolOf(true, m.res.At).Assume("the CDK's default"))
	}
	if v := m.prop("enable_automatic_backups"); v != nil {
		status := eval.NotKnown(declare.Reason(v), m.a.Place(v.At))
		if on, ok := m.a.Val(v).Bool(); ok {
			status = eval.Text(map[bool]string{true: "ENABLED", false: "DISABLED"}[on], m.a.Place(v.At))
		}
		p.Put("backup_policy", eval.MapOf("status", status))
	}
}
