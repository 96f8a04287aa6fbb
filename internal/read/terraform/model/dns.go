package model

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// AddDNS registers a record. name may be relative to zone or whole; targets are what it points to.
func (m *Infra) AddDNS(r *eval.Resource, name, zone *eval.Val, typ *doc.Node, targets *eval.Val, proxied *doc.Node) *doc.Node {
	at := r.At.Span()
	n := doc.NewMap(doc.Set, at)
	n.Put("id", Set(r.Addr, at))
	n.Put("fqdn", fqdn(name, zone, at))
	n.Put("type", typ)
	list := doc.NewList(doc.Set, where(targets, at))
	kinds := map[string]bool{}
	instance := ""
	why := ""
	for _, t := range targets.List() {
		links := m.Config.Refs(t)
		switch {
		case len(links) > 0 && (t.Kind == eval.Ref || m.Address[links[0].Res] != "" || m.Owner[links[0].Res] != nil):
			l := links[0]
			list.Add(doc.Of("ref:"+l.String(), doc.Derived, where(t, at)))
			kind := m.Address[l.Res]
			if kind == "" {
				if i := m.Owner[l.Res]; i != nil && i.Res == l.Res {
					kind = addressKind(i)
				}
			}
			if i := m.Owner[l.Res]; i != nil {
				instance = i.ID
			}
			if kind == "" && t.IsUnknown() {
				why = t.Reason()
			} else if kind == "" {
				kind = "literal" // a plan knows it
			}
			kinds[kind] = true
		case t.IsUnknown():
			list.Add(doc.UnknownOf(t.Reason(), where(t, at)))
			why, kinds[""] = t.Reason(), true
		default:
			list.Add(Str(t, at))
			kinds["literal"] = true
		}
	}
	n.Put("targets", list)
	switch {
	case why != "" || len(kinds) != 1:
		if why == "" {
			why = "its targets are of different kinds"
		}
		n.Put("target_kind", doc.UnknownOf(why, list.At))
	default:
		for k := range kinds {
			n.Put("target_kind", Derived(k, "from the target", list.At))
		}
	}
	n.Put("instance", doc.UnsetAt(at))
	if instance != "" {
		n.Put("instance", Derived(instance, "from the target", list.At))
	}
	if proxied == nil {
		proxied = doc.Of(false, doc.Default, at)
	}
	n.Put("proxied", proxied)
	if r.Cond != "" {
		n.Put("target_kind", doc.UnknownOf(r.Cond, at))
	}
	m.DNS = append(m.DNS, n)
	return n
}

// addressKind is how long an instance's own address attribute lasts, without any static address attached.
func addressKind(i *Instance) string {
	switch i.Provider {
	case "aws", "gcp", "azure", "lightsail":
		return "ephemeral"
	}
	return "lifetime"
}

func fqdn(name, zone *eval.Val, at span.Span) *doc.Node {
	n := Str(name, at)
	if n.State == doc.Unset {
		n = Set("", at)
	}
	s, ok := n.Str()
	if !ok {
		return n
	}
	if strings.HasSuffix(s, ".") {
		return Set(strings.TrimSuffix(s, "."), n.At)
	}
	z, known := zone.Str()
	z = strings.TrimSuffix(z, ".")
	switch {
	case known && z != "" && (s == "" || s == "@"):
		return Set(z, n.At)
	case known && z != "" && s != z && !strings.HasSuffix(s, "."+z):
		return Set(s+"."+z, n.At)
	case (!known || z == "") && !strings.Contains(s, "."):
		return doc.UnknownOf("the name of the DNS zone is not in the repository", n.At)
	}
	return Set(s, n.At)
}
