package python

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// eval is the value of an expression, never nil.
func (e *evaluator) eval(x syntax.Expr) *Value {
	if x == nil {
		return &Value{Kind: None}
	}
	if !e.step(x) || e.depth > 4*maxDepth || e.raised != nil {
		return e.unknown(x, "the code does more than can be followed")
	}
	e.depth++
	v := e.expression(x)
	e.depth--
	if v.At.IsZero() {
		if v.mutable() {
			v.At = e.at(x)
		} else {
			n := *v
			n.At = e.at(x)
			v = &n
		}
	}
	return v
}

func (e *evaluator) expression(x syntax.Expr) *Value {
	switch x := x.(type) {
	case *syntax.Ident:
		return e.ident(x)
	case *syntax.Const:
		return constant(x, e.at(x))
	case *syntax.Str:
		return e.str(x)
	case *syntax.Seq:
		return e.seq(x)
	case *syntax.Dict:
		return e.dict(x)
	case *syntax.Unary:
		return e.unary(x)
	case *syntax.Bin:
		l, r := e.eval(x.L), e.eval(x.R)
		return e.binary(x.Op, l, r, x)
	case *syntax.Logic:
		return e.logic(x)
	case *syntax.Compare:
		return e.compare(x)
	case *syntax.Cond:
		switch yes, known := e.truth(e.eval(x.Test)); {
		case known && yes:
			return e.eval(x.Then)
		case known:
			return e.eval(x.Else)
		}
		a, b := e.eval(x.Then), e.eval(x.Else)
		return either(located("it depends on a condition that is not known, "+e.quote(x.Test), e.at(x.Test)), a, b)
	case *syntax.Lambda:
		return e.lambda(x)
	case *syntax.Call:
		return e.call(x)
	case *syntax.Attr:
		return e.attr(e.eval(x.X), x.Name, x)
	case *syntax.Index:
		base := e.eval(x.X)
		if s, ok := x.I.(*syntax.Slice); ok {
			return e.sliced(base, s, x)
		}
		return e.item(base, e.eval(x.I), x)
	case *syntax.Slice:
		return e.unknown(x, "it is a slice")
	case *syntax.Star:
		return e.eval(x.X)
	case *syntax.Comp:
		return e.comprehension(x)
	case *syntax.Await:
		v := e.eval(x.X)
		u := e.unknown(x, "it is awaited, which is not followed")
		u.Tainted = reaches(v)
		return u
	case *syntax.Yield:
		if x.X != nil {
			e.eval(x.X)
		}
		return e.unknown(x, "it is what a generator is sent")
	case *syntax.Walrus:
		v := e.eval(x.Value)
		e.set(x.Target.Name, v)
		return v
	}
	return e.unknown(x, "this code is not read")
}

func constant(x *syntax.Const, at span.Span) *Value {
	switch x.Text {
	case "None":
		return &Value{Kind: None, At: at}
	case "True", "False":
		return boolOf(x.Text == "True", at)
	case "...":
		return unknownAt("it is only a placeholder, ...", at)
	}
	s := strings.ReplaceAll(x.Text, "_", "")
	if strings.ContainsAny(s, "jJ") && !strings.HasPrefix(strings.ToLower(s), "0x") {
		return unknownAt("it is a complex number", at)
	}
	if strings.Trim(s, "0") == "" {
		return intOf(0, at)
	}
	if i, err := strconv.ParseInt(s, 0, 64); err == nil {
		return intOf(i, at)
	}
	if !strings.HasPrefix(s, "0") || strings.ContainsAny(s, ".eE") {
		if f, err := strconv.ParseFloat(s, 64); err == nil || strings.ContainsAny(s, ".eE") {
			return &Value{Kind: Float, Float: f, At: at}
		}
	}
	return unknownAt("the number is too large", at)
}

// seq is a list, tuple or set; members that are unpacked must be known.
func (e *evaluator) seq(x *syntax.Seq) *Value {
	v := &Value{Kind: map[string]Kind{"List": List, "Tuple": Tuple, "Set": Set}[x.Kind], At: e.at(x)}
	for _, i := range x.Items {
		s, unpack := i.(*syntax.Star)
		if !unpack {
			it := e.eval(i)
			if v.Kind == Set {
				v.add(it)
			} else {
				v.Items = append(v.Items, it)
			}
			continue
		}
		src := e.eval(s.X)
		items, known := e.iterate(src)
		if !known {
			u := e.unknown(x, "%s", firstOf(src.Reason(), "something that is not known is unpacked into it"))
			u.Tainted = reaches(src)
			return u
		}
		if v.Items = append(v.Items, items...); len(v.Items) > maxTurns*10 {
			return e.unknown(x, "it has too many members")
		}
	}
	return v
}

