package arm

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Stack are Azure's resources, however they are written (JSON, Bicep), under Terraform's names.
type Stack struct {
	Config  *eval.Config
	items   []*Item
	byKey   map[string]*Item
	names   map[string]bool
	written int // values that were made JSON
}

// NewStack is an empty stack.
func NewStack(c *eval.Config) *Stack {
	return &Stack{Config: c, byKey: map[string]*Item{}, names: map[string]bool{}}
}

// Item is one resource of a stack.
type Item struct {
	s    *Stack
	typ  string // in lower case
	name *eval.Val
	res  *eval.Resource
	kind kind
}

// Res is the resource, to refer to.
func (i *Item) Res() *eval.Resource { return i.res }

var plainName = lazyregexp.New(`[^\w.-]+`)

// Declare adds a resource, so that others can refer to it; symbol is what the template itself calls it. cond is why it may
// not be made. nil: there are too many.
func (s *Stack) Declare(typ string, name *eval.Val, symbol string, at eval.Place, cond string) *Item {
	low := strings.ToLower(typ)
	if i := strings.IndexByte(low, '@'); i >= 0 {
		low = low[:i]
	}
	if low == "microsoft.compute/virtualmachinescalesets" {
		s.Config.NotEvaluated(typ[:len(low)]+" makes machines, and is not evaluated", at)
	}
	k, ok := kinds[low]
	if !ok {
		k.typ = "azure_other" // something to refer to
	}
	res := s.Config.Declare(k.typ, s.address(low, name, symbol), at)
	if res == nil {
		return nil
	}
	res.Cond = cond
	i := &Item{s: s, typ: low, name: name, res: res, kind: k}
	s.items = append(s.items, i)
	if key := keyOf(low, name); s.byKey[key] == nil {
		s.byKey[key] = i
	}
	return i
}

// Subnets declares those that a virtual network called name holds, so that interfaces can refer to them.
func (s *Stack) Subnets(name, subnets *eval.Val, cond string) {
	for _, one := range subnets.List() {
		s.Declare(subnetType, s.Below(name, field(one, "name")), "", one.At, cond)
	}
}

// Subnet is one that a virtual network called name holds, by what stands there; nil: there is none.
func (s *Stack) Subnet(name, subnet *eval.Val) *Item {
	return s.Find(subnetType, s.Below(name, field(subnet, "name")))
}

// address is what to call a resource: its name where that is known, else what the template calls it, else its type.
func (s *Stack) address(typ string, name *eval.Val, symbol string) string {
	short := typ[strings.LastIndexByte(typ, '/')+1:]
	a, ok := name.Str()
	if !ok || a == "" {
		a = symbol
	}
	a = strings.Trim(plainName.ReplaceAllString(a, "-"), "-")
	if a == "" {
		a = short
	}
	for _, try := range []string{a, short + "." + a} {
		if !s.names[try] {
			a = try
			break
		}
	}
	for s.names[a] {
		a += "-"
	}
	s.names[a] = true
	return a
}

// keyOf is the same for the same resource. A name that is not known is still the same name where it is made of the same parts.
func keyOf(typ string, name *eval.Val) string {
	s, ok := name.Str()
	if !ok {
		if s = name.TextString(); s == "" {
			s = span.Unknown(name.Reason())
		}
	}
	return strings.ToLower(typ + " " + s)
}

// Find is the resource of a type and name, nil if the stack declares none.
func (s *Stack) Find(typ string, name *eval.Val) *Item { return s.byKey[keyOf(typ, name)] }

// Below is the name of what lies below the resource called name.
func (s *Stack) Below(name, child *eval.Val) *eval.Val {
	return eval.TextOf(span.Concat(s.Text(name), span.Literal("/", name.At.Text()), s.Text(child)))
}

