package assemble

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/vagrant"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// readVagrant makes machines of Vagrantfiles, and units of what their provisioners do to TLJH.
func (l *loader) readVagrant(carriers []repo.Unread) {
	var mods []*module
	defer func() { l.modules = append(l.modules, mods...) }()
	for _, f := range carriers {
		if f.Kind != repo.VagrantKind || l.used[f.Path] {
			continue
		}
		src := l.open(f.Path)
		if src == nil {
			l.broken[f.Path] = true
			continue
		}
		v := vagrant.Read(l.tree, src)
		if l.machines() > 0 || l.playbooksMake() {
			l.cover(f.Path)
			l.problem(v.At, false, "%s is taken for a machine to try things out on, because the repository declares others; it is not checked", f.Path)
			continue
		}
		if len(v.Machines) == 0 {
			l.broken[f.Path] = true
			l.problems = append(l.problems, v.Problems...)
			continue
		}
		mod := &module{dir: dirOf(f.Path), infra: virtual(v), uses: append(v.Uses, f.Path), problems: v.Problems, idle: map[string][]step.Carrier{}, local: true}
		mods = append(mods, mod)
		l.cover(f.Path)
		for _, m := range v.Machines {
			l.cover(f.Path, m.Steps...)
			id := idOf(m)
			car := step.Carrier{File: f.Path, Format: "vagrant", At: m.At, Steps: m.Steps, Uses: v.Uses, Machine: id}
			u := l.look(f.Path, car)
			if u.relevant() && l.speaks(u) {
				l.use(append(v.Uses, u.uses...))
				u.dir, u.module, u.machine = mod.dir, mod, id
				l.units = append(l.units, u)
			} else if len(m.Steps) > 0 {
				mod.idle[id] = []step.Carrier{car}
			}
		}
	}
}

// machines counts the machines that Terraform and the like declare.
func (l *loader) machines() int {
	n := 0
	for _, m := range l.modules {
		n += len(m.infra.Get("instances").List())
	}
	return n
}

func idOf(m vagrant.Machine) string { return "vagrant." + span.Show(m.Name) }

// virtual is the machines of a Vagrantfile in the common model. Vagrant keeps no copies and watches nothing; its networks are
// those of whoever runs it.
func virtual(v vagrant.File) *doc.Node {
	infra := doc.NewMap(doc.Set, v.At)
	for _, k := range []string{"inputs", "instances", "volumes", "backups", "dns", "images", "alerts_sinks"} {
		infra.Put(k, doc.NewList(doc.Set, v.At))
	}
	in := doc.NewMap(doc.Set, v.At)
	in.Put("path", doc.Of(v.File, doc.Set, v.At))
	infra.Get("inputs").Add(in)
	for _, m := range v.Machines {
		n := doc.NewMap(doc.Set, m.At)
		n.Put("id", doc.Of(idOf(m), doc.Set, m.At))
		n.Put("declared", doc.Of(true, doc.Derived, m.At))
		n.Put("is_hub", doc.Of(false, doc.Derived, m.At))
		for _, k := range cloudSide {
			n.Put(k, doc.UnknownOf("a Vagrantfile does not state it; where it matters, state it in an infra.yaml", m.At))
		}
		n.Put("provider", doc.Of("other", doc.Derived, m.At).Because("a virtual machine of Vagrant"))
		n.Put("monitoring", doc.NewList(doc.Set, m.At))
		size := n.Put("machine", doc.NewMap(doc.Set, m.At))
		size.Put("type", sized(m.Type, m.At, false))
		size.Put("memory_mib", sized(m.Memory, m.At, true))
		size.Put("vcpu", sized(m.CPUs, m.At, true))
		infra.Get("instances").Add(n)
	}
	infra.Put("complete", doc.Of(true, doc.Derived, v.At))
	infra.Put("incomplete", doc.NewList(doc.Derived, v.At))
	return infra
}

// sized is a value of a machine: what is not set is the box's, or the cloud's.
func sized(v vagrant.Value, at span.Span, number bool) *doc.Node {
	switch n, err := strconv.Atoi(v.Text); {
	case v.At.IsZero() && number:
		return doc.UnknownOf("the Vagrantfile does not set it, so it is that of the box", at)
	case v.At.IsZero():
		return doc.UnsetAt(at)
	case v.Why != "":
		return doc.UnknownOf(v.Why, v.At)
	case !number:
		return doc.Of(v.Text, doc.Set, v.At)
	case err != nil:
		return doc.UnknownOf("this is no whole number", v.At)
	default:
		return doc.Of(n, doc.Set, v.At)
	}
}
