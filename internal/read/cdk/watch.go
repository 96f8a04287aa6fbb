package cdk

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// alarm is cloudwatch.Alarm, or metric.create_alarm().
func alarm(m *made, p *eval.Val) {
	a := m.a
	metric := a.of(m.prop("metric"))
	if m.kind == ".create_alarm" {
		metric = m.of
	}
	m.pass(p, "actions_enabled", "alarm_name")
	if metric != nil {
		metric.pass(p, "namespace", "metric_name")
		for _, k := range []string{"dimensions_map", "dimensions"} {
			if v := metric.prop(k); v != nil {
				p.Put("dimensions", pairsOf(a.Val(v)))
			}
		}
	}
	actions := eval.ListAt(m.res.At)
	for _, e := range m.events {
		if e.name == "add_alarm_action" {
			e.done = true
			for _, v := range e.Args {
				x := a.Val(v)
				if act := a.of(v); act != nil {
					switch short(act.kind) {
					case "SnsAction":
						x = a.topic(act.arg(0, "topic"))
					case "Ec2Action":
						continue // it restarts the machine, and tells nobody
					default:
						x = eval.Text(short(act.kind), a.Place(act.Head))
					}
				}
				if e.Maybe != "" {
					x = eval.NotKnown(e.Maybe, a.Place(e.Head))
				}
				actions.Items = append(actions.Items, x)
			}
		}
	}
	if len(actions.Items) > 0 {
		p.Put("alarm_actions", actions)
	}
}

// pairsOf is a map as a list of names and values.
func pairsOf(v *eval.Val) *eval.Val {
	if v.Kind != eval.Map {
		return v
	}
	out := eval.ListAt(v.At)
	for _, k := range v.Keys {
		d := eval.MapAt(v.At)
		d.Put("Name", eval.Text(k, v.At))
		d.Put("Value", v.Child[k])
		out.Items = append(out.Items, d)
	}
	return out
}

// topic is a topic of the program, or one from elsewhere.
func (a *app) topic(v *python.Value) *eval.Val {
	if m := a.of(v); m != nil {
		if m.res != nil {
			return m.res.Ref("arn")
		}
		if x := a.imported(m, "topic_arn", a.Place(m.Head)); !x.IsUnknown() {
			return x
		}
		return eval.Text("a topic from elsewhere", a.Place(m.Head))
	}
	return a.Val(v)
}

func subscription(m *made, p *eval.Val) {
	p.Put("topic_arn", m.a.topic(m.prop("topic")))
	m.pass(p, "endpoint")
	protocol(m, p, m.prop("protocol"))
}

func protocol(m *made, p *eval.Val, v *python.Value) {
	if n := declare.Name(v); n != "" {
		p.Put("protocol", eval.Text(strings.ReplaceAll(strings.ToLower(n), "_", "-"), m.a.Place(v.At)))
	} else if v != nil {
		p.Put("protocol", m.a.Val(v))
	}
}

// topicSubscription is topic.add_subscription(…).
func topicSubscription(m *made, p *eval.Val) {
	if m.of != nil && m.of.res != nil {
		p.Put("topic_arn", m.of.res.Ref("arn"))
	}
	s := m.a.of(m.arg(0, "topic_subscription"))
	if s == nil {
		return
	}
	at := m.a.Place(s.Head)
	class := short(s.kind)
	p.Put("protocol", eval.Text(strings.ToLower(strings.TrimSuffix(class, "Subscription")), at))
	if class == "EmailSubscription" {
		put(p, "endpoint", m.a.Val(s.arg(0, "email_address")))
	}
}

// recordSet is a record of route53 of a type.
func recordSet(typ string) func(*made, *eval.Val) {
	return func(m *made, p *eval.Val) {
		a := m.a
		at := m.res.At
		if typ != "" {
			p.Put("type", eval.Text(typ, at))
		} else if n := declare.Name(m.prop("record_type")); n != "" {
			p.Put("type", eval.Text(n, at))
		}
		zone := eval.NotKnown("the zone is not known", at)
		if z := a.of(m.prop("zone")); z != nil {
			for _, k := range []string{"zone_name", "domain_name"} {
				if v := z.prop(k); v != nil {
					zone = a.Val(v)
				}
			}
		}
		p.Put("name", recordName(a.Val(m.prop("record_name")), zone, at))
		t := a.of(m.prop("target"))
		switch {
		case m.has("domain_name"):
			p.Put("resource_records", eval.ListAt(at, a.Val(m.prop("domain_name"))))
		case t == nil:
			p.Put("resource_records", eval.NotKnown("where the name points is not known", at))
		case short(t.kind) == "RecordTarget.from_ip_addresses":
			l := eval.ListAt(a.Place(t.Head))
			for _, v := range t.Args {
				l.Items = append(l.Items, a.Val(v))
			}
			p.Put("resource_records", l)
		case short(t.kind) == "RecordTarget.from_values" || short(t.kind) == "RecordTarget":
			l := eval.ListAt(a.Place(t.Head))
			for _, v := range t.Args {
				l.Items = append(l.Items, a.Val(v))
			}
			l.Items = append(l.Items, a.Val(t.prop("values")).List()...)
			p.Put("resource_records", l)
		case short(t.kind) == "RecordTarget.from_alias":
			x := a.of(t.arg(0, "alias_target"))
			if x != nil && strings.Contains(x.kind, "LoadBalancerTarget") {
				p.Put("alias_target", eval.MapOf("dns_name", a.Val(x.arg(0, "load_balancer"))))
			} else {
				p.Put("resource_records", eval.NotKnown("where the name points is not known", a.Place(t.Head)))
			}
		default:
			p.Put("resource_records", eval.NotKnown("where the name points is not known", a.Place(t.Head)))
		}
	}
}

