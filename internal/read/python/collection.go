package python

import (
	"math"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (e *evaluator) collection(name string, arg *Value, a *arguments, at span.Span) *Value {
	v := &Value{Kind: map[string]Kind{"tuple": Tuple, "set": Set, "frozenset": Set}[name], At: at}
	if v.Kind == Unknown {
		v.Kind = List
	}
	if arg == nil && !a.loose {
		return v
	}
	items, known := e.iterate(firstValue(arg, v))
	if !known || a.loose || len(a.named) > 0 && name != "sorted" {
		u := unknownAt(firstOf(reasonOf(arg), "it is made from something that is not known"), at)
		u.Tainted = arg != nil && reaches(arg)
		return u
	}
	switch {
	case v.Kind == Set:
		for _, it := range items {
			v.add(it)
		}
		return v
	case name == "reversed":
		for i := len(items) - 1; i >= 0; i-- {
			v.Items = append(v.Items, items[i])
		}
		return v
	case name == "sorted" && len(items) > 1:
		if len(a.named) > 0 || !e.sort(items) {
			return unknownAt("its order is worked out by code that is not followed", at)
		}
	}
	v.Items = items
	return v
}

// sort orders items; false if that cannot be told.
func (e *evaluator) sort(items []*Value) bool {
	for i := 1; i < len(items); i++ {
		for j := i; j > 0; j-- {
			less, known := e.relation("<", items[j], items[j-1])
			if !known || len(items) > 500 {
				return false
			}
			if !less {
				break
			}
			items[j], items[j-1] = items[j-1], items[j]
		}
	}
	return true
}

func (e *evaluator) counting(a *arguments, at span.Span) *Value {
	lo, hi, step := int64(0), int64(0), int64(1)
	for i, p := range []*int64{&lo, &hi, &step} {
		if i < len(a.list) {
			if a.list[i].Kind != Int {
				return unknownAt(firstOf(a.list[i].Reason(), "how far it counts is not known"), at)
			}
			*p = a.list[i].Int
		}
	}
	if len(a.list) == 1 {
		lo, hi = 0, lo
	}
	l := &Value{Kind: Tuple, At: at}
	if a.loose || step == 0 || len(a.list) == 0 {
		return unknownAt("how far it counts is not known", at)
	}
	for i := lo; step > 0 && i < hi || step < 0 && i > hi; i += step {
		if len(l.Items) > maxTurns || math.Abs(float64(i)) > 1<<53 {
			return unknownAt("it counts further than is followed", at)
		}
		l.Items = append(l.Items, intOf(i, at))
	}
	return l
}

func (e *evaluator) pairs(name string, a *arguments, at span.Span) *Value {
	var lists [][]*Value
	if name == "enumerate" && len(a.list) == 1 && len(a.named) == 0 {
		items, known := e.iterate(a.list[0])
		if !known {
			return unknownAt(firstOf(a.list[0].Reason(), "what it goes through is not known"), at)
		}
		var count []*Value
		for i := range items {
			count = append(count, intOf(int64(i), at))
		}
		lists = [][]*Value{count, items}
	}
	if name == "zip" && len(a.named) == 0 && !a.loose {
		for _, v := range a.list {
			items, known := e.iterate(v)
			if !known {
				return unknownAt(firstOf(v.Reason(), "what it goes through is not known"), at)
			}
			lists = append(lists, items)
		}
	}
	if len(lists) == 0 {
		return unknownAt("what it goes through is not known", at)
	}
	out := &Value{Kind: List, At: at}
	for i := 0; ; i++ {
		t := &Value{Kind: Tuple, At: at}
		for _, l := range lists {
			if i >= len(l) {
				return out
			}
			t.Items = append(t.Items, l[i])
		}
		out.Items = append(out.Items, t)
	}
}
