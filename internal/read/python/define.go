package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
)

func (e *evaluator) function(name string, ps *syntax.Params, at syntax.Node) *Value {
	from, to := at.Range()
	fn := &function{params: ps, scope: e.st.local, text: e.text, tokens: e.tokens, module: e.st.globals, from: from, to: to, args: map[string]*Value{}}
	for _, list := range [][]syntax.Param{ps.Only, ps.Plain, ps.Keyword} {
		for _, p := range list {
			if p.Default != nil {
				fn.args[p.Name] = e.eval(p.Default)
			}
		}
	}
	f, t := firstLine(e.src, at)
	return &Value{Kind: Function, Name: name, fn: fn, At: e.text.SpanOf(f, t)}
}

func (e *evaluator) lambda(x *syntax.Lambda) *Value {
	v := e.function("a lambda", x.Params, x)
	v.fn.expr = x.Body
	e.later(v.fn.from, v.fn.to, "")
	return v
}

// harmless are decorators that leave the function what it is, and do not call it.
var harmless = map[string]bool{"hookimpl": true, "staticmethod": true, "classmethod": true, "property": true, "cached_property": true, "wraps": true, "lru_cache": true, "cache": true,
	"coroutine": true, "override": true, "overload": true, "abstractmethod": true, "contextmanager": true, "dataclass": true, "default": true, "observe": true, "validate": true, "total_ordering": true}

func (e *evaluator) define(s *syntax.Func) {
	v := e.function(s.Name, s.Params, s)
	v.fn.body, v.fn.async = s.Body, s.Async
	e.set(s.Name, v)
	if e.opts.Calls != nil {
		e.defined = append(e.defined, v)
	}
	for _, d := range s.Decorators {
		name := e.decorator(d)
		switch name {
		case "property", "cached_property", "staticmethod", "classmethod":
			v.fn.how = strings.TrimPrefix(name, "cached_")
		}
		if harmless[name] {
			if name != "hookimpl" && name != "staticmethod" && name != "wraps" && name != "override" {
				v.fn.async = true // calling the name calls something else
			}
			continue
		}
		v.fn.async = true
		e.touchRange(e.tokens, v.fn.from, v.fn.to, "a decorator may call this function", v.At, map[int]bool{}, false)
	}
	e.later(v.fn.from, v.fn.to, "")
}

// decorator is the last part of a decorator's name; what it is given is evaluated.
func (e *evaluator) decorator(d syntax.Expr) string {
	if c, ok := d.(*syntax.Call); ok {
		for _, v := range e.arguments(c).all() {
			e.touch(v, "a decorator is given it", e.at(d))
		}
		d = c.Func
	}
	switch d := d.(type) {
	case *syntax.Attr:
		return d.Name
	case *syntax.Ident:
		if v := e.lookup(d.Name); v != nil && v.Kind == Ref {
			return v.Name[strings.LastIndexByte(v.Name, '.')+1:]
		}
		return d.Name
	}
	return ""
}

// later notes that code may set a limit of each server when it starts, as hooks and classes of spawners can.
func (e *evaluator) later(from, to int, class string) {
	for i, t := range e.tokens {
		if t.Start < from || t.Start >= to {
			continue
		}
		name := strings.Trim(t.Text, `"'`)
		if name != "mem_limit" && name != "cpu_limit" {
			continue
		}
		if i >= 4 && t.Kind == syntax.Name && e.tokens[i-1].Text == "." && e.tokens[i-3].Text == "." && e.tokens[i-4].Kind == syntax.Name {
			if v := e.lookup(e.tokens[i-4].Text); v != nil && v.Kind == Config {
				continue
			}
		}
		l := Later{name, e.text.SpanOf(t.Start, t.End)}
		found := false
		for _, x := range e.res.Later {
			found = found || x == l
		}
		if !found {
			e.res.Later = append(e.res.Later, l)
		}
	}
}

// class defines a class: its body is performed in a scope of its own, and its methods are not read.
func (e *evaluator) class(s *syntax.Class) {
	f, t := firstLine(e.src, s)
	c := Class{Name: s.Name, Plain: true, At: e.text.SpanOf(f, t)}
	var bases []*Value
	data := false
	for _, b := range s.Bases {
		if st, ok := b.(*syntax.Star); ok {
			e.eval(st.X)
			c.Plain = false
			continue
		}
		v := e.eval(b)
		bases = append(bases, v)
		switch v.Kind {
		case Ref, Local:
			c.Bases = append(c.Bases, v.Name)
		default:
			c.Bases = append(c.Bases, "")
		}
		if reaches(v) {
			e.touch(v, "a class is made of it", c.At)
		}
	}
	for _, n := range s.Named {
		e.eval(n.Value)
		c.Plain = c.Plain && n.Name == "metaclass"
	}
	for _, st := range s.Body {
		switch st := st.(type) {
		case *syntax.Word:
			continue
		case *syntax.ExprStmt:
			switch x := st.X.(type) {
			case *syntax.Str:
				continue
			case *syntax.Const:
				if x.Text == "..." {
					continue
				}
			}
		}
		c.Plain = false
		if f, ok := st.(*syntax.Func); ok && decides[f.Name] && !e.asks(f) {
			c.Own = f.Name
		}
	}
	for _, d := range s.Decorators {
		name := e.decorator(d)
		if !harmless[name] {
			c.Plain = false
		}
		data = data || name == "dataclass"
	}
	from, to := s.Range()
	outer := e.st.local
	e.st.local = newScope(outer)
	defined := len(e.defined)
	before := len(e.exits)
	fl := e.block(s.Body)
	if len(e.exits) > before {
		fl = e.gather(before, fl, "it depends on how the class is made", goesOn)
	}
	v := &Value{Kind: Local, Name: s.Name, At: c.At, fn: &function{from: from, to: to, tokens: e.tokens, text: e.text}}
	if e.st.local != nil {
		if e.opts.Outside != nil {
			v.class = &class{body: e.st.local, bases: bases, data: data}
		}
		e.st.local = e.st.local.parent
	}
	for _, f := range e.defined[defined:] {
		if f.fn.method == nil && v.class != nil && v.class.body.vars[f.Name] != nil {
			f.fn.method = v
		}
	}
	e.later(from, to, s.Name)
	e.res.Classes = append(e.res.Classes, c)
	e.set(s.Name, v)
	if fl == raises && e.raised == nil {
		e.raised = &Issue{"the class cannot be made", c.At}
	}
}

// decides are the methods of an authenticator that say who somebody is.
var decides = map[string]bool{"authenticate": true, "get_authenticated_user": true}

// asks says whether a method calls the one of the same name of another class, as super().authenticate(…) does.
func (e *evaluator) asks(f *syntax.Func) bool {
	from, to := f.Range()
	for i, t := range e.tokens {
		if i > 0 && t.Start > from && t.Start < to && t.Text == f.Name && e.tokens[i-1].Text == "." {
			return true
		}
	}
	return false
}

// instance makes an object of a class of the file: its methods may do what they speak of.
func (e *evaluator) instance(f *Value, a *arguments, x *syntax.Call) *Value {
	if f.class != nil {
		return e.construct(f, a, x)
	}
	e.touchRange(f.fn.tokens, f.fn.from, f.fn.to, "the methods of this class may be called", e.at(x), map[int]bool{}, false)
	v := e.opaqueCall(f, a, x)
	v.Why = "it is an object of the class " + f.Name + ", whose code is not followed"
	return v
}
