package linode

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (r *Reader) addresses() {
	const reserved = "a reserved address stays when the machine is replaced"
	ips := []string{"linode_networking_ip", "linode_reserved_ip"}
	for _, ip := range r.m.Config.Of(ips...) {
		if on, _ := ip.Attr("reserved").Bool(); on || ip.Type == "linode_reserved_ip" {
			r.m.Address[ip] = "static"
			r.m.PinTo(ip, ip, reserved, ip.Attr("linode_id"))
		}
	}
	for _, a := range r.m.Config.Of("linode_networking_ip_assignment", "linode_networking_assign_ip") {
		for _, b := range append(a.Attr("assignments").Blocks(), a.Attr("assignment").Blocks()...) {
			if ip := r.m.Named(b.Attr("address"), "address", ips...); ip != nil && r.m.Address[ip] == "static" {
				r.m.PinTo(ip, a, reserved, b.Attr("linode_id"))
			}
		}
	}
	for _, i := range r.instances {
		for _, v := range i.Res.Attr("ipv4").List() {
			if ip := r.m.Named(v, "address", ips...); ip != nil && r.m.Address[ip] == "static" && r.m.Owner[ip] == nil {
				r.m.Pin(ip, i, i.Res, reserved)
			}
		}
	}
	for _, lb := range r.m.Config.Of("linode_nodebalancer") {
		r.m.Address[lb] = "lb"
	}
	for _, n := range r.m.Config.Of("linode_nodebalancer_node") {
		r.m.Behind(n, n.Attr("address"))
	}
	for _, i := range r.instances {
		i.OwnIP("lifetime", "a machine's own address is lost when the machine is replaced; no reserved address is tied to it")
	}
}

func (r *Reader) firewall(i *model.Instance) {
	open := "a machine without a linode_firewall is open on every port"
	if s := r.m.Config.Of("linode_firewall_settings"); len(s) > 0 {
		i.UnknownRules("the account's default firewalls ("+s[0].Addr+") may protect it", s[0].At.Span())
	}
	i.Firewalls(r.m.Config.Of("linode_firewall"), open,
		func(fw *eval.Resource) (bool, string) { return r.protects(fw, i) },
		func(fw *eval.Resource) { r.rules(fw, i) })
	if v := i.Res.Attr("firewall_id"); !v.IsNull() && r.m.Named(v, "id", "linode_firewall") == nil {
		why := "its firewall is not in this repository: " + v.Reason()
		i.UnknownRules(why, v.At.Span())
		i.Put("ingress_default", doc.UnknownOf(why, v.At.Span()))
	}
}

func (r *Reader) protects(fw *eval.Resource, i *model.Instance) (bool, string) {
	off := fw.Attr("disabled")
	if on, ok := off.Bool(); ok && on {
		return false, ""
	} else if off.IsUnknown() {
		return false, off.Reason()
	}
	if r.m.Named(i.Res.Attr("firewall_id"), "id", "linode_firewall") == fw {
		return true, ""
	}
	yes, why := r.m.Lists(fw.Attr("linodes"), i)
	if yes {
		return true, ""
	}
	for _, d := range r.m.Config.Of("linode_firewall_device") {
		if r.m.Named(d.Attr("firewall_id"), "id", "linode_firewall") == fw {
			yes, w := r.m.Lists(d.Attr("entity_id"), i)
			if yes {
				return true, ""
			}
			if w != "" {
				why = w
			}
		}
	}
	return false, why
}

// rules are tried in their order; what none names falls to inbound_policy.
func (r *Reader) rules(fw *eval.Resource, i *model.Instance) {
	for _, b := range fw.Attr("inbound").Blocks() {
		at := b.At.Span()
		if b.Kind != eval.Map {
			i.UnknownRules(b.Reason(), at)
			continue
		}
		action, ok := b.Attr("action").Str()
		if !ok {
			i.UnknownRules("a rule whose action is not known", at)
			continue
		}
		var cidrs []*eval.Val
		for _, name := range []string{"ipv4", "ipv6"} {
			if v := b.Attr(name); !v.IsNull() {
				cidrs = append(cidrs, v)
			}
		}
		proto := model.Proto(b.Attr("protocol"), at)
		for _, ports := range splitPorts(b.Attr("ports")) {
			from, to := model.Ports(ports, at)
			from, to = model.Portless(proto, from, to)
			i.Rule(model.Rule{Proto: proto, From: from, To: to, CIDRs: cidrs, World: true, Deny: strings.EqualFold(action, "DROP"),
				Via: fw.Addr, At: at, Cond: fw.Cond})
		}
	}
	i.Put("ingress_default", model.Doubt(policy(fw.Attr("inbound_policy"), fw.At.Span()), fw.Cond))
}

// splitPorts are the parts of "22, 80, 8000-8010"; one null part stands for every port.
func splitPorts(v *eval.Val) []*eval.Val {
	if v.IsNull() || v.IsUnknown() {
		return []*eval.Val{v}
	}
	return v.SplitCommas().List()
}

func policy(v *eval.Val, at span.Span) *doc.Node {
	s, ok := v.Str()
	switch {
	case v.IsNull():
		return doc.UnknownOf("the firewall does not say what happens to the rest; set inbound_policy", at)
	case !ok:
		return doc.UnknownOf(v.Reason(), v.At.Span())
	case strings.EqualFold(s, "ACCEPT"):
		return model.Set("allow", v.At.Span())
	}
	return model.Set("deny", v.At.Span())
}

// alerts reads the instance's own thresholds, which are mailed to the account's users, and alert definitions.
func (r *Reader) alerts() {
	for _, i := range r.instances {
		for _, b := range i.Res.Attr("alerts").Blocks() {
			if b.Kind != eval.Map {
				i.Monitoring = append(i.Monitoring, doc.UnknownOf(b.Reason(), b.At.Span()))
				continue
			}
			for _, k := range b.Keys {
				v := b.Child[k]
				n, ok := v.Num()
				at := v.At.Span()
				switch {
				case !ok:
					i.Monitoring = append(i.Monitoring, doc.UnknownOf(v.Reason(), at))
				case n > 0:
					i.Watch("alert", k, model.Derived(true, "Linode mails the account's users", at), i.ID, at)
				}
			}
		}
	}
	for _, res := range r.m.Config.Of("linode_monitor_alert_definition") {
		at := res.At.Span()
		if t, ok := res.Attr("service_type").Str(); ok && t != "linode" {
			continue
		}
		notify := doc.Of(len(res.Attr("channel_ids").List()) > 0, doc.Derived, at)
		signal := "cpu"
		for _, rule := range res.Body().Block("rule_criteria").Attr("rules").Blocks() {
			if s, ok := rule.Attr("metric").Str(); ok {
				signal = s
			}
		}
		for _, i := range r.instances {
			if yes, _ := r.m.Lists(res.Attr("entity_ids"), i); yes {
				i.Watch("alert", signal, model.Doubt(notify, res.Cond), res.Addr, at)
			}
		}
	}
}
