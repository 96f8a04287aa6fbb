package cdk

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// balance ties machines to the load balancers in front of them: groups of targets, and the listeners that give to them.
func (a *app) balance() {
	groups := map[*made]*eval.Resource{}
	for _, m := range a.all() {
		if strings.HasSuffix(m.kind, ".ApplicationTargetGroup") || strings.HasSuffix(m.kind, ".NetworkTargetGroup") || m.kind == ".add_targets" {
			at := a.Place(m.Head)
			if groups[m] = a.beside("AWS::ElasticLoadBalancingV2::TargetGroup", "Targets", eval.MapAt(at), at, m.Maybe); groups[m] == nil {
				continue
			}
			a.targets(groups[m], m.prop("targets"), &m.event)
			if m.kind == ".add_targets" && m.of != nil {
				a.listener(m.of, groups[m])
			}
		}
	}
	for _, e := range a.calls {
		switch e.name {
		case "add_target":
			if g := groups[a.of(e.On)]; g != nil {
				a.targets(g, &python.Value{Kind: python.List, Items: e.Args}, e)
			}
		case "add_listener", "add_target_groups":
			for _, k := range []string{"default_target_groups", "target_groups"} {
				if v := e.prop(k); v != nil && v.Kind == python.List {
					for _, it := range v.Items {
						if g := groups[a.of(it)]; g != nil {
							l := a.of(e.Gives)
							if e.name == "add_target_groups" {
								l = a.of(e.On)
							}
							a.listener(l, g)
						}
					}
				}
			}
		}
	}
}

// targets are the machines of a group of targets.
func (a *app) targets(group *eval.Resource, v *python.Value, e *event) {
	if v == nil || v.Kind != python.List {
		return
	}
	for _, it := range v.Items {
		t := a.of(it)
		if t == nil || !strings.HasPrefix(short(t.kind), "Instance") && short(t.kind) != "AutoScalingGroup" {
			continue
		}
		r := a.C.Declare("aws_lb_target_group_attachment", a.unique(group.Addr+".target", nil), a.Place(e.Head))
		if r == nil {
			return
		}
		r.Cond = e.Maybe
		r.Give("target_group_arn", group.Ref("arn"))
		switch {
		case t.res != nil:
			r.Give("target_id", t.res.Ref("id"))
		case t.arg(0, "instance") != nil:
			r.Give("target_id", a.Val(t.arg(0, "instance")))
		default:
			r.Give("target_id", a.Val(t.prop("instance_id")))
		}
	}
}

// listener is what gives to a group of targets.
func (a *app) listener(l *made, group *eval.Resource) {
	if l == nil {
		return
	}
	at := a.Place(l.Head)
	p := eval.MapAt(at)
	on := eval.NotKnown("the protocol is not known", at)
	switch n, ok := a.Val(l.prop("port")).Int(); {
	case declare.Name(l.prop("protocol")) != "":
		on = eval.Text(declare.Name(l.prop("protocol")), at)
	case l.has("certificates"):
		on = eval.Text("HTTPS", at)
	case ok:
		on = eval.Text(map[bool]string{true: "HTTPS", false: "HTTP"}[n == 443], at)
	}
	p.Put("protocol", on)
	p.Put("default_actions", eval.ListAt(at, eval.MapOf("target_group_arn", group.Ref("arn"))))
	a.beside("AWS::ElasticLoadBalancingV2::Listener", "Listener", p, at, l.Maybe)
}

func (a *app) beside(typ, suffix string, p *eval.Val, at eval.Place, maybe string) *eval.Resource {
	one := cloudformation.Declare(a.C, typ, a.unique(suffix, nil), at, maybe)
	if one == nil {
		return nil
	}
	one.Fill(p)
	return one.Res()
}