// Text is a value as a text, with a token for what is not known; lists and objects are JSON.
func (s *Stack) Text(v *eval.Val) span.Text {
	switch {
	case v.IsNull():
		return span.Text{}
	case v.Kind == eval.Bool && v.B: // as .NET has it, in which Azure evaluates
		return span.Literal("True", v.At.Text())
	case v.Kind == eval.Bool:
		return span.Literal("False", v.At.Text())
	case v.Kind == eval.List || v.Kind == eval.Map:
		if v = s.JSON(v); v.Kind == eval.String {
			return v.T
		}
		return s.Text(v)
	case v.Kind == eval.Ref || v.Kind == eval.Unknown:
		return span.Literal(span.Unknown(v.Reason()), v.At.Text())
	}
	return s.Config.Module().AsText(v)
}

// JSON is a list or object as a text. What is used again and again in itself can be short to write and never end to read,
// so there is an end to how much is written out.
func (s *Stack) JSON(v *eval.Val) *eval.Val {
	before := s.written
	if s.count(v, 0); s.written-before > maxNodes || s.written > 5*maxNodes {
		return eval.NotKnown("a value that is too large", v.At)
	}
	return s.Config.JSONText(v)
}

func (s *Stack) count(v *eval.Val, depth int) {
	if s.written += 1 + v.T.Len()/16; depth > maxDepth || s.written > 5*maxNodes {
		s.written += maxNodes
		return
	}
	for _, it := range v.Items {
		s.count(it, depth+1)
	}
	for _, k := range v.Keys {
		s.count(v.Child[k], depth+1)
	}
}

// Fill gives a resource what its body says: properties, sku, tags, location …
func (i *Item) Fill(body *eval.Val) {
	if i.kind.fill == nil {
		return
	}
	if body.Kind != eval.Map {
		i.s.Config.NotEvaluated("what "+i.res.Addr+" is made of is not known: "+body.Reason(), i.res.At)
		body = eval.MapAt(i.res.At)
	}
	i.kind.fill(i, body)
}

// parent is the resource that a child's name begins with.
func (i *Item) parent(typ string) *eval.Val {
	name := i.name
	if name.Kind == eval.String {
		if t := name.TextString(); strings.Contains(t, "/") {
			cut := eval.TextOf(name.T.Slice(0, strings.LastIndexByte(t, '/')))
			if x := i.s.Find(typ, cut); x != nil {
				return x.res.Ref("id")
			}
			return cut
		}
	}
	return eval.NotKnown("which resource "+i.res.Addr+" belongs to is not known", i.res.At)
}

// field is what stands below v under names, in any case; null if nothing does.
func field(v *eval.Val, names ...string) *eval.Val {
	for _, n := range names {
		if v.IsNull() || v.Kind != eval.Map {
			if v.IsUnknown() {
				return v
			}
			return eval.None()
		}
		next := v.Child[n]
		if next == nil {
			for _, k := range v.Keys {
				if strings.EqualFold(k, n) {
					next = v.Child[k]
				}
			}
		}
		if v = next; v == nil {
			return eval.None()
		}
	}
	return v
}

// under is some fields of v in a new map, by Terraform's names: "argument=path.to.field".
func under(v *eval.Val, pairs ...string) *eval.Val {
	if v.IsNull() || v.Kind != eval.Map {
		return v
	}
	out := eval.MapAt(v.At)
	for _, p := range pairs {
		arg, path, _ := strings.Cut(p, "=")
		if c := field(v, strings.Split(path, ".")...); !c.IsNull() {
			out.Put(arg, c)
		}
	}
	return out
}

// each does the same for the elements of a list.
func each(v *eval.Val, pairs ...string) *eval.Val {
	return v.Each(func(it *eval.Val) *eval.Val { return under(it, pairs...) })
}

// give passes fields of the body on: "argument=path.to.field".
func (i *Item) give(body *eval.Val, pairs ...string) {
	for _, p := range pairs {
		arg, path, _ := strings.Cut(p, "=")
		i.res.Give(arg, field(body, strings.Split(path, ".")...))
	}
}

// beside declares what a resource holds and Terraform has as a resource of its own.
func (i *Item) beside(typ, suffix string, at eval.Place) *eval.Resource {
	res := i.s.Config.Declare(typ, i.res.Addr+"."+suffix, at)
	if res != nil {
		res.Cond = i.res.Cond
	}
	return res
}
