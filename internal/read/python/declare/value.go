package declare

import (
	"cmp"
	"math/big"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Bounds of a value.
const (
	maxDepth  = 60     // values inside each other
	maxWeight = 20_000 // values in one
)

// Val is a value of the program as a value of the stack.
func (p *Program) Val(v *python.Value) *eval.Val {
	p.weight = 0
	return p.Deep(v, 0)
}

// Deep is Val of a value inside others.
func (p *Program) Deep(v *python.Value, depth int) *eval.Val {
	if v == nil || v.Kind == python.None {
		return eval.None()
	}
	at := p.Place(v.At)
	if depth > maxDepth {
		return eval.NotKnown("it is nested too deeply", at)
	}
	if p.weight++; p.weight > maxWeight { // what holds itself twice, again and again, is short to write
		return eval.NotKnown("it is too large", at)
	}
	switch v.Kind {
	case python.Bool:
		return p.assumed(v, eval.BoolOf(v.Int != 0, at))
	case python.Int:
		return p.assumed(v, eval.NumberOf(new(big.Float).SetInt64(v.Int), at))
	case python.Float:
		if v.Float == v.Float && v.Float < 1e300 && v.Float > -1e300 {
			return p.assumed(v, eval.NumberOf(big.NewFloat(v.Float), at))
		}
	case python.Text:
		out := eval.TextOf(v.Text)
		if v.Text.Span().IsZero() {
			out = out.AtPlace(at)
		}
		return p.assumed(v, out)
	case python.List, python.Tuple, python.Set:
		out := eval.ListAt(at)
		for _, it := range v.Items {
			if x := p.Deep(it, depth+1); !x.IsNull() {
				out.Items = append(out.Items, x)
			}
		}
		return out
	case python.Dict:
		out := eval.MapAt(at)
		for i, k := range v.Keys {
			s, ok := k.Str()
			if !ok {
				return eval.NotKnown("a key is not known: "+k.Reason(), at)
			}
			if x := p.Deep(v.Items[i], depth+1); !x.IsNull() {
				out.Put(s, x)
			}
		}
		return out
	case python.Thing:
		return p.Thing(v, at, depth)
	case python.Ref:
		return eval.NotKnown("it is "+v.Name+", which is not in the repository", at)
	}
	return eval.NotKnown(Reason(v), at)
}

// Reason is why a value is not known.
func Reason(v *python.Value) string {
	if r := v.Reason(); r != "" {
		return r
	}
	return "it is worked out by code that is not followed"
}

// assumed marks what somebody may say otherwise.
func (p *Program) assumed(v *python.Value, out *eval.Val) *eval.Val {
	if p.Assumed == nil {
		return out
	}
	for _, f := range []string{out.At.Span().File, v.At.File} {
		if why := p.Assumed(f); why != "" {
			return out.Assume(why)
		}
	}
	return out
}

// Text is a value as a part of a text; what is not known is a token in it.
func (p *Program) Text(v *python.Value, like span.Text) span.Text {
	switch {
	case v == nil:
		return span.Literal("", like)
	case v.Kind == python.Text:
		return v.Text
	}
	x := p.Val(v)
	if s, ok := x.Str(); ok {
		return span.Literal(s, like)
	}
	if x.Kind == eval.String {
		return x.T
	}
	return span.Literal(span.Unknown(cmp.Or(x.Reason(), Reason(v))), like)
}

// Name is the last part of a constant's or class's name: of ec2.InstanceClass.T3, T3.
func Name(v *python.Value) string {
	if v == nil || v.Kind != python.Ref {
		return ""
	}
	return v.Name[strings.LastIndexByte(v.Name, '.')+1:]
}
