package assemble

import (
	"fmt"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/ansible/clouds"
)

// maker is a playbook that makes machines; the zero value is one that makes none.
type maker struct {
	book   ansible.Playbook
	made   clouds.Result
	module *module
}

// madeByPlaybooks declares the machines that playbooks make.
func (l *loader) madeByPlaybooks(books []ansible.Playbook) []maker {
	out := make([]maker, len(books))
	for k, b := range books {
		if b.Role || !clouds.Machines(&b) {
			continue
		}
		src, err := l.tree.Open(b.File)
		if err != nil {
			continue
		}
		if made, ok := clouds.Read(l.tree, src, &b, l.beside(books, b.File)...); ok {
			l.declares(made.Module)
			out[k] = maker{b, made, l.modules[len(l.modules)-1]}
		}
	}
	return out
}

// beside are the other playbooks that make things in clouds, but no machines.
func (l *loader) beside(books []ansible.Playbook, file string) []clouds.Beside {
	var out []clouds.Beside
	for k := range books {
		o := clouds.Beside{Playbook: &books[k]}
		if o.File == file || o.Role || clouds.Machines(o.Playbook) || len(o.Makes) == 0 {
			continue
		}
		if _, known := l.runsBefore(file, o.File); !known {
			o.Why = fmt.Sprintf("%s is run by itself, and nothing in the repository says whether it was", o.File)
		}
		out = append(out, o)
	}
	return out
}

// namesMaker is a task that may make a machine.
var namesMaker = lazyregexp.New(`(?m)(?:^[\s-]*|[{ ]module: *)(?:[a-z_]+\.[a-z_]+\.)?(?:ec2|ec2_instance|lightsail|digital_ocean(?:_droplet)?|droplet|(?:os_|hcloud_|vultr_)?server|instance|gcp_compute_instance|azure_rm_(?:virtualmachine|vm)|linode(?:_v4)?)\b`)

// playbooksMake says whether a playbook makes a machine. It is asked before what runs playbooks is known, which changes how many
// there are only in repositories that make machines either way.
func (l *loader) playbooksMake() bool {
	named := false
	for _, f := range l.found.Ansible {
		if src, err := l.tree.Open(f); err == nil && namesMaker.MatchString(src.Text) {
			named = true
			break
		}
	}
	if !named {
		return false
	}
	for _, b := range ansible.Read(l.tree, l.found.Ansible, ansible.Options{}).Playbooks {
		if !b.Role && slices.ContainsFunc(b.Makes, (*ansible.Make).IsMachine) {
			return true
		}
	}
	return false
}

// seat gives the units of a playbook the machine that it makes for them: the one whose address it adds to the inventory for the hosts
// of their plays. What else the playbook does is done for that machine too.
func (m maker) seat(l *loader, units []*unit) {
	if m.module == nil {
		return
	}
	for _, installs := range []bool{true, false} {
		for _, u := range units {
			id := m.machine(u)
			if id == "" || u.install != installs || u.machine != "" {
				continue
			}
			l.driven = append(l.driven, driver{books: []string{m.book.File}, module: m.module, machine: id})
			if !slices.ContainsFunc(l.units, func(o *unit) bool { return o.module == m.module && o.machine == id }) {
				u.module, u.machine = m.module, id
			}
		}
	}
}

// machine is the machine that a unit's plays are for, "" if that is none of the playbook's, or one of several.
func (m maker) machine(u *unit) string {
	id := ""
	for _, a := range m.book.Added {
		meant := slices.ContainsFunc(a.Names, func(n string) bool { return slices.Contains(u.hosts, n) })
		if !meant && !everybody(u.hosts[0]) {
			continue
		}
		ids := []string{}
		for _, mk := range a.Of {
			if i := m.made.IDs[mk]; i != "" {
				ids = append(ids, i)
			}
		}
		if len(ids) == 0 {
			ids = append(ids, m.made.Only()) // its address was looked up
		}
		for _, i := range ids {
			if i == "" || id != "" && i != id {
				return ""
			}
			id = i
		}
	}
	return id
}
