package openstack

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// own ties the port that v names to its machine.
func (r *Reader) own(h *host, v *eval.Val) {
	if p := r.m.Named(v, "id", "openstack_networking_port_v2"); p != nil {
		h.ports = append(h.ports, p)
		r.m.Owner[p] = h.Instance
	}
}

// port is the value that tells whose port v is: v itself, or what a look-up of the port is given.
func port(v *eval.Val) *eval.Val {
	if t, _ := v.Target(); t != nil && t.Data && t.Type == "openstack_networking_port_v2" {
		return model.First(t.Attr("device_id"), t.Attr("fixed_ip"), v)
	}
	return v
}

var public = lazyregexp.New(`(?i)(^|[^a-z])(public|ext|external|internet|provider)([^a-z]|$)|^ext-net`)

func (r *Reader) addresses() {
	const why = "a floating IP stays when the machine is replaced"
	ips := []string{"openstack_networking_floatingip_v2", "openstack_compute_floatingip_v2"}
	for _, ip := range r.m.Config.Of(ips...) {
		r.m.Address[ip] = "static"
		r.m.PinTo(ip, ip, why, port(ip.Attr("port_id")))
	}
	for _, a := range r.m.Config.Of("openstack_networking_floatingip_associate_v2", "openstack_compute_floatingip_associate_v2") {
		ip := r.m.Named(a.Attr("floating_ip"), "address", ips...)
		r.m.PinTo(ip, a, why, a.Attr("instance_id"), port(a.Attr("port_id")))
	}
	for _, h := range r.hosts {
		if v := h.Res.Attr("floating_ip"); !v.IsNull() { // before 2018
			r.m.Pin(r.m.Named(v, "address", ips...), h.Instance, h.Res, why)
		}
	}
	for _, lb := range r.m.Config.Of("openstack_lb_loadbalancer_v2") {
		r.m.Address[lb] = "lb"
	}
	for _, mem := range r.m.Config.Of("openstack_lb_member_v2") {
		r.m.Behind(mem, mem.Attr("address"))
	}
	for _, ms := range r.m.Config.Of("openstack_lb_members_v2") {
		for _, b := range ms.Attr("member").Blocks() {
			r.m.Behind(ms, b.Attr("address"))
		}
	}
	for _, h := range r.hosts {
		r.fixed(h)
	}
	for _, ip := range r.m.Config.Of(ips...) {
		if name := ip.Attr("dns_name"); !name.IsNull() {
			r.m.AddDNS(ip, name, ip.Attr("dns_domain"), doc.Of("A", doc.Derived, ip.At.Span()), ip.Ref("address"), nil)
		}
	}
}

// fixed is the address of a machine without a floating IP: its network's, which is public in some clouds and not in others.
func (r *Reader) fixed(h *host) {
	if len(h.PublicIPs) > 0 {
		return
	}
	for _, n := range h.Res.Attr("network").Blocks() {
		name := n.Attr("name")
		if t := r.m.Named(n.Attr("uuid"), "id", "openstack_networking_network_v2"); t != nil {
			if ext, ok := t.Attr("external").Bool(); !ok || !ext {
				continue
			}
			name = t.Attr("name")
		} else if t, _ := n.Attr("uuid").Target(); t != nil && name.IsNull() {
			name = t.Attr("name")
		}
		if s, ok := name.Str(); ok && public.MatchString(s) {
			h.OwnIP("lifetime", "the machine's address on the public network is lost when the machine is replaced; no floating IP is tied to it")
			return
		}
	}
	h.UnknownIP("no floating IP is tied to the machine here, and whether its network's addresses are public is not in the repository; declare an openstack_networking_floatingip_v2, or state public_ips in an infra.yaml", h.At)
}
