package ansible

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func within(dir, base string) bool { return base == "." || strings.HasPrefix(dir, base+"/") }

// inventoriesFor are the inventories that a playbook in dir is run with: those of ansible.cfg, else files that are called so.
func (l *library) inventoriesFor(dir string) []*inventory {
	out, ok := l.perDir[dir]
	if !ok {
		out = l.findInventories(dir)
		l.perDir[dir] = out
		l.passedOver(out, dir)
	}
	return out
}

// passedOver says that there are other inventories than those that are used: those of other environments.
func (l *library) passedOver(used []*inventory, dir string) {
	if len(used) == 0 || len(l.config.inventories) > 0 {
		return
	}
	for _, d := range l.varDirs {
		for _, n := range l.files.List(d) {
			f := path.Join(d, n)
			if path.Ext(f) == ".yml" || path.Ext(f) == ".yaml" || path.Ext(f) == ".cfg" || path.Ext(f) == ".md" || within(dir, d) || d == dir {
				continue
			}
			if inv := l.inventory(f); inv != nil && len(inv.order) > 0 && !slices.Contains(used, inv) {
				l.problem(span.Span{File: used[0].file, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 1, Column: 1}},
					"the playbooks of %s are read with this inventory; %s is another one, with which they may do something else", dir, f)
				return
			}
		}
	}
}

func (l *library) findInventories(dir string) []*inventory {
	var out []*inventory
	add := func(f string) {
		if !l.files.Exists(f) {
			return
		}
		if inv := l.inventory(f); inv != nil && !slices.Contains(out, inv) && len(out) < 20 {
			out = append(out, inv)
		}
	}
	for _, p := range l.config.inventories {
		add(p)
		for _, n := range l.files.List(p) {
			add(path.Join(p, n))
		}
	}
	if len(out) > 0 {
		return out
	}
	bases := []string{dir, path.Dir(dir), "."}
	for _, base := range slices.Compact(bases) {
		for _, n := range []string{"hosts", "hosts.ini", "hosts.yml", "hosts.yaml", "inventory", "inventory.ini", "inventory.yml", "inventory.yaml", "inventory.cfg"} {
			add(path.Join(base, n))
		}
		for _, d := range []string{"inventory", "inventories", "inventory/production", "inventories/production", "inventory/prod", "inventories/prod"} {
			for _, n := range l.files.List(path.Join(base, d)) {
				add(path.Join(base, d, n))
			}
		}
		if len(out) > 0 {
			break
		}
		for _, d := range l.varDirs { // inventories/NAME/group_vars lies beside inventories/NAME/hosts
			if d != base && within(d, base) {
				for _, n := range l.files.List(d) {
					add(path.Join(d, n))
				}
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}
