package tljh

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// merge lays the file b over the defaults a and yields the result, as _merge_dictionaries does (TLJH: tljh/configurer.py):
// mappings merge, anything else replaces, and a value that Python finds equal to the default stays the default's.
func merge(a, b *doc.Node) *doc.Node {
	out := doc.NewMap(a.State, b.At)
	out.KeyAt, out.Why = b.KeyAt, a.Why
	if len(b.Child) > 0 && a.State == doc.Default {
		out.State, out.Why = doc.Set, ""
	}
	if isOpen(b) {
		out.State, out.Why = doc.Unknown, b.Why
	}
	for _, k := range a.Keys {
		d := a.Child[k]
		n, ok := b.Child[k]
		switch {
		case !ok && isOpen(b):
			out.Put(k, unknownTree(d, b.Why))
		case !ok:
			out.Put(k, d)
		case isDict(d) && isDict(n):
			out.Put(k, merge(d, n))
		case pyEqual(asKnown(d), n) && n.State != doc.Unknown:
			c := d.Copy()
			c.State, c.Why, c.At, c.KeyAt = n.State, "", n.At, n.KeyAt
			out.Put(k, c)
		default:
			out.Put(k, n.Copy())
		}
	}
	for _, k := range b.Keys {
		if _, ok := a.Child[k]; !ok {
			out.Put(k, b.Child[k].Copy())
		}
	}
	return out
}

// asKnown is d with a state that pyEqual takes: defaults that are nobody's are unknown.
func asKnown(d *doc.Node) *doc.Node {
	if d.State != doc.Unknown {
		return d
	}
	c := *d
	c.State = doc.Default
	return &c
}

// unknownTree is a default that may have been overridden out of sight: mappings stay, leaves are unknown.
func unknownTree(d *doc.Node, why string) *doc.Node {
	if !isDict(d) {
		return doc.UnknownOf(why, span.Span{})
	}
	m := doc.NewMap(doc.Unknown, span.Span{}).Because(why)
	for _, k := range d.Keys {
		m.Put(k, unknownTree(d.Child[k], why))
	}
	return m
}
