package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// arguments are those of one call.
type arguments struct {
	list  []*Value
	named map[string]*Value
	loose bool // there may be others
}

func (a *arguments) get(i int, name string) *Value {
	if v := a.named[name]; v != nil && name != "" {
		return v
	}
	if i >= 0 && i < len(a.list) && !a.loose {
		return a.list[i]
	}
	return nil
}

// all are the arguments in any order.
func (a *arguments) all() []*Value {
	out := append([]*Value(nil), a.list...)
	for _, v := range a.named {
		out = append(out, v)
	}
	return out
}

func (e *evaluator) arguments(x *syntax.Call) *arguments {
	a := &arguments{named: map[string]*Value{}}
	for _, arg := range x.Args {
		v := e.eval(arg)
		if _, unpack := arg.(*syntax.Star); unpack {
			items, known := e.iterate(v)
			if !known {
				a.loose = true
				items = []*Value{v}
			}
			a.list = append(a.list, items...)
			continue
		}
		a.list = append(a.list, v)
	}
	for _, n := range x.Named {
		v := e.eval(n.Value)
		switch {
		case n.Name != "":
			a.named[n.Name] = v
		case v.Kind == Dict:
			for i, k := range v.Keys {
				if s, ok := k.Str(); ok {
					a.named[s] = v.Items[i]
				} else {
					a.loose = true
				}
			}
		default:
			a.loose = true
			a.list = append(a.list, v)
		}
	}
	return a
}

// call is the value of a call, and its effects.
func (e *evaluator) call(x *syntax.Call) *Value {
	if m, ok := x.Func.(*syntax.Attr); ok {
		base := e.eval(m.X)
		if e.raised != nil {
			return base
		}
		if base.Kind == Ref {
			f := e.member(base, m.Name, m)
			a := e.arguments(x)
			e.tell(f, "", nil, a, x)
			if e.opts.Outside != nil && (f.Kind == Function || f.Kind == Local) {
				return e.callValue(f, a, x)
			}
			if f.Kind == Function {
				return e.apply(f, a.list, a.named, e.at(x))
			}
			return e.callRef(f, a, x)
		}
		a := e.arguments(x)
		if e.raised != nil {
			return base
		}
		if e.opts.Outside != nil && base.Kind == Local && base.class != nil {
			if f, owner := e.inherited(base, m.Name, 0); f != nil && f.Kind != Ref {
				if f.Kind == Function && f.fn.how != "" {
					f = f.bound(base, owner)
				}
				return e.callValue(f, a, x)
			}
		}
		e.tell(nil, m.Name, base, a, x)
		return e.method(base, m.Name, a, x)
	}
	f := e.eval(x.Func)
	a := e.arguments(x)
	if e.raised != nil {
		return f
	}
	e.tell(f, "", nil, a, x)
	switch f.Kind {
	case Function:
		if e.opts.Outside != nil {
			return e.applyLoosely(f, a, e.at(x))
		}
		if a.loose {
			e.touchRange(f.fn.tokens, f.fn.from, f.fn.to, "it is called with arguments that are not known", e.at(x), map[int]bool{}, false)
			return e.opaqueCall(f, a, x)
		}
		return e.apply(f, a.list, a.named, e.at(x))
	case Ref:
		return e.callRef(f, a, x)
	case Local:
		return e.instance(f, a, x)
	case Thing:
		if name, ok := f.methodOf(); ok { // add = group.add_rule; add(…)
			return e.method(f.Object.On, name, a, x)
		}
	case SectionOf:
		e.raised = &Issue{"a section of the configuration is called, which raises a TypeError", e.at(x)}
		return unknownAt("it raises a TypeError", e.at(x))
	}
	if e.unset(f, "this calls", e.at(x)) {
		return f
	}
	return e.opaqueCall(f, a, x)
}

// opaqueCall is a call of code that is not read: it may change what it is given, and nothing else.
func (e *evaluator) opaqueCall(f *Value, a *arguments, x syntax.Node) *Value {
	e.calls++
	at := e.at(x)
	if e.opts.Outside != nil {
		e.missed("something is called that is not known, "+e.quote(x), at)
	}
	out := &Value{Kind: Unknown, Why: firstOf(f.Reason(), "it is worked out by code that is not followed, "+e.quote(x)), At: at, Tainted: f.Tainted}
	why := "code that is not read is given the configuration and may change it, " + e.quote(x)
	if f.Tainted {
		e.open(why, at)
	}
	for _, v := range a.all() {
		if v.Kind == Function {
			e.touchRange(v.fn.tokens, v.fn.from, v.fn.to, "this function may be called", at, map[int]bool{}, false)
			continue
		}
		out.Tainted = out.Tainted || v.Kind != Lazy && reaches(v)
		e.touch(v, why, at)
	}
	return out
}

