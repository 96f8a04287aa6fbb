package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
)

// augment is x op= value.
func (e *evaluator) augment(s *syntax.AugAssign) {
	v := e.eval(s.Value)
	old := e.eval(s.Target)
	at := e.at(s)
	if e.raised != nil {
		return
	}
	if old.Kind == Either {
		for _, alt := range old.Items {
			if alt == nil || alt.Kind == Lazy {
				e.may(at, s.Op+"= fails on a setting that this file has not set before")
			}
		}
	}
	switch {
	case old.Kind == Lazy:
		e.raised = &Issue{s.Op + "= on a setting that this file has not set before raises a TypeError", at}
		e.spoil(old, "it is changed in place", at)
		return
	case old.Kind == List && s.Op == "+":
		if items, ok := e.iterate(v); ok {
			old.Items = append(old.Items, items...)
		} else {
			e.spoil(old, "something is added that is not known", at)
		}
		return
	case old.Kind == Set && s.Op == "|" && v.Kind == Set:
		for _, it := range v.Items {
			old.add(it)
		}
		return
	case old.Kind == Dict && s.Op == "|" && v.Kind == Dict:
		for i, k := range v.Keys {
			old.put(k, v.Items[i])
		}
		return
	case old.Kind == Unknown:
		if a, ok := s.Target.(*syntax.Attr); ok {
			if b := e.eval(a.X); b.Kind == SectionOf {
				e.may(at, s.Op+"= fails on a setting that this file has not set before")
			}
		}
	}
	e.assign(s.Target, e.binary(s.Op, old, v, s))
}
