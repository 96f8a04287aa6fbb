package bicep

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// call is a function of the file, of the language, or of Azure.
func (sc *scope) call(e *syntax.Expr, at eval.Place) *eval.Val {
	if d, u := sc.u.function(e.Name); d != nil {
		return u.apply(d, sc.all(e.Args))
	}
	return sc.builtin(e.Name, e.Args, at)
}

// method is a function of a namespace (sys.concat, az.resourceId), of an import, or of a resource.
func (sc *scope) method(e *syntax.Expr, at eval.Place) *eval.Val {
	base := e.Args[0]
	if base.Op == syntax.Name && (base.Name == "sys" || base.Name == "az") {
		if _, ok := sc.lookup(base.Name, at); !ok {
			return sc.builtin(e.Name, e.Args[1:], at)
		}
	}
	if i, ok := sc.u.r.objects[sc.eval(base)].(imports); ok {
		if d, u := i.u.function(e.Name); d != nil {
			return u.apply(d, sc.all(e.Args[1:]))
		}
	}
	if strings.HasPrefix(e.Name, "list") || e.Name == "getSecret" {
		return eval.NotKnown("a secret that is looked up ("+e.Name+")", at)
	}
	return eval.NotKnown("the function "+e.Name+" is not evaluated", at)
}

func (sc *scope) all(args []*syntax.Expr) []*eval.Val {
	var out []*eval.Val
	for _, a := range args {
		out = append(out, sc.eval(a))
	}
	return out
}

func (sc *scope) builtin(name string, args []*syntax.Expr, at eval.Place) *eval.Val {
	switch name {
	case "any":
		if len(args) == 1 {
			return sc.eval(args[0])
		}
	case "loadTextContent", "loadFileAsBase64", "loadJsonContent", "loadYamlContent":
		return sc.file(name, args, at)
	case "map", "filter", "mapValues", "toObject", "reduce", "sort", "groupBy":
		return sc.lambda(name, args, at)
	case "readEnvironmentVariable":
		if v := sc.all(args); len(v) == 2 {
			n, _ := v[0].Str()
			return v[1].Assume("the default of the environment variable " + n + "; whoever deploys may set it")
		}
		return eval.NotKnown("an environment variable of whoever deploys", at)
	case "getSecret":
		return eval.NotKnown("a secret of a key vault", at)
	case "nameof":
		if len(args) == 1 && args[0].Name != "" {
			return eval.Text(args[0].Name, at)
		}
	case "true", "false", "null", "if", "equals", "not", "and", "or", "variables", "parameters", "copyIndex": // the JSON's alone
		return eval.NotKnown("there is no function "+name, at)
	}
	return sc.azure(name, at, sc.all(args)...)
}

// file is the content of a file beside the one that names it.
func (sc *scope) file(name string, args []*syntax.Expr, at eval.Place) *eval.Val {
	if len(args) == 0 || args[0].Plain() == "" {
		return eval.NotKnown("which file is read is not known", at)
	}
	src, why := sc.u.r.open(sc.u.dir, args[0].Plain())
	if why != "" {
		return eval.NotKnown(why, at)
	}
	whole := src.Whole()
	switch name {
	case "loadTextContent":
		return eval.TextOf(whole)
	case "loadFileAsBase64":
		return eval.TextOf(whole).Encoded()
	}
	sc.u.r.fuel += whole.Len() / 64
	read := markup.JSON
	if name == "loadYamlContent" {
		read = func(t span.Text) (*markup.Node, *markup.Error) { return markup.YAML(t, src.File) }
	}
	n, bad := read(whole)
	if bad != nil {
		return eval.NotKnown(src.File+" cannot be read: "+bad.Msg, at)
	}
	if len(args) > 1 {
		return eval.NotKnown("a part of "+src.File+" is not looked up", at)
	}
	return arm.Plain(n)
}

// lambda is a function that calls a lambda for the elements of a list or object.
func (sc *scope) lambda(name string, args []*syntax.Expr, at eval.Place) *eval.Val {
	unknown := func(why string) *eval.Val { return eval.NotKnown("the function "+name+" is not evaluated"+why, at) }
	i := slices.IndexFunc(args, func(a *syntax.Expr) bool { return a.Op == syntax.Lambda })
	if i < 1 {
		return unknown("")
	}
	v := sc.eval(args[0])
	call := func(f *syntax.Expr, vs ...*eval.Val) *eval.Val {
		s := sc
		for k, n := range f.Vars {
			if k < len(vs) {
				s = s.with(n, vs[k])
			}
		}
		return s.eval(f.Args[0])
	}
	f := args[i]
	switch {
	case name == "mapValues" && v.Kind == eval.Map:
		out := eval.MapAt(at)
		for _, k := range v.Keys {
			out.Put(k, call(f, v.Child[k]))
		}
		return out
	case v.Kind != eval.List:
		return unknown(": " + v.Reason())
	case name == "map":
		out := eval.ListAt(at)
		for k, it := range v.Items {
			out.Items = append(out.Items, call(f, it, number(k, at)))
		}
		return out
	case name == "filter":
		out := eval.ListAt(at)
		for k, it := range v.Items {
			yes, ok := call(f, it, number(k, at)).Bool()
			if !ok {
				return unknown(": it is not known which elements stay")
			}
			if yes {
				out.Items = append(out.Items, it)
			}
		}
		return out
	case name == "toObject":
		out := eval.MapAt(at)
		for _, it := range v.Items {
			k, ok := call(f, it).Str()
			if !ok {
				return unknown(": a key is not known")
			}
			if len(args) > 2 && args[2].Op == syntax.Lambda {
				it = call(args[2], it)
			}
			out.Put(k, it)
		}
		return out
	case name == "reduce" && i == 2:
		acc := sc.eval(args[1])
		for _, it := range v.Items {
			acc = call(f, acc, it)
		}
		return acc
	}
	return unknown("")
}
