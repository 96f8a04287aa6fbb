package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// builtin calls one of Python's own functions; nil if it is not followed.
func (e *evaluator) builtin(name string, a *arguments, x *syntax.Call) *Value {
	if !builtins()[name] {
		return nil
	}
	at := e.at(x)
	arg := a.get(0, "")
	for _, v := range a.all() {
		if v.Kind == Function && name != "print" {
			e.touchRange(v.fn.tokens, v.fn.from, v.fn.to, "this function may be called", at, map[int]bool{}, false)
		}
		if _, method := v.methodOf(); name == "map" && (method || v.Kind == Function && !v.fn.idle()) {
			e.missed("this function may be called, "+e.quote(x.Func)+" is given it", at)
		}
	}
	unknown := func() *Value {
		for _, v := range a.all() {
			if why := v.Reason(); why != "" {
				return &Value{Kind: Unknown, Why: why, At: at, Tainted: v.Tainted}
			}
		}
		return unknownAt("it is worked out by code that is not followed", at)
	}
	switch name {
	case "list", "tuple", "set", "frozenset", "sorted", "reversed", "len", "sum", "any", "all", "enumerate", "int", "float":
		if e.unset(arg, name+"() is given", at) {
			return unknownAt("it raises a TypeError", at)
		}
	}
	switch name {
	case "list", "tuple", "set", "frozenset", "sorted", "reversed":
		return e.collection(name, arg, a, at)
	case "dict":
		d := &Value{Kind: Dict, At: at}
		if e.update(d, a) {
			return d
		}
		return unknown()
	case "str":
		if arg == nil {
			return textOf(span.Literal("", e.slice(x)))
		}
		return e.asText(arg, x)
	case "repr", "ascii":
		if s, ok := textForm(arg, true, 0); ok {
			return textOf(span.Literal(s, e.slice(x)))
		}
		return e.unknownText(firstOf(reasonOf(arg), "it is put together by code that is not followed"), e.slice(x))
	case "int", "float", "bool", "abs", "round", "len":
		if v := e.numeric(name, arg, a, at); v != nil {
			return v
		}
		return unknown()
	case "range":
		return e.counting(a, at)
	case "min", "max", "sum", "any", "all":
		if v := e.fold(name, a, at); v != nil {
			return v
		}
		return unknown()
	case "enumerate", "zip":
		return e.pairs(name, a, at)
	case "isinstance":
		return e.isinstance(arg, a.get(1, ""), at)
	case "print", "hash", "id", "callable", "hasattr", "issubclass", "ord", "chr", "input", "dir", "hex", "format", "open":
		if name == "open" {
			e.calls++
			if m, ok := a.get(1, "mode").Str(); e.opts.Calls == nil && (a.get(1, "mode") == nil || ok && !strings.ContainsAny(m, "wax")) {
				e.may(at, "it reads a file on the machine, and stops the hub if it is not there, "+e.quote(x))
			}
			return e.openFile(arg, firstValue(a.get(1, "mode"), &Value{Kind: None}), x)
		}
		return unknown()
	case "getattr":
		if n, ok := a.get(1, "").Str(); ok && arg != nil && (arg.Kind == SectionOf || arg.Kind == Config || arg.Kind == Thing || arg.Kind == Ref && e.opts.Outside != nil) {
			return e.attr(arg, n, x)
		}
		u := unknown()
		u.Tainted = arg != nil && reaches(arg)
		return u
	case "setattr":
		n, ok := a.get(1, "").Str()
		v := a.get(2, "")
		switch {
		case arg == nil:
		case ok && v != nil && arg.Kind == SectionOf:
			e.setTrait(arg.Name, n, v, at)
		case ok && v != nil && arg.Kind == Thing:
			e.setField(arg, n, v, at)
		case reaches(arg):
			e.touch(arg, "an option is set whose name is not known", at)
		}
		return &Value{Kind: None, At: at}
	case "super":
		if e.opts.Outside != nil {
			return e.super(at)
		}
		return unknown()
	case "type", "object", "property", "slice", "bytes", "Exception", "ValueError", "KeyError", "RuntimeError", "ImportError", "TypeError", "OSError", "SystemExit":
		u := unknown()
		for _, v := range a.all() {
			u.Tainted = u.Tainted || reaches(v)
		}
		return u
	}
	return nil
}
