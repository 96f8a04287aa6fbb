package bicep

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// resource is one resource, made here or only referred to.
type resource struct {
	sc        *scope
	d         *syntax.Decl
	body      *syntax.Expr
	typ       string
	name      *eval.Val
	cond      string
	item      *arm.Item // nil: it is not made here
	elsewhere bool      // in another resource group, perhaps
	children  map[string]*eval.Val
	busy      map[string]bool
}

// resource declares one resource; its value is what others refer to it by.
func (sc *scope) resource(d *syntax.Decl, body *syntax.Expr, cond string, in *resource) *eval.Val {
	r := sc.u.r
	at := eval.At(d.At)
	x := &resource{d: d, body: body, cond: cond, children: map[string]*eval.Val{}, busy: map[string]bool{}}
	x.sc = &scope{u: sc.u, up: sc, in: x}
	x.typ, _, _ = strings.Cut(d.Type.Plain(), "@")
	if n := body.Get("name"); n != nil {
		x.name = x.sc.eval(n)
		at = eval.At(n.At)
		if !x.name.At.IsZero() && x.name.Kind == eval.String && n.Op == syntax.Text {
			at = x.name.At
		}
	}
	if x.name.IsNull() {
		x.name = eval.NotKnown("the resource has no name", at)
	}
	if p := body.Get("parent"); p != nil {
		v := x.sc.eval(p)
		if over, ok := r.objects[v].(*resource); ok {
			x.name = r.stack.Below(over.name, x.name)
		} else {
			x.name = r.stack.Below(eval.NotKnown("the parent of "+d.Name+" is not known: "+v.Reason(), eval.At(p.At)), x.name)
		}
	} else if in != nil {
		x.typ = in.typ + "/" + x.typ
		x.name = r.stack.Below(in.name, x.name)
	}
	if x.typ == "" {
		r.stack.Config.NotEvaluated("a resource has no type that is known", at)
		return eval.NotKnown("its type is not known", at)
	}
	low := strings.ToLower(x.typ)
	if d.Existing {
		x.elsewhere = body.Get("scope") != nil
		v := eval.NotKnown("looked up when the template is deployed ("+d.Name+" is declared elsewhere)", at)
		r.objects[v] = x
		return v
	}
	if empty := x.property("properties", "template", "resources"); low == "microsoft.resources/deployments" && (empty.Kind != eval.List || len(empty.Items) > 0) {
		r.stack.Config.NotEvaluated("a linked or nested template is not evaluated", at)
	}
	x.item = r.stack.Declare(x.typ, x.name, d.Name, at, cond)
	if x.item == nil {
		return eval.NotKnown("there are too many resources", at)
	}
	if low == "microsoft.network/virtualnetworks" {
		r.stack.Subnets(x.name, x.property("properties", "subnets"), cond)
	}
	v := &eval.Val{Kind: eval.Ref, At: at, From: &eval.Link{Res: x.item.Res()}}
	r.objects[v] = x
	r.todo = append(r.todo, x.fill)
	for _, n := range body.Nested {
		x.child(n, at)
	}
	return v
}

// property evaluates one property that stands in the body, without the rest of it.
func (x *resource) property(names ...string) *eval.Val {
	e := x.body
	for i, n := range names {
		next := e.Get(n)
		if next == nil {
			if e != nil && e.Op != syntax.Object || e == nil {
				break
			}
			return eval.None()
		}
		if e = next; e.Op != syntax.Object && i+1 < len(names) {
			v := x.sc.eval(e)
			for _, more := range names[i+1:] {
				v = arm.Member(v, more, eval.At(e.At))
			}
			return v
		}
	}
	return x.sc.eval(e)
}

// fill gives the stack what the resource is made of.
func (x *resource) fill() {
	body := eval.MapAt(x.item.Res().At)
	put := func(key string, v *eval.Val) {
		if !v.IsNull() {
			body.Put(key, v)
		}
	}
	for _, m := range x.body.Members {
		if m.Key == nil {
			v := x.sc.eval(m.Value.Args[0])
			if v.Kind != eval.Map {
				x.sc.u.r.stack.Config.NotEvaluated("what "+x.d.Name+" is made of is not known: "+v.Reason(), x.item.Res().At)
			}
			for _, k := range v.Keys {
				put(k, v.Child[k])
			}
			continue
		}
		switch key := m.Key.Plain(); strings.ToLower(key) {
		case "parent", "dependson", "":
		case "scope":
			v := x.sc.eval(m.Value)
			if over, ok := x.sc.u.r.objects[v].(*resource); ok {
				v = over.id(v.At)
			}
			put(key, v)
		case "name":
			put(key, x.name)
		default:
			put(key, x.sc.eval(m.Value))
		}
	}
	x.item.Fill(body)
}

