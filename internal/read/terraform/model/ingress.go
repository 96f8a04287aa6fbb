package model

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Rule is one rule for incoming traffic. Nil nodes are filled in: any port, any protocol.
type Rule struct {
	Proto    *doc.Node // "tcp", "udp", "icmp", "any"
	From, To *doc.Node
	CIDRs    []*eval.Val // sources; none means what Internal says
	Internal bool        // the sources are other machines of the same network
	World    bool        // no source given means everybody
	Doubt    string      // why it may be about less than it says, or come elsewhere in the order
	Deny     bool
	Via      string
	At       span.Span
	Cond     string
}

// Rule adds a rule to the instance.
func (i *Instance) Rule(r Rule) {
	if i.infra.rules++; i.infra.rules > maxEntries {
		i.UnknownRules("there are too many rules to list", i.At)
		return
	}
	if r.Cond != "" {
		i.Ingress = append(i.Ingress, doc.UnknownOf(r.Cond, r.At))
		return
	}
	n := doc.NewMap(doc.Set, r.At)
	n.Put("proto", r.Proto)
	n.Put("from", r.From)
	n.Put("to", r.To)
	cidrs := doc.NewList(doc.Set, r.At)
	scope, why := "internal", ""
	if len(r.CIDRs) == 0 && r.World {
		scope = "world"
	}
	for _, v := range r.CIDRs {
		for _, it := range v.List() {
			c := Str(it, r.At)
			cidrs.Add(c)
			s, ok := c.Str()
			if !ok {
				why = c.Why
				continue
			}
			scope = wider(scope, Scope(s))
		}
		if v.IsUnknown() && v.Kind != eval.String {
			why = v.Reason()
		}
	}
	n.Put("cidrs", cidrs)
	if r.Doubt != "" {
		n.Put("scope", doc.UnknownOf(r.Doubt, r.At))
	} else if why != "" && scope != "world" {
		n.Put("scope", doc.UnknownOf(why, r.At))
	} else {
		n.Put("scope", Derived(scope, "from the sources", r.At))
	}
	action := "allow"
	if r.Deny {
		action = "deny"
	}
	n.Put("action", doc.Of(action, doc.Set, r.At))
	n.Put("via", doc.Of(r.Via, doc.Derived, r.At))
	i.Ingress = append(i.Ingress, n)
}

// firewallAt is where the rules of a machine are declared: the header of the first one's resource, the machine's where
// there are none.
func (m *Infra) firewallAt(i *Instance) span.Span {
	if len(i.Ingress) == 0 {
		return i.At
	}
	first := i.Ingress[0]
	via, _ := first.Get("via").Str()
	if r := m.Config.ByAddr(via); r != nil {
		return r.At.Span()
	}
	return first.At
}

// Full says whether as many rules are listed as ever will be.
func (m *Infra) Full() bool { return m.rules > maxEntries }

// UnknownRules notes that there may be rules of which nothing is known.
func (i *Instance) UnknownRules(why string, at span.Span) {
	for _, n := range i.Ingress[max(0, len(i.Ingress)-50):] {
		if n.State == doc.Unknown && n.Why == why {
			return
		}
	}
	if len(i.Ingress) > maxEntries {
		return
	}
	i.Ingress = append(i.Ingress, doc.UnknownOf(why, at))
}

var scopes = []string{"internal", "restricted", "broad", "world"}

func wider(a, b string) string {
	for k := len(scopes) - 1; k >= 0; k-- {
		if scopes[k] == a || scopes[k] == b {
			return scopes[k]
		}
	}
	return a
}

// Scope says how many can be behind a source: a CIDR, an address, or a cloud's word for one.
func Scope(source string) string {
	switch strings.ToLower(strings.TrimSpace(source)) {
	case "*", "any", "internet", "0.0.0.0", "::":
		return "world"
	case "virtualnetwork", "azureloadbalancer":
		return "internal"
	}
	p, err := netip.ParsePrefix(source)
	if err != nil {
		a, err := netip.ParseAddr(source)
		if err != nil {
			return "broad" // a name for a set of addresses that nobody can count
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	switch bits := p.Bits(); {
	case bits == 0:
		return "world"
	case p.Addr().Is4() && bits < 8, p.Addr().Is6() && bits < 16:
		return "broad"
	case p.Addr().IsPrivate() || p.Addr().IsLoopback() || p.Addr().IsLinkLocalUnicast():
		return "internal"
	}
	return "restricted"
}

// Proto normalises a protocol's name or number; any of the words in any means every protocol.
func Proto(v *eval.Val, at span.Span, any ...string) *doc.Node {
	n := Str(v, at)
	s, ok := n.Str()
	if !ok {
		return n
	}
	s = strings.ToLower(s)
	for _, a := range append(any, "-1", "all", "any", "*") {
		if s == a {
			return Set("any", n.At)
		}
	}
	switch s {
	case "6":
		s = "tcp"
	case "17":
		s = "udp"
	case "1", "58", "icmpv6", "ipv6-icmp":
		s = "icmp"
	}
	return Set(s, n.At)
}

// Ports reads "22", "8000-8010", "8000:8010", "*", "all" and "" (all ports).
func Ports(v *eval.Val, at span.Span) (from, to *doc.Node) {
	at = where(v, at)
	if v.IsUnknown() {
		return doc.UnknownOf(v.Reason(), at), doc.UnknownOf(v.Reason(), at)
	}
	s, _ := v.Str()
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || s == "*" || s == "all" || s == "any" {
		return Set(0, at), Set(65535, at)
	}
	a, b, two := strings.Cut(strings.ReplaceAll(s, ":", "-"), "-")
	if !two {
		b = a
	}
	x, err := strconv.Atoi(strings.TrimSpace(a))
	y, err2 := strconv.Atoi(strings.TrimSpace(b))
	if err != nil || err2 != nil {
		why := "the port range " + strconv.Quote(s) + " cannot be read"
		return doc.UnknownOf(why, at), doc.UnknownOf(why, at)
	}
	return Set(x, at), Set(y, at)
}

// AllPorts is the range of a rule that names no port.
func AllPorts(at span.Span) (from, to *doc.Node) { return Set(0, at), Set(65535, at) }
