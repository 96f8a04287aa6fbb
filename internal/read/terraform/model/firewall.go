package model

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// Firewalls adds the rules of every firewall that protects i, in clouds where a machine without one is open: open says so.
// protects tells whether a firewall does; why is not empty where that cannot be told. rules adds its rules.
func (i *Instance) Firewalls(all []*eval.Resource, open string, protects func(fw *eval.Resource) (yes bool, why string), rules func(fw *eval.Resource)) {
	found, doubt := false, ""
	for _, fw := range all {
		yes, why := protects(fw)
		if !yes {
			if why != "" {
				doubt = "whether " + fw.Addr + " protects this machine is not known: " + why
			}
			continue
		}
		found = true
		rules(fw)
		if i.Node.Get("ingress_default") == nil {
			i.Put("ingress_default", Doubt(Derived("deny", "a firewall refuses what it does not name", fw.At.Span()), fw.Cond))
		}
	}
	switch {
	case found && doubt != "":
		i.UnknownRules(doubt, i.At)
	case found:
	case doubt != "":
		i.Put("ingress_default", doc.UnknownOf(doubt, i.At))
	default:
		i.Put("ingress_default", doc.Of("allow", doc.Default, i.At).Because(open))
	}
}

// Lists says whether one of the machines that v lists is i; why: that cannot be told.
func (m *Infra) Lists(v *eval.Val, i *Instance) (yes bool, why string) {
	for _, it := range v.List() {
		if m.InstanceOf(it) == i {
			return true, ""
		}
		if it.Kind == eval.Unknown {
			why = it.Reason()
		}
	}
	return false, why
}

// Portless is the range of a rule: none for ICMP, else what ports says.
func Portless(proto *doc.Node, from, to *doc.Node) (*doc.Node, *doc.Node) {
	if p, _ := proto.Str(); p == "icmp" {
		return doc.UnsetAt(proto.At), doc.UnsetAt(proto.At)
	}
	return from, to
}
