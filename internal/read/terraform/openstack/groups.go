package openstack

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

var groupTypes = []string{"openstack_networking_secgroup_v2", "openstack_compute_secgroup_v2"}

// ingress collects the rules of the security groups of a machine and of its ports. The machine's own list counts only
// for the ports that OpenStack makes for it.
func (r *Reader) ingress(h *host) {
	h.Put("ingress_default", doc.Of("deny", doc.Default, h.At).Because("a security group refuses what no rule allows"))
	nets := h.Res.Attr("network").Blocks()
	made := len(nets) == 0
	for _, n := range nets {
		made = made || n.Attr("port").IsNull()
	}
	seen := map[*eval.Resource]bool{}
	if made {
		r.groups(h, h.Res.Attr("security_groups"), h.At, seen)
	}
	for _, n := range nets {
		if v := n.Attr("port"); !v.IsNull() && r.m.Named(v, "id", "openstack_networking_port_v2") == nil {
			h.UnknownRules("its port is not in this repository: "+v.Reason(), v.At.Span())
		}
	}
	for _, p := range h.ports {
		off, _ := p.Attr("no_security_groups").Bool()
		secured, known := p.Attr("port_security_enabled").Bool()
		if off || known && !secured {
			h.Put("ingress_default", model.Derived("allow", "the port "+p.Addr+" has no security groups", p.At.Span()))
			continue
		}
		ids := p.Attr("security_group_ids")
		for _, a := range r.m.Config.Of("openstack_networking_port_secgroup_associate_v2") {
			if r.m.Named(a.Attr("port_id"), "id", "openstack_networking_port_v2") == p {
				ids = eval.ListOf(append(ids.List(), a.Attr("security_group_ids").List()...)...)
			}
		}
		r.groups(h, ids, p.At.Span(), seen)
	}
}

// groups adds the rules of the groups that v lists by name or id; none means the project's default group.
func (r *Reader) groups(h *host, v *eval.Val, at span.Span, seen map[*eval.Resource]bool) {
	list := v.List()
	if len(list) == 0 {
		r.defaultGroup(h, at)
	}
	for _, g := range list {
		where := at
		if !g.At.IsZero() {
			where = g.At.Span()
		}
		res := r.m.Named(g, "name", groupTypes...)
		if t, _ := g.Target(); res == nil && t != nil && t.Data && !t.Attr("name").IsNull() {
			g = t.Attr("name")
			res = r.m.Named(g, "name", groupTypes...)
		}
		name, known := g.Str()
		switch {
		case res == nil && known && name == "default":
			r.defaultGroup(h, where)
		case res == nil && known:
			h.UnknownRules("the security group "+name+" is not in this repository; declare it, or state ingress in an infra.yaml", where)
		case res == nil:
			h.UnknownRules("a security group that is not in this repository: "+g.Reason(), where)
		case !seen[res]:
			seen[res] = true
			r.group(h, res)
		}
	}
}

// defaultGroup is the group that every project has. Its rules are the cloud's, and people change them.
func (r *Reader) defaultGroup(h *host, at span.Span) {
	switch h.Provider {
	case "ovh":
		from, to := model.AllPorts(at)
		h.Rule(model.Rule{Proto: doc.Of("any", doc.Default, at).Because("OVHcloud's default security group lets everything in"), From: from, To: to,
			World: true, Via: "the default security group", At: at})
	case "jetstream2":
		from, to := model.AllPorts(at)
		h.Rule(model.Rule{Proto: doc.Of("any", doc.Default, at).Because("the default security group lets its own members in"), From: from, To: to,
			Internal: true, Via: "the default security group", At: at})
	default:
		h.UnknownRules("the rules of the project's default security group are not in this repository; name a declared group instead, or state ingress in an infra.yaml", at)
	}
}

func (r *Reader) group(h *host, g *eval.Resource) {
	n := 0
	for _, b := range g.Attr("rule").Blocks() { // openstack_compute_secgroup_v2
		n++
		at := b.At.Span()
		if b.Kind != eval.Map {
			h.UnknownRules(b.Reason(), at)
			continue
		}
		proto := model.Proto(b.Attr("ip_protocol"), at)
		from, to := model.Num(b.Attr("from_port"), at), model.Num(b.Attr("to_port"), at)
		if a, ok := from.Int(); ok && a < 0 {
			from, to = model.AllPorts(at)
		}
		r.add(h, proto, from, to, b.Attr("cidr"), model.First(b.Attr("from_group_id"), b.Attr("self")), model.Rule{Via: g.Addr, At: at, Cond: g.Cond})
	}
	for _, res := range r.rules[g] {
		n++
		at := res.At.Span()
		switch d, ok := res.Attr("direction").Str(); {
		case !ok:
			h.UnknownRules("a rule whose direction is not known", at)
			continue
		case !strings.EqualFold(d, "ingress"):
			continue
		}
		proto := doc.Of("any", doc.Default, at).Because("no protocol is named")
		if v := res.Attr("protocol"); !v.IsNull() {
			proto = model.Proto(v, at, "0")
		}
		from, to := model.Num(res.Attr("port_range_min"), at), model.Num(res.Attr("port_range_max"), at)
		if from.State == doc.Unset && to.State == doc.Unset {
			from, to = model.AllPorts(at)
		}
		r.add(h, proto, from, to, res.Attr("remote_ip_prefix"), model.First(res.Attr("remote_group_id"), res.Attr("remote_address_group_id")),
			model.Rule{Via: res.Addr, At: at, Cond: res.Cond})
	}
	if n == 0 {
		h.UnknownRules(g.Addr+" declares no rules; if they are made elsewhere, state ingress in an infra.yaml", g.At.Span())
	}
}

// add completes a rule: without a range and without a group as its source it holds for everybody.
func (r *Reader) add(h *host, proto, from, to *doc.Node, cidr, group *eval.Val, rule model.Rule) {
	rule.Proto = proto
	rule.From, rule.To = model.Portless(proto, from, to)
	if !cidr.IsNull() {
		rule.CIDRs = []*eval.Val{cidr}
	}
	rule.World = group.IsNull()
	h.Rule(rule)
}
