package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Outside says that a program is followed through code that the repository does not hold: what is imported from elsewhere
// gives objects (Value.Object) when it is called, which keep what they were made with; classes of the program have objects
// with attributes and methods. Options.Calls is told of the calls of such code only, when they were looked at here.
type Outside struct {
	// Answer is what a call gives, where somebody knows that; nil: an object.
	Answer func(*Call) *Value
	// Applies says that a call calls the functions that it is given, with what it is called on, and gives what they give.
	Applies func(*Call) bool
	// Open is the text of a file that the program reads.
	Open func(path string) (span.Text, bool)
}

// Object is something that code outside the repository makes or knows: what a call gave, or an attribute of another object.
type Object struct {
	Call *Call  // that made it; nil for an attribute
	On   *Value // of an attribute: the object, or what is not known, that it belongs to
	Attr string
}

// ItemOf stands for an attribute where an item of an object is meant, x[y].
const ItemOf = "[]"

// Origin follows attributes up to what they are attributes of, and gives their names from there: instance.connections is
// (instance, "connections").
func (v *Value) Origin() (of *Value, attrs []string) {
	for n := 0; v != nil && v.Kind == Thing && v.Object.Call == nil && n < maxDepth; n++ {
		attrs = append([]string{v.Object.Attr}, attrs...)
		v = v.Object.On
	}
	return v, attrs
}

// methodOf is the name of the method that v may be, if it is an attribute of something that is known.
func (v *Value) methodOf() (string, bool) {
	if v.Kind != Thing || v.Object.Call != nil || v.Object.On == nil || v.Object.On.Kind != Thing {
		return "", false
	}
	return v.Object.Attr, v.Name != superName && v.Object.Attr != ItemOf
}

// idle says whether a function is an expression that calls nothing, so that it makes nothing.
func (f *function) idle() bool {
	return f.expr != nil && !strings.Contains(f.text.Slice(f.from, f.to).String(), "(")
}

// missed notes code that makes something, perhaps, and is not followed.
func (e *evaluator) missed(why string, at span.Span) {
	if e.opts.Outside == nil || len(e.res.Missed) > 200 {
		return
	}
	for _, m := range e.res.Missed {
		if m.At == at && m.Why == why {
			return
		}
	}
	e.res.Missed = append(e.res.Missed, Issue{why, at})
}

// outside is a call of code that is not in the repository.
func (e *evaluator) outside(c *Call, a *arguments, x *syntax.Call) *Value {
	e.calls++
	c.Args, c.Named, c.Loose, c.At, c.Head = a.list, a.named, a.loose, e.at(x), e.at(x.Func)
	c.Maybe = e.doubt()
	if e.opts.Outside.Applies != nil && e.opts.Outside.Applies(c) {
		if v := e.applied(c, a); v != nil {
			return v
		}
	}
	for _, v := range a.all() {
		_, method := v.methodOf()
		if v.Kind == Function && !v.fn.idle() || method && strings.HasPrefix(c.Name, "functools.") {
			e.missed("this function may be called, "+e.quote(x.Func)+" is given it", c.At)
		}
	}
	return e.told(c, &Value{Kind: Thing, Name: c.Name, Why: "it is what " + e.quote(x.Func) + " gives, which the repository does not tell", At: c.At, Object: &Object{Call: c}})
}

// applied is what a function that a call is given makes of what it is called on; nil if the call is given none.
func (e *evaluator) applied(c *Call, a *arguments) *Value {
	for _, f := range a.all() {
		if f.Kind != Function {
			continue
		}
		one := &arguments{}
		if c.On != nil {
			one.list = append(one.list, c.On)
		}
		for _, v := range a.all() {
			if v != f {
				one.list = append(one.list, v)
			}
		}
		return e.applyLoosely(f, one, c.At)
	}
	return nil
}

// told tells of a call, and gives what it comes to.
func (e *evaluator) told(c *Call, v *Value) *Value {
	c.Gives = v
	if e.opts.Outside.Answer != nil {
		if known := e.opts.Outside.Answer(c); known != nil {
			c.Gives = known
		}
	}
	if e.opts.Calls != nil {
		e.opts.Calls(c)
	}
	return c.Gives
}

// doubt is why what is performed now may not happen; an exception that stops the program is no such thing.
func (e *evaluator) doubt() string {
	if len(e.doubts) > 0 {
		return e.doubts[len(e.doubts)-1]
	}
	for _, x := range e.exits {
		if x.flow != raises {
			return "it depends on which way the program takes before"
		}
	}
	return ""
}

// attribute is v.name of an object.
func (e *evaluator) attribute(v *Value, name string, x syntax.Node) *Value {
	if f := e.field(v, name); f != nil {
		return f
	}
	if m, owner := e.inherited(e.field(v, classField), name, 0); m != nil && m.Kind != Ref {
		if m.Kind != Function {
			return m
		}
		b := m.bound(v, owner)
		if m.fn.how == "property" {
			return e.apply(b, nil, nil, e.at(x))
		}
		return b
	}
	return &Value{Kind: Thing, Name: "." + name, Why: "it is known only to what makes it, " + e.quote(x), At: e.at(x), Object: &Object{On: v, Attr: name}}
}

