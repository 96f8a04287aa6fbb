package assemble

import "github.com/tljh-policy/tljh-policy/internal/doc"

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
	if key == "keys" && okA && a > 0 && g.State == doc.Unknown {
		return // there is one for certain
	}
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
