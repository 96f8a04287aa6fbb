package aws

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// named ties the network interfaces that a machine names to it.
func (r *reader) named(h *host) {
	for _, name := range []string{"primary_network_interface", "network_interface", "network_interfaces"} {
		for _, b := range h.attr(name).Blocks() {
			if t, _ := b.Attr("network_interface_id").Target(); t != nil && t.Type == "aws_network_interface" {
				r.m.Owner[t] = h.Instance
			}
		}
	}
}

// interfaces ties network interfaces to the machines that they, or attachments, name.
func (r *reader) interfaces() {
	for _, res := range r.m.Config.Of("aws_network_interface_attachment") {
		if i := r.m.InstanceOf(res.Attr("instance_id")); i != nil {
			if t, _ := res.Attr("network_interface_id").Target(); t != nil {
				r.m.Owner[t] = i
			}
		}
	}
	for _, res := range r.m.Config.Of("aws_network_interface") {
		for _, b := range res.Attr("attachment").Blocks() {
			if i := r.m.InstanceOf(b.Attr("instance")); i != nil {
				r.m.Owner[res] = i
			}
		}
	}
}

// indexGroups collects the security groups of network interfaces by their machine, once.
func (r *reader) indexGroups() {
	r.groups = map[*model.Instance][]*eval.Val{}
	for _, res := range r.m.Config.Of("aws_network_interface") {
		if i := r.m.Owner[res]; i != nil {
			r.groups[i] = append(r.groups[i], res.Attr("security_groups").List()...)
		}
	}
	for _, res := range r.m.Config.Of("aws_network_interface_sg_attachment") {
		if i := r.m.InstanceOf(res.Attr("network_interface_id")); i != nil {
			r.groups[i] = append(r.groups[i], res.Attr("security_group_id"))
		}
	}
}

// addresses joins Elastic IPs and load balancers to machines; a machine without any gets what its subnet gives.
func (r *reader) addresses() {
	static := func(eip *eval.Resource, i *model.Instance, via *eval.Resource) {
		r.m.Address[eip], r.m.Owner[eip] = "static", i
		cond := eip.Cond
		if cond == "" {
			cond = via.Cond
		}
		i.PublicIP("static", doc.Set, eip.Addr, "an Elastic IP stays the same until it is released", headOf(via), cond)
	}
	for _, res := range r.m.Config.Of("aws_eip") {
		r.m.Address[res] = "static"
		for _, attr := range []string{"instance", "network_interface"} {
			if i := r.m.InstanceOf(res.Attr(attr)); i != nil {
				static(res, i, res)
				break
			} else if v := res.Attr(attr); v.Kind == eval.Unknown {
				r.m.Loose("which machine " + res.Addr + " belongs to is not known: " + v.Reason())
			}
		}
	}
	for _, res := range r.m.Config.Of("aws_eip_association") {
		i := r.m.InstanceOf(res.Attr("instance_id"))
		if i == nil {
			i = r.m.InstanceOf(res.Attr("network_interface_id"))
		}
		if i == nil {
			if v := firstSet(res.Attr("instance_id"), res.Attr("network_interface_id")); v != nil && v.Kind == eval.Unknown {
				r.m.Loose("which machine " + res.Addr + " belongs to is not known: " + v.Reason())
			}
			continue
		}
		v := firstSet(res.Attr("allocation_id"), res.Attr("public_ip"))
		if eip := r.m.Named(v, "id", "aws_eip"); eip != nil {
			static(eip, i, res)
		} else {
			i.PublicIP("static", doc.Set, res.Addr, "an Elastic IP from outside this repository", headOf(res), res.Cond)
		}
	}
	for _, res := range r.m.Config.Of("aws_lb", "aws_alb", "aws_elb") {
		r.m.Address[res] = "lb"
	}
	for _, res := range r.m.Config.Of("aws_lb_target_group_attachment", "aws_alb_target_group_attachment") {
		if i := r.m.InstanceOf(res.Attr("target_id")); i != nil {
			i.PublicIP("lb", doc.Set, res.Addr, "a load balancer stands in front", headOf(res), res.Cond)
			if tls := r.endsTLS(r.m.Named(res.Attr("target_group_arn"), "arn", "aws_lb_target_group", "aws_alb_target_group")); tls != nil && res.Cond == "" {
				i.PublicIPs[len(i.PublicIPs)-1].Put("tls", tls)
			}
		}
	}
	for _, h := range r.hosts {
		if v := h.attr("create_eip"); h.module && !v.IsNull() {
			if on, ok := v.Bool(); ok && on {
				h.PublicIP("static", doc.Set, h.ID, "the module creates an Elastic IP", v.At.Span(), "")
			} else if !ok {
				h.UnknownIP(v.Reason(), v.At.Span())
			}
		}
		if len(h.PublicIPs) == 0 && !h.Misplaced() {
			r.ownAddress(h)
		}
	}
}

