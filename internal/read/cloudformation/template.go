package cloudformation

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Bounds of one template.
const (
	maxFuel  = 500_000 // values evaluated
	maxDepth = 100
	maxText  = 1 << 20
)

// template is one template while it is evaluated.
type template struct {
	c         *eval.Config
	root      *markup.Node
	resources map[string]*resource
	order     []*resource
	memo      map[string]*eval.Val // conditions
	busy      map[string]bool
	fuel      int
	spent     bool
}

// resource is one of the template's resources.
type resource struct {
	name, typ string
	node      *markup.Node
	at        eval.Place
	res       *eval.Resource
	cond      string
}

func (t *template) run() {
	t.transforms()
	for _, m := range t.root.Get("Resources").Members {
		t.find(m)
	}
	for _, r := range t.order {
		t.fill(r)
	}
}

// find declares a resource, so that others can refer to it before its properties are evaluated.
func (t *template) find(m markup.Member) {
	name, n := m.Key.String(), m.Value
	at := eval.At(m.Key)
	if strings.HasPrefix(name, "Fn::") {
		t.c.NotEvaluated(name+" makes resources, and is not evaluated", at)
		return
	}
	typ := n.Get("Type").Str()
	if n.Kind != markup.Map || typ == "" {
		t.c.Problems = append(t.c.Problems, step.Problem{At: m.Key.Span(), Msg: fmt.Sprintf("the resource %s has no Type; correct the template", name)})
		t.c.NotEvaluated("the resource "+name+" cannot be read", at)
		return
	}
	r := &resource{name: name, typ: typ, node: n, at: at}
	if c := n.Get("Condition"); c != nil {
		v := t.condition(c.Str(), at)
		if yes, ok := v.Bool(); ok && !yes {
			return // it is not made
		} else if !ok {
			r.cond = fmt.Sprintf("%s is made only if condition %s holds: %s", name, c.Str(), v.Reason())
		}
	}
	t.declare(r)
}

func (t *template) declare(r *resource) {
	kind, ok := kinds[r.typ]
	tf := "cloudformation_other" // something to refer to
	if ok {
		tf = kind.typ
	}
	if why := t.opaque(r); why != "" {
		t.c.NotEvaluated(why, r.at)
	}
	if r.res = t.c.Declare(tf, r.name, r.at); r.res == nil {
		return
	}
	r.res.Cond = r.cond
	t.resources[r.name] = r
	t.order = append(t.order, r)
}

// opaque says why a resource may hold machines that nobody here can see.
func (t *template) opaque(r *resource) string {
	switch {
	case r.typ == "AWS::CloudFormation::Stack":
		return "the nested stack " + r.name + " is not evaluated"
	case MakesMachines(r.typ):
		return r.name + " (" + r.typ + ") makes machines, and is not evaluated"
	}
	if strings.HasSuffix(r.typ, "::MODULE") {
		return r.name + " is made of a registered module, which is not in this repository"
	}
	return ""
}

// transforms notes macros that change the template before it is used.
func (t *template) transforms() {
	n := t.root.Get("Transform")
	if n == nil {
		return
	}
	for _, it := range append([]*markup.Node{n}, n.Items...) {
		name := it.Str()
		if it.Kind == markup.Map {
			name = it.Get("Name").Str()
		}
		switch {
		case it.Kind == markup.List, strings.HasPrefix(name, "AWS::Serverless"), name == "AWS::LanguageExtensions", strings.HasPrefix(name, "AWS::SecretsManager"),
			strings.HasPrefix(name, "AWS::CodeDeploy"):
		default:
			t.c.NotEvaluated("the macro "+name+" changes the template before it is used", eval.At(it.At))
		}
	}
}

// fill evaluates a resource's properties.
func (t *template) fill(r *resource) {
	if p := r.node.Get("DeletionPolicy").Str(); p != "" {
		r.res.Guard(eval.BoolOf(p != "Delete", eval.At(r.node.Get("DeletionPolicy").At)))
	}
	kind, ok := kinds[r.typ]
	if !ok {
		return
	}
	p := snake(t.value(r.node.Get("Properties"), 0), 0)
	if p.Kind != eval.Map {
		if !p.IsNull() {
			t.c.NotEvaluated("the properties of "+r.name+" are not known: "+p.Reason(), r.at)
		}
		p = eval.MapAt(r.at)
	}
	t.initialise(r, p)
	kind.fill(t, r, p)
}

// give passes all of p on, under the names in renames ("" drops one).
func (r *resource) give(p *eval.Val, renames map[string]string) {
	for _, k := range p.Keys {
		name, ok := renames[k]
		if !ok {
			name = k
		}
		if name != "" {
			r.res.Give(name, p.Child[k])
		}
	}
}

// beside declares what a resource holds and Terraform has as a resource of its own.
func (t *template) beside(r *resource, typ, suffix string, at eval.Place) *eval.Resource {
	res := t.c.Declare(typ, r.name+"."+suffix, at)
	if res != nil {
		res.Cond = r.cond
	}
	return res
}
