package arm

import (
	"math/big"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// Plain is the value of a node as it is written, without expressions. The bounds are those of the text that it was read from.
func Plain(n *markup.Node) *eval.Val {
	if n == nil {
		return eval.None()
	}
	switch n.Kind {
	case markup.Map:
		out := eval.MapAt(eval.At(n.At))
		for _, m := range n.Members {
			if v := Plain(m.Value); !v.IsNull() {
				out.Put(m.Key.String(), v)
			}
		}
		return out
	case markup.List:
		out := eval.ListAt(eval.At(n.At))
		for _, it := range n.Items {
			if v := Plain(it); !v.IsNull() {
				out.Items = append(out.Items, v)
			}
		}
		return out
	}
	return scalar(n)
}

func scalar(n *markup.Node) *eval.Val {
	switch n.Kind {
	case markup.Null:
		return eval.None()
	case markup.Bool:
		return eval.BoolOf(n.Str() == "true", eval.At(n.At))
	case markup.Number:
		if f, _, err := big.ParseFloat(n.Str(), 10, 64, big.ToNearestEven); err == nil && !f.IsInf() {
			return eval.NumberOf(f, eval.At(n.At))
		}
	}
	return eval.TextOf(n.Text)
}
