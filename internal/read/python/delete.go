package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (e *evaluator) del(target syntax.Expr) {
	at := e.at(target)
	switch t := target.(type) {
	case *syntax.Ident:
		s := e.st.local
		if s == nil || s.vars[t.Name] == nil {
			s = e.st.globals
		}
		delete(s.vars, t.Name)
	case *syntax.Seq:
		for _, i := range t.Items {
			e.del(i)
		}
	case *syntax.Attr:
		e.remove(e.eval(t.X), t.Name, at)
	case *syntax.Index:
		base, key := e.eval(t.X), e.eval(t.I)
		if name, ok := key.Str(); ok && (base.Kind == SectionOf || base.Kind == Config) {
			e.remove(base, name, at)
			return
		}
		switch base.Kind {
		case Dict:
			if i, sure := base.find(key); i >= 0 {
				base.remove(i)
			} else if !sure {
				e.spoil(base, "a key is deleted that is not known", at)
			} else {
				e.raised = &Issue{"a key is deleted that is not there", at}
			}
		case List:
			if i := -1; key.Kind == Int {
				if i = index(key.Int, len(base.Items)); i >= 0 {
					base.remove(i)
					return
				}
			}
			e.spoil(base, "items are deleted that are not known", at)
		default:
			e.touch(base, "something is deleted", at)
		}
	}
}

// remove takes back what the file set of a class or trait; what was there before is there again.
func (e *evaluator) remove(base *Value, name string, at span.Span) {
	switch base.Kind {
	case Config:
		if s := e.st.conf.byName[name]; s != nil && !e.st.live {
			delete(e.st.conf.byName, name)
			return
		}
		e.open("a section of the configuration is deleted", at)
	case SectionOf:
		s := e.st.conf.section(base.Name, at)
		switch v, ok := s.Traits[name]; {
		case e.st.live:
			s.put(name, unknownAt(located("it is deleted from the configuration", at), at))
		case ok && v.Kind != Either:
			s.remove(name)
		case ok:
			s.put(name, unknownAt(located("it is deleted from the configuration", at), at))
		default:
			e.raised = &Issue{"a setting is deleted that this file has not set; this raises an error", at}
		}
	default:
		e.touch(base, "something is deleted", at)
	}
}