func (e *evaluator) dict(x *syntax.Dict) *Value {
	v := &Value{Kind: Dict, At: e.at(x)}
	for i, k := range x.Keys {
		val := e.eval(x.Values[i])
		if k == nil {
			if val.Kind != Dict {
				u := e.unknown(x, "%s", firstOf(val.Reason(), "something that is not known is unpacked into it"))
				u.Tainted = reaches(val)
				return u
			}
			for j, key := range val.Keys {
				v.put(key, val.Items[j])
			}
			continue
		}
		key := e.eval(k)
		if !key.known() {
			u := e.unknown(x, "%s", firstOf(key.Reason(), "one of its keys is not known"))
			u.Tainted = reaches(val)
			return u
		}
		if !val.mutable() {
			c := *val
			c.KeyAt = key.At
			val = &c
		}
		if len(v.Keys) > 200 { // looked up one by one
			return e.unknown(x, "it has more keys than are followed")
		}
		v.put(key, val)
	}
	return v
}

func (e *evaluator) unary(x *syntax.Unary) *Value {
	v := e.eval(x.X)
	at := e.at(x)
	if x.Op == "not" {
		if yes, known := e.truth(v); known {
			return boolOf(!yes, at)
		}
		return unknownAt(firstOf(v.Reason(), "it is not known"), at)
	}
	switch {
	case (v.Kind == Int || v.Kind == Bool) && x.Op == "-" && v.Int != -1<<63:
		return intOf(-v.Int, at)
	case (v.Kind == Int || v.Kind == Bool) && x.Op == "+":
		return intOf(v.Int, at)
	case (v.Kind == Int || v.Kind == Bool) && x.Op == "~":
		return intOf(^v.Int, at)
	case v.Kind == Float && x.Op == "-":
		return &Value{Kind: Float, Float: -v.Float, At: at}
	case v.Kind == Float && x.Op == "+":
		return v
	}
	return unknownAt(firstOf(v.Reason(), "it is worked out by code that is not followed"), at)
}

func (e *evaluator) logic(x *syntax.Logic) *Value {
	var v *Value
	for i, it := range x.Items {
		v = e.eval(it)
		if i == len(x.Items)-1 {
			return v
		}
		yes, known := e.truth(v)
		if !known {
			rest := v
			for _, later := range x.Items[i+1:] {
				rest = either(located("it depends on "+e.quote(x)+", which is not known", e.at(x)), rest, e.eval(later))
			}
			return rest
		}
		if yes == (x.Op == "or") {
			return v
		}
	}
	return v
}

// dictMethods are names of the configuration that are methods, not options.
var dictMethods = map[string]bool{"update": true, "merge": true, "clear": true, "pop": true, "popitem": true, "setdefault": true, "get": true, "keys": true, "values": true, "items": true, "copy": true, "has_key": true, "collisions": true}

// attr is base.name.
func (e *evaluator) attr(base *Value, name string, x syntax.Node) *Value {
	at := e.at(x)
	if insides[name] && base.Kind != Ref {
		e.open("code gets at the variables of the program, "+e.quote(x), at)
		return &Value{Kind: Unknown, Why: "it is a part of the running program", At: at, Tainted: true}
	}
	switch base.Kind {
	case Config:
		if strings.HasPrefix(name, "_") || dictMethods[name] {
			return &Value{Kind: Unknown, Why: "it depends on the whole configuration", At: at, Tainted: true}
		}
		if span.IsUnknown(name) {
			return &Value{Kind: Unknown, Why: span.Reason(name), At: at, Tainted: true}
		}
		if upper(name) {
			return &Value{Kind: SectionOf, Name: name, At: at}
		}
		return &Value{Kind: Unknown, Why: "it is no section of the configuration", At: at}
	case SectionOf:
		if strings.HasPrefix(name, "_") || dictMethods[name] {
			return &Value{Kind: Unknown, Why: "it depends on the whole configuration", At: at, Tainted: true}
		}
		return e.trait(base.Name, name, at)
	case Ref:
		return e.member(base, name, x)
	case Unknown:
		return &Value{Kind: Unknown, Why: base.Why, At: at, Tainted: base.Tainted}
	case Local:
		return unknownAt("it is a part of the class "+base.Name+", whose code is not read", at)
	case Either:
		var out *Value
		for i, alt := range base.Items {
			if alt == nil {
				continue
			}
			if v := e.attr(alt, name, x); i == 0 || out == nil {
				out = v
			} else {
				out = either(base.Why, out, v)
			}
		}
		if out != nil {
			return out
		}
	}
	return unknownAt(firstOf(base.Reason(), "it is worked out by code that is not followed"), at)
}

