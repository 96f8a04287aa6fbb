package model

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/machine"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// SetMachine fills instance.machine from the machine type's name; spot says whether the cloud may take it away.
func (i *Instance) SetMachine(typ *eval.Val, spot *doc.Node) {
	m := doc.NewMap(doc.Set, where(typ, i.At))
	i.Put("machine", m)
	t := m.Put("type", Str(typ, i.At))
	name, ok := t.Str()
	facts := []string{"vcpu", "memory_mib", "arch", "burstable", "shared_vcpu"}
	spec, found := machine.Lookup(i.Provider, name)
	switch {
	case !ok:
		why := t.Why
		if t.State == doc.Unset {
			why = "the machine type is not written"
		}
		for _, k := range facts {
			m.Put(k, doc.UnknownOf(why, t.At))
		}
		m.Put("source", doc.Of("none", doc.Derived, t.At))
	case !found:
		for _, k := range facts {
			m.Put(k, doc.UnknownOf(fmt.Sprintf("the size of machine type %q is not in the catalogue; state vcpu and memory_mib in an infra.yaml", name), t.At))
		}
		m.Put("source", doc.Of("none", doc.Derived, t.At))
	default:
		why := "from machine type " + name
		m.Put("vcpu", Derived(spec.VCPU, why, t.At))
		m.Put("memory_mib", Derived(spec.MemoryMiB, why, t.At))
		m.Put("arch", Derived(spec.Arch, why, t.At))
		m.Put("burstable", Derived(spec.Burstable, why, t.At))
		m.Put("shared_vcpu", Derived(spec.Shared, why, t.At))
		m.Put("source", Derived(spec.Source, why, t.At))
	}
	m.Put("spot", spot)
}

// LocalDisk is the size of the disk that comes with the machine type, as far as the catalogue knows.
func (i *Instance) LocalDisk() *doc.Node {
	t := i.Node.Get("machine", "type")
	name, _ := t.Str()
	if spec, ok := machine.Lookup(i.Provider, name); ok && spec.DiskGiB > 0 {
		return Derived(spec.DiskGiB, "the disk that comes with machine type "+name, t.At)
	}
	return doc.UnknownOf("the disk that comes with the machine type is not in the catalogue; state size_gib in an infra.yaml", t.At)
}

// SetOS fills instance.os from an image's name. pinned overrides what the name tells, when not nil.
func (i *Instance) SetOS(image *eval.Val, pinned *doc.Node, from string) {
	at := where(image, i.At)
	o := doc.NewMap(doc.Set, at)
	i.Put("os", o)
	name, ok := image.Str()
	if !ok {
		why := image.Reason()
		if why == "" {
			why = "the image is not written"
		}
		i.unknownOS(o, why, at, pinned)
		return
	}
	sys, found := machine.OS(i.Provider, name)
	if pinned == nil {
		pinned = Derived(sys.Pinned, "from image "+name, at)
	}
	if !found {
		i.unknownOS(o, fmt.Sprintf("the image %q does not tell the operating system; state os in an infra.yaml", name), at, pinned)
		return
	}
	if from == "" {
		from = sys.From
	}
	i.System = sys.Family
	o.Put("family", Derived(sys.Family, "from image "+name, at))
	o.Put("version", Derived(sys.Version, "from image "+name, at))
	if sys.Version == "" {
		o.Put("version", doc.UnknownOf("the image does not tell the version", at))
	}
	o.Put("pinned", pinned)
	o.Put("from", doc.Of(from, doc.Derived, at))
	o.Put("pro", Derived(sys.Pro, "from image "+name, at))
}

func (i *Instance) unknownOS(o *doc.Node, why string, at span.Span, pinned *doc.Node) {
	o.Put("family", doc.UnknownOf(why, at))
	o.Put("version", doc.UnknownOf(why, at))
	if pinned == nil {
		pinned = doc.UnknownOf(why, at)
	}
	o.Put("pinned", pinned)
	o.Put("from", doc.UnknownOf(why, at))
}

// Disk is a boot_disk or the common part of a volume.
func Disk(to *doc.Node, size, typ, encrypted, key, deleted *doc.Node) {
	to.Put("size_gib", size)
	to.Put("type", typ)
	to.Put("encrypted", encrypted)
	to.Put("key", key)
	to.Put("delete_with_instance", deleted)
}

// SetProtection fills instance.protection; deletion is the cloud's own guard (nil where there is none).
func (i *Instance) SetProtection(deletion *doc.Node) {
	p := doc.NewMap(doc.Set, i.At)
	i.Put("protection", p)
	p.Put("prevent_destroy", PreventDestroy(i.Res))
	if deletion == nil {
		deletion = doc.UnsetAt(i.At).Because("this cloud has no such switch, or Terraform does not know it")
	}
	p.Put("deletion_protection", deletion)
	p.Put("replace_hazards", List(i.At)) // Finish knows them all
}