// recordName is the whole name of a record: the CDK adds the zone's where it is not there.
func recordName(record, zone *eval.Val, at eval.Place) *eval.Val {
	z, ok := zone.Str()
	switch s, known := record.Str(); {
	case record.IsNull():
		return zone
	case !known:
		return record
	case strings.HasSuffix(s, "."), ok && (s == z || strings.HasSuffix(s, "."+z)):
		return record
	case !ok:
		return eval.NotKnown(zone.Reason(), at)
	default:
		return eval.Text(s+"."+z, record.At)
	}
}

// tags gives machines and disks the tags that are added to them, or to what they are declared in.
func (a *app) tags() {
	var removed []func()
	for _, e := range a.calls {
		var scope, key, value *python.Value
		switch {
		case (e.name == "add" || e.name == "remove") && a.of(e.On) != nil && a.of(e.On).kind == "Tags.of":
			scope, key, value = a.of(e.On).arg(0, "scope"), e.arg(0, "key"), e.arg(1, "value")
		case kindOf(e.Name) == "Tag.add" || kindOf(e.Name) == "Tags.add":
			scope, key, value = e.arg(0, "scope"), e.arg(1, "key"), e.arg(2, "value")
		case e.name == "add" && a.of(e.On) != nil && a.of(e.On).kind == "Aspects.of":
			if v := a.of(e.arg(0, "aspect")); v != nil && strings.HasPrefix(v.kind, "cdk_nag.") {
				continue
			}
			a.C.NotEvaluated("an aspect may change what is declared, and is not followed", a.Place(e.Head))
			continue
		default:
			continue
		}
		e.done = true
		of, _ := scope.Origin()
		m := a.of(of)
		at := a.Place(e.Head)
		k, ok := key.Str()
		v := a.Val(value)
		if e.has("include_resource_types") || e.has("exclude_resource_types") {
			v = eval.NotKnown("which resources carry the tag is not worked out", at)
		}
		if e.Maybe != "" {
			v = eval.NotKnown(e.Maybe, at)
		}
		for _, o := range a.all() {
			if o.res == nil || o.res.Type != "aws_instance" && o.res.Type != "aws_ebs_volume" && o.res.Type != "aws_efs_file_system" && o.res.Type != "aws_autoscaling_group" {
				continue
			}
			if m != nil && !a.in(o, m) {
				continue
			}
			if m == nil {
				v = eval.NotKnown("what carries the tag is not known", at)
			}
			list := o.res.Attr("tags").List()
			if e.name == "remove" {
				removed = append(removed, func() { o.untag(k, ok, at) })
				continue
			}
			if ok {
				list = append(list, eval.MapOf(k, v))
			} else {
				list = append(list, eval.NotKnown("a tag whose key is not known: "+reasonOf(key), at))
			}
			o.res.Give("tags", eval.ListAt(at, list...))
		}
	}
	for _, f := range removed { // a removal counts for more than what adds, wherever they stand
		f()
	}
}

// untag takes a tag away; what is left of it is not known, as what is nearer to a resource may keep it.
func (m *made) untag(key string, known bool, at eval.Place) {
	list := eval.ListAt(at)
	for _, t := range m.res.Attr("tags").List() {
		for _, k := range t.Keys {
			if !known || k == key {
				t = eval.MapOf(k, eval.NotKnown("the tag is removed again", at))
			}
		}
		list.Items = append(list.Items, t)
	}
	m.res.Give("tags", list)
}

// harmless are methods of machines and groups that change nothing which matters here.
var harmless = set("add_dependency add_metadata add_validation add_signal_on_exit_command apply_cloud_formation_init apply_removal_policy add_egress_rule allow_to_any_ipv4 allow_default_port_to render to_string unique_id select_subnets add_interface_endpoint add_gateway_endpoint add_flow_log")

// strays leaves the lists open where something is done to a machine or group that is not understood.
func (a *app) strays() {
	for _, e := range a.calls {
		if e.done || e.name == "" || e.On == nil || strings.HasSuffix(e.name, " =") && len(e.attrs) > 0 {
			continue
		}
		of, _ := e.On.Origin()
		m := a.of(of)
		if m == nil {
			switch {
			case strings.HasPrefix(e.name, "add_commands") || e.name == "add_user_data":
				a.C.NotEvaluated("commands are added to user data that is not known", a.Place(e.Head))
			case strings.HasSuffix(e.name, "_override"):
				a.C.NotEvaluated("a property is changed of something that is not known ("+e.name+")", a.Place(e.Head))
			}
			continue
		}
		if m.res == nil || m.res.Type != "aws_instance" && m.res.Type != "aws_security_group" && m.res.Type != "aws_autoscaling_group" ||
			harmless[e.name] || strings.HasPrefix(e.name, "grant") || strings.HasPrefix(e.name, "metric") || strings.HasPrefix(e.name, "scale_on") {
			continue
		}
		a.C.NotEvaluated(m.res.Addr+"."+strings.TrimSuffix(e.name, " =")+" is not followed", a.Place(e.Head))
	}
}
