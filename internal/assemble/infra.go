package assemble

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/host"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const noInfra = "no infrastructure for the hub's machine in this repository; commit its Terraform or an infra.yaml"

// cloudSide are the keys of an instance that only its infrastructure can tell (reference/providers.md §1).
var cloudSide = []string{"provider", "machine", "os", "boot_disk", "volumes", "public_ips", "ingress", "ingress_default",
	"egress_restricted", "ssh", "identity", "metadata", "userdata", "patching", "monitoring", "protection", "tags"}

// infra is the infrastructure part of a hub's document, with exactly one instance marked as the hub's machine.
func (l *loader) infra(g *group, on seat, m *host.Machine) (*doc.Node, []step.Problem) {
	mod, id, how, why := on.module, on.id, on.how, on.why
	var infra *doc.Node
	var problems []step.Problem
	d := l.declaredFor(g)
	if d != nil {
		problems = append(problems, d.Problems...)
	}
	switch {
	case mod != nil:
		infra = mod.infra.Copy()
		problems = append(problems, mod.problems...)
		if d != nil {
			var more []step.Problem
			infra, id, more = fill(infra, id, d)
			problems = append(problems, more...)
		}
	case d != nil && d.Infra != nil && d.Infra.Kind == doc.Map:
		infra = d.Infra.Copy()
		id = hubOf(infra.Get("instances").List())
	default:
		infra = emptyInfra(why)
	}
	hubInstance := mark(infra, id, how)
	if hubInstance == nil {
		hubInstance = undeclared(why)
		listOf(infra, "instances").Add(hubInstance)
	}
	for _, k := range []string{"images", "backups"} { // what is missing is missing for the hub's machine
		if list := infra.Get(k); list != nil && len(list.Items) == 0 && list.State == doc.Set {
			list.At = hubInstance.At
		}
	}
	mergeGuest(hubInstance, m.Guest)
	tieMounts(infra, hubInstance)
	l.leaveOpen(infra, hubInstance)
	if len(m.Backups) > 0 {
		listOf(infra, "backups").Add(m.Backups...)
	}
	return infra, problems
}

// emptyInfra is the infrastructure of a hub whose machine the repository does not hold.
func emptyInfra(why string) *doc.Node {
	n := doc.NewMap(doc.Set, span.Span{})
	for _, k := range []string{"inputs", "instances", "volumes", "backups", "dns", "images", "alerts_sinks"} {
		n.Put(k, doc.NewList(doc.Set, span.Span{}))
	}
	n.Put("complete", doc.Of(false, doc.Derived, span.Span{}).Because(why))
	n.Put("incomplete", doc.NewList(doc.Derived, span.Span{}, doc.Of(why, doc.Derived, span.Span{})))
	return n
}

// listOf is the list at key, made when what stands there is no list (an infra.yaml that does not speak of it, or is broken).
func listOf(infra *doc.Node, key string) *doc.Node {
	n := infra.Get(key)
	if n == nil || n.Kind != doc.List {
		list := doc.NewList(doc.Derived, span.Span{})
		if n != nil {
			list.At = n.At
		}
		n = infra.Put(key, list)
	}
	return n
}

// seat is the machine a hub runs on.
type seat struct {
	module *module
	id     string
	how    string // why it is this one, when that is inferred
	why    string // what is missing, when there is none
}

// seatOf is machineOf, and what else runs on that machine: user data that has nothing to do with TLJH may still set up its
// firewall or its monitoring.
func (l *loader) seatOf(g *group) (seat, []step.Carrier) {
	mod, id, how, why := l.machineOf(g)
	if mod == nil || g.machine != "" {
		return seat{mod, id, how, why}, nil
	}
	g.tied = mod
	return seat{mod, id, how, why}, mod.idle[id]
}

// machineOf finds the machine a hub runs on: the one whose user data or provisioners set it up; else the only machine
// of the only Terraform module that can be meant. how says why, when the tie is an inference; why says what is missing.
func (l *loader) machineOf(g *group) (mod *module, id, how, why string) {
	if g.machine != "" {
		return g.module, g.machine, "", ""
	}
	var with []*module
	for _, m := range l.modules {
		if len(m.infra.Get("instances").List()) > 0 {
			with = append(with, m)
		}
	}
	var near []*module
	for _, m := range with {
		if related(m.dir, g.dir) {
			near = append(near, m)
		}
	}
	if len(near) == 0 && l.hubs == 1 {
		near = with
	}
	if len(near) == 0 {
		return nil, "", "", l.noMachine()
	}
	if mod, id := l.named(near); mod != nil && (len(near) > 1 || len(l.unclaimed(near[0])) > 1) {
		return mod, id, "it is the only machine whose name or tags speak of Jupyter", ""
	}
	if len(near) > 1 {
		return nil, "", "", fmt.Sprintf("several Terraform modules declare machines (%s), and none of them visibly runs TLJH; say which one is the hub's in an infra.yaml", dirs(near))
	}
	free := l.unclaimed(near[0])
	if len(free) == 1 && l.sharing(near[0]) == 1 {
		return near[0], free[0], "it is the only machine that " + near[0].dir + " declares", ""
	}
	return nil, "", "", fmt.Sprintf("the module in %s declares %d machines, and none of them visibly runs TLJH; say which one is the hub's in an infra.yaml", near[0].dir, len(free))
}