// id is the resource to refer to.
func (x *resource) id(at eval.Place) *eval.Val {
	if x.item != nil {
		return x.item.Res().Ref("id").AtPlace(at)
	}
	if same := x.sc.u.r.stack.Find(strings.ToLower(x.typ), x.name); same != nil && !x.elsewhere {
		return same.Res().Ref("id").AtPlace(at)
	}
	return eval.NotKnown("looked up when the template is deployed ("+x.d.Name+" is declared elsewhere)", at)
}

// member is what stands behind a dot: a property as it is written here, else what only Azure knows.
func (x *resource) member(name string, at eval.Place) *eval.Val {
	switch name {
	case "id":
		return x.id(at)
	case "name":
		if n := x.body.Get("name"); n != nil && !x.busy[name] {
			x.busy[name] = true
			defer delete(x.busy, name)
			return x.sc.eval(n)
		}
		return x.name
	case "type":
		return eval.Text(x.typ, at)
	}
	if x.item == nil {
		return eval.NotKnown("looked up when the template is deployed ("+x.d.Name+" is declared elsewhere)", at)
	}
	if e := x.body.Get(name); e != nil && !x.busy[name] {
		x.busy[name] = true
		defer delete(x.busy, name)
		if v := x.sc.eval(e); v.Kind == eval.Map {
			return x.linked(v, name)
		} else if !v.IsNull() {
			return v
		}
	}
	return x.ref(name, at)
}

// ref is an attribute that only Azure knows.
func (x *resource) ref(path string, at eval.Place) *eval.Val {
	return &eval.Val{Kind: eval.Ref, At: at, From: &eval.Link{Res: x.item.Res(), Path: path}}
}

// linked is an object of the body: what is missing in it, Azure knows.
func (x *resource) linked(v *eval.Val, path string) *eval.Val {
	c := *v
	x.sc.u.r.objects[&c] = inside{x, v, path}
	return &c
}

// inside is an object in a resource's body.
type inside struct {
	x    *resource
	v    *eval.Val
	path string
}

func (i inside) member(name string, at eval.Place) *eval.Val {
	path := i.path + "." + name
	switch v := arm.Member(i.v, name, at); {
	case len(path) > 500:
		return eval.NotKnown("nested too deeply", at)
	case v.IsNull() && name == "id" && strings.HasPrefix(i.path, "properties.subnets["):
		if sub := i.x.sc.u.r.stack.Subnet(i.x.name, i.v); sub != nil {
			return sub.Res().Ref("id").AtPlace(at)
		}
		return i.x.ref(path, at)
	case v.IsNull():
		return i.x.ref(path, at)
	case v.Kind == eval.List:
		out := eval.ListAt(v.At)
		for n, it := range v.Items {
			if it.Kind == eval.Map {
				it = i.x.linked(it, fmt.Sprintf("%s[%d]", path, n))
			}
			out.Items = append(out.Items, it)
		}
		return out
	case v.Kind == eval.Map:
		return i.x.linked(v, path)
	default:
		return v
	}
}

// nestedDecl is the declaration of a resource that lies in this one.
func (x *resource) nestedDecl(name string) *syntax.Decl {
	for _, d := range x.body.Nested {
		if d.Name == name && d.Kind == "resource" {
			return d
		}
	}
	return nil
}

// child is a resource that lies in this one, declared the first time that it is asked for.
func (x *resource) child(d *syntax.Decl, at eval.Place) *eval.Val {
	if v := x.children[d.Name]; v != nil {
		return v
	}
	if x.busy["::"+d.Name] {
		return eval.NotKnown("it refers to itself", at)
	}
	x.busy["::"+d.Name] = true
	defer delete(x.busy, "::"+d.Name)
	s := *x.sc
	v := s.each(d, d.Value, x.cond, func(sc *scope, body *syntax.Expr, cond string) *eval.Val {
		return sc.resource(d, body, cond, x)
	})
	x.children[d.Name] = v
	return v
}
