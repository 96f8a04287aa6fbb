package model

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// maxEntries bounds the rules, and the entries of backups' covers, of one root module.
const maxEntries = 20_000

// Infra is what the adapters fill in for one root module.
type Infra struct {
	Config    *eval.Config
	Instances []*Instance
	Volumes   []*Volume
	Backups   []*doc.Node
	DNS       []*doc.Node
	Images    []*doc.Node
	Sinks     []*doc.Node
	// Owner maps a resource (an address, a network interface) to the instance it belongs to.
	Owner map[*eval.Resource]*Instance
	// Address maps a resource with a public address to what kind of address that is: static, lb …
	Address map[*eval.Resource]string
	// Elsewhere are scripts on machines that are not declared here.
	Elsewhere []Loose
	// Uptime are checks from outside that no adapter could tie to an instance yet: by host name.
	Uptime []Uptime

	rules, covers int    // how many were written
	looseIP       string // why some machine may have an address that nobody could place
	byRes         map[*eval.Resource]*Volume
}

// Loose is a script that some machine runs which is not declared here.
type Loose struct {
	UserData
	Res *eval.Resource
	Why string // why it may not run on a machine that is declared; "" where none is
}

// Uptime is a check of a host name from outside.
type Uptime struct {
	Host *eval.Val
	Node *doc.Node
}

// New is an empty model for c.
func New(c *eval.Config) *Infra {
	return &Infra{Config: c, Owner: map[*eval.Resource]*Instance{}, Address: map[*eval.Resource]string{}, byRes: map[*eval.Resource]*Volume{}}
}

// Instance is one machine.
type Instance struct {
	ID       string
	Provider string
	Res      *eval.Resource
	Cond     string
	At       span.Span
	Node     *doc.Node
	// Volumes are its data volumes, PublicIPs, Ingress, Patching and Monitoring the entries of those lists.
	Volumes, PublicIPs, Ingress, Patching, Monitoring []*doc.Node
	Data                                              []*Volume
	// VolumesWhy says why more volumes than these may be attached.
	VolumesWhy string
	// UserData is what it runs at first boot, or at every boot.
	UserData []UserData
	Tags     []*eval.Val
	Hazards  []*doc.Node
	opaque   []string
	infra    *Infra
	System   string // "ubuntu", "debian", "other", "" when not known
}

// UserData is a text that the machine runs.
type UserData struct {
	Val       *eval.Val
	Attr      string
	EveryBoot bool
	Script    bool                 // it is a shell script whatever its first line
	Vars      map[string]*eval.Val // of a script: its environment
	Cond      string               // why it may not run
}

// Volume is one data volume.
type Volume struct {
	ID   string
	Res  *eval.Resource // nil for one declared inside its instance
	Node *doc.Node
	Tags []*eval.Val
	Of   *Instance
}

// AddInstance registers a machine declared by r.
func (m *Infra) AddInstance(r *eval.Resource, provider string) *Instance {
	at := r.At.Span()
	i := &Instance{ID: r.Addr, Provider: provider, Res: r, Cond: r.Cond, At: at, Node: doc.NewMap(doc.Set, at), infra: m}
	i.Put("id", Set(r.Addr, at))
	i.Put("name", nameOf(r, at))
	i.Put("provider", Derived(provider, "from the resource's type", at))
	i.Put("declared", Set(true, at))
	i.Put("is_hub", doc.Of(false, doc.Derived, at))
	m.Instances = append(m.Instances, i)
	m.Owner[r] = i
	return i
}

// nameOf is the name that people see in the cloud's console; "tags" may hold it too.
func nameOf(r *eval.Resource, at span.Span) *doc.Node {
	for _, attr := range []string{"name", "label", "hostname", "computer_name"} {
		if v := r.Attr(attr); !v.IsNull() {
			return Str(v, at)
		}
	}
	return doc.UnsetAt(at)
}

// Put sets a part of the instance.
func (i *Instance) Put(key string, n *doc.Node) *doc.Node { return i.Node.Put(key, n) }

// AddVolume registers a data volume; size in GiB.
func (m *Infra) AddVolume(id string, r *eval.Resource, at span.Span) *Volume {
	v := &Volume{ID: id, Res: r, Node: doc.NewMap(doc.Set, at)}
	v.Node.Put("id", Set(id, at))
	m.Volumes = append(m.Volumes, v)
	if r != nil {
		m.byRes[r] = v
	}
	return v
}

// Attach says that v is a disk of i, because of what stands at at. cond: it may not be.
func (m *Infra) Attach(v *Volume, i *Instance, at span.Span, cond string) {
	v.Of = i
	i.Data = append(i.Data, v)
	v.Node.Put("attached_to", Doubt(Set(i.ID, at), cond))
	i.Volumes = append(i.Volumes, Doubt(Set(v.ID, at), cond))
}

// VolumeOf is the volume that r declares, nil if it declares none.
func (m *Infra) VolumeOf(r *eval.Resource) *Volume {
	return m.byRes[r]
}

// InstanceOf is the machine that v refers to, directly or by an address or interface of its, nil if none.
func (m *Infra) InstanceOf(v *eval.Val) *Instance {
	for _, l := range m.Config.Refs(v) {
		if i := m.Owner[l.Res]; i != nil {
			return i
		}
	}
	return nil
}

// Named finds the resource of the given types that v refers to, or whose attribute attr has v's value.
func (m *Infra) Named(v *eval.Val, attr string, types ...string) *eval.Resource {
	for _, l := range m.Config.Refs(v) {
		for _, t := range types {
			if l.Res.Type == t && !l.Res.Data {
				return l.Res
			}
		}
	}
	for _, t := range types {
		if r := m.Config.Find(v, attr, t); r != nil {
			return r
		}
	}
	return nil
}

// Opaque makes a part of the machine unknown for good.
func (i *Instance) Opaque(part, why string) {
	i.opaque = append(i.opaque, part)
	i.Put(part, doc.UnknownOf(why, i.At))
}
