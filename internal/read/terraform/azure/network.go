package azure

import (
	"cmp"
	"sort"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// network follows a machine's interfaces to its public addresses.
func (r *reader) network(h *host) {
	for _, id := range h.Res.Attr("network_interface_ids").List() {
		nic := r.m.Named(id, "id", "azurerm_network_interface")
		if nic == nil {
			h.UnknownIP("its network interface is not in this repository: "+id.Reason(), id.At.Span())
			continue
		}
		h.nics = append(h.nics, nic)
		r.m.Owner[nic] = h.Instance
		for _, c := range nic.Attr("ip_configuration").Blocks() {
			ip := c.Attr("public_ip_address_id")
			res := r.m.Named(ip, "id", "azurerm_public_ip")
			switch {
			case c.Kind != eval.Map:
				h.UnknownIP(c.Reason(), c.At.Span())
			case res != nil:
				r.publicIP(h, res)
			case !ip.IsNull():
				h.UnknownIP("its public address is not in this repository: "+ip.Reason(), ip.At.Span())
			}
		}
	}
	for _, a := range r.m.Config.Of("azurerm_network_interface_backend_address_pool_association") {
		if r.m.InstanceOf(a.Attr("network_interface_id")) == h.Instance {
			h.PublicIP("lb", doc.Set, a.Addr, "a load balancer stands in front", a.At.Span(), a.Cond)
		}
	}
	if len(h.PublicIPs) == 0 {
		h.PublicIP("none", doc.Default, h.ID, "no interface of it has a public address", h.At, "")
	}
}

func (r *reader) publicIP(h *host, res *eval.Resource) {
	r.m.Owner[res] = h.Instance
	defer r.label(res)
	v := res.Attr("allocation_method")
	method, ok := v.Str()
	at := res.At.Span()
	if !v.IsNull() {
		at = v.At.Span()
	}
	switch {
	case !ok && !v.IsNull():
		h.UnknownIP(v.Reason(), at)
		return
	case strings.EqualFold(method, "Dynamic"):
		r.m.Address[res] = "ephemeral"
		h.PublicIP("ephemeral", doc.Set, res.Addr, "a dynamic address changes when the machine is stopped", at, res.Cond)
	case method != "" && !strings.EqualFold(method, "Static"):
		h.UnknownIP("there is no allocation method "+strconv.Quote(method), at)
	default:
		r.m.Address[res] = "static"
		h.PublicIP("static", doc.Set, res.Addr, "a static address stays until it is deleted", at, res.Cond)
	}
}

// label is the name that Azure gives an address: LABEL.REGION.cloudapp.azure.com.
func (r *reader) label(res *eval.Resource) {
	name, region := res.Attr("domain_name_label"), res.Attr("location")
	if name.IsNull() {
		return
	}
	zone := region
	if s, ok := region.Str(); ok {
		zone = eval.Text(strings.ToLower(strings.ReplaceAll(s, " ", ""))+".cloudapp.azure.com", region.At)
	}
	r.m.AddDNS(res, name, zone, doc.Of("A", doc.Derived, res.At.Span()), res.Ref("ip_address"), nil)
}

// ingress collects the rules of the security groups of a machine's interfaces and subnets, lowest priority first.
func (r *reader) ingress(h *host) {
	h.Put("ingress_default", doc.Of("deny", doc.Default, h.At).Because("a network security group refuses what no rule allows"))
	var groups []*eval.Resource
	add := func(v *eval.Val) {
		if g := r.m.Named(v, "id", "azurerm_network_security_group"); g != nil {
			for _, old := range groups {
				if old == g {
					return
				}
			}
			groups = append(groups, g)
		} else if !v.IsNull() {
			h.UnknownRules("its security group is not in this repository: "+v.Reason(), v.At.Span())
		}
	}
	var subnets []*eval.Resource
	elsewhere, where := "", h.At
	for _, nic := range h.nics {
		add(nic.Attr("network_security_group_id"))
		for _, c := range nic.Attr("ip_configuration").Blocks() {
			if s := r.m.Named(c.Attr("subnet_id"), "id", "azurerm_subnet"); s != nil {
				subnets = append(subnets, s)
				add(s.Attr("network_security_group_id")) // before version 2
			} else if v := c.Attr("subnet_id"); !v.IsNull() {
				elsewhere, where = "its subnet, which may have a security group, is not in this repository: "+v.Reason(), v.At.Span()
			}
		}
	}
	for _, a := range r.m.Config.Of("azurerm_network_interface_security_group_association") {
		if r.m.InstanceOf(a.Attr("network_interface_id")) == h.Instance {
			add(a.Attr("network_security_group_id"))
		}
	}
	own := len(groups)
	for _, a := range r.m.Config.Of("azurerm_subnet_network_security_group_association") {
		for _, s := range subnets {
			if r.m.Named(a.Attr("subnet_id"), "id", "azurerm_subnet") == s {
				add(a.Attr("network_security_group_id"))
			}
		}
	}
	switch {
	case len(groups) > 1 && own > 0:
		// Both an interface's and a subnet's group have to allow; the union is what may be open at most.
		h.Put("ingress_default", doc.Of("deny", doc.Default, h.At).Because("interface and subnet each have a security group; both have to allow, and the rules of both are listed"))
	case len(groups) == 0 && len(h.Ingress) == 0 && elsewhere != "":
		h.UnknownRules(elsewhere, where)
	case len(groups) == 0 && len(h.Ingress) == 0 && len(h.nics) > 0:
		r.noGroup(h)
	case len(h.nics) == 0:
		h.UnknownRules("its network interface is not in this repository", h.At)
	}
	for _, g := range groups {
		r.group(h, g)
	}
}

// noGroup is the default without any security group: it depends on the kind of address.
func (r *reader) noGroup(h *host) {
	for _, ip := range r.m.Config.Of("azurerm_public_ip") {
		if r.m.Owner[ip] != h.Instance {
			continue
		}
		v := ip.Attr("sku")
		if v.IsUnknown() {
			h.Put("ingress_default", doc.UnknownOf("no network security group is named, and what that means depends on the kind of address: "+v.Reason(), v.At.Span()))
			return
		}
		if v.Is("Basic") || v.IsNull() && ip.Attr("allocation_method").Is("Dynamic") {
			h.Put("ingress_default", doc.Of("allow", doc.Default, h.At).Because("a Basic address without a network security group is open on every port"))
			return
		}
	}
	h.Put("ingress_default", doc.Of("deny", doc.Default, h.At).Because("a Standard address without a network security group lets nothing in"))
}

func (r *reader) group(h *host, g *eval.Resource) {
	type rule struct {
		priority  int64
		body      *eval.Val
		via, cond string
		doubt     string
	}
	var rules []rule
	denies := false
	note := func(b *eval.Val, via, cond string) {
		x := rule{body: b, via: via, cond: cond}
		var ok bool
		if x.priority, ok = b.Attr("priority").Int(); !ok { // first, as what it says counts perhaps before all others
			x.priority, x.doubt = 0, "its priority is not known: "+b.Attr("priority").Reason()
		}
		denies = denies || !b.Attr("access").Is("Allow")
		rules = append(rules, x)
	}
	for _, b := range g.Attr("security_rule").Blocks() {
		note(b, g.Addr, g.Cond)
	}
	for _, res := range r.m.Config.Of("azurerm_network_security_rule") {
		of := res.Attr("network_security_group_name")
		if own := r.m.Named(of, "name", "azurerm_network_security_group"); own == g {
			note(res.Body(), res.Addr, res.Cond)
		} else if own == nil && of.IsUnknown() {
			h.UnknownRules("which security group "+res.Addr+" belongs to is not known: "+of.Reason(), res.At.Span())
		}
	}
	sort.SliceStable(rules, func(i, j int) bool { return rules[i].priority < rules[j].priority })
	for _, x := range rules {
		at := x.body.At.Span()
		if x.body.Kind != eval.Map {
			h.UnknownRules(x.body.Reason(), at)
			continue
		}
		direction, known := x.body.Attr("direction").Str()
		if known && !strings.EqualFold(direction, "Inbound") {
			continue
		}
		access, ok := x.body.Attr("access").Str()
		if !ok || !known {
			h.UnknownRules("a rule whose direction or access is not known", at)
			continue
		}
		var cidrs []*eval.Val
		for _, name := range []string{"source_address_prefix", "source_address_prefixes"} {
			if v := x.body.Attr(name); !v.IsNull() {
				cidrs = append(cidrs, v)
			}
		}
		deny := strings.EqualFold(access, "Deny")
		why := ""
		if deny {
			why = narrow(x.body)
		}
		if deny || denies {
			why = cmp.Or(x.doubt, why)
		}
		groups := x.body.Attr("source_application_security_group_ids") // of the same network
		ports := append(x.body.Attr("destination_port_range").List(), x.body.Attr("destination_port_ranges").List()...)
		proto := model.Proto(x.body.Attr("protocol"), at)
		for _, p := range ports {
			from, to := model.Ports(p, at)
			if s, _ := proto.Str(); s == "icmp" {
				from, to = doc.UnsetAt(at), doc.UnsetAt(at)
			}
			h.Rule(model.Rule{Proto: proto, From: from, To: to, CIDRs: cidrs, World: groups.IsNull(), Doubt: why, Deny: deny, Via: x.via, At: at, Cond: x.cond})
		}
	}
}

// narrow is why a rule may not be about all traffic to its ports, "" if it is.
func narrow(b *eval.Val) string {
	for name, what := range map[string]string{"source_port_range": "from some ports", "source_port_ranges": "from some ports",
		"destination_address_prefix": "to some addresses", "destination_address_prefixes": "to some addresses"} {
		for _, v := range b.Attr(name).List() {
			if s, ok := v.Str(); !ok || s != "*" && s != "0-65535" && model.Scope(s) != "world" && !strings.EqualFold(s, "VirtualNetwork") {
				return "it refuses only what comes " + what + ", and whether that is all is not known"
			}
		}
	}
	if !b.Attr("destination_application_security_group_ids").IsNull() {
		return "it refuses only what comes to some machines, and whether this is one is not known"
	}
	return ""
}
