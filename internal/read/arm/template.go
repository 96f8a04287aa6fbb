package arm

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// Bounds of one template.
const (
	maxFuel   = 500_000
	maxDepth  = 100
	maxCopies = 100
)

// template is one file while it is evaluated; nested templates have scopes of their own in it.
type template struct {
	stack *Stack
	todo  []func() // bodies to be evaluated once everything is declared
	fuel  int
	spent bool
	cond  string // why it may not be deployed
}

// fill evaluates the bodies of what is declared.
func (t *template) fill() {
	for len(t.todo) > 0 && !t.spent {
		one := t.todo[0]
		t.todo = t.todo[1:]
		one()
	}
}

// spend says whether there is anything left to evaluate with.
func (t *template) spend() bool {
	if t.fuel++; t.fuel > maxFuel && !t.spent {
		t.spent = true
		t.stack.Config.NotEvaluated("this template takes too long to evaluate", eval.Place{})
	}
	return !t.spent
}

// scope is what names mean in a template.
type scope struct {
	t     *template
	root  *markup.Node
	given map[string]*eval.Val // parameters, by name in lower case
	ask   func(name string) *eval.Val
	lost  string         // why what is given to parameters is not known
	known *eval.Once     // variables, parameters and outputs
	copy  map[string]int // indices of copies, by the loop's name; "" is the innermost
}

func (t *template) scope(root *markup.Node) *scope {
	return &scope{t: t, root: root, given: map[string]*eval.Val{}, known: &eval.Once{}}
}

// at is the scope within one copy of a loop.
func (sc *scope) at(loop string, index int) *scope {
	c := *sc
	c.copy = map[string]int{}
	for k, v := range sc.copy {
		c.copy[k] = v
	}
	c.copy[""], c.copy[strings.ToLower(loop)] = index, index
	return &c
}

func members(n *markup.Node) []markup.Member {
	if n == nil {
		return nil
	}
	return n.Members
}

// value is a value with its expressions evaluated.
func (sc *scope) value(n *markup.Node, depth int) *eval.Val {
	if n == nil {
		return eval.None()
	}
	at := eval.At(n.At)
	if depth > maxDepth || !sc.t.spend() {
		return eval.NotKnown("this template takes too long to evaluate", at)
	}
	switch n.Kind {
	case markup.Map:
		out := eval.MapAt(at)
		for _, m := range n.Members {
			if strings.EqualFold(m.Key.String(), "copy") && m.Value.Kind == markup.List {
				sc.copies(m.Value, out, depth)
				continue
			}
			if v := sc.value(m.Value, depth+1); !v.IsNull() {
				out.Put(m.Key.String(), v)
			}
		}
		return out
	case markup.List:
		out := eval.ListAt(at)
		for _, it := range n.Items {
			if v := sc.value(it, depth+1); !v.IsNull() {
				out.Items = append(out.Items, v)
			}
		}
		return out
	case markup.String:
		return sc.evaluate(n.Text, depth)
	}
	return scalar(n)
}

// copies are properties that are made in a loop: "copy": [{"name", "count", "input"}].
func (sc *scope) copies(n *markup.Node, out *eval.Val, depth int) {
	for _, c := range n.Items {
		name := c.Get("name").Str()
		count := sc.value(c.Get("count"), depth+1)
		k, ok := count.Int()
		if !ok || k > maxCopies {
			out.Put(name, eval.NotKnown("how many "+name+" there are is not known: "+count.Reason(), eval.At(c.At)))
			continue
		}
		list := eval.ListAt(eval.At(c.At))
		for i := 0; i < int(k); i++ {
			list.Items = append(list.Items, sc.at(name, i).value(c.Get("input"), depth+1))
		}
		out.Put(name, list)
	}
}

// call is a function: one that depends on the scope, or one of Azure's.
func (sc *scope) call(name string, args []*eval.Val, at eval.Place) *eval.Val {
	s, _ := "", false
	if len(args) > 0 {
		s, _ = args[0].Str()
	}
	switch strings.ToLower(name) {
	case "parameters":
		return sc.once("p."+s, at, func() *eval.Val { return sc.parameter(s, at) })
	case "variables":
		return sc.once("v."+s, at, func() *eval.Val { return sc.variable(s, at) })
	case "copyindex":
		i, ok := sc.copy[strings.ToLower(s)]
		if offset, is := last(args).Int(); is {
			i += int(offset)
		}
		if !ok {
			return eval.NotKnown("the index of the copy is not known", at)
		}
		return eval.NumberOf(big.NewFloat(float64(i)), at)
	}
	v, _ := sc.t.stack.Call(name, args, at)
	sc.t.fuel += Cost(append(args, v)...)
	return orNone(v)
}

func orNone(v *eval.Val) *eval.Val {
	if v == nil {
		return eval.None()
	}
	return v
}

func last(vs []*eval.Val) *eval.Val {
	if len(vs) == 0 {
		return eval.None()
	}
	return vs[len(vs)-1]
}

// once evaluates what is called key one time, and finds circles.
func (sc *scope) once(key string, at eval.Place, f func() *eval.Val) *eval.Val {
	return sc.known.Do(strings.ToLower(key), "it refers to itself", at, f)
}

// parameter is what is given for a parameter, else its default.
func (sc *scope) parameter(name string, at eval.Place) *eval.Val {
	p := sc.root.Get("parameters").Get(name)
	if p == nil {
		return eval.NotKnown("parameter "+name+" is not declared", at)
	}
	typ := strings.ToLower(p.Get("type").Str())
	if strings.HasPrefix(typ, "secure") {
		return eval.NotKnown("parameter "+name+" is a secret", at)
	}
	if v, ok := sc.given[strings.ToLower(name)]; ok {
		return v
	}
	if sc.ask != nil {
		if v := sc.ask(name); v != nil {
			return v
		}
	}
	if sc.lost != "" {
		return eval.NotKnown("parameter "+name+" may be "+sc.lost, at)
	}
	def := p.Get("defaultValue")
	if def == nil {
		return eval.NotKnown(fmt.Sprintf("parameter %s has no defaultValue; give it one, or state the fact in an infra.yaml", name), at)
	}
	return sc.value(def, 1).Assume(fmt.Sprintf("the default of parameter %s; whoever deploys may give another value", name))
}

func (sc *scope) variable(name string, at eval.Place) *eval.Val {
	vars := sc.root.Get("variables")
	n := vars.Get(name)
	if n == nil {
		if c := vars.Get("copy"); c != nil {
			out := eval.MapAt(at)
			sc.copies(c, out, 1)
			if v := field(out, name); !v.IsNull() {
				return v
			}
		}
		return eval.NotKnown("variable "+name+" is not declared", at)
	}
	return sc.value(n, 1)
}
