package python

import "slices"

// joiner makes one state of two that the program may be in.
type joiner struct {
	why    string
	values map[[2]*Value]*Value
	scopes map[[2]*scope]*scope
}

func join(a, b *state, why string) *state {
	j := &joiner{why, map[[2]*Value]*Value{}, map[[2]*scope]*scope{}}
	n := &state{live: a.live, globals: j.scope(a.globals, b.globals), local: j.scope(a.local, b.local), objects: j.scope(a.objects, b.objects), conf: newConfig()}
	for i := range a.callers {
		if i < len(b.callers) {
			n.callers = append(n.callers, j.scope(a.callers[i], b.callers[i]))
		}
	}
	n.conf.open, n.conf.applied = a.conf.open, a.conf.applied || b.conf.applied
	if n.conf.open == nil {
		n.conf.open = b.conf.open
	}
	for _, s := range a.conf.sections {
		n.conf.add(j.section(s, b.conf.byName[s.Name]))
	}
	for _, s := range b.conf.sections {
		if a.conf.byName[s.Name] == nil {
			n.conf.add(j.section(&Section{Name: s.Name, At: s.At, Traits: map[string]*Value{}}, s))
		}
	}
	return n
}

func (j *joiner) section(a, b *Section) *Section {
	if b == nil {
		b = &Section{Traits: map[string]*Value{}}
	}
	n := &Section{Name: a.Name, At: a.At, Open: a.Open, Traits: map[string]*Value{}}
	if n.Open == nil {
		n.Open = b.Open
	}
	for _, k := range a.Order {
		n.put(k, j.value(a.Traits[k], b.Traits[k]))
	}
	for _, k := range b.Order {
		if _, ok := a.Traits[k]; !ok {
			n.put(k, j.value(nil, b.Traits[k]))
		}
	}
	return n
}

func (j *joiner) scope(a, b *scope) *scope {
	if a == nil || b == nil {
		return nil
	}
	if n := j.scopes[[2]*scope{a, b}]; n != nil {
		return n
	}
	n := &scope{vars: map[string]*Value{}, outside: a.outside, loose: a.loose}
	if n.loose == "" {
		n.loose = b.loose
	}
	j.scopes[[2]*scope{a, b}] = n
	n.parent = j.scope(a.parent, b.parent)
	for k, v := range a.vars {
		n.vars[k] = j.value(v, b.vars[k])
	}
	for k, v := range b.vars {
		if _, ok := a.vars[k]; !ok {
			n.vars[k] = j.value(nil, v)
		}
	}
	return n
}

// value is what a and b have in common; nil stands for what is not set.
func (j *joiner) value(a, b *Value) *Value {
	if a == b {
		return a
	}
	if a != nil && b != nil {
		if n := j.values[[2]*Value{a, b}]; n != nil {
			return n
		}
	}
	n := j.fresh(a, b)
	if a != nil && b != nil {
		j.values[[2]*Value{a, b}] = n
	}
	return n
}

func (j *joiner) fresh(a, b *Value) *Value {
	if a == nil || b == nil {
		return either(j.why, a, b)
	}
	if a.Kind == Function && b.Kind == Function && a.fn.from == b.fn.from {
		n, fn := *a, *a.fn
		fn.scope, fn.module = j.scope(a.fn.scope, b.fn.scope), j.scope(a.fn.module, b.fn.module)
		n.fn = &fn
		return &n
	}
	if a.Kind == b.Kind && a.Name == b.Name && (a.class != nil && b.class != nil && a.fn.id() == b.fn.id() || a.scope != nil && b.scope != nil) {
		n := *a
		n.scope = j.scope(a.scope, b.scope)
		if a.class != nil {
			n.class = &class{body: j.scope(a.class.body, b.class.body), bases: a.class.bases, data: a.class.data}
		}
		return &n
	}
	if identical(a, b) {
		return a
	}
	if a.Kind == b.Kind && len(a.Items) == len(b.Items) && (a.Kind == List || a.Kind == Tuple || a.Kind == Dict && sameKeys(a, b)) {
		n := *a
		n.Items = make([]*Value, len(a.Items))
		for i := range a.Items {
			n.Items[i] = j.value(a.Items[i], b.Items[i])
		}
		return &n
	}
	return either(j.why, a, b)
}

func sameKeys(a, b *Value) bool {
	for i := range a.Keys {
		if !identical(a.Keys[i], b.Keys[i]) {
			return false
		}
	}
	return true
}

// either is one of two values; values that are Either themselves are taken apart.
func either(why string, a, b *Value) *Value {
	n := &Value{Kind: Either, Why: why}
	add := func(v *Value) {
		for _, x := range n.Items {
			if x == v || x != nil && v != nil && identical(x, v) {
				return
			}
		}
		n.Items = append(n.Items, v)
	}
	for _, v := range []*Value{a, b} {
		if v != nil && v.Kind == Either {
			for _, x := range v.Items {
				add(x)
			}
			n.Why = v.Why
			continue
		}
		add(v)
	}
	for _, v := range n.Items {
		if v != nil && n.At.IsZero() {
			n.At = v.At
		}
		if v != nil && v.Tainted {
			return &Value{Kind: Unknown, Why: why, At: v.At, Tainted: true}
		}
	}
	if len(n.Items) > 8 {
		return unknownAt(why, n.At)
	}
	return n
}

// identical says whether two values are the same for every purpose, also equally unknown; false for what is too large to compare.
func identical(a, b *Value) bool {
	left := bound
	return same(a, b, &left)
}

func same(a, b *Value, left *int) bool {
	if a == b {
		return true
	}
	if *left--; *left < 0 {
		return false
	}
	if a == nil || b == nil || a.Kind != b.Kind || a.Int != b.Int || a.Float != b.Float || a.Name != b.Name || a.Why != b.Why || a.Tainted != b.Tainted ||
		len(a.Items) != len(b.Items) || len(a.Keys) != len(b.Keys) || a.Text.String() != b.Text.String() {
		return false
	}
	switch a.Kind {
	case Function:
		return false
	case Thing:
		x, xs := a.Origin()
		y, ys := b.Origin()
		return x != nil && y != nil && x.Kind == Thing && y.Kind == Thing && x.Object.Call == y.Object.Call && slices.Equal(xs, ys)
	case Lazy:
		return sameEdits(a.Lazy, b.Lazy, left)
	}
	return sameList(a.Items, b.Items, left) && sameList(a.Keys, b.Keys, left)
}

func sameList(a, b []*Value, left *int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !same(a[i], b[i], left) {
			return false
		}
	}
	return true
}

func sameEdits(a, b *Edits, left *int) bool {
	if a == nil || b == nil || len(a.Inserts) != len(b.Inserts) {
		return a.Empty() && b.Empty()
	}
	for i := range a.Inserts {
		if a.Inserts[i].I != b.Inserts[i].I || !same(a.Inserts[i].V, b.Inserts[i].V, left) {
			return false
		}
	}
	return sameList(a.Extend, b.Extend, left) && sameList(a.Prepend, b.Prepend, left) && same(a.Update, b.Update, left)
}
