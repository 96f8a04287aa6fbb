package infrayaml

import (
	"fmt"
	"net/netip"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/machine"
)

// instance fills in what follows from what an instance states.
func (r *reader) instance(it *doc.Node) {
	it.Put("declared", doc.Of(true, doc.Derived, it.At))
	r.machine(it)
	if from := it.Get("os"); from != nil && from.Kind == doc.Map {
		from.Put("from", doc.Of("declared", doc.Derived, from.At))
	}
	r.ingress(it)
}

// machine takes vCPUs and memory from the catalogue where only the type is stated, and refuses a contradiction.
func (r *reader) machine(it *doc.Node) {
	m := it.Get("machine")
	if m == nil || m.Kind != doc.Map {
		return
	}
	m.Delete("source")
	provider, _ := it.Get("provider").Str()
	typ, _ := m.Get("type").Str()
	spec, ok := machine.Lookup(provider, typ)
	stated := m.Get("vcpu").Known() || m.Get("memory_mib").Known()
	source := "none"
	switch {
	case stated:
		source = "declared"
	case ok:
		source = spec.Source
	}
	m.Put("source", doc.Of(source, doc.Derived, m.At))
	if !ok {
		return
	}
	at, why := m.Get("type").At, fmt.Sprintf("what %s gives", typ)
	for _, f := range []struct {
		key   string
		value any
		num   float64
	}{
		{"vcpu", spec.VCPU, spec.VCPU}, {"memory_mib", spec.MemoryMiB, float64(spec.MemoryMiB)}, {"arch", spec.Arch, 0},
		{"burstable", spec.Burstable, 0}, {"shared_vcpu", spec.Shared, 0},
	} {
		have := m.Get(f.key)
		switch {
		case have == nil || have.State == doc.Unset:
			m.Put(f.key, doc.Of(f.value, doc.Derived, at).Because(why))
		case f.num > 0 && have.Kind == doc.Number && !near(number(have), f.num):
			msg := r.fail(have.At, "machine.%s is %v, but a %s has %v; correct the one that is wrong", f.key, have.Value, clip(typ), f.value)
			m.Child[f.key] = doc.UnknownOf(msg, have.At)
		}
	}
}

// near allows for GB and GiB being mixed up.
func near(a, b float64) bool { return a > b*0.93 && a < b*1.08 }

func number(n *doc.Node) float64 {
	switch v := n.Value.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// ingress works out each rule's scope from its addresses; a rule that does not add up makes the whole list unknown,
// because a missing rule would look like a closed port.
func (r *reader) ingress(it *doc.Node) {
	list := it.Get("ingress")
	if list == nil || list.Kind != doc.List {
		return
	}
	for i, rule := range list.Items {
		msg := ""
		proto, _ := rule.Get("proto").Str()
		from, okFrom := rule.Get("from").Int()
		to, okTo := rule.Get("to").Int()
		if okFrom && !okTo && proto != "icmp" {
			to, okTo = from, true
			rule.Put("to", doc.Of(from, doc.Derived, rule.Get("from").At).Because("the same port"))
		}
		if (proto == "tcp" || proto == "udp") && (!okFrom || to < from) {
			msg = r.fail(rule.At, "ingress[%d] of a %s rule has to say its ports: from, and to, which is not below it", i, proto)
		}
		scope, bad := scopeOf(rule.Get("cidrs"))
		if bad != "" {
			msg = r.fail(rule.Get("cidrs").At, "ingress[%d]: %s", i, bad)
		}
		if said, ok := rule.Get("scope").Str(); ok && msg == "" && said != scope {
			msg = r.fail(rule.Get("scope").At, "ingress[%d] says its scope is %s, but its addresses make it %s; leave scope out", i, said, scope)
		}
		if msg != "" {
			u := doc.UnknownOf(msg, list.At)
			u.KeyAt = list.KeyAt
			it.Child["ingress"] = u
			return
		}
		if rule.Get("scope") == nil || rule.Get("scope").State != doc.Set {
			rule.Put("scope", doc.Of(scope, doc.Derived, rule.Get("cidrs").At))
		}
	}
}

// scopeOf is the widest of the ranges: world for everybody, internal for private networks, broad for more than a /16
// (IPv6: a /32), restricted otherwise.
func scopeOf(cidrs *doc.Node) (scope, bad string) {
	rank := []string{"internal", "restricted", "broad", "world"}
	widest := 0
	if len(cidrs.List()) == 0 {
		return "", "cidrs is empty; write the addresses that may come in"
	}
	for _, c := range cidrs.List() {
		s, _ := c.Str()
		p, err := netip.ParsePrefix(s)
		if err != nil {
			if a, e := netip.ParseAddr(s); e == nil && a.Zone() == "" {
				p, err = netip.PrefixFrom(a, a.BitLen()), nil
			}
		}
		if err != nil || p.Addr().Is4In6() {
			return "", fmt.Sprintf("%q is not an address range such as 192.0.2.0/24", clip(s))
		}
		n := 1
		switch limit := map[bool]int{true: 16, false: 32}[p.Addr().Is4()]; {
		case p.Bits() == 0:
			n = 3
		case private(p):
			n = 0
		case p.Bits() < limit:
			n = 2
		}
		widest = max(widest, n)
	}
	return rank[widest], ""
}

// private says whether all of p is private, loopback or link-local.
func private(p netip.Prefix) bool {
	for _, s := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10", "::1/128"} {
		if net := netip.MustParsePrefix(s); net.Bits() <= p.Bits() && net.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

// hubs sees to it that at most one instance is the hub's machine, and says so when there is only one.
func (r *reader) hubs(list *doc.Node) {
	var marked []*doc.Node
	items := list.List()
	for _, it := range items {
		if is := it.Get("is_hub"); is != nil && is.Value == true {
			marked = append(marked, it)
		}
	}
	switch {
	case len(items) == 1 && (items[0].Get("is_hub") == nil || items[0].Get("is_hub").State == doc.Unset):
		items[0].Put("is_hub", doc.Of(true, doc.Derived, items[0].At).Because("it is the only machine that the file states"))
	case len(marked) > 1:
		why := r.fail(marked[1].Get("is_hub").At, "two machines are marked as the hub's (is_hub: true); an infra.yaml speaks of one hub")
		for _, it := range marked {
			it.Child["is_hub"] = doc.UnknownOf(why, it.Get("is_hub").At)
		}
	case len(marked) == 0 && len(items) > 1:
		r.fail(list.At, "several machines are stated, and none says is_hub: true")
	}
}
