package cloudcli

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// amazon are the verbs of aws. Their options are called as CloudFormation's properties are, so that its reader takes them.
func amazon() []verb {
	return []verb{
		{words: "aws ec2 run-instances", machine: true, declare: as("AWS::EC2::Instance"), fill: runInstances},
		{words: "aws ec2 describe-instances", lookup: true},
		{words: "aws ec2 create-security-group", declare: as("AWS::EC2::SecurityGroup"), fill: options()},
		{words: "aws ec2 authorize-security-group-ingress", fill: authorize},
		{words: "aws ec2 allocate-address", declare: as("AWS::EC2::EIP"), fill: options()},
		{words: "aws ec2 associate-address", declare: as("AWS::EC2::EIPAssociation"), fill: options("PublicIp", "EIP")},
		{words: "aws ec2 create-volume", declare: as("AWS::EC2::Volume"), fill: options()},
		{words: "aws ec2 attach-volume", declare: as("AWS::EC2::VolumeAttachment"), fill: options()},
		{words: "aws ec2 create-snapshot", typ: "aws_ebs_snapshot", fill: func(s *script, m *made) { m.give(s, "volume-id=volume_id") }},
		{words: "aws ec2 create-image", typ: "aws_ami_from_instance", fill: func(s *script, m *made) { m.give(s, "instance-id=source_instance_id") }},
		{words: "aws ec2 create-tags", fill: createTags},
		{words: "aws dlm create-lifecycle-policy", declare: as("AWS::DLM::LifecyclePolicy"), fill: options()},
		{words: "aws cloudwatch put-metric-alarm", declare: as("AWS::CloudWatch::Alarm"), fill: options()},
		{words: "aws sns create-topic", declare: as("AWS::SNS::Topic"), fill: options()},
		{words: "aws sns subscribe", declare: as("AWS::SNS::Subscription"), fill: options()},
		{words: "aws route53 change-resource-record-sets", fill: records},
		{words: "aws lightsail create-instances", machine: true, declare: as("AWS::Lightsail::Instance"), fill: lightsail},
		{words: "aws lightsail allocate-static-ip", declare: as("AWS::Lightsail::StaticIp"), fill: options()},
		{words: "aws lightsail attach-static-ip", typ: "aws_lightsail_static_ip_attachment", fill: func(s *script, m *made) {
			m.give(s, "static-ip-name=static_ip_name", "instance-name=instance_name")
		}},
	}
}

// as declares a resource of one of CloudFormation's types.
func as(typ string) func(*script, *made) {
	return func(s *script, m *made) {
		if m.one = cloudformation.Declare(s.c, typ, m.name, m.at, m.cond); m.one != nil {
			m.res = m.one.Res()
		}
	}
}

// lists are the properties that are lists even where one value is given.
var lists = set("SecurityGroupIds SecurityGroups BlockDeviceMappings NetworkInterfaces Dimensions AlarmActions TagSpecifications")

// properties are a command's options as CloudFormation's properties.
func (m *made) properties(s *script) *eval.Val {
	p := eval.MapAt(m.at)
	for _, name := range m.call.order {
		key := camel(strings.TrimPrefix(name, "no-"))
		var vs []*eval.Val
		for _, v := range m.call.opts[name] {
			vs = append(vs, s.deep(s.structure(s.text(s.val(v))), 0))
		}
		switch {
		case len(vs) == 0:
		case strings.HasPrefix(name, "no-") && flags[name]:
			p.Put(key, eval.BoolOf(false, m.at))
		case len(vs) > 1 || lists[key]:
			p.Put(key, eval.ListAt(vs[0].At, flat(vs)...))
		default:
			p.Put(key, vs[0])
		}
	}
	if specs := p.Attr("TagSpecifications"); !specs.IsNull() {
		for _, b := range specs.Blocks() {
			if t, _ := b.Attr("ResourceType").Str(); t != "volume" || m.verb.words == "aws ec2 create-volume" {
				p.Put("Tags", b.Attr("Tags"))
			} else {
				p.Put("VolumeTags", b.Attr("Tags"))
			}
		}
	}
	return p
}

// deep is v with every value in it looked at as words are.
func (s *script) deep(v *eval.Val, depth int) *eval.Val {
	switch {
	case v.IsNull() || depth > 20:
		return v
	case v.Kind == eval.List:
		out := eval.ListAt(v.At)
		for _, it := range v.Items {
			out.Items = append(out.Items, s.deep(it, depth+1))
		}
		return out
	case v.Kind == eval.Map:
		out := eval.MapAt(v.At)
		for _, k := range v.Keys {
			out.Put(k, s.deep(v.Child[k], depth+1))
		}
		return out
	}
	return s.val(v)
}

func flat(vs []*eval.Val) (out []*eval.Val) {
	for _, v := range vs {
		out = append(out, v.List()...)
	}
	return out
}

// camel is "instance-type" as "InstanceType".
func camel(s string) string {
	var b strings.Builder
	for _, w := range strings.Split(s, "-") {
		if w != "" {
			b.WriteString(strings.ToUpper(w[:1]) + w[1:])
		}
	}
	return b.String()
}