// PreventDestroy is the lifecycle guard of a resource.
func PreventDestroy(r *eval.Resource) *doc.Node {
	v, _ := r.Lifecycle()
	why := "Terraform destroys what it is told to, unless lifecycle.prevent_destroy is true"
	if t := r.Tool(); t != "Terraform" {
		why = t + " destroys what it is told to, and nothing protects this"
	}
	return Or(Bool(v, r.At.Span()), false, why)
}

// Ignores says whether changes of an attribute are ignored.
func Ignores(r *eval.Resource, attr string) bool {
	_, ignored := r.Lifecycle()
	for _, n := range ignored {
		if n == attr || n == "all" {
			return true
		}
	}
	return false
}

// Hazard notes that an ordinary change may replace the machine.
func (i *Instance) Hazard(kind string, at span.Span) {
	if at.IsZero() {
		at = i.At
	}
	i.Hazards = append(i.Hazards, Set(kind, at))
}

// PublicIP notes an address of the machine: kind is static, ephemeral, lifetime, lb or none.
func (i *Instance) PublicIP(kind string, state doc.State, ref, why string, at span.Span, cond string) {
	n := doc.NewMap(doc.Set, at)
	n.Put("ref", doc.Of(ref, doc.Derived, at))
	n.Put("address", doc.UnsetAt(at))
	n.Put("kind", Doubt(doc.Of(kind, state, at).Because(why), cond))
	i.PublicIPs = append(i.PublicIPs, n)
}

// UnknownIP notes that the machine may have an address of which nothing is known.
func (i *Instance) UnknownIP(why string, at span.Span) {
	i.PublicIPs = append(i.PublicIPs, doc.UnknownOf(why, at))
}

// Identity is instance.identity where no credentials are attached.
func NoIdentity(at span.Span, why string) *doc.Node {
	n := doc.NewMap(doc.Set, at)
	n.Put("attached", doc.Of(false, doc.Default, at).Because(why))
	n.Put("ref", doc.UnsetAt(at))
	n.Put("scopes", doc.NewList(doc.Default, at))
	n.Put("privileged", doc.Of(false, doc.Default, at).Because(why))
	return n
}

// Metadata is instance.metadata.
func Metadata(at span.Span, endpoint, tokens, hops *doc.Node) *doc.Node {
	n := doc.NewMap(doc.Set, at)
	n.Put("endpoint", endpoint)
	n.Put("tokens", tokens)
	n.Put("hop_limit", hops)
	n.Put("users_blocked", doc.UnsetAt(at))
	return n
}

// Finish writes the lists that were collected.
func (m *Infra) Finish() {
	m.placeUptime()
	for _, i := range m.Instances {
		if len(i.opaque) > 0 {
			continue
		}
		volumes := List(i.At, i.Volumes...)
		if i.VolumesWhy != "" {
			volumes.Add(doc.UnknownOf(i.VolumesWhy, i.At))
		}
		i.Put("volumes", volumes)
		if p := i.Node.Get("protection"); p != nil && p.Kind == doc.Map {
			if i.Res.Replaced() {
				i.Hazard("plan_replaces", i.At)
			}
			p.Put("replace_hazards", List(i.At, i.Hazards...))
			if i.Res.OnlyPlanned() && !i.Res.Replaced() {
				p.Put("replace_hazards", doc.UnknownOf("a plan does not tell which changes are ignored; commit the configuration too", i.At))
			}
		}
		i.Put("public_ips", List(i.At, i.PublicIPs...))
		i.Put("ingress", List(m.firewallAt(i), i.Ingress...))
		if i.System == "ubuntu" || i.System == "debian" {
			n := doc.NewMap(doc.Default, i.At)
			why := "cloud images of " + i.System + " come with unattended-upgrades switched on"
			n.Put("kind", doc.Of("image_default", doc.Default, i.Node.Get("os").At).Because(why))
			n.Put("target", doc.Of("apt", doc.Default, i.At))
			n.Put("every_hours", doc.Of(24, doc.Default, i.At).Because(why))
			i.Patching = append(i.Patching, n)
		}
		i.Put("patching", List(i.At, i.Patching...))
		i.Put("monitoring", List(i.At, i.Monitoring...))
		if i.Cond != "" {
			i.Put("conditional", Set(true, i.At).Because(i.Cond))
		}
	}
	for _, v := range m.Volumes {
		for _, k := range []string{"mount", "filesystem", "attached_to"} {
			if v.Node.Get(k) == nil {
				v.Node.Put(k, doc.UnsetAt(v.Node.At))
			}
		}
	}
}
