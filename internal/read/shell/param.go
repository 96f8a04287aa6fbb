package shell

import (
	"fmt"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// param evaluates $x and ${x…}. Its text maps to the expression, so that evidence points to where the value is used.
func (r *run) param(p *syntax.ParamExp, quoted bool) []piece {
	at := r.node(p)
	one := func(s string) []piece {
		return []piece{{t: span.Literal(s, at), quoted: quoted, split: !quoted}}
	}
	if p.Param == nil || p.Flags != nil || p.NestedParam != nil || p.Names != 0 || len(p.Modifiers) > 0 {
		return one(span.Unknown("an expansion that is not understood"))
	}
	name := p.Param.Value
	if list, sep, ok := r.list(p, name, quoted); ok && p.Exp == nil && p.Repl == nil {
		if p.Length {
			return one(strconv.Itoa(len(list)))
		}
		return many(r.cutList(p.Slice, list), sep, quoted, at)
	}
	v, set, why := r.lookup(p, name)
	if p.Excl { // ${!name}: the variable whose name is in $name
		if !set || span.IsUnknown(v) {
			return one(span.Unknown(fmt.Sprintf("the name in $%s is not known", name)))
		}
		w, ok, reason := r.get(v)
		if v, set, why = w.s, ok, reason; !ok {
			v = span.Unknown(reason)
		}
	}
	if p.Exp != nil {
		return r.expansion(p.Exp, name, v, set, why, quoted, at)
	}
	if !set {
		return one(span.Unknown(why))
	}
	if span.IsUnknown(v) && (p.Length || p.Slice != nil || p.Repl != nil) {
		return one(span.Unknown(span.Reason(v)))
	}
	switch {
	case p.Length:
		v = strconv.Itoa(len([]rune(v)))
	case p.Slice != nil:
		v = r.cut(p.Slice, v)
	case p.Repl != nil:
		orig, with := r.single(p.Repl.Orig).String(), r.single(p.Repl.With).String()
		if strings.ContainsAny(orig, "*?[#%") || span.IsUnknown(orig) || orig == "" {
			v = span.Unknown("a replacement in $" + name + " that is not worked out")
		} else if p.Repl.All {
			v = bounded(strings.Count(v, orig), len(with), func() string { return strings.ReplaceAll(v, orig, with) })
		} else {
			v = strings.Replace(v, orig, with, 1)
		}
	}
	return one(v)
}

func bounded(n, size int, f func() string) string {
	if n*size > maxValue {
		return span.Unknown("the value is too long")
	}
	return f()
}

func many(list []string, sep string, quoted bool, at span.Text) []piece {
	if sep != "" {
		return []piece{{t: span.Literal(strings.Join(list, sep), at), quoted: quoted, split: !quoted}}
	}
	var out []piece
	for i, s := range list {
		out = append(out, piece{t: span.Literal(s, at), quoted: quoted, split: !quoted, brk: i > 0})
	}
	return out
}

// list is the values of $@, $*, ${a[@]} and ${!a[@]}; sep is what joins them to one field ("" for many fields).
func (r *run) list(p *syntax.ParamExp, name string, quoted bool) (out []string, sep string, ok bool) {
	star := name == "*"
	if name == "@" || name == "*" {
		if !r.argsKnown {
			return nil, "", false
		}
		for _, a := range r.args {
			out = append(out, a.String())
		}
	} else {
		w, isWord := p.Index.(*syntax.Word)
		if !isWord || (w.Lit() != "@" && w.Lit() != "*") {
			return nil, "", false
		}
		star = w.Lit() == "*"
		v, set, _ := r.get(name)
		switch {
		case !set || span.IsUnknown(v.s):
			return nil, "", false
		case !v.arr:
			out = []string{v.s}
		case p.Excl && v.keys == nil:
			for i := range v.list {
				out = append(out, strconv.Itoa(i))
			}
		case p.Excl:
			out = v.keys
		default:
			out = v.list
		}
	}
	if star && quoted {
		sep = " "
	}
	return out, sep, true
}

// lookup is the single value of the parameter that p names.
func (r *run) lookup(p *syntax.ParamExp, name string) (v string, set bool, why string) {
	if n, err := strconv.Atoi(name); err == nil && n > 0 {
		switch {
		case !r.argsKnown:
			return "", false, fmt.Sprintf("argument $%d of the script is not known", n)
		case n <= len(r.args):
			return r.args[n-1].String(), true, ""
		}
		return "", true, ""
	}
	switch name {
	case "0":
		return r.name, r.name != "", "the script's own name is not known"
	case "#":
		return strconv.Itoa(len(r.args)), r.argsKnown, "the number of arguments of the script is not known"
	case "@", "*":
		return "", false, allArguments
	case "?", "$", "!", "-", "_", "RANDOM", "SECONDS", "EPOCHSECONDS", "UID", "EUID", "USER", "LOGNAME", "HOSTNAME", "SUDO_USER", "BASHPID", "PPID", "LINENO":
		if val, ok := r.vars[name]; ok {
			return val.s, true, ""
		}
		return span.Unknown(fmt.Sprintf("$%s is only known when the script runs", name)), true, ""
	case "BASH_SOURCE":
		return r.name, r.name != "", "the script's own name is not known"
	case "PWD":
		if r.cwd == "?" {
			return "", false, "the working directory is not known"
		}
		if r.cwd == "" {
			return Checkout, true, ""
		}
		return r.cwd, true, ""
	}
	val, ok, why := r.get(name)
	if !ok || !val.arr {
		return val.s, ok, why
	}
	return r.element(p.Index, val)
}

func (r *run) element(index syntax.ArithmExpr, val value) (string, bool, string) {
	if val.keys != nil {
		if w, ok := index.(*syntax.Word); ok {
			key := r.single(w).String()
			for i, k := range val.keys {
				if k == key && i < len(val.list) {
					return val.list[i], true, ""
				}
			}
			return "", !span.IsUnknown(key), "an index that is not known"
		}
	}
	i := int64(0)
	if index != nil {
		n, ok := r.arith(index, 0)
		if !ok {
			return "", false, "an index that is not known"
		}
		i = n
	}
	if i < 0 {
		i += int64(len(val.list))
	}
	if i < 0 || i >= int64(len(val.list)) {
		return "", true, ""
	}
	return val.list[i], true, ""
}
