package arm

import (
	"math"
	"math/big"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// logic evaluates functions of truth, with three values.
func logic(name string, args []*eval.Val, at eval.Place) *eval.Val {
	arg := func(i int) *eval.Val {
		if i < len(args) {
			return args[i]
		}
		return eval.None()
	}
	unknown := func(vs ...*eval.Val) *eval.Val {
		for _, v := range vs {
			if r := v.Reason(); r != "" {
				return eval.NotKnown(r, at)
			}
		}
		return eval.NotKnown("it cannot be evaluated", at)
	}
	a, b := arg(0), arg(1)
	switch name {
	case "if":
		if yes, ok := a.Bool(); ok {
			if yes {
				return b
			}
			return arg(2)
		}
		if eval.Same(b, arg(2)) {
			return b
		}
		return eval.NotKnown("it depends on what is not known: "+a.Reason(), at)
	case "not":
		if yes, ok := a.Bool(); ok {
			return eval.BoolOf(!yes, at)
		}
		return unknown(a)
	case "and", "or":
		decides := name == "or"
		open := false
		for _, x := range args {
			yes, ok := x.Bool()
			if ok && yes == decides {
				return eval.BoolOf(decides, at)
			}
			open = open || !ok
		}
		if open || len(args) == 0 {
			return unknown(args...)
		}
		return eval.BoolOf(!decides, at)
	case "equals":
		if a.IsNull() || b.IsNull() {
			if a.IsUnknown() || b.IsUnknown() {
				return unknown(a, b)
			}
			return eval.BoolOf(a.IsNull() && b.IsNull(), at)
		}
		x, ok1 := a.Str()
		y, ok2 := b.Str()
		if ok1 && ok2 {
			return eval.BoolOf(x == y, at) // Bicep compiles its =~ to a comparison of toLower()
		}
		return unknown(a, b)
	case "empty":
		switch {
		case a.IsNull():
			return eval.BoolOf(true, at)
		case a.IsUnknown():
			return unknown(a)
		case a.Kind == eval.List:
			return eval.BoolOf(len(a.Items) == 0, at)
		case a.Kind == eval.Map:
			return eval.BoolOf(len(a.Keys) == 0, at)
		}
		s, _ := a.Str()
		return eval.BoolOf(s == "", at)
	}
	if name == "contains" && a.Kind == eval.Map {
		k, ok := b.Str()
		if !ok {
			return unknown(b)
		}
		return eval.BoolOf(!field(a, k).IsNull(), at)
	}
	if name == "contains" && a.Kind == eval.List {
		for _, it := range a.Items {
			if eval.Same(it, b) {
				return eval.BoolOf(true, at)
			}
		}
		return unknown(append(a.Items, b)...)
	}
	if strings.HasPrefix(name, "less") || strings.HasPrefix(name, "greater") {
		x, ok1 := a.Num()
		y, ok2 := b.Num()
		if !ok1 || !ok2 {
			return unknown(a, b)
		}
		return eval.BoolOf(map[string]bool{"less": x < y, "lessorequals": x <= y, "greater": x > y, "greaterorequals": x >= y}[name], at)
	}
	x, ok1 := a.Str()
	y, ok2 := b.Str()
	if !ok1 || !ok2 {
		return unknown(a, b)
	}
	if name == "contains" {
		return eval.BoolOf(strings.Contains(x, y), at)
	}
	x, y = strings.ToLower(x), strings.ToLower(y)
	return eval.BoolOf(map[string]bool{"startswith": strings.HasPrefix(x, y), "endswith": strings.HasSuffix(x, y)}[name], at)
}

// numbers evaluates what counts, and elements of lists.
func numbers(name string, args []*eval.Val, at eval.Place) *eval.Val {
	num := func(i int) (float64, bool) {
		if i < len(args) {
			return args[i].Num()
		}
		return 0, false
	}
	number := func(f float64) *eval.Val { return eval.NumberOf(big.NewFloat(f), at) }
	if len(args) == 0 {
		return eval.NotKnown("an argument is missing", at)
	}
	a := args[0]
	if name == "min" || name == "max" {
		return extreme(name, args, at)
	}
	x, ok1 := num(0)
	y, ok2 := num(1)
	switch name {
	case "first", "last", "length":
		switch {
		case a.IsNull() || a.IsUnknown():
			return eval.NotKnown("a list that is not known: "+a.Reason(), at)
		case name == "length" && a.Kind == eval.List:
			return number(float64(len(a.Items)))
		case name == "length" && a.Kind == eval.Map:
			return number(float64(len(a.Keys)))
		case name == "length" && a.Kind == eval.String:
			return number(float64(len(a.TextString())))
		case a.Kind != eval.List || len(a.Items) == 0:
			return eval.None()
		case name == "first":
			return a.Items[0]
		}
		return a.Items[len(a.Items)-1]
	case "range":
		if !ok1 || !ok2 || y < 0 || y > 1000 {
			return eval.NotKnown("a range that is not known", at)
		}
		out := eval.ListAt(at)
		for k := 0; k < int(y); k++ {
			out.Items = append(out.Items, number(x+float64(k)))
		}
		return out
	}
	if !ok1 || !ok2 {
		return eval.NotKnown("a number that is not known", at)
	}
	switch name {
	case "add":
		x += y
	case "sub":
		x -= y
	case "mul":
		x *= y
	case "div", "mod":
		if y == 0 {
			return eval.NotKnown("a division by zero", at)
		}
		if name == "div" {
			x = math.Trunc(x / y)
		} else {
			x = math.Mod(x, y)
		}
	}
	return number(x)
}

// extreme is the least or greatest of numbers, or of a list of them.
func extreme(name string, args []*eval.Val, at eval.Place) *eval.Val {
	if len(args) == 1 && args[0].Kind == eval.List {
		args = args[0].Items
	}
	var best float64
	for i, a := range args {
		x, ok := a.Num()
		if !ok {
			return eval.NotKnown("a number that is not known", at)
		}
		if i == 0 || name == "min" && x < best || name == "max" && x > best {
			best = x
		}
	}
	return eval.NumberOf(big.NewFloat(best), at)
}

// Member is v.name; Index is v[i].
func Member(v *eval.Val, name string, at eval.Place) *eval.Val {
	switch {
	case v.IsNull():
		return eval.None()
	case v.Kind == eval.Ref:
		path := v.From.Path
		if path != "" {
			path += "."
		}
		if len(path) > 500 {
			return eval.NotKnown(v.Reason(), at)
		}
		return &eval.Val{Kind: eval.Ref, At: at, From: &eval.Link{Res: v.From.Res, Path: path + name}}
	case v.IsUnknown():
		return v
	case v.Kind == eval.Map:
		return part(v, field(v, name))
	}
	return eval.NotKnown("there is no "+name+" here", at)
}

// part is an element of v; that of a default is one.
func part(v, element *eval.Val) *eval.Val {
	if v.Assumed != "" && element.Assumed == "" {
		return element.Assume(v.Assumed)
	}
	return element
}

// Index is v[i], for lists and for members by name.
func Index(v, i *eval.Val, at eval.Place) *eval.Val {
	if n, ok := i.Int(); ok && !v.IsNull() && v.Kind == eval.List {
		if n >= 0 && n < int64(len(v.Items)) {
			return part(v, v.Items[n])
		}
		return eval.NotKnown("there is no such element", at)
	}
	if s, ok := i.Str(); ok {
		return Member(v, s, at)
	}
	return eval.NotKnown("which element is meant is not known: "+i.Reason(), at)
}
