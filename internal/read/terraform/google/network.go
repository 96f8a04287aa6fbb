package google

import (
	"cmp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// firewall collects the rules of the machine's networks that its tags or service account select. Lower priorities
// come first, so that the order of the list is the order in which rules are tried.
func (r *reader) firewall(h *host) {
	h.Put("ingress_default", doc.Of("deny", doc.Default, h.At).Because("Google Cloud refuses incoming traffic that no rule allows"))
	var nets []*eval.Val
	for _, nic := range h.attr("network_interface").Blocks() {
		n := nic.Attr("network")
		if s := r.m.Named(nic.Attr("subnetwork"), "name", "google_compute_subnetwork"); n.IsNull() && s != nil {
			n = s.Attr("network")
		} else if n.IsNull() && !nic.Attr("subnetwork").IsNull() {
			h.UnknownRules("the network of its subnetwork is not in this repository", nic.At.Span())
			continue
		}
		nets = append(nets, n)
	}
	type hit struct {
		priority int64
		deny     bool
		add      func()
	}
	var hits []hit
	denies := false
	for _, fw := range r.m.Config.Of("google_compute_firewall") {
		denies = denies || len(fw.Attr("deny").Blocks()) > 0
	}
	for _, fw := range r.m.Config.Of("google_compute_firewall") {
		if fw.Attr("direction").Is("EGRESS") {
			continue
		}
		off, _ := fw.Attr("disabled").Bool()
		same, elsewhere := r.sameNetwork(fw.Attr("network"), nets)
		if off || !same && elsewhere == "" {
			continue
		}
		yes, why := r.applies(fw, h)
		if !yes && why == "" {
			continue
		}
		why = cmp.Or(why, elsewhere)
		for _, k := range []string{"direction", "disabled"} {
			if v := fw.Attr(k); v.IsUnknown() {
				why = cmp.Or(why, "whether "+fw.Addr+" is in force is not known: "+v.Reason())
			}
		}
		p := int64(1000)
		if v := fw.Attr("priority"); !v.IsNull() {
			n, ok := v.Int()
			if p = n; !ok && denies { // it counts perhaps before all others
				p, why = 0, cmp.Or(why, "the priority of "+fw.Addr+" is not known: "+v.Reason())
			}
		}
		for _, kind := range []string{"deny", "allow"} {
			for _, b := range fw.Attr(kind).Blocks() {
				hits = append(hits, hit{p, kind == "deny", func() { r.rule(h, fw, b, kind == "deny", why) }})
			}
		}
	}
	for len(hits) > 0 { // selection by priority; of the same, what refuses comes first
		best := 0
		for k := range hits {
			if hits[k].priority < hits[best].priority || hits[k].priority == hits[best].priority && hits[k].deny && !hits[best].deny {
				best = k
			}
		}
		hits[best].add()
		hits = append(hits[:best:best], hits[best+1:]...)
	}
	for _, n := range nets {
		if s, _ := n.Str(); strings.HasSuffix(s, "default") && !n.IsNull() {
			r.defaultNetwork(h, n.At.Span())
		}
	}
	for _, res := range r.m.Config.Of("google_compute_network_firewall_policy_rule", "google_compute_region_network_firewall_policy_rule") {
		h.UnknownRules("rules of firewall policies ("+res.Addr+") are not evaluated", res.At.Span())
	}
}

// defaultNetwork adds the rules that Google makes in the network called default.
func (r *reader) defaultNetwork(h *host, at span.Span) {
	for _, p := range []struct {
		proto string
		port  any
	}{{"tcp", 22}, {"tcp", 3389}, {"icmp", nil}} {
		h.Rule(model.Rule{Proto: doc.Of(p.proto, doc.Default, at).Because("a rule of the network called default"), From: doc.Of(p.port, doc.Default, at),
			To: doc.Of(p.port, doc.Default, at), World: true, Via: "the network called default", At: at})
	}
}

// sameNetwork says whether v is one of a machine's networks; why: that cannot be told.
func (r *reader) sameNetwork(v *eval.Val, nets []*eval.Val) (yes bool, why string) {
	want := r.m.Named(v, "name", "google_compute_network")
	s, _ := v.Str()
	for _, n := range nets {
		if have := r.m.Named(n, "name", "google_compute_network"); have != nil || want != nil {
			if have == want {
				return true, ""
			}
			continue
		}
		t, _ := n.Str()
		if s != "" && s[strings.LastIndex(s, "/")+1:] == t[strings.LastIndex(t, "/")+1:] || eval.Same(v, n) {
			return true, ""
		}
		a, _ := v.Target()
		b, _ := n.Target()
		if a != nil && a == b {
			return true, ""
		}
		if v.Kind == eval.Unknown || n.Kind == eval.Unknown {
			why = "whether a firewall rule is one of the machine's network is not known: " + v.Reason() + n.Reason()
		}
	}
	return false, why
}

// applies says whether a firewall rule selects the machine; why: it cannot be told.
func (r *reader) applies(fw *eval.Resource, h *host) (yes bool, why string) {
	tags, accounts := fw.Attr("target_tags"), fw.Attr("target_service_accounts")
	if tags.IsNull() && accounts.IsNull() {
		return true, ""
	}
	mine := h.attr("tags")
	for _, t := range tags.List() {
		for _, m := range mine.List() {
			if eval.Same(t, m) {
				return true, ""
			}
			if t.IsUnknown() || m.IsUnknown() {
				why = "whether " + fw.Addr + " applies to this machine is not known: " + t.Reason() + m.Reason()
			}
		}
	}
	for _, b := range h.attr("service_account").Blocks() {
		for _, a := range accounts.List() {
			x, _ := a.Target()
			y, _ := b.Attr("email").Target()
			s, ok := a.Str()
			t, ok2 := b.Attr("email").Str()
			if x != nil && x == y || ok && ok2 && s == t {
				return true, ""
			}
		}
	}
	return false, why
}

func (r *reader) rule(h *host, fw *eval.Resource, b *eval.Val, deny bool, doubt string) {
	at := b.At.Span()
	if b.Kind != eval.Map {
		h.UnknownRules(b.Reason(), at)
		return
	}
	if doubt != "" {
		h.UnknownRules(doubt, at)
		return
	}
	var cidrs []*eval.Val
	if v := fw.Attr("source_ranges"); !v.IsNull() {
		cidrs = []*eval.Val{v}
	}
	narrow := ""
	if deny && !fw.Attr("destination_ranges").IsNull() {
		narrow = "it refuses only what comes to some addresses, and whether that is all is not known"
	}
	world := fw.Attr("source_tags").IsNull() && fw.Attr("source_service_accounts").IsNull()
	proto := model.Proto(b.Attr("protocol"), at)
	one := func(from, to *doc.Node, where span.Span) {
		h.Rule(model.Rule{Proto: proto, From: from, To: to, CIDRs: cidrs, World: world, Deny: deny, Doubt: narrow, Via: fw.Addr, At: where, Cond: fw.Cond})
	}
	ports := b.Attr("ports")
	if len(ports.List()) == 0 {
		from, to := model.AllPorts(at)
		if p, _ := proto.Str(); p == "icmp" {
			from, to = doc.UnsetAt(at), doc.UnsetAt(at)
		}
		one(from, to, at)
		return
	}
	for _, p := range ports.List() {
		from, to := model.Ports(p, at)
		one(from, to, p.At.Span())
	}
}
