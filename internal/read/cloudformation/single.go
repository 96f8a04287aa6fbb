package cloudformation

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// One is a resource of a CloudFormation type that something else than a template makes, under the same names.
type One struct {
	t *template
	r *resource
}

// Declare declares one resource of a CloudFormation type; nil for a type that says nothing about machines.
func Declare(c *eval.Config, typ, name string, at eval.Place, cond string) *One {
	kind, ok := kinds[typ]
	if !ok {
		return nil
	}
	r := &resource{name: name, typ: typ, at: at, cond: cond, res: c.Declare(kind.typ, name, at)}
	if r.res == nil {
		return nil
	}
	r.res.Cond = cond
	return &One{&template{c: c}, r}
}

// Res is the resource, to refer to.
func (o *One) Res() *eval.Resource { return o.r.res }

// Fill gives it its properties, under CloudFormation's names; the first letter of a name may be a small one.
func (o *One) Fill(properties *eval.Val) {
	if p := snake(properties, 0); p.Kind == eval.Map {
		kinds[o.r.typ].fill(o.t, o.r, p)
	}
}

// Type is the type of a service that has a name, in any case, among those that say something about machines; "" for others.
func Type(service, name string) string {
	for typ := range kinds {
		if strings.EqualFold(typ, "AWS::"+service+"::"+name) {
			return typ
		}
	}
	return ""
}

// MakesMachines says whether resources of a type hold machines that nobody here can see.
func MakesMachines(typ string) bool {
	switch typ {
	case "AWS::CloudFormation::Stack", "AWS::EC2::SpotFleet", "AWS::EC2::EC2Fleet", "AWS::ServiceCatalog::CloudFormationProvisionedProduct", "AWS::CloudFormation::StackSet":
		return true
	}
	return false
}
