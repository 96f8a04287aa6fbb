package assemble

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// seat is the machine a hub runs on.
type seat struct {
	module *module
	id     string
	how    string   // why it is this one, when that is inferred
	why    string   // what is missing, when there is none
	choice []string // machines any of which it may be, when there is none
}

// seatOf is machineOf, and what else runs on that machine: user data that has nothing to do with TLJH may still set up its
// firewall or its monitoring.
func (l *loader) seatOf(g *group) (seat, []step.Carrier) {
	on := l.machineOf(g)
	if on.module == nil {
		return on, nil
	}
	if g.machine == "" {
		g.tied = on.module
	}
	return on, on.module.idle[on.id]
}

// machineOf finds the machine a hub runs on: the one whose user data or provisioners set it up; else the one that an infra.yaml says it
// is; else the only machine of the only module that can be meant.
func (l *loader) machineOf(g *group) seat {
	if g.machine != "" {
		return seat{module: g.module, id: g.machine}
	}
	if on := l.byAddress(g); on.module != nil {
		return on
	}
	var with []*module
	for _, m := range l.modules {
		if len(m.infra.Get("instances").List()) > 0 && g.means(m) {
			with = append(with, m)
		}
	}
	var near []*module
	for _, m := range with {
		if related(m.dir, g.dir) {
			near = append(near, m)
		}
	}
	if len(near) == 0 && l.hubs == 1 && len(with) > 0 {
		if mod, id := l.stated(g, with); mod != nil {
			return seat{module: mod, id: id}
		}
		if mod, id := l.byHosts(g, with); mod != nil {
			return seat{module: mod, id: id, how: "the hosts of the playbook are called as it is"}
		}
		// A Vagrantfile elsewhere that does not touch TLJH makes some other machine.
		apart := func(m *module) bool { return others(m) || m.local && !speaksOfJupyter.MatchString(m.dir) }
		if near = slices.DeleteFunc(slices.Clone(with), apart); len(near) == 0 {
			return seat{choice: l.choices(with), why: fmt.Sprintf("machines are declared in %s, and nothing says that one of them is the hub's; say which one in an infra.yaml", dirs(with))}
		}
	}
	if len(near) == 0 {
		return seat{why: l.noMachine()}
	}
	if mod, id := l.stated(g, near); mod != nil {
		return seat{module: mod, id: id}
	}
	if mod, id := l.byHosts(g, near); mod != nil {
		return seat{module: mod, id: id, how: "the hosts of the playbook are called as it is"}
	}
	if mod, id := l.named(near); mod != nil && (len(near) > 1 || len(l.unclaimed(near[0])) > 1) {
		return seat{module: mod, id: id, how: "it is the only machine whose name or tags speak of Jupyter"}
	}
	if len(near) > 1 {
		return seat{choice: l.choices(near), why: fmt.Sprintf("machines are declared in several places (%s), and none of them visibly runs TLJH; say which one is the hub's in an infra.yaml", dirs(near))}
	}
	free := l.unclaimed(near[0])
	if len(free) == 0 {
		return seat{why: fmt.Sprintf("other hubs run on the machines that %s declares, and none is left for this one; state its machine in an infra.yaml", near[0].dir)}
	}
	if len(free) == 1 && otherRole.MatchString(ownName(free[0], near[0].instance(free[0]))) {
		return seat{choice: free, why: fmt.Sprintf("the only machine that %s declares is called %s, so it may be for something else; if it is the hub's, say so in an infra.yaml", near[0].dir, free[0])}
	}
	if len(free) == 1 && l.sharing(near[0]) == 1 {
		return seat{module: near[0], id: free[0], how: "it is the only machine that " + near[0].dir + " declares"}
	}
	return seat{choice: l.choices(near), why: fmt.Sprintf("%s declares %d machines, and none of them visibly runs TLJH; say which one is the hub's in an infra.yaml", near[0].dir, len(free))}
}

// stated is the machine that an infra.yaml marks as the hub's, by the id it has there.
func (l *loader) stated(g *group, mods []*module) (mod *module, id string) {
	d := l.declaredFor(g)
	if d == nil || d.Infra == nil || l.shared(d) {
		return nil, ""
	}
	want := hubOf(d.Infra.Get("instances").List())
	for _, m := range mods {
		if want != "" && slices.Contains(l.unclaimed(m), want) {
			if mod != nil {
				return nil, "" // two modules have a machine of this name
			}
			mod, id = m, want
		}
	}
	return mod, id
}

