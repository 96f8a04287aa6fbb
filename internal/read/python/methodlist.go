package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
)

// listMethod changes a list in place; false if the method is another.
func (e *evaluator) listMethod(l *Value, name string, a *arguments, x *syntax.Call) bool {
	at := e.at(x)
	arg := a.get(0, "")
	switch name {
	case "append":
		if arg != nil {
			l.Items = append(l.Items, arg)
			return true
		}
	case "extend":
		if arg != nil {
			if items, known := e.iterate(arg); known {
				l.Items = append(l.Items, items...)
				return true
			}
			e.spoil(l, "something is added that is not known", at)
			return true
		}
	case "insert":
		if v := a.get(1, ""); arg != nil && v != nil && arg.Kind == Int {
			l.Items = insert(l.Items, arg.Int, v)
			return true
		}
	case "prepend":
		if items, known := e.iterate(firstValue(arg, l)); known && arg != nil {
			l.Items = append(append([]*Value(nil), items...), l.Items...)
			return true
		}
	case "remove":
		if arg != nil {
			for i, it := range l.Items {
				same, known := equal(it, arg)
				if !known {
					break
				}
				if same {
					l.remove(i)
					return true
				}
			}
		}
	case "clear":
		l.Items = nil
		return true
	case "sort", "reverse":
		if len(l.Items) < 2 {
			return true
		}
	}
	return false
}

func firstValue(a, b *Value) *Value {
	if a != nil {
		return a
	}
	return b
}

func insert(items []*Value, at int64, v *Value) []*Value {
	n := int64(len(items))
	if at < 0 {
		at += n
	}
	at = max(0, min(at, n))
	out := append([]*Value(nil), items[:at]...)
	return append(append(out, v), items[at:]...)
}

func (e *evaluator) setMethod(s *Value, name string, a *arguments, x *syntax.Call) bool {
	arg := a.get(0, "")
	switch name {
	case "add":
		if arg != nil {
			s.add(arg)
			return true
		}
	case "update":
		for _, v := range a.list {
			items, known := e.iterate(v)
			if !known || a.loose {
				e.spoil(s, "something is added that is not known", e.at(x))
				return true
			}
			for _, it := range items {
				s.add(it)
			}
		}
		return true
	case "discard", "remove":
		if arg == nil {
			return false
		}
		for i, it := range s.Items {
			same, known := equal(it, arg)
			if !known {
				return false
			}
			if same {
				s.remove(i)
				return true
			}
		}
		return name == "discard" || len(s.Items) == 0
	case "clear":
		s.Items = nil
		return true
	}
	return false
}