// noMachine says what is missing, and which file may hold it all the same.
func (l *loader) noMachine() string {
	if m := l.found.Machines; len(m) > 0 {
		return fmt.Sprintf("the hub's machine may be declared in %s (%s), and this format is not read yet; state it in an infra.yaml", m[0].Path, m[0].Kind)
	}
	return noInfra
}

var speaksOfJupyter = lazyregexp.New(`(?i)jupyter|tljh`)

// named finds the machine that a name or tag says is the hub's: the only such one, for the only hub without a machine.
func (l *loader) named(mods []*module) (mod *module, id string) {
	for _, m := range mods {
		if l.sharing(m) != 1 {
			return nil, ""
		}
		free := l.unclaimed(m)
		for _, in := range m.infra.Get("instances").List() {
			name, _ := in.Get("id").Str()
			if !slices.Contains(free, name) || !speaksOfJupyter.MatchString(name+" "+tags(in)) {
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

// mark sets is_hub and declared on every instance and returns the hub's.
func mark(infra *doc.Node, id, how string) *doc.Node {
	var found *doc.Node
	for _, in := range infra.Get("instances").List() {
		name, _ := in.Get("id").Str()
		is := id != "" && name == id && found == nil
		in.Put("declared", doc.Of(true, doc.Derived, span.Span{}))
		in.Put("is_hub", doc.Of(is, doc.Derived, span.Span{}).Because(how))
		if is {
			found = in
		}
	}
	return found
}

// undeclared is the machine of a hub whose infrastructure the repository does not hold.
func undeclared(why string) *doc.Node {
	n := doc.NewMap(doc.Derived, span.Span{})
	n.Put("id", doc.Of("(hub)", doc.Derived, span.Span{}))
	n.Put("is_hub", doc.Of(true, doc.Derived, span.Span{}))
	n.Put("declared", doc.Of(false, doc.Derived, span.Span{}))
	for _, k := range cloudSide {
		n.Put(k, doc.UnknownOf(why, span.Span{}))
	}
	return n
}

// mergeGuest adds what commands inside the machine say. Lists grow; a value the guest sets is what holds in the end.
func mergeGuest(in, guest *doc.Node) {
	if guest == nil {
		return
	}
	for _, k := range guest.Keys {
		g := guest.Child[k]
		have := in.Child[k]
		switch {
		case have == nil || have.Kind == doc.Null && have.State != doc.Unknown:
			in.Put(k, g)
		case g.Kind == doc.List && have.Kind == doc.List:
			have.Add(g.Items...)
		case g.Kind == doc.List && len(g.Items) > 0:
			// The cloud's share of the list is unknown; what the guest shows is real all the same.
			in.Put(k, doc.NewList(doc.Set, g.At, g.Items...).Because(have.Why))
		case g.Kind == doc.Map && have.Kind == doc.Map:
			for _, sub := range g.Keys {
				mergeLeaf(have, sub, g.Child[sub])
			}
		case g.Kind == doc.Map:
			n := g.Copy()
			for _, sub := range n.Keys {
				if n.Child[sub].State == doc.Unset {
					n.Child[sub] = doc.UnknownOf(have.Why, n.Child[sub].At)
				}
			}
			in.Put(k, n)
		}
	}
}

func mergeLeaf(have *doc.Node, key string, g *doc.Node) {
	old := have.Child[key]
	if g.State == doc.Unset {
		if old == nil {
			have.Put(key, g)
		}
		return
	}
	a, okA := old.Int()
	b, okB := g.Int()
	if key == "keys" && okA && okB {
		at := g.At
		if at.IsZero() || b == 0 {
			at = old.At
		}
		have.Put(key, doc.Of(a+b, doc.Derived, at))
		return
	}
	have.Put(key, g)
}

// tieMounts notes on the only attached data volume what the guest mounts.
func tieMounts(infra, in *doc.Node) {
	var data []*doc.Node
	for _, v := range in.Get("volumes").List() {
		id, _ := v.Str()
		for _, vol := range infra.Get("volumes").List() {
			if name, _ := vol.Get("id").Str(); name == id && id != "" {
				data = append(data, vol)
			}
		}
	}
	mounts := in.Get("mounts").List()
	if len(data) != 1 || len(mounts) != 1 {
		return
	}
	if m := data[0].Get("mount"); m == nil || m.Kind == doc.Null {
		data[0].Put("mount", mounts[0].Get("path"))
		if fs := mounts[0].Get("filesystem"); fs != nil {
			data[0].Put("filesystem", fs)
		}
	}
}
