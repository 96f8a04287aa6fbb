package clouds

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// amazon are the modules of amazon.aws and community.aws.
func amazon(name string) (k kind, ok bool) {
	switch name {
	case "ec2_instance", "ec2":
		return kind{typ: "AWS::EC2::Instance", fill: instance}, true
	case "ec2_security_group", "ec2_group":
		return kind{typ: "AWS::EC2::SecurityGroup", fill: group}, true
	case "ec2_eip":
		return kind{typ: "AWS::EC2::EIP", fill: elasticIP, with: "public_ip", typ2: "AWS::EC2::EIPAssociation"}, true
	case "ec2_vol":
		return kind{typ: "AWS::EC2::Volume", fill: volume, with: "id", typ2: "AWS::EC2::VolumeAttachment"}, true
	case "ec2_snapshot":
		return kind{typ: "aws_ebs_snapshot", fill: func(p *play, t *thing) { t.give("volume_id") }}, true
	case "ec2_ami":
		return kind{typ: "aws_ami_from_instance", fill: func(p *play, t *thing) { t.give("instance_id=source_instance_id") }}, true
	case "ec2_metric_alarm", "cloudwatch_metric_alarm":
		return kind{typ: "AWS::CloudWatch::Alarm", fill: func(p *play, t *thing) {
			t.one.Fill(t.properties("metric", "metric_name"))
		}}, true
	case "sns_topic":
		return kind{typ: "aws_sns_topic", fill: func(p *play, t *thing) {
			for i, s := range t.arg("subscriptions").Blocks() {
				if r := p.add(t, "aws_sns_topic_subscription", "."+strconv.Itoa(i)); r != nil {
					r.Give("topic_arn", t.res.Ref("arn"))
					r.Give("protocol", s.Attr("protocol"))
					r.Give("endpoint", s.Attr("endpoint"))
				}
			}
		}}, true
	case "route53":
		return kind{typ: "aws_route53_record", fill: func(p *play, t *thing) {
			t.give("record=name", "type", "zone=zone_id")
			t.res.Give("records", eval.ListAt(t.at, all(t.arg("value"))...))
		}}, true
	case "lightsail":
		return kind{typ: "AWS::Lightsail::Instance", fill: func(p *play, t *thing) {
			t.one.Fill(t.properties("name", "instance_name"))
		}}, true
	}
	return k, false
}

// properties are the arguments, some under another name.
func (t *thing) properties(renames ...string) *eval.Val {
	return blocks(t.args, renames...).Items[0]
}

func instance(p *play, t *thing) {
	q := eval.MapAt(t.at)
	put := func(to string, v *eval.Val) {
		if !v.IsNull() {
			q.Put(to, v)
		}
	}
	image := t.arg("image_id", "image")
	if image != nil && image.Kind == eval.Map {
		image = image.Attr("id")
	}
	put("image_id", image)
	for _, to := range []string{"instance_type", "monitoring", "tags", "metadata_options", "launch_template"} {
		put(to, t.arg(to))
	}
	put("monitoring", t.arg("detailed_monitoring", "monitoring"))
	put("tags", t.arg("tags", "instance_tags"))
	if n := t.arg("name"); n != nil { // it is the tag Name
		tags := eval.MapAt(n.At)
		if have := t.arg("tags"); have != nil && have.Kind == eval.Map {
			for _, k := range have.Keys {
				tags.Put(k, have.Child[k])
			}
		}
		if have := t.arg("tags"); have == nil || have.Kind == eval.Map {
			tags.Put("Name", n)
			q.Put("tags", tags)
		}
	}
	put("key_name", t.arg("key_name", "keypair"))
	put("user_data", t.arg("user_data").Encoded()) // the module encodes it
	put("iam_instance_profile", t.arg("iam_instance_profile", "instance_role", "instance_profile_name"))
	put("disable_api_termination", t.arg("termination_protection"))
	put("subnet_id", t.arg("vpc_subnet_id", "subnet_id"))
	put("security_group_ids", p.groups(t))
	if v := t.arg("spot_price"); v != nil {
		put("instance_market_options", eval.MapOf("market_type", eval.Text("spot", v.At)))
	}
	net := t.arg("network")
	put("associate_public_ip_address", first(t.arg("assign_public_ip"), net.Attr("assign_public_ip")))
	if v := t.arg("volumes"); v != nil {
		put("block_device_mappings", devices(v))
	}
	t.one.Fill(q)
	if v := t.arg("launch_template"); v != nil {
		p.c.NotEvaluated("the launch template of "+t.name+" is not evaluated", v.At)
	}
}

func first(vs ...*eval.Val) *eval.Val {
	for _, v := range vs {
		if !v.IsNull() {
			return v
		}
	}
	return nil
}

// groups are the security groups of an instance: by name, or by what other tasks made.
func (p *play) groups(t *thing) *eval.Val {
	var out []*eval.Val
	at := t.at
	network := t.arg("network")
	for _, v := range []*eval.Val{t.arg("security_groups"), t.arg("security_group"), t.arg("group"), t.arg("group_id"), network.Attr("groups")} {
		if v != nil && !v.IsNull() {
			at = v.At
			out = append(out, p.namedAll("aws_security_group", v).List()...)
		}
	}
	if out == nil {
		return nil
	}
	return eval.ListAt(at, out...)
}