// endsTLS says that a load balancer ends TLS in front of a target group: a listener for HTTPS gives to it, and none for plain
// HTTP does. nil: none does, or that cannot be told.
func (r *reader) endsTLS(group *eval.Resource) *doc.Node {
	if group == nil {
		return nil
	}
	var tls *doc.Node
	for _, l := range r.m.Config.Of("aws_lb_listener", "aws_alb_listener") {
		gives := false
		for _, a := range l.Attr("default_action").Blocks() {
			for _, link := range r.m.Config.Refs(eval.ListOf(a.Attr("target_group_arn"), a.Attr("forward"), a.Attr("forward_config"))) {
				gives = gives || link.Res == group
			}
		}
		switch protocol, _ := l.Attr("protocol").Str(); {
		case !gives:
		case (protocol == "HTTPS" || protocol == "TLS") && l.Cond == "":
			tls = model.Derived(true, l.Addr+" ends TLS", headOf(l))
		default:
			return nil
		}
	}
	return tls
}

func (r *reader) ownAddress(h *host) {
	v := h.attr("associate_public_ip_address")
	for _, b := range h.attr("network_interfaces").Blocks() {
		v = firstSet(b.Attr("associate_public_ip_address"), v)
	}
	const why = "no Elastic IP is attached; an address that AWS assigns changes at every stop and start"
	on, known := v.Bool()
	switch {
	case known && on:
		h.PublicIP("ephemeral", doc.Set, h.ID, why, v.At.Span(), "")
	case known:
		h.PublicIP("none", doc.Set, h.ID, "associate_public_ip_address is false", v.At.Span(), "")
	case v.IsUnknown():
		h.UnknownIP(v.Reason(), v.At.Span())
	default:
		subnet, _ := h.attr("subnet_id").Target()
		if subnet != nil && subnet.Type == "aws_subnet" && !subnet.Data {
			m := subnet.Attr("map_public_ip_on_launch")
			if on, known := m.Bool(); !known && !m.IsNull() {
				h.UnknownIP(m.Reason(), m.At.Span())
				return
			} else if !on {
				h.PublicIP("none", doc.Derived, h.ID, "its subnet gives no public address (map_public_ip_on_launch)", headOf(subnet), "")
				return
			}
		}
		h.PublicIP("ephemeral", doc.Default, h.ID, why, h.At, "")
	}
}

