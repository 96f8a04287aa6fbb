package model

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func watch(kind, signal string, notify *doc.Node, target string, at span.Span) *doc.Node {
	n := doc.NewMap(doc.Set, at)
	n.Put("kind", doc.Of(kind, doc.Derived, at))
	n.Put("signal", doc.Of(signal, doc.Derived, at))
	n.Put("notify", notify)
	n.Put("target", doc.Of(target, doc.Derived, at))
	return n
}

// Watch notes that something observes the machine: kind is agent, alert, uptime or dashboard.
func (i *Instance) Watch(kind, signal string, notify *doc.Node, target string, at span.Span) {
	i.Monitoring = append(i.Monitoring, watch(kind, signal, notify, target, at))
}

// Watch notes a check from outside; it is tied to the machine that its address or host name belongs to.
func (m *Infra) Watch(host, address *eval.Val, kind, signal string, notify *doc.Node, target string, at span.Span) {
	n := watch(kind, signal, notify, target, at)
	if i := m.InstanceOf(address); i != nil {
		i.Monitoring = append(i.Monitoring, n)
		return
	}
	m.Uptime = append(m.Uptime, Uptime{host, n})
}

// Patch notes that updates are installed on a schedule.
func (i *Instance) Patch(kind, target string, every *doc.Node, at span.Span, cond string) {
	n := doc.NewMap(doc.Set, at)
	n.Put("kind", Doubt(doc.Of(kind, doc.Derived, at), cond))
	n.Put("target", doc.Of(target, doc.Derived, at))
	n.Put("every_hours", every)
	i.Patching = append(i.Patching, n)
}

// Image notes an image made of a machine.
func (m *Infra) Image(res *eval.Resource, kind, of string) {
	at := res.At.Span()
	n := doc.NewMap(doc.Set, at)
	n.Put("id", Set(res.Addr, at))
	n.Put("kind", Doubt(doc.Of(kind, doc.Derived, at), res.Cond))
	n.Put("of", doc.Of(of, doc.Derived, at))
	m.Images = append(m.Images, n)
}

// Sink notes where alarms are sent.
func (m *Infra) Sink(res *eval.Resource, kind string) {
	at := res.At.Span()
	n := doc.NewMap(doc.Set, at)
	n.Put("id", Set(res.Addr, at))
	n.Put("kind", Doubt(doc.Of(kind, doc.Derived, at), res.Cond))
	m.Sinks = append(m.Sinks, n)
}

// placeUptime ties outside checks to machines by the DNS records, or to the only machine there is.
func (m *Infra) placeUptime() {
	for _, u := range m.Uptime {
		var to *Instance
		if i := m.InstanceOf(u.Host); i != nil {
			to = i
		}
		host, _ := u.Host.Str()
		for _, d := range m.DNS {
			name, ok := d.Get("fqdn").Str()
			id, _ := d.Get("instance").Str()
			if ok && to == nil && name == host {
				for _, i := range m.Instances {
					if i.ID == id {
						to = i
					}
				}
			}
		}
		if to == nil && len(m.Instances) == 1 {
			to = m.Instances[0] // if it is the hub's, whoever knows the hub's name decides
			u.Node.Put("host", Str(u.Host, u.Node.At))
		}
		if to != nil {
			to.Monitoring = append(to.Monitoring, u.Node)
		}
	}
}
