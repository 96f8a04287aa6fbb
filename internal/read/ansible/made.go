package ansible

import (
	"math/big"

	tf "github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Args are the arguments of the task, by name. of is what a result of other tasks of the playbook stands for; it is asked with
// no tasks where the playbook looked something up.
func (m *Make) Args(of func(makes []*Make) *tf.Val) *tf.Val { return converted(m.args, of, 0) }

// converted is v for the adapters of the clouds.
func converted(v value, of func([]*Make) *tf.Val, depth int) *tf.Val {
	at := tf.At(v.text)
	if depth > 30 {
		return tf.NotKnown("nested too deeply", at)
	}
	switch v.kind {
	case undefined, unknown:
		if v.from != nil {
			if got := of(v.from.makes); !got.IsNull() {
				return got.AtPlace(at)
			}
		}
		return tf.NotKnown(v.why, at)
	case boolean:
		return tf.BoolOf(v.b, at)
	case number:
		return tf.NumberOf(big.NewFloat(v.n), at)
	case str:
		if whole(v.text.String()) {
			return tf.NotKnown(span.Reason(v.text.String()), at)
		}
		return tf.TextOf(v.text)
	case list:
		out := tf.ListAt(at)
		for _, it := range v.items {
			if c := converted(it, of, depth+1); !c.IsNull() {
				out.Items = append(out.Items, c)
			}
		}
		return out
	case dict:
		if v.rest != "" {
			return tf.NotKnown(v.rest, at)
		}
		out := tf.MapAt(at)
		for _, k := range v.keys {
			if c := converted(v.child[k], of, depth+1); !c.IsNull() && !v.child[k].omit {
				out.Put(k, c)
			}
		}
		return out
	}
	return nil
}
