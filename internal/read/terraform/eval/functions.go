package eval

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// call is one call of one of our own functions.
type call struct {
	ev   *evaluator
	s    *Scope
	at   Place
	args []*Val
}

func (c *call) arg(i int) *Val {
	if i < len(c.args) {
		return c.args[i]
	}
	return null
}

func (ev *evaluator) function(e *hclsyntax.FunctionCallExpr, s *Scope, at Place) *Val {
	c := &call{ev: ev, s: s, at: at}
	for i, a := range e.Args {
		v := ev.expr(a, s)
		if e.ExpandFinal && i == len(e.Args)-1 {
			_, vals, ok := elements(v)
			if !ok {
				return unknown(reasonOf(v, "arguments that are not known"), at)
			}
			c.args = append(c.args, vals...)
			continue
		}
		c.args = append(c.args, v)
	}
	name := strings.TrimPrefix(e.Name, "core::")
	if f, ok := own[name]; ok {
		return f(c)
	}
	if f, ok := library[name]; ok {
		return ev.call(f, at, c.args...)
	}
	switch name {
	case "timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt":
		return unknown(name+"() has another value at every run", at)
	}
	return unknown("the function "+name+"() is not evaluated", at)
}

// call runs a function of the libraries. An unknown argument makes the result unknown, with its reason.
func (ev *evaluator) call(f function.Function, at Place, args ...*Val) (out *Val) {
	why := firstReason(args...)
	defer func() {
		if recover() != nil { // libraries must not take the program down over a stranger's file
			out = invalid("it cannot be evaluated", at)
		}
	}()
	params, variadic := f.Params(), f.VarParam()
	vals := make([]cty.Value, len(args))
	size := 0
	for i, a := range args {
		size += weight(a, 0)
		vals[i] = toCty(a, 0)
		p := variadic
		if i < len(params) {
			p = &params[i]
		}
		if p == nil {
			return invalid("a function with too many arguments", at)
		}
		if c, err := convert.Convert(vals[i], p.Type); err == nil {
			vals[i] = c
		}
	}
	if ev.steps += size / 16; size > maxText {
		return unknown("an argument that is too large", at)
	}
	r, err := f.Call(vals)
	if err != nil {
		return invalid("it cannot be evaluated: "+err.Error(), at)
	}
	out = fromCty(r, at, why, 0)
	for _, a := range args {
		out = inherit(a, out)
	}
	return out
}

// weight is roughly the size of a value in bytes.
func weight(v *Val, depth int) int {
	if v == nil || depth > 60 {
		return 1
	}
	n := 1 + v.T.Len()
	for _, it := range v.Items {
		if n += weight(it, depth+1); n > maxText {
			return n
		}
	}
	for _, k := range v.Keys {
		if n += len(k) + weight(v.Child[k], depth+1); n > maxText {
			return n
		}
	}
	return n
}

// str is argument i as a text; a value that is not known becomes a token inside it.
func (c *call) text(i int) span.Text { return c.ev.asText(c.arg(i), c.at) }
