package arm

import (
	"math/big"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// joined is the lists args in one.
func joined(args []*eval.Val, at eval.Place) *eval.Val {
	out := eval.ListAt(at)
	for _, a := range args {
		if a.IsUnknown() {
			return eval.NotKnown(a.Reason(), at)
		}
		if a.Kind == eval.List {
			out.Items = append(out.Items, a.Items...)
		}
		if len(out.Items) > maxItems {
			return eval.NotKnown("a list that is too long", at)
		}
	}
	return out
}

// parts evaluates functions that take lists, objects and texts apart.
func parts(name string, args []*eval.Val, at eval.Place) *eval.Val {
	for _, a := range args {
		if a.IsUnknown() {
			return eval.NotKnown(a.Reason(), at)
		}
	}
	if len(args) == 0 || args[0].IsNull() {
		return eval.NotKnown("an argument is missing", at)
	}
	a, b := args[0], last(args)
	s, text := a.Str()
	switch name {
	case "items", "objectkeys":
		return listed(a, name == "items", at)
	case "flatten":
		return joined(a.Items, at)
	case "indexof", "lastindexof":
		part, ok := b.Str()
		if !text || !ok || len(args) != 2 {
			break
		}
		s, part = strings.ToLower(s), strings.ToLower(part)
		if name == "indexof" {
			return count(strings.Index(s, part), at)
		}
		return count(strings.LastIndex(s, part), at)
	case "padleft":
		n, ok := args[min(1, len(args)-1)].Int()
		fill, ok2 := " ", true
		if len(args) > 2 {
			fill, ok2 = b.Str()
		}
		if !text || !ok || !ok2 || len(fill) != 1 || n > 1000 {
			break
		}
		return eval.Text(strings.Repeat(fill, max(0, int(n)-len(s)))+s, at)
	default: // take and skip
		n, ok := b.Int()
		if !ok || len(args) != 2 {
			break
		}
		if a.Kind == eval.List {
			from, to := cut(name, int(n), len(a.Items))
			return eval.ListAt(at, a.Items[from:to]...)
		}
		if a.Kind == eval.String {
			from, to := cut(name, int(n), len(s))
			return eval.TextOf(a.T.Slice(from, to))
		}
	}
	return eval.NotKnown("the function "+name+" cannot be evaluated", at)
}

func count(n int, at eval.Place) *eval.Val { return eval.NumberOf(big.NewFloat(float64(n)), at) }

// cut is the range that is left of size elements when n are taken or skipped.
func cut(name string, n, size int) (from, to int) {
	n = max(0, min(n, size))
	if name == "take" {
		return 0, n
	}
	return n, size
}

// listed is an object's keys in order, or {key, value} of each.
func listed(v *eval.Val, values bool, at eval.Place) *eval.Val {
	if v.Kind != eval.Map {
		return eval.NotKnown("an object that is not known", at)
	}
	keys := slices.Clone(v.Keys)
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	out := eval.ListAt(at)
	for _, k := range keys {
		key := eval.Text(k, v.Child[k].At)
		if !values {
			out.Items = append(out.Items, key)
			continue
		}
		one := eval.MapAt(v.Child[k].At)
		one.Put("key", key)
		one.Put("value", part(v, v.Child[k]))
		out.Items = append(out.Items, one)
	}
	return out
}
