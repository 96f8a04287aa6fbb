package python

// scope holds the variables of a module, function or class body.
type scope struct {
	vars    map[string]*Value
	parent  *scope // the function around it; nil: the module
	outside map[string]bool
	loose   string // why names that are not here may be (after import *); "" if they are not
}

func newScope(parent *scope) *scope { return &scope{vars: map[string]*Value{}, parent: parent} }

// state is all that statements can change. It is copied where the program may take one way or another.
type state struct {
	globals *scope
	local   *scope   // of the function that runs; nil in the module
	callers []*scope // the local scopes of the functions that called it, and their modules
	conf    *config
	objects *scope // the attributes of objects, and the modules of the program
	live    bool   // the configuration holds what was set before (Options.Base)
}

func newState() *state {
	return &state{globals: newScope(nil), objects: newScope(nil), conf: newConfig()}
}

// copier copies a state; what is shared stays shared.
type copier struct {
	values map[*Value]*Value
	scopes map[*scope]*scope
	left   *int
}

func (e *evaluator) copyState(s *state) *state {
	c := &copier{map[*Value]*Value{}, map[*scope]*scope{}, &e.copies}
	n := &state{live: s.live, globals: c.scope(s.globals), local: c.scope(s.local), objects: c.scope(s.objects), conf: &config{open: s.conf.open, applied: s.conf.applied, byName: map[string]*Section{}}}
	for _, f := range s.callers {
		n.callers = append(n.callers, c.scope(f))
	}
	for _, sec := range s.conf.sections {
		m := &Section{Name: sec.Name, Order: append([]string(nil), sec.Order...), Open: sec.Open, At: sec.At, Traits: make(map[string]*Value, len(sec.Traits))}
		for k, v := range sec.Traits {
			m.Traits[k] = c.value(v)
		}
		n.conf.sections, n.conf.byName[m.Name] = append(n.conf.sections, m), m
	}
	return n
}

func (c *copier) scope(s *scope) *scope {
	if s == nil {
		return nil
	}
	if n := c.scopes[s]; n != nil {
		return n
	}
	n := &scope{vars: make(map[string]*Value, len(s.vars)), outside: s.outside, loose: s.loose}
	c.scopes[s] = n
	*c.left -= len(s.vars)
	n.parent = c.scope(s.parent)
	for k, v := range s.vars {
		n.vars[k] = c.value(v)
	}
	return n
}

func (c *copier) value(v *Value) *Value {
	if v == nil {
		return nil
	}
	if v.Kind == Function {
		if n := c.values[v]; n != nil {
			return n
		}
		n, fn := *v, *v.fn
		c.values[v] = &n
		fn.scope, fn.module = c.scope(fn.scope), c.scope(fn.module)
		n.fn = &fn
		return &n
	}
	if v.class != nil || v.scope != nil {
		if n := c.values[v]; n != nil {
			return n
		}
		n := *v
		c.values[v] = &n
		n.scope = c.scope(v.scope)
		if v.class != nil {
			n.class = &class{body: c.scope(v.class.body), bases: c.list(v.class.bases), data: v.class.data}
		}
		return &n
	}
	if !v.mutable() {
		return v
	}
	if n := c.values[v]; n != nil {
		return n
	}
	n := *v
	c.values[v] = &n
	n.Items, n.Keys = c.list(v.Items), c.list(v.Keys)
	if v.Lazy != nil {
		l := &Edits{Extend: c.list(v.Lazy.Extend), Prepend: c.list(v.Lazy.Prepend), Update: c.value(v.Lazy.Update)}
		for _, in := range v.Lazy.Inserts {
			l.Inserts = append(l.Inserts, Insert{in.I, c.value(in.V)})
		}
		n.Lazy = l
	}
	return &n
}

func (c *copier) list(vs []*Value) []*Value {
	if vs == nil {
		return nil
	}
	*c.left -= len(vs)
	out := make([]*Value, len(vs))
	for i, v := range vs {
		out[i] = c.value(v)
	}
	return out
}