// apply calls a function of the file.
func (e *evaluator) apply(f *Value, list []*Value, named map[string]*Value, at span.Span) *Value {
	fn := f.fn
	if e.calling > 20 || fn.async || fn.generates() {
		e.missed("the function "+f.Name+" is not followed", at)
		e.touchRange(fn.tokens, fn.from, fn.to, "this function is not followed", at, map[int]bool{}, false)
		return e.opaqueResult(f, list, at)
	}
	local := newScope(fn.scope)
	if fn.owner != nil {
		local.vars[ownerName] = fn.owner
	}
	if fn.self != nil {
		local.vars[selfName] = fn.self
		list = append([]*Value{fn.self}, list...)
	}
	if !e.bind(fn, local, list, named, at) {
		return e.opaqueResult(f, list, at)
	}
	text, src, tokens := e.text, e.src, e.tokens
	from := len(e.exits)
	e.calling++
	if e.called != nil {
		e.called[fn.id()] = true
	}
	e.st.callers = append(e.st.callers, e.st.local, e.st.globals)
	e.st.local = local
	if fn.module != nil {
		e.st.globals = fn.module
	}
	e.text, e.src, e.tokens = fn.text, fn.text.String(), fn.tokens
	e.returned = nil
	var fl flow
	if fn.expr != nil {
		e.returned = e.eval(fn.expr)
		fl = returns
		if e.raised != nil {
			fl = raises
		}
	} else {
		fl = e.block(fn.body)
	}
	e.text, e.src, e.tokens = text, src, tokens
	e.calling--
	return e.leave(fl, from, at)
}

// leave joins the ways in which a function ended.
func (e *evaluator) leave(f flow, from int, at span.Span) *Value {
	none := &Value{Kind: None, At: at}
	pop := func(s *state) {
		if n := len(s.callers); n >= 2 {
			s.local, s.globals = s.callers[n-2], s.callers[n-1]
			s.callers = s.callers[: n-2 : n-2]
		}
	}
	var next *state
	var out *Value
	why := located("it depends on which way the function takes", at)
	kept := e.exits[:from:from]
	for _, x := range append(e.exits[from:len(e.exits):len(e.exits)], exit{f, e.st, e.returned, e.raised}) {
		pop(x.st)
		if x.flow == raises {
			kept = append(kept, x)
			continue
		}
		v := none
		if x.flow == returns && x.returned != nil {
			v = x.returned
		}
		if next == nil {
			next, out = x.st, v
		} else {
			next, out = join(next, x.st, why), either(why, out, v)
		}
	}
	e.exits, e.raised, e.returned = kept, nil, nil
	if next == nil {
		last := e.exits[len(e.exits)-1]
		e.exits = e.exits[:len(e.exits)-1]
		e.st, e.raised = last.st, last.raised
		return unknownAt("the function raises an exception", at)
	}
	e.st = next
	return out
}

func (e *evaluator) opaqueResult(f *Value, list []*Value, at span.Span) *Value {
	e.calls++
	out := unknownAt("it is what the function "+f.Name+" gives, which is not followed", at)
	for _, v := range list {
		out.Tainted = out.Tainted || reaches(v)
		e.touch(v, "a function that is not followed is given it", at)
	}
	return out
}

// bind gives the arguments of a call to the parameters; false, and an exception on its way, if they do not fit.
func (e *evaluator) bind(fn *function, local *scope, list []*Value, named map[string]*Value, at span.Span) bool {
	p := fn.params
	used := 0
	i := 0
	one := func(q *syntax.Param, positional bool) bool {
		v := (*Value)(nil)
		if positional && i < len(list) {
			v = list[i]
			i++
		} else if n := named[q.Name]; n != nil {
			v = n
			used++
		} else {
			v = fn.args[q.Name]
		}
		if v == nil {
			e.raised = &Issue{"the function " + q.Name + " is called without an argument that it needs", at}
			return false
		}
		local.vars[q.Name] = v
		return true
	}
	for _, ps := range [][]syntax.Param{p.Only, p.Plain} {
		for k := range ps {
			if !one(&ps[k], true) {
				return false
			}
		}
	}
	if p.Rest != nil {
		local.vars[p.Rest.Name] = &Value{Kind: Tuple, Items: append([]*Value(nil), list[i:]...), At: at}
		i = len(list)
		if u := named[others]; u != nil {
			local.vars[p.Rest.Name] = u
		}
	}
	for k := range p.Keyword {
		if !one(&p.Keyword[k], false) {
			return false
		}
	}
	if p.Names != nil {
		rest := &Value{Kind: Dict, At: at}
		for _, k := range sortedNames(named) {
			if !takes(p, k) {
				rest.Keys, rest.Items = append(rest.Keys, TextOf(k, at)), append(rest.Items, named[k])
			}
		}
		local.vars[p.Names.Name] = rest
		if u := named[others]; u != nil {
			local.vars[p.Names.Name] = u
		}
		used = len(named)
	}
	if named[others] != nil {
		return true
	}
	if i < len(list) || used < len(named) {
		e.raised = &Issue{"a function is called with arguments that it does not take", at}
		return false
	}
	return true
}

// generates says whether calling the function only makes a generator.
func (f *function) generates() bool {
	for _, t := range f.tokens {
		if t.Start >= f.from && t.Start < f.to && t.Kind == syntax.Name && t.Text == "yield" {
			return true
		}
	}
	return false
}

// takes says whether a function has a parameter of that name.
func takes(p *syntax.Params, name string) bool {
	for _, ps := range [][]syntax.Param{p.Plain, p.Keyword} {
		for i := range ps {
			if ps[i].Name == name {
				return true
			}
		}
	}
	return false
}