// choices are the machines of modules on which no hub visibly runs.
func (l *loader) choices(mods []*module) []string {
	var out []string
	for _, m := range mods {
		out = append(out, l.unclaimed(m)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// means says whether a hub may be made of module m: of a module evaluated once for each tfvars file that the settings
// name, only the evaluation with its own file.
func (g *group) means(m *module) bool {
	if m.varFile == "" || g.setting == nil {
		return true
	}
	own := false
	for _, f := range g.setting.Sources {
		if f = path.Clean(f); f == m.varFile {
			return true
		}
		own = own || choosable(f)
	}
	return !own
}

// noMachine says what is missing, and which file may hold it all the same.
func (l *loader) noMachine() string {
	if m := l.found.Machines; len(m) > 0 {
		return fmt.Sprintf("the hub's machine may be declared in %s (%s), and %s; state it in an infra.yaml", m[0].Path, m[0].Kind, lackOf(m[0].Kind))
	}
	if l.unseen != "" {
		return l.unseen
	}
	if len(l.makers) > 0 {
		m := l.makers[0]
		return fmt.Sprintf("the hub's machine may be the one that %s makes (module %s), and its arguments are not worked out; state it in an infra.yaml", m.At, m.Name)
	}
	return noInfra
}

var speaksOfJupyter = lazyregexp.New(`(?i)jupyter|tljh`)

// named finds the machine that a name or tag says is the hub's: the only such one, for the only hub without a machine. A machine whose
// name also says that it stores, watches or computes for the hub is not taken for it.
func (l *loader) named(mods []*module) (mod *module, id string) {
	for _, m := range mods {
		if l.sharing(m) != 1 {
			return nil, ""
		}
		free := l.unclaimed(m)
		for _, in := range m.infra.Get("instances").List() {
			name, _ := in.Get("id").Str()
			if own := ownName(name, in); !slices.Contains(free, name) || !bearsHubName(name, in) || otherRole.MatchString(own) || besides.MatchString(own) {
				continue
			}
			if mod != nil {
				return nil, ""
			}
			mod, id = m, name
		}
	}
	return mod, id
}

// instance is the instance of this id; nil if there is none.
func (m *module) instance(id string) *doc.Node {
	for _, in := range m.infra.Get("instances").List() {
		if have, _ := in.Get("id").Str(); have == id {
			return in
		}
	}
	return nil
}

func tags(in *doc.Node) string {
	t := in.Get("tags")
	if t == nil || t.Kind != doc.Map {
		return ""
	}
	var all []string
	for _, k := range t.Keys {
		if v, ok := t.Child[k].Str(); ok {
			all = append(all, v)
		}
	}
	return strings.Join(all, " ")
}

func dirs(mods []*module) string {
	names := make([]string, len(mods))
	for i, m := range mods {
		names[i] = m.dir
	}
	return strings.Join(names, ", ")
}

// unclaimed are the instances of a module that no other hub runs on.
func (l *loader) unclaimed(m *module) []string {
	taken := map[string]bool{}
	for _, u := range l.units {
		if u.module == m && u.relevant() {
			taken[u.machine] = true
		}
	}
	for _, g := range l.groups {
		if on := l.byAddress(g); on.module == m {
			taken[on.id] = true
		}
	}
	var out []string
	for _, in := range m.infra.Get("instances").List() {
		if id, ok := in.Get("id").Str(); ok && !taken[id] {
			out = append(out, id)
		}
	}
	return out
}

// sharing counts the hubs without a machine that could be meant by module m.
func (l *loader) sharing(m *module) int {
	n := 0
	for _, g := range l.groups {
		if g.machine == "" && (related(m.dir, g.dir) || l.hubs == 1) {
			n++
		}
	}
	return n
}

func soleInstance(infra *doc.Node) string {
	in := infra.Get("instances").List()
	if len(in) != 1 {
		return ""
	}
	id, _ := in[0].Get("id").Str()
	return id
}
