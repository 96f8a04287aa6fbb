package cdk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// Bounds of one program.
const (
	maxCalls = 20_000 // calls that are looked at
	maxDepth = 60     // values inside each other
)

// app is one program while it is read.
type app struct {
	*project
	*declare.Program
	calls []*event
	made  map[*python.Call]*made
	names map[string]bool // addresses that are taken
	later []func()        // what is done when all resources have their arguments
	full  bool
	// changed are the properties that aspects may change.
	changed map[string]bool
}

// event is a call in the order of the program.
type event struct {
	*python.Call
	n     int
	attrs []string // what of the object the method is called on: "connections", "user_data"
	name  string   // the method
	done  bool     // it was understood
}

// made is what a call of the CDK gave: a construct, or a value that others are made with.
type made struct {
	event
	a      *app
	kind   string // "aws_ec2.Instance"
	of     *made  // the object a static method or method was called on
	one    *cloudformation.One
	res    *eval.Resource
	group  *eval.Resource // its own security group
	own    *eval.Resource // its own role
	events []*event       // methods called on it
}

// told takes one call.
func (a *app) told(c *python.Call) {
	if len(a.calls) >= maxCalls {
		if !a.full {
			a.full = true
			a.C.NotEvaluated("the program makes more than is followed", a.Place(c.Head))
		}
		return
	}
	e := &event{Call: c, n: len(a.calls)}
	a.calls = append(a.calls, e)
	var on *made
	if name, method := strings.CutPrefix(c.Name, "."); method && c.On != nil {
		e.name = name
		var of *python.Value
		of, e.attrs = c.On.Origin()
		if on = a.of(of); on != nil {
			if on.isFound() { // what is done to what was looked up below a construct, is done to that
				on, e.attrs = on.of, append([]string{"node", "default_child"}, e.attrs...)
			}
			on.events = append(on.events, e)
		}
	}
	if c.Gives == nil || c.Gives.Kind != python.Thing || c.Gives.Object.Call == nil {
		return
	}
	m := &made{event: *e, a: a, kind: kindOf(c.Name), of: on}
	if c.Name != "" && c.Name[0] == '.' {
		m.kind = c.Name
		if on != nil && statics[on.kind] && len(e.attrs) == 0 {
			m.kind = on.kind + c.Name // ec2.MachineImage().lookup(…), as a static method
		}
	}
	key := c.Gives.Object.Call
	if had := a.made[key]; had != nil { // an object of a class of the program, made as one of several
		had.kind, had.event = m.kind, m.event
		return
	}
	a.made[key] = m
}

// isFound says whether m is the resource of CloudFormation of a construct, looked up by the name that it always has.
func (m *made) isFound() bool {
	s, _ := m.arg(0, "id").Str()
	return (m.kind == ".find_child" || m.kind == ".try_find_child") && s == "Resource" && m.of != nil && slices.Equal(m.event.attrs, []string{"node"})
}

// statics are classes whose methods belong to the class, also where they are called on an object of it.
var statics = set("aws_ec2.MachineImage aws_ec2.InstanceType aws_ec2.Peer aws_ec2.Port")

// kindOf is the name of something in the CDK without the module that all is in: version 1 has a module "core".
func kindOf(name string) string {
	if s, ok := strings.CutPrefix(name, "aws_cdk."); ok {
		return strings.TrimPrefix(s, "core.")
	}
	return name
}

// of is what the program made that v is; nil if it is nothing of the kind.
func (a *app) of(v *python.Value) *made {
	if v == nil || v.Kind != python.Thing || v.Object.Call == nil {
		return nil
	}
	return a.made[v.Object.Call]
}

// arg is an argument, by its place or name; nil if it is not given.
func (e *event) arg(i int, name string) *python.Value {
	if v := e.Named[name]; v != nil && name != "" {
		if v.Kind == python.None {
			return nil
		}
		return v
	}
	if i >= 0 && i < len(e.Args) && e.sure(i) {
		if e.Args[i].Kind == python.None {
			return nil
		}
		return e.Args[i]
	}
	if e.Loose {
		return python.UnknownOf("it is passed on in a way that is not known", e.Head)
	}
	return nil
}

// sure says whether the argument at a place is the one that is meant: what is passed on in a way that is not known may
// stand for several.
func (e *event) sure(i int) bool {
	for _, v := range e.Args[:i+1] {
		if e.Loose && v.Kind == python.Unknown {
			return false
		}
	}
	return true
}

// prop is an argument with a name.
func (e *event) prop(name string) *python.Value { return e.arg(-1, name) }

// has says whether an argument is given, or may be.
func (e *event) has(name string) bool { return e.prop(name) != nil }

// id is what the program calls a construct.
func (e *event) id() string {
	for _, name := range []string{"id", "construct_id"} {
		if s, ok := e.arg(1, name).Str(); ok {
			return s
		}
	}
	return ""
}

// methodID is the id in a call of a method that makes a construct.
func (m *made) methodID() string {
	s, _ := m.arg(0, "id").Str()
	return s
}

// scope is what a construct is declared in.
func (e *event) scope() *python.Value { return e.arg(0, "scope") }

// address is what a construct is called in reports: its ids from below the stack down.
func (a *app) address(m *made) string {
	if m.of != nil && m.of.res != nil && m.kind[0] == '.' { // topic.add_subscription(…)
		return a.unique(m.of.res.Addr+"."+firstOf(clean(m.methodID()), m.kind[1:]), m)
	}
	var ids []string
	for n, up := 0, m; up != nil && n < maxDepth; n++ {
		switch up.kind {
		case "Stack", "NestedStack", "App", "Stage":
			if up != m && len(ids) > 0 {
				up = nil
				continue
			}
		}
		id := clean(up.id())
		if id == "" {
			id = up.kind[strings.LastIndexByte(up.kind, '.')+1:]
		}
		ids = append([]string{id}, ids...)
		v := up.scope()
		up = nil
		if v != nil {
			of, _ := v.Origin()
			up = a.of(of)
		}
	}
	return a.unique(strings.Join(ids, "."), m)
}

// unique is a name that nothing else has: that of the stack in front of it tells two apart, else a number.
func (a *app) unique(name string, m *made) string {
	if a.names[name] && m != nil {
		if s := a.stackOf(m); s != nil && clean(s.id()) != "" {
			name = clean(s.id()) + "." + name
		}
	}
	out := name
	for n := 2; a.names[out]; n++ {
		out = name + "." + strconv.Itoa(n)
	}
	a.names[out] = true
	return out
}

// above goes from a construct up to what it is declared in; f says whether to go on.
func (a *app) above(m *made, f func(*made) bool) {
	for n := 0; m != nil && n < maxDepth && f(m); n++ {
		of, _ := m.scope().Origin()
		m = a.of(of)
	}
}

func (a *app) stackOf(m *made) (stack *made) {
	a.above(m, func(up *made) bool {
		if up.kind == "Stack" || up.kind == "NestedStack" {
			stack = up
		}
		return stack == nil
	})
	return stack
}

// clean is a name of which addresses can be made.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '_'
	}, s)
}

// open notes something that may make machines or rules and is not understood.
func (m *made) unknown(format string, args ...any) {
	m.a.C.NotEvaluated(fmt.Sprintf(format, args...), m.a.Place(m.Head))
}