// options passes all options on, some under another name.
func options(renames ...string) func(*script, *made) {
	return func(s *script, m *made) {
		p := m.properties(s)
		for i := 0; i+1 < len(renames); i += 2 {
			if v := p.Attr(renames[i]); !v.IsNull() {
				p.Put(renames[i+1], v)
			}
		}
		if m.one != nil {
			m.one.Fill(p)
		}
	}
}

func runInstances(s *script, m *made) {
	p := m.properties(s)
	if v := p.Attr("IamInstanceProfile"); v.Kind == eval.Map {
		if n := v.Attr("Name"); !n.IsNull() {
			p.Put("IamInstanceProfile", n)
		} else {
			p.Put("IamInstanceProfile", v.Attr("Arn"))
		}
	}
	if v := s.text(m.call.opt("user-data")); !v.IsNull() {
		p.Put("UserData", v.Encoded()) // aws encodes it
	}
	if v := p.Attr("Monitoring"); v.Kind == eval.Map {
		p.Put("Monitoring", v.Attr("Enabled"))
	}
	if m.one == nil {
		return
	}
	m.one.Fill(p)
	if n, ok := m.call.opt("count", "max-count").Int(); ok {
		for k := int64(2); k <= n && k <= 20; k++ {
			if more := cloudformation.Declare(s.c, "AWS::EC2::Instance", m.name+"."+strconv.FormatInt(k, 10), m.at, m.cond); more != nil {
				more.Fill(p)
			}
		}
	}
}

// authorize is a rule that is added to a security group, or several.
func authorize(s *script, m *made) {
	p := m.properties(s)
	rule := func(k int, b *eval.Val, cidr *eval.Val, key string) {
		one := cloudformation.Declare(s.c, "AWS::EC2::SecurityGroupIngress", m.name+"."+strconv.Itoa(k), m.at, m.cond)
		if one == nil {
			return
		}
		q := eval.MapAt(m.at)
		for _, name := range []string{"GroupId", "GroupName"} {
			if v := p.Attr(name); !v.IsNull() {
				q.Put(name, v)
			}
		}
		for from, to := range map[string]string{"IpProtocol": "IpProtocol", "Protocol": "IpProtocol", "FromPort": "FromPort", "ToPort": "ToPort"} {
			if v := b.Attr(from); !v.IsNull() {
				q.Put(to, v)
			}
		}
		if port := b.Attr("Port"); !port.IsNull() {
			t := port.TextString()
			from, to := port, port
			if i := strings.IndexByte(t, '-'); i > 0 && port.Kind == eval.String {
				from, to = eval.TextOf(port.T.Slice(0, i)), eval.TextOf(port.T.Slice(i+1, len(t)))
			}
			q.Put("FromPort", from)
			q.Put("ToPort", to)
		}
		if !cidr.IsNull() {
			q.Put(key, cidr)
		}
		one.Fill(q)
	}
	permissions := p.Attr("IpPermissions").Blocks()
	if len(permissions) == 0 {
		rule(0, p, p.Attr("Cidr"), "CidrIp")
	}
	k := 0
	for _, b := range permissions {
		for _, r := range b.Attr("IpRanges").Blocks() {
			rule(k, b, r.Attr("CidrIp"), "CidrIp")
			k++
		}
		for _, r := range b.Attr("Ipv6Ranges").Blocks() {
			rule(k, b, r.Attr("CidrIpv6"), "CidrIpv6")
			k++
		}
		if b.Attr("IpRanges").IsNull() && b.Attr("Ipv6Ranges").IsNull() {
			rule(k, b, nil, "")
			k++
		}
	}
}

func createTags(s *script, m *made) {
	k := 0
	for _, res := range m.call.opts["resources"] {
		for _, tag := range m.call.opts["tags"] {
			t := s.structure(tag)
			if r := s.c.Declare("aws_ec2_tag", m.name+"."+strconv.Itoa(k), m.at); r != nil {
				r.Cond = m.cond
				r.Give("resource_id", s.val(res))
				r.Give("key", t.Attr("Key"))
				r.Give("value", t.Attr("Value"))
			}
			k++
		}
	}
}

func records(s *script, m *made) {
	for k, c := range s.deep(s.structure(s.text(m.call.opt("change-batch"))), 0).Attr("Changes").Blocks() {
		if a, _ := c.Attr("Action").Str(); a == "DELETE" {
			continue
		}
		one := cloudformation.Declare(s.c, "AWS::Route53::RecordSet", m.name+"."+strconv.Itoa(k), m.at, m.cond)
		set := c.Attr("ResourceRecordSet")
		if one == nil || set.Kind != eval.Map {
			continue
		}
		values := eval.ListAt(set.At)
		for _, v := range set.Attr("ResourceRecords").Blocks() {
			values.Items = append(values.Items, s.val(v.Attr("Value")))
		}
		set.Put("ResourceRecords", values)
		one.Fill(set)
	}
}

func lightsail(s *script, m *made) {
	p := m.properties(s)
	if v := m.call.opt("instance-names"); !v.IsNull() {
		p.Put("InstanceName", s.val(v))
	}
	if m.one != nil {
		m.one.Fill(p)
	}
}