// item is base[key].
func (e *evaluator) item(base, key *Value, x syntax.Node) *Value {
	at := e.at(x)
	name, isName := key.Str()
	switch base.Kind {
	case Config:
		if isName {
			return e.attr(base, name, x)
		}
		return &Value{Kind: Unknown, Why: "it is a part of the configuration that is not known", At: at, Tainted: true}
	case SectionOf:
		if isName {
			return e.trait(base.Name, name, at)
		}
		return &Value{Kind: Unknown, Why: "it is an option that is not known", At: at, Tainted: true}
	case Lazy:
		e.raised = &Issue{"a setting that this file has not set cannot be read; this raises a TypeError", at}
	case Ref:
		if base.Name == "os.environ" {
			if isName {
				if v := e.st.globals.vars[environment+name]; v != nil && v.Kind != Either {
					return v
				}
				e.may(at, "it needs the environment variable "+name+" in the hub's service, and stops the hub without it")
				return e.environ(name, nil, x)
			}
			return e.unknownText("it comes from the environment of the hub's service", e.slice(x))
		}
	case Dict:
		if i, sure := base.find(key); i >= 0 {
			return base.Items[i]
		} else if sure {
			e.raised = &Issue{"the key " + key.Show() + " is not there, which raises a KeyError", at}
		}
	case List, Tuple:
		if key.Kind == Int || key.Kind == Bool {
			if i := index(key.Int, len(base.Items)); i >= 0 {
				return base.Items[i]
			}
			e.raised = &Issue{"there is no item " + key.Show() + ", which raises an IndexError", at}
		}
	case Text:
		if s, ok := base.Str(); ok && key.Kind == Int && ascii(s) {
			if i := index(key.Int, len(s)); i >= 0 {
				return textOf(base.Text.Slice(i, i+1))
			}
		}
		return e.unknownText(firstOf(base.Reason(), "it is a part of a text that is not known"), e.slice(x))
	case Either:
		var out *Value
		for _, alt := range base.Items {
			if alt != nil {
				v := e.item(alt, key, x)
				if out == nil {
					out = v
				} else {
					out = either(base.Why, out, v)
				}
			}
		}
		if out != nil {
			return out
		}
	}
	return &Value{Kind: Unknown, Why: firstOf(base.Reason(), firstOf(key.Reason(), "it is worked out by code that is not followed")), At: at, Tainted: base.Tainted}
}

func (e *evaluator) sliced(base *Value, s *syntax.Slice, x syntax.Node) *Value {
	bound := func(x syntax.Expr, otherwise int64) (int64, bool) {
		if x == nil {
			return otherwise, true
		}
		v := e.eval(x)
		if v.Kind == None {
			return otherwise, true
		}
		return v.Int, v.Kind == Int
	}
	n := int64(len(base.Items))
	text, isText := base.Str()
	if isText {
		n = int64(len(text))
	}
	lo, a := bound(s.Low, 0)
	hi, b := bound(s.High, n)
	step, c := bound(s.Step, 1)
	if !a || !b || !c || step != 1 || !(base.Kind == List || base.Kind == Tuple || isText && ascii(text)) {
		if base.Kind == Text {
			return e.unknownText(firstOf(base.Reason(), "it is a part of a text, cut out by code that is not followed"), e.slice(x))
		}
		return &Value{Kind: Unknown, Why: firstOf(base.Reason(), "it is cut out by code that is not followed"), At: e.at(x), Tainted: reaches(base)}
	}
	clamp := func(i int64) int64 {
		if i < 0 {
			i += n
		}
		return max(0, min(i, n))
	}
	lo, hi = clamp(lo), clamp(hi)
	hi = max(lo, hi)
	if isText {
		return textOf(base.Text.Slice(int(lo), int(hi)))
	}
	return &Value{Kind: base.Kind, Items: append([]*Value(nil), base.Items[lo:hi]...), At: base.At}
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