// ingress collects the rules of all security groups of a machine.
func (r *reader) ingress(h *host) {
	h.Put("ingress_default", doc.Of("deny", doc.Default, h.At).Because("a security group refuses what no rule allows"))
	var groups []*eval.Val
	at := h.At // where the groups are named
	for _, name := range []string{"vpc_security_group_ids", "security_groups", "vpc_security_group_names"} {
		if v := h.attr(name); !v.IsNull() {
			groups, at = append(groups, v.List()...), h.where(name)
		}
	}
	for _, b := range h.attr("network_interfaces").Blocks() {
		groups = append(groups, b.Attr("security_groups").List()...)
	}
	groups = append(groups, r.groups[h.Instance]...)
	egress, seen := "", map[*eval.Resource]bool{}
	if len(groups) == 0 { // the network's own group applies
		switch own := r.m.Config.Of("aws_default_security_group"); {
		case len(own) == 1 && !own[0].Data:
			groups = append(groups, own[0].Ref("id"))
		default:
			h.UnknownRules("no security group is named, so the network's default one applies, whose rules are not in this repository; "+
				"name one that is, or state ingress in an infra.yaml", at)
			egress = "unknown"
		}
	}
	for _, g := range groups {
		if r.m.Full() {
			h.UnknownRules("there are too many rules to list", at)
			egress = "unknown"
			break
		}
		res := r.m.Named(g, "name", "aws_security_group", "aws_default_security_group", "module")
		switch {
		case res == nil:
			why := "a security group that is not in this repository"
			if s, ok := g.Str(); ok {
				why = "the security group " + s + " is not in this repository; declare it, or state ingress in an infra.yaml"
			} else if g.Reason() != "" {
				why = "a security group that is not in this repository: " + g.Reason()
			}
			h.UnknownRules(why, at)
			egress = "unknown"
		case seen[res]:
		case res.Type == "module":
			r.moduleRules(h, res)
			egress = "unknown"
		default:
			if r.groupRules(h, res) == 0 {
				h.UnknownRules(res.Addr+" declares no rules; if they are made elsewhere, state ingress in an infra.yaml", headOf(res))
			}
			if egress != "unknown" && r.egress(res) {
				egress = "open"
			}
			seen[res] = true
		}
	}
	switch {
	case egress == "unknown":
		h.Put("egress_restricted", doc.UnknownOf("the rules of a security group are not in this repository", h.At))
	case egress == "open":
		h.Put("egress_restricted", doc.Of(false, doc.Derived, h.At))
	default:
		h.Put("egress_restricted", model.Derived(true, "Terraform removes the rule that allows all outgoing traffic, and no egress rule is declared", h.At))
	}
}

// indexRules sorts the rules that are resources of their own by their group, once.
func (r *reader) indexRules() {
	r.rules, r.open = map[*eval.Resource][]*eval.Resource{}, map[*eval.Resource]bool{}
	for _, res := range r.m.Config.Of("aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule") {
		group := r.m.Named(res.Attr("security_group_id"), "name", "aws_security_group", "aws_default_security_group")
		way := res.Attr("type")
		t, known := way.Str()
		switch {
		case t == "ingress" || strings.Contains(res.Type, "ingress"):
			r.rules[group] = append(r.rules[group], res)
		case !known && res.Type == "aws_security_group_rule":
			perhaps := *res
			if perhaps.Cond == "" {
				perhaps.Cond = "whether it is for incoming traffic is not known: " + way.Reason()
			}
			r.rules[group] = append(r.rules[group], &perhaps)
		default:
			r.open[group] = true
		}
	}
}

// groupRules adds the rules of one group, inline or their own resources, and counts them.
func (r *reader) groupRules(h *host, group *eval.Resource) (n int) {
	inline := group.Attr("ingress")
	for _, b := range inline.Blocks() {
		n++
		r.rule(h, b, group.Addr, group.Cond)
	}
	if !inline.IsNull() && inline.Kind == eval.List && len(inline.Items) == 0 {
		n++ // ingress = [] says that there are none
	}
	for _, res := range r.rules[group] {
		n++
		r.rule(h, res.Body(), res.Addr, res.Cond)
	}
	return n
}

func (r *reader) rule(h *host, b *eval.Val, via, cond string) {
	at := b.At.Span()
	if b.Kind != eval.Map {
		h.UnknownRules(b.Reason(), at)
		return
	}
	proto := model.Proto(firstSet(b.Attr("protocol"), b.Attr("ip_protocol")), at)
	from, to := model.Num(b.Attr("from_port"), at), model.Num(b.Attr("to_port"), at)
	if p, _ := proto.Str(); p == "any" {
		from, to = model.AllPorts(at)
	} else if p == "icmp" {
		from, to = doc.UnsetAt(at), doc.UnsetAt(at)
	} else if a, ok := from.Int(); ok && a < 0 {
		from, to = model.AllPorts(at)
	}
	var cidrs []*eval.Val
	for _, name := range []string{"cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"} {
		if v := b.Attr(name); !v.IsNull() {
			cidrs = append(cidrs, v)
		}
	}
	lists := firstSet(b.Attr("prefix_list_ids"), b.Attr("prefix_list_id"))
	cidrs = append(cidrs, lists.List()...)
	h.Rule(model.Rule{Proto: proto, From: from, To: to, CIDRs: cidrs, Via: via, At: at, Cond: cond})
}

// egress says whether a group lets anything out.
func (r *reader) egress(group *eval.Resource) bool {
	return r.open[group] || len(group.Attr("egress").Blocks()) > 0
}
