package eval

import (
	"net"
	"net/netip"
	"net/url"
	"time"

	gocidr "github.com/apparentlymart/go-cidr/cidr"
)

// cidrSubnets cuts consecutive networks out of one, each longer by so many bits.
func cidrSubnets(c *call) *Val {
	s, ok := c.arg(0).Str()
	_, network, err := net.ParseCIDR(s)
	if !ok || err != nil {
		return unknown(reasonOf(c.arg(0), "an address range that is not known"), c.at)
	}
	out := list(c.at)
	length, _ := network.Mask.Size()
	var at *net.IPNet
	for _, a := range c.args[1:] {
		n, ok := a.Int()
		if !ok || n < 1 || n > 32 || len(out.Items) > 1000 {
			return unknown(reasonOf(a, "a length that is not possible"), c.at)
		}
		next, err := gocidr.Subnet(network, int(n), 0)
		if at != nil {
			var overflow bool
			next, overflow = gocidr.NextSubnet(at, length+int(n))
			if overflow || !network.Contains(next.IP) {
				return invalid("the network is too small", c.at)
			}
		} else if err != nil {
			return invalid("the network is too small", c.at)
		}
		at = next
		out.Items = append(out.Items, literal(next.String(), c.at))
	}
	return out
}

// cidrContains is OpenTofu's: is an address or a network inside another.
func cidrContains(c *call) *Val {
	s, ok := c.arg(0).Str()
	t, ok2 := c.arg(1).Str()
	if !ok || !ok2 {
		return unknown(firstReason(c.args...), c.at)
	}
	outer, err := netip.ParsePrefix(s)
	if err != nil {
		return invalid("it is no address range", c.at)
	}
	if a, err := netip.ParseAddr(t); err == nil {
		return boolean(outer.Contains(a), c.at)
	}
	inner, err := netip.ParsePrefix(t)
	if err != nil {
		return invalid("it is no address or range", c.at)
	}
	return boolean(inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr()), c.at)
}

func urlDecode(c *call) *Val {
	s, ok := c.arg(0).Str()
	if !ok {
		return unknown(firstReason(c.arg(0)), c.at)
	}
	t, err := url.QueryUnescape(s)
	if err != nil {
		return invalid("it is not encoded for a URL", c.at)
	}
	return literal(t, c.arg(0).At)
}

func timeCompare(c *call) *Val {
	s, ok := c.arg(0).Str()
	t, ok2 := c.arg(1).Str()
	if !ok || !ok2 {
		return unknown(firstReason(c.args...), c.at)
	}
	a, err := time.Parse(time.RFC3339, s)
	b, err2 := time.Parse(time.RFC3339, t)
	if err != nil || err2 != nil {
		return invalid("it is no time", c.at)
	}
	return number(float64(a.Compare(b)), c.at)
}
