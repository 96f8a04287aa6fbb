package assemble

import (
	"fmt"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/host"
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
			infra, id, more = fill(infra, id, d, l.shared(d))
			problems = append(problems, more...)
		}
	case d != nil && d.Infra != nil && d.Infra.Kind == doc.Map && !l.shared(d):
		infra = d.Infra.Copy()
		id = hubOf(infra.Get("instances").List())
	case d != nil && stands(d.Infra, g.name):
		infra = d.Infra.Copy()
		id = g.name
	case d != nil && l.shared(d):
		why = fmt.Sprintf("%s is the nearest infra.yaml of several hubs, and no machine in it has the id %s; commit one beside each hub, or call the machines as the hubs are called", d.file, g.name)
		infra = emptyInfra(why)
	default:
		infra = emptyInfra(why)
	}
	hubInstance := mark(infra, id, how)
	if hubInstance == nil {
		hubInstance = undeclared(why)
		listOf(infra, "instances").Add(hubInstance)
	}
	if images := l.imagesOf(g); len(images) > 0 {
		listOf(infra, "images").Add(images...)
	}
	for _, k := range []string{"images", "backups"} { // what is missing is missing for the hub's machine
		if list := infra.Get(k); list != nil && len(list.Items) == 0 && list.State == doc.Set {
			list.At = hubInstance.At
		}
	}
	mergeGuest(hubInstance, m.Guest)
	tieMounts(infra, hubInstance)
	l.leaveOpen(g, infra, hubInstance)
	if len(m.Backups) > 0 {
		listOf(infra, "backups").Add(m.Backups...)
	}
	return infra, problems
}

// stands says whether an infra.yaml states a machine of this id.
func stands(infra *doc.Node, id string) bool {
	return slices.ContainsFunc(infra.Get("instances").List(), func(in *doc.Node) bool {
		have, ok := in.Get("id").Str()
		return ok && have == id
	})
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
