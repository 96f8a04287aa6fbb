package assemble

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// fill adds what an infra.yaml states. It may fill what another input leaves open, never overwrite what one knows: where
// both say something else, the value becomes unknown and the contradiction a problem. A file that is shared by several hubs tells their
// machines apart by their ids alone.
func fill(infra *doc.Node, id string, d *declared, shared bool) (*doc.Node, string, []step.Problem) {
	if d.Infra == nil || d.Infra.Kind != doc.Map {
		return infra, id, nil
	}
	f := filler{file: d.file}
	from := d.Infra.Copy()
	have, states := infra.Get("instances").List(), from.Get("instances").List()
	if id == "" && !shared {
		id = hubOf(states) // it names the hub's machine among those of Terraform
	}
	if len(have) == 1 && len(states) == 1 && !shared {
		// one machine each: the same one, whatever it is called
		states[0].Put("id", have[0].Get("id"))
		id, _ = have[0].Get("id").Str()
	}
	for _, key := range from.Keys {
		src, dst := from.Child[key], infra.Child[key]
		if key == "complete" && src.Value == true {
			infra.Put(key, src) // it states machines, disks and backups: what Terraform leaves open is closed
			infra.Put("incomplete", doc.NewList(doc.Derived, src.At))
			continue
		}
		if src.Kind != doc.List || key == "incomplete" {
			continue
		}
		if dst == nil || dst.Kind != doc.List {
			infra.Put(key, src)
			continue
		}
		f.list(key, dst, src)
	}
	return infra, id, f.problems
}

// hubOf is the id of the instance that is marked as the hub's, or of the only one.
func hubOf(instances []*doc.Node) string {
	for _, in := range instances {
		if is := in.Get("is_hub"); is != nil && is.Value == true {
			id, _ := in.Get("id").Str()
			return id
		}
	}
	if len(instances) == 1 {
		id, _ := instances[0].Get("id").Str()
		return id
	}
	return ""
}

type filler struct {
	file     string
	problems []step.Problem
}

// list joins lists of things with an id by that id, and appends others.
func (f *filler) list(key string, dst, src *doc.Node) {
	for _, item := range src.Items {
		id, ok := item.Get("id").Str()
		var match *doc.Node
		for _, have := range dst.Items {
			if name, _ := have.Get("id").Str(); ok && name == id {
				match = have
			}
		}
		if match == nil {
			dst.Add(item)
			continue
		}
		f.node(key+"."+id, match, item)
	}
}

// node fills the open values of dst from src.
func (f *filler) node(path string, dst, src *doc.Node) {
	for _, k := range src.Keys {
		s, d := src.Child[k], dst.Child[k]
		switch {
		case k == "id" || k == "is_hub":
		case k == "source" && d != nil: // where the machine's size comes from, which the size itself shows
			if v, _ := d.Str(); v == "" || v == "none" {
				dst.Put(k, s)
			}
		case s.Kind == doc.Null:
		case d == nil || d.Kind == doc.Null || d.State == doc.Default && s.State == doc.Set:
			dst.Put(k, s)
		case d.Kind == doc.Map && s.Kind == doc.Map:
			f.node(path+"."+k, d, s)
		case d.Kind == doc.List && s.Kind == doc.List:
			d.Add(s.Items...)
		case !doc.Same(d, s):
			f.problems = append(f.problems, step.Problem{At: s.At, Msg: fmt.Sprintf(
				"%s of %s contradicts %s; correct the one that is wrong", path+"."+k, f.file, place(d.At))})
			why := fmt.Sprintf("%s and %s contradict each other", f.file, place(d.At))
			dst.Put(k, doc.UnknownOf(why, s.At))
			if k == "type" && dst.Child["memory_mib"] != nil {
				for _, size := range dst.Keys { // what followed from the type is as open as the type
					dst.Child[size] = doc.UnknownOf(why, s.At)
				}
			}
		}
	}
}

func place(at span.Span) string {
	if at.IsZero() {
		return "another input"
	}
	return at.String()
}
