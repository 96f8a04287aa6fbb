package cdk

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// services are the modules of the CDK whose names CloudFormation writes in another way than by one capital.
var services = map[string]string{
	"ec2": "EC2", "dlm": "DLM", "backup": "Backup", "cloudwatch": "CloudWatch", "sns": "SNS", "route53": "Route53", "iam": "IAM", "ssm": "SSM", "efs": "EFS",
	"elasticloadbalancingv2": "ElasticLoadBalancingV2", "lightsail": "Lightsail", "autoscaling": "AutoScaling",
}

// level1 is the type of a construct that is a resource of CloudFormation by itself: ec2.CfnInstance.
func level1(m *made) string {
	if m.kind == "CfnResource" {
		s, _ := m.prop("type").Str()
		if s == "" {
			m.unknown("a CfnResource whose type is not known")
		}
		return s
	}
	if m.kind == "CfnStack" {
		return "AWS::CloudFormation::Stack"
	}
	module, class, _ := strings.Cut(strings.TrimPrefix(m.kind, "aws_"), ".")
	class, ok := strings.CutPrefix(class, "Cfn")
	if !ok || !strings.HasPrefix(m.kind, "aws_") || strings.Contains(class, ".") {
		return ""
	}
	service := services[module]
	if service == "" {
		service = strings.ToUpper(module[:min(1, len(module))]) + module[min(1, len(module)):]
	}
	return "AWS::" + service + "::" + class
}

// pairs are properties that are lists of pairs of a key and a value, whose names CloudFormation's reader wants as they are there.
var pairs = set("tags target_tags dimensions file_system_tags")

func levelOne(m *made, p *eval.Val) {
	if m.kind == "CfnResource" {
		if v := m.a.Val(m.prop("properties")); v.Kind == eval.Map {
			for _, k := range v.Keys {
				p.Put(k, v.Child[k])
			}
		} else if !v.IsNull() {
			m.unknown("the properties of %s are not known: %s", m.res.Addr, v.Reason())
		}
		return
	}
	for _, k := range keys(m.Named) {
		if k == "scope" || k == "id" {
			continue
		}
		v := m.a.Val(m.Named[k])
		if pairs[k] {
			v = capital(v)
		}
		put(p, k, nested(v, 0))
	}
}

// nested writes pairs in structures with the names that they have in templates.
func nested(v *eval.Val, depth int) *eval.Val {
	switch {
	case depth > maxDepth:
	case v.Kind == eval.List:
		out := eval.ListAt(v.At)
		for _, it := range v.Items {
			out.Items = append(out.Items, nested(it, depth+1))
		}
		return out
	case v.Kind == eval.Map && v.Child != nil:
		out := eval.MapAt(v.At)
		for _, k := range v.Keys {
			c := v.Child[k]
			if pairs[k] {
				c = capital(c)
			}
			out.Put(k, nested(c, depth+1))
		}
		return out
	}
	return v
}

// capital writes [{key, value}] as [{Key, Value}].
func capital(v *eval.Val) *eval.Val {
	if v.Kind != eval.List {
		return v
	}
	return v.Rename(1, func(k string) (string, bool) {
		if k != "" {
			k = strings.ToUpper(k[:1]) + k[1:]
		}
		return k, false
	})
}

// overrides are changes of a resource after it was made: assignments to its attributes, and the escape hatches that reach
// below a construct.
func (m *made) overrides(p *eval.Val) {
	for _, e := range m.events {
		if e.name == "condition =" && len(e.attrs) > 0 && e.attrs[len(e.attrs)-1] == "cfn_options" {
			m.res.Cond = "it is made only under a condition of the stack"
			continue
		}
		below := len(e.attrs) == 0 || e.attrs[0] == "instance" || len(e.attrs) == 2 && e.attrs[0] == "node" && e.attrs[1] == "default_child"
		if !below {
			continue
		}
		key, v := "", (*eval.Val)(nil)
		switch {
		case strings.HasSuffix(e.name, " ="):
			key, v = strings.TrimSuffix(e.name, " ="), m.a.Val(e.Args[0])
		case e.name == "add_property_override" || e.name == "add_override":
			s, ok := e.arg(0, map[string]string{"add_override": "path", "add_property_override": "property_path"}[e.name]).Str()
			s, _ = strings.CutPrefix(s, "Properties.")
			if !ok {
				m.unknown("a property of %s is changed whose name is not known", m.res.Addr)
				e.done = true
				continue
			}
			key, v = s, m.a.Val(e.arg(1, "value"))
		case e.name == "add_property_deletion_override" || e.name == "add_deletion_override":
			key, _ = e.arg(0, "property_path").Str()
			v = eval.NotKnown("it is removed from the template", m.a.Place(e.Head))
		default:
			continue
		}
		e.done = true
		if e.Maybe != "" {
			v = eval.NotKnown(e.Maybe, m.a.Place(e.Head))
		} else if v.IsNull() {
			v = eval.NotKnown("it is taken away here", m.a.Place(e.Head))
		}
		override(p, key, v)
	}
}

// override sets a property by its path, "BlockDeviceMappings.0.Ebs.VolumeSize"; what it changes a part of is not known as a whole.
func override(p *eval.Val, key string, v *eval.Val) {
	head, rest, deep := strings.Cut(key, ".")
	name := head
	for _, k := range p.Keys { // as it is written there already
		if strings.EqualFold(strings.ReplaceAll(k, "_", ""), strings.ReplaceAll(head, "_", "")) {
			name = k
		}
	}
	switch {
	case !deep:
		put(p, name, v)
	case p.Child[name] != nil && p.Child[name].Kind == eval.Map:
		override(p.Child[name], rest, v)
	case p.Child[name] == nil && !strings.ContainsAny(rest, "0123456789"):
		c := eval.MapAt(v.At)
		override(c, rest, v)
		p.Put(name, c)
	default:
		p.Put(name, eval.NotKnown("a part of it is changed below the construct ("+key+")", v.At))
	}
}
