package python

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// class is what objects of a class of the program have in common.
type class struct {
	body  *scope
	bases []*Value
	data  bool // a dataclass
}

const superName = "super()"

// bound is a function as the method of an object or class.
func (v *Value) bound(self, owner *Value) *Value {
	n, fn := *v, *v.fn
	fn.owner = owner
	switch fn.how {
	case "staticmethod":
	case "classmethod":
		fn.self = owner
	default:
		fn.self = self
	}
	if fn.how != "" {
		fn.async = false // calling the name calls the function after all
	}
	n.fn = &fn
	return &n
}

// inherited finds an attribute in a class and what it is derived from, and the class that has it. A Ref stands for an
// imported class, which may have it.
func (e *evaluator) inherited(c *Value, name string, depth int) (v, owner *Value) {
	switch {
	case c == nil || depth > 20:
	case c.Kind == Ref && c.Name != "object":
		return c, c
	case c.Kind == Local && c.class != nil:
		if v := c.class.body.vars[name]; v != nil {
			return v, c
		}
		for _, b := range c.class.bases {
			if v, owner := e.inherited(b, name, depth+1); v != nil {
				return v, owner
			}
		}
	}
	return nil, nil
}

// construct makes an object of a class of the program.
func (e *evaluator) construct(f *Value, a *arguments, x *syntax.Call) *Value {
	c := &Call{Name: f.Name, Args: a.list, Named: a.named, Loose: a.loose, At: e.at(x), Head: e.at(x.Func), Maybe: e.doubt()}
	return e.constructed(f, c, a, x)
}

func (e *evaluator) constructed(f *Value, c *Call, a *arguments, x *syntax.Call) *Value {
	v := &Value{Kind: Thing, Name: f.Name, Why: "it is an object of the class " + f.Name, At: c.At, Object: &Object{Call: c}}
	c.Gives = v
	e.setField(v, classField, f, c.At)
	if e.instances != nil {
		e.instances[f.fn.id()] = v
	}
	switch m, owner := e.inherited(f, "__init__", 0); {
	case m == nil && f.class.data:
		for _, k := range sortedNames(a.named) {
			e.setField(v, k, a.named[k], c.At)
		}
	case m == nil:
	case m.Kind == Ref:
		e.foreignInit(m, v, a, x)
	case m.Kind == Function:
		e.applyLoosely(m.bound(v, owner), a, c.At)
	}
	return v
}

// foreignInit tells that the object v of a class of the program is made as one of an imported class.
func (e *evaluator) foreignInit(base, v *Value, a *arguments, x *syntax.Call) {
	c := &Call{Name: base.Name, Args: a.list, Named: a.named, Loose: a.loose, At: v.At, Head: v.At, Maybe: e.doubt(), Gives: v}
	if x != nil {
		c.At, c.Head = e.at(x), e.at(x.Func)
	}
	if e.opts.Calls != nil {
		e.opts.Calls(c)
	}
}

// super is super() in a method.
func (e *evaluator) super(at span.Span) *Value {
	self, owner := e.lookup(selfName), e.lookup(ownerName)
	if self == nil || self.Kind != Thing || owner == nil || owner.class == nil {
		return unknownAt("it is a part of a class that is not followed", at)
	}
	return &Value{Kind: Thing, Name: superName, Why: "it is the object itself", At: at, Object: &Object{On: self, Attr: superName}, Items: []*Value{owner}}
}

// The names by which a method knows its object and its class.
const (
	selfName  = " self"
	ownerName = " class"
)

// uncalledOutside performs what nothing calls: first the classes that nothing makes objects of, as somebody may.
func (e *evaluator) uncalledOutside() {
	e.quiet++
	defer func() { e.quiet-- }()
	made := len(e.instances) > 0 || e.calls > 0 // otherwise it is a part of a program that is elsewhere
	for _, inits := range []bool{true, false} {
		for i := 0; i < len(e.defined); i++ {
			f := e.defined[i]
			if e.called[f.fn.id()] || e.spent || f.fn.expr != nil || (f.Name == "__init__") != inits {
				continue
			}
			why := "nothing that is read calls the function " + f.Name
			switch {
			case inits && !made:
				why = ""
			case inits && f.fn.method != nil:
				why = "nothing that is read makes an object of the class " + f.fn.method.Name
			}
			if why != "" {
				e.doubts = append(e.doubts, located(why, f.At))
			}
			from := len(e.exits)
			e.perform(f)
			e.exits, e.raised = e.exits[:from], nil
			if why != "" {
				e.doubts = e.doubts[:len(e.doubts)-1]
			}
		}
	}
}

// perform calls a function with arguments that are not known.
func (e *evaluator) perform(f *Value) {
	fn := *f.fn
	fn.async = false
	g := &Value{Kind: Function, Name: f.Name, At: f.At, fn: &fn}
	a := &arguments{loose: true}
	text, src, tokens := e.text, e.src, e.tokens
	e.text, e.src, e.tokens = fn.text, fn.text.String(), fn.tokens
	defer func() { e.text, e.src, e.tokens = text, src, tokens }()
	named := map[string]*Value{}
	for k, v := range fn.args {
		named[k] = v
	}
	a.named = named
	c := fn.method
	switch {
	case c == nil:
	case f.Name == "__init__":
		call := &Call{Name: c.Name, Named: named, Loose: true, At: c.At, Head: c.At, Maybe: e.doubt()}
		e.constructed(c, call, a, nil)
		return
	default:
		self := e.instances[c.fn.id()]
		if self == nil {
			self = unknownAt("it is an object of the class "+c.Name, f.At)
		}
		g = g.bound(self, c)
	}
	e.applyLoosely(g, a, f.At)
}

// id tells functions and classes apart, by where they stand.
func (f *function) id() string {
	return f.text.SpanOf(f.from, f.from).File + ":" + strconv.Itoa(f.from)
}

// key tells calls apart.
func (c *Call) key(e *evaluator) string {
	if c.n == 0 {
		*e.made++
		c.n = *e.made
	}
	return strconv.Itoa(c.n)
}
