package arm

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// above is what a child resource lies in: its type and name.
type above struct {
	typ  string
	name *eval.Val
}

// declare declares the resources of a template, or those below one.
func (t *template) declare(sc *scope, resources *markup.Node, depth int) {
	t.all(sc, resources, above{}, depth)
}

func (t *template) all(sc *scope, resources *markup.Node, in above, depth int) {
	if resources == nil {
		return
	}
	if depth > 20 {
		t.stack.Config.NotEvaluated("resources that are nested too deeply are not evaluated", eval.At(resources.At))
		return
	}
	for _, m := range resources.Members { // version 2.0 of the language has names for them
		t.resource(sc, m.Value, m.Key.String(), in, depth)
	}
	for _, n := range resources.Items {
		t.resource(sc, n, "", in, depth)
	}
}

// resource declares one resource, or the copies of it.
func (t *template) resource(sc *scope, n *markup.Node, symbol string, in above, depth int) {
	if n.Kind != markup.Map {
		t.stack.Config.NotEvaluated("a resource cannot be read", eval.At(n.At))
		return
	}
	loop := n.Get("copy")
	if loop == nil {
		t.one(sc, n, symbol, in, "", depth)
		return
	}
	name := loop.Get("name").Str()
	count := sc.value(loop.Get("count"), 1)
	k, ok := count.Int()
	if !ok || k > maxCopies {
		t.one(sc.at(name, 0), n, symbol, in, "how many there are is not known: "+count.Reason(), depth)
		return
	}
	for i := 0; i < int(k); i++ {
		t.one(sc.at(name, i), n, symbol, in, "", depth)
	}
}

func (t *template) one(sc *scope, n *markup.Node, symbol string, in above, cond string, depth int) {
	at := eval.At(n.At)
	if m := n.Member("name"); m != nil {
		at = eval.At(m.Value.At)
	}
	if cond == "" {
		cond = t.cond
	}
	typ := n.Get("type").Str()
	if typ == "" {
		t.stack.Config.NotEvaluated("a resource has no type", at)
		return
	}
	if c := n.Get("condition"); c != nil {
		v := sc.value(c, 1)
		if yes, ok := v.Bool(); ok && !yes {
			return
		} else if !ok {
			cond = "it is made only under a condition that is not known: " + v.Reason()
		}
	}
	if on, ok := sc.value(n.Get("existing"), 1).Bool(); ok && on {
		return // declared elsewhere
	}
	name := sc.value(n.Get("name"), 1)
	if name.IsNull() {
		name = eval.NotKnown("the resource has no name", at)
	}
	switch { // within its parent a child has a type and name of one word, and Azure takes them in full as well
	case in.typ == "":
	case strings.HasPrefix(strings.ToLower(typ), strings.ToLower(in.typ)+"/"):
		if !strings.Contains(name.TextString(), "/") {
			name = t.stack.Below(in.name, name)
		}
	default:
		typ, name = in.typ+"/"+typ, t.stack.Below(in.name, name)
	}
	low := strings.ToLower(typ)
	if low == "microsoft.resources/deployments" {
		t.nested(sc, n, at, cond, depth)
		return
	}
	item := t.stack.Declare(typ, name, symbol, at, cond)
	if item == nil {
		return
	}
	if low == "microsoft.network/virtualnetworks" {
		t.stack.Subnets(name, sc.value(n.Get("properties").Get("subnets"), 1), cond)
	}
	t.todo = append(t.todo, func() {
		body := eval.MapAt(at)
		for _, m := range n.Members {
			switch strings.ToLower(m.Key.String()) {
			case "resources", "copy", "condition", "dependson", "comments":
			default:
				if v := sc.value(m.Value, 1); !v.IsNull() {
					body.Put(m.Key.String(), v)
				}
			}
		}
		item.Fill(body)
	})
	t.all(sc, n.Get("resources"), above{typ, name}, depth+1)
}

// nested is a template inside a template, with parameters of its own.
func (t *template) nested(sc *scope, n *markup.Node, at eval.Place, cond string, depth int) {
	p := n.Get("properties")
	inner := p.Get("template")
	if inner == nil || inner.Kind != markup.Map || depth > 10 {
		t.stack.Config.NotEvaluated("a linked template is not evaluated", at)
		return
	}
	if cond != "" {
		t.stack.Config.NotEvaluated("a nested template is used only under a condition that is not known", at)
	}
	own := sc
	if strings.EqualFold(p.Get("expressionEvaluationOptions").Get("scope").Str(), "inner") {
		own = t.scope(inner)
		for _, m := range members(p.Get("parameters")) {
			if v := m.Value.Get("value"); v != nil {
				own.given[strings.ToLower(m.Key.String())] = sc.value(v, 1)
			} else {
				own.given[strings.ToLower(m.Key.String())] = eval.NotKnown("parameter "+m.Key.String()+" is taken from a key vault", at)
			}
		}
	}
	t.all(own, inner.Get("resources"), above{}, depth+1)
}
