package model

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// Pin says that ip, a reserved address, belongs to i, because of via (ip itself, or what ties the two). ip is nil for an
// address from outside the repository.
func (m *Infra) Pin(ip *eval.Resource, i *Instance, via *eval.Resource, why string) {
	cond := via.Cond
	ref := via.Addr
	if ip != nil {
		m.Address[ip], m.Owner[ip] = "static", i
		if ref = ip.Addr; cond == "" {
			cond = ip.Cond
		}
	}
	i.PublicIP("static", doc.Set, ref, why, via.At.Span(), cond)
}

// PinTo is Pin for the machine that one of vs names. Where it names one that is not in sight, every machine may be meant.
func (m *Infra) PinTo(ip, via *eval.Resource, why string, vs ...*eval.Val) {
	v := First(vs...)
	if v.IsNull() {
		return
	}
	if i := m.InstanceOf(v); i != nil {
		m.Pin(ip, i, via, why)
	} else if v.Kind == eval.Unknown {
		m.Loose("which machine " + via.Addr + " belongs to is not known: " + v.Reason())
	}
}

// Loose notes an address of a machine that cannot be told: it may be any.
func (m *Infra) Loose(why string) { m.looseIP = why }

// Misplaced notes an unknown address where one could not be placed, and says whether it did.
func (i *Instance) Misplaced() bool {
	if i.infra.looseIP == "" {
		return false
	}
	i.UnknownIP(i.infra.looseIP, i.At)
	return true
}

// OwnIP notes the address that a machine has by itself, where nothing better is tied to it.
func (i *Instance) OwnIP(kind, why string) {
	if len(i.PublicIPs) > 0 {
		return
	}
	if i.Misplaced() {
		return
	}
	i.PublicIP(kind, doc.Default, i.ID, why, i.At, "")
}

// Behind notes that a load balancer stands in front of the machines that vs name.
func (m *Infra) Behind(lb *eval.Resource, vs ...*eval.Val) {
	for _, v := range vs {
		for _, it := range v.List() {
			if i := m.InstanceOf(it); i != nil {
				i.PublicIP("lb", doc.Set, lb.Addr, "a load balancer stands in front", where(it, lb.At.Span()), lb.Cond)
			}
		}
	}
}