// classField is where an object of a class of the program keeps its class.
const classField = " class"

// field is what the program set as an attribute of an object; nil if it set nothing.
func (e *evaluator) field(v *Value, name string) *Value {
	if v == nil || v.Kind != Thing {
		return nil
	}
	f := e.st.objects.vars[e.place(v)+name]
	if f != nil && f.Kind == Either {
		return e.settled(f)
	}
	return f
}

// setField is v.name = f.
func (e *evaluator) setField(v *Value, name string, f *Value, at span.Span) {
	e.st.objects.vars[e.place(v)+name] = f
	if e.field(v, classField) == nil || e.opts.Calls == nil || name == classField {
		e.assigned(v, name, f, at)
	}
}

// assigned tells that an attribute of an object of outside code is set.
func (e *evaluator) assigned(v *Value, name string, f *Value, at span.Span) {
	if e.opts.Calls != nil && name != classField {
		e.opts.Calls(&Call{Name: "." + name + " =", On: v, Args: []*Value{f}, Gives: f, At: at, Head: at, Maybe: e.doubt()})
	}
}

// place is where the attributes of an object are kept.
func (e *evaluator) place(v *Value) string {
	of, attrs := v.Origin()
	key := "?"
	if of != nil && of.Kind == Thing {
		key = of.Object.Call.key(e)
	}
	for _, a := range attrs {
		key += "." + a
	}
	return key + " "
}

// thingMethod is v.name(…) of an object.
func (e *evaluator) thingMethod(v *Value, name string, a *arguments, x *syntax.Call) *Value {
	if f := e.field(v, name); f != nil {
		return e.callValue(f, a, x)
	}
	class := e.field(v, classField)
	if v.Name == superName {
		class, v = v.Items[0], v.Object.On
		m, owner := (*Value)(nil), (*Value)(nil)
		for _, b := range class.class.bases {
			if m, owner = e.inherited(b, name, 0); m != nil {
				break
			}
		}
		return e.performMethod(v, m, owner, name, a, x)
	}
	m, owner := e.inherited(class, name, 0)
	return e.performMethod(v, m, owner, name, a, x)
}

func (e *evaluator) performMethod(v, m, owner *Value, name string, a *arguments, x *syntax.Call) *Value {
	switch {
	case m != nil && m.Kind == Function:
		return e.callValue(m.bound(v, owner), a, x)
	case m != nil && m.Kind != Ref:
		return e.callValue(m, a, x)
	case name == "__init__":
		if m == nil {
			return &Value{Kind: None, At: e.at(x)}
		}
		e.foreignInit(m, v, a, x)
		return &Value{Kind: None, At: e.at(x)}
	}
	return e.outside(&Call{Name: "." + name, On: v}, a, x)
}

// callValue calls a value that was looked up.
func (e *evaluator) callValue(f *Value, a *arguments, x *syntax.Call) *Value {
	switch f.Kind {
	case Function:
		return e.applyLoosely(f, a, e.at(x))
	case Local:
		return e.instance(f, a, x)
	case Ref:
		return e.callRef(f, a, x)
	}
	return e.outside(&Call{Name: "." + e.quote(x.Func), On: f}, a, x)
}

// applyLoosely calls a function of the program; arguments that are passed on in a way that is not known are not known.
func (e *evaluator) applyLoosely(f *Value, a *arguments, at span.Span) *Value {
	if !a.loose {
		return e.apply(f, a.list, a.named, at)
	}
	why := "it is an argument that is passed on in a way that is not known"
	named := map[string]*Value{others: unknownAt(why, at)}
	p := f.fn.params
	skip := 0
	for skip < len(a.list) && a.list[skip].Kind != Unknown { // those are in their places
		skip++
	}
	list := a.list[:min(skip, len(p.Only)+len(p.Plain))]
	if f.fn.self != nil {
		skip++
	}
	for _, ps := range [][]syntax.Param{p.Only, p.Plain, p.Keyword} {
		for i := range ps {
			if skip--; skip >= 0 {
				continue
			}
			named[ps[i].Name] = unknownAt(why, at)
			if v := a.named[ps[i].Name]; v != nil {
				named[ps[i].Name] = v
			}
		}
	}
	return e.apply(f, list, named, at)
}

// others stands for arguments whose names are not known.
const others = "**"

// madeByName says whether v is certainly an object: what a class gives when it is called, and no other function.
func (v *Value) madeByName() bool {
	return v.Kind == Thing && v.Object.Call != nil && upper(v.Name[strings.LastIndexByte(v.Name, '.')+1:])
}
