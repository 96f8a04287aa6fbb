package python

import (
	"math"
	"strconv"
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
			return e.openFile(arg, firstValue(a.get(1, "mode"), &Value{Kind: None}), x)
		}
		return unknown()
	case "getattr":
		if n, ok := a.get(1, "").Str(); ok && arg != nil && (arg.Kind == SectionOf || arg.Kind == Config) {
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
		case reaches(arg):
			e.touch(arg, "an option is set whose name is not known", at)
		}
		return &Value{Kind: None, At: at}
	case "super", "type", "object", "property", "slice", "bytes", "Exception", "ValueError", "KeyError", "RuntimeError", "ImportError", "TypeError", "OSError", "SystemExit":
		u := unknown()
		for _, v := range a.all() {
			u.Tainted = u.Tainted || reaches(v)
		}
		return u
	}
	return nil
}

func (e *evaluator) collection(name string, arg *Value, a *arguments, at span.Span) *Value {
	v := &Value{Kind: map[string]Kind{"tuple": Tuple, "set": Set, "frozenset": Set}[name], At: at}
	if v.Kind == Unknown {
		v.Kind = List
	}
	if arg == nil && !a.loose {
		return v
	}
	items, known := e.iterate(firstValue(arg, v))
	if !known || a.loose || len(a.named) > 0 && name != "sorted" {
		u := unknownAt(firstOf(reasonOf(arg), "it is made from something that is not known"), at)
		u.Tainted = arg != nil && reaches(arg)
		return u
	}
	switch {
	case v.Kind == Set:
		for _, it := range items {
			v.add(it)
		}
		return v
	case name == "reversed":
		for i := len(items) - 1; i >= 0; i-- {
			v.Items = append(v.Items, items[i])
		}
		return v
	case name == "sorted" && len(items) > 1:
		if len(a.named) > 0 || !e.sort(items) {
			return unknownAt("its order is worked out by code that is not followed", at)
		}
	}
	v.Items = items
	return v
}

// sort orders items; false if that cannot be told.
func (e *evaluator) sort(items []*Value) bool {
	for i := 1; i < len(items); i++ {
		for j := i; j > 0; j-- {
			less, known := e.relation("<", items[j], items[j-1])
			if !known || len(items) > 500 {
				return false
			}
			if !less {
				break
			}
			items[j], items[j-1] = items[j-1], items[j]
		}
	}
	return true
}

func (e *evaluator) numeric(name string, arg *Value, a *arguments, at span.Span) *Value {
	if arg == nil || len(a.list) > 1 || len(a.named) > 0 {
		if arg == nil && (name == "int" || name == "bool") {
			return map[string]*Value{"int": intOf(0, at), "bool": boolOf(false, at)}[name]
		}
		return nil
	}
	f, num := number(arg)
	s, text := arg.Str()
	switch name {
	case "bool":
		if yes, known := e.truth(arg); known {
			return boolOf(yes, at)
		}
	case "len":
		switch {
		case text && ascii(s):
			return intOf(int64(len(s)), at)
		case arg.Kind == List || arg.Kind == Tuple || arg.Kind == Set || arg.Kind == Dict:
			return intOf(int64(len(arg.Items)), at)
		}
	case "int":
		switch {
		case num && arg.Kind != Float:
			return intOf(arg.Int, at)
		case num && math.Abs(f) < 1<<53:
			return intOf(int64(f), at)
		case text:
			if i, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
				return intOf(i, at)
			}
			if strings.Trim(s, "0123456789_ \t\n+-") != "" && ascii(s) {
				e.raised = &Issue{"this text is no whole number, which raises a ValueError", at}
			}
		}
	case "float":
		if num {
			return &Value{Kind: Float, Float: f, At: at}
		}
		if text {
			if f, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil && !strings.ContainsAny(s, "xX_pP") {
				return &Value{Kind: Float, Float: f, At: at}
			}
		}
	case "abs":
		switch {
		case num && arg.Kind == Float:
			return &Value{Kind: Float, Float: math.Abs(f), At: at}
		case num && arg.Int != math.MinInt64:
			return intOf(max(arg.Int, -arg.Int), at)
		}
	case "round":
		if num && math.Abs(f) < 1<<53 {
			return intOf(int64(math.RoundToEven(f)), at)
		}
	}
	return nil
}

