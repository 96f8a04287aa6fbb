package hetzner

import (
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

func (r *Reader) firewall(i *model.Instance) {
	i.Firewalls(r.m.Config.Of("hcloud_firewall"), "a server without an hcloud_firewall is open on every port",
		func(fw *eval.Resource) (bool, string) { return r.protects(fw, i) },
		func(fw *eval.Resource) {
			for _, b := range fw.Attr("rule").Blocks() {
				at := b.At.Span()
				if b.Kind != eval.Map {
					i.UnknownRules(b.Reason(), at)
					continue
				}
				switch d, ok := b.Attr("direction").Str(); {
				case !ok:
					i.UnknownRules("a rule whose direction is not known", at)
					continue
				case d != "in":
					continue
				}
				proto := model.Proto(b.Attr("protocol"), at)
				from, to := model.Ports(b.Attr("port"), at)
				from, to = model.Portless(proto, from, to)
				i.Rule(model.Rule{Proto: proto, From: from, To: to, CIDRs: []*eval.Val{b.Attr("source_ips")}, Via: fw.Addr, At: at, Cond: fw.Cond})
			}
		})
	for _, v := range i.Res.Attr("firewall_ids").List() {
		if r.m.Named(v, "id", "hcloud_firewall") == nil {
			i.UnknownRules("a firewall that is not in this repository: "+v.Reason(), v.At.Span())
			i.Put("ingress_default", model.Derived("deny", "a firewall refuses what it does not name", v.At.Span()))
		}
	}
}

// protects says whether a firewall is applied to a server: by the server, by itself, or by an attachment.
func (r *Reader) protects(fw *eval.Resource, i *model.Instance) (bool, string) {
	why := ""
	any := func(yes bool, w string) bool {
		if w != "" {
			why = w
		}
		return yes
	}
	for _, v := range i.Res.Attr("firewall_ids").List() {
		if r.m.Named(v, "id", "hcloud_firewall") == fw {
			return true, ""
		}
	}
	for _, b := range fw.Attr("apply_to").Blocks() {
		if b.Kind != eval.Map {
			why = b.Reason()
			continue
		}
		if any(r.m.Lists(b.Attr("server"), i)) || any(selects(b.Attr("label_selector"), i.Tags[0])) {
			return true, ""
		}
	}
	for _, a := range r.m.Config.Of("hcloud_firewall_attachment") {
		if r.m.Named(a.Attr("firewall_id"), "id", "hcloud_firewall") != fw {
			continue
		}
		if any(r.m.Lists(a.Attr("server_ids"), i)) {
			return true, ""
		}
		for _, s := range a.Attr("label_selectors").List() {
			if any(selects(s, i.Tags[0])) {
				return true, ""
			}
		}
	}
	return false, why
}