// devices are volumes as block devices: newer modules have the disk below "ebs", older ones beside its device.
func devices(v *eval.Val) *eval.Val {
	if v.Kind != eval.List {
		return v
	}
	out := eval.ListAt(v.At)
	for _, b := range v.Items {
		if b.Kind != eval.Map || !b.Attr("ebs").IsNull() {
			out.Items = append(out.Items, b)
			continue
		}
		m := eval.MapAt(b.At)
		m.Put("device_name", b.Attr("device_name"))
		m.Put("ebs", b)
		out.Items = append(out.Items, m)
	}
	return out
}

// group is a security group with its rules; without rules_egress it keeps AWS's own, which lets everything out.
func group(p *play, t *thing) {
	q := eval.MapAt(t.at)
	for from, to := range map[string]string{"name": "group_name", "tags": "tags"} {
		if v := t.arg(from); v != nil {
			q.Put(to, v)
		}
	}
	if v := t.arg("rules"); v != nil {
		rules := ingress(p, v)
		if keep, ok := t.arg("purge_rules").Bool(); ok && !keep && rules.Kind == eval.List {
			rules.Items = append(rules.Items, eval.NotKnown("purge_rules is false, so rules from elsewhere stay", v.At))
		}
		q.Put("security_group_ingress", rules)
	}
	if v := t.arg("rules_egress"); v != nil {
		q.Put("security_group_egress", ingress(p, v))
	}
	t.one.Fill(q)
}

// ingress are rules, one for each range of ports and each source.
func ingress(p *play, v *eval.Val) *eval.Val {
	if v.Kind != eval.List {
		return v
	}
	out := eval.ListAt(v.At)
	for _, b := range v.Items {
		if b.Kind != eval.Map {
			out.Items = append(out.Items, b)
			continue
		}
		proto := first(b.Attr("proto"), eval.Text("tcp", b.At))
		if s, _ := proto.Str(); s == "all" {
			proto = eval.Text("-1", proto.At)
		}
		type source struct {
			key string
			v   *eval.Val
		}
		var sources []source
		for _, k := range [][2]string{{"cidr_ip", "cidr_ip"}, {"cidr_ipv6", "cidr_ipv6"}, {"ip_prefix", "source_prefix_list_id"}, {"group_id", "source_security_group_id"},
			{"group_name", "source_security_group_id"}} {
			for _, s := range all(b.Attr(k[0])) {
				sources = append(sources, source{k[1], s})
			}
		}
		if len(sources) == 0 {
			sources = []source{{"cidr_ip", eval.NotKnown("the rule names no source", b.At)}}
		}
		for _, ports := range portsOf(b) {
			for _, s := range sources {
				m := eval.MapAt(b.At)
				m.Put("ip_protocol", proto)
				m.Put("from_port", ports[0])
				m.Put("to_port", ports[1])
				if s.key == "source_security_group_id" {
					s.v = p.named("aws_security_group", s.v)
				}
				m.Put(s.key, s.v)
				out.Items = append(out.Items, m)
			}
		}
	}
	return out
}

// portsOf are the ranges of a rule: "ports" is a list of numbers and ranges.
func portsOf(b *eval.Val) [][2]*eval.Val {
	list := all(b.Attr("ports"))
	if len(list) == 0 {
		from, to := b.Attr("from_port"), b.Attr("to_port")
		if from.IsNull() {
			from, to = eval.Text("-1", b.At), eval.Text("-1", b.At)
		}
		return [][2]*eval.Val{{from, first(to, from)}}
	}
	var out [][2]*eval.Val
	for _, v := range list {
		from, to := v, v
		if s := v.TextString(); v.Kind == eval.String && strings.LastIndexByte(s, '-') > 0 && !v.IsUnknown() {
			k := strings.LastIndexByte(s, '-')
			from, to = eval.Text(strings.TrimSpace(s[:k]), v.At), eval.Text(strings.TrimSpace(s[k+1:]), v.At)
		}
		out = append(out, [2]*eval.Val{from, to})
	}
	return out
}

func elasticIP(p *play, t *thing) {
	q := eval.MapAt(t.at)
	if v := t.arg("device_id", "instance_id"); v != nil {
		q.Put("instance_id", v)
	}
	if v := t.arg("public_ip"); v != nil {
		q.Put("eip", v)
	}
	t.one.Fill(q)
}

func volume(p *play, t *thing) {
	to := t.arg("instance")
	if id := t.arg("id"); id != nil { // one that is there
		q := eval.MapAt(t.at)
		q.Put("volume_id", id)
		if to != nil {
			q.Put("instance_id", to)
		}
		t.one.Fill(q)
		return
	}
	t.one.Fill(t.properties("volume_size", "size"))
	if to != nil {
		p.tie(t, "aws_volume_attachment", ".attachment", "volume_id", t.res.Ref("id"), "instance_id", to)
	}
}