func (e *evaluator) counting(a *arguments, at span.Span) *Value {
	lo, hi, step := int64(0), int64(0), int64(1)
	for i, p := range []*int64{&lo, &hi, &step} {
		if i < len(a.list) {
			if a.list[i].Kind != Int {
				return unknownAt(firstOf(a.list[i].Reason(), "how far it counts is not known"), at)
			}
			*p = a.list[i].Int
		}
	}
	if len(a.list) == 1 {
		lo, hi = 0, lo
	}
	l := &Value{Kind: Tuple, At: at}
	if a.loose || step == 0 || len(a.list) == 0 {
		return unknownAt("how far it counts is not known", at)
	}
	for i := lo; step > 0 && i < hi || step < 0 && i > hi; i += step {
		if len(l.Items) > maxTurns || math.Abs(float64(i)) > 1<<53 {
			return unknownAt("it counts further than is followed", at)
		}
		l.Items = append(l.Items, intOf(i, at))
	}
	return l
}

func (e *evaluator) fold(name string, a *arguments, at span.Span) *Value {
	items := a.list
	if len(items) == 1 {
		var known bool
		if items, known = e.iterate(items[0]); !known {
			return nil
		}
	}
	if a.loose || len(a.named) > 0 || len(items) == 0 && (name == "min" || name == "max") {
		return nil
	}
	switch name {
	case "any", "all":
		for _, it := range items {
			yes, known := e.truth(it)
			if !known {
				return nil
			}
			if yes == (name == "any") {
				return boolOf(yes, at)
			}
		}
		return boolOf(name == "all", at)
	case "sum":
		out := intOf(0, at)
		for _, it := range items {
			if _, num := number(it); !num {
				return nil
			}
			if out = e.binary("+", out, it, place{at}); out.Kind == Unknown {
				return nil
			}
		}
		return out
	}
	best := items[0]
	for _, it := range items[1:] {
		less, known := e.relation("<", it, best)
		if !known {
			return nil
		}
		if less == (name == "min") {
			best = it
		}
	}
	return best
}

// place is a node of no text of its own.
type place struct{ at span.Span }

// Range is empty: the place is not one of the text.
func (place) Range() (int, int) { return 0, 0 }

func (e *evaluator) pairs(name string, a *arguments, at span.Span) *Value {
	var lists [][]*Value
	if name == "enumerate" && len(a.list) == 1 && len(a.named) == 0 {
		items, known := e.iterate(a.list[0])
		if !known {
			return unknownAt(firstOf(a.list[0].Reason(), "what it goes through is not known"), at)
		}
		var count []*Value
		for i := range items {
			count = append(count, intOf(int64(i), at))
		}
		lists = [][]*Value{count, items}
	}
	if name == "zip" && len(a.named) == 0 && !a.loose {
		for _, v := range a.list {
			items, known := e.iterate(v)
			if !known {
				return unknownAt(firstOf(v.Reason(), "what it goes through is not known"), at)
			}
			lists = append(lists, items)
		}
	}
	if len(lists) == 0 {
		return unknownAt("what it goes through is not known", at)
	}
	out := &Value{Kind: List, At: at}
	for i := 0; ; i++ {
		t := &Value{Kind: Tuple, At: at}
		for _, l := range lists {
			if i >= len(l) {
				return out
			}
			t.Items = append(t.Items, l[i])
		}
		out.Items = append(out.Items, t)
	}
}

func (e *evaluator) isinstance(v, class *Value, at span.Span) *Value {
	names := map[string][]Kind{"str": {Text}, "list": {List}, "dict": {Dict}, "set": {Set}, "tuple": {Tuple}, "int": {Int, Bool}, "float": {Float}, "bool": {Bool}, "bytes": {Bytes}}
	if v != nil && class != nil && class.Kind == Ref && v.Kind != Unknown && v.Kind != Either && v.Kind != Ref {
		if kinds, ok := names[class.Name]; ok {
			for _, k := range kinds {
				if v.Kind == k {
					return boolOf(true, at)
				}
			}
			return boolOf(false, at)
		}
	}
	return unknownAt("of which type it is is not known", at)
}

// OpenFile is the Name of an Unknown that is an open file or a pathlib.Path: Text is its path, and Items[0] the mode.
const OpenFile = "an open file"

func (e *evaluator) openFile(file, mode *Value, x syntax.Node) *Value {
	v := e.unknown(x, "it is a file on the machine")
	if file != nil {
		v.Name, v.Text, v.Items = OpenFile, e.asText(file, x).Text, []*Value{mode}
	}
	return v
}
