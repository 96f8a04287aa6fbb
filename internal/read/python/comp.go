package python

import "github.com/tljh-policy/tljh-policy/internal/read/python/syntax"

// comprehension is worked out where what it goes through is known.
func (e *evaluator) comprehension(x *syntax.Comp) *Value {
	outer := e.st.local
	e.st.local = newScope(outer)
	if outer == nil {
		e.st.local.outside = map[string]bool{}
	}
	v := &Value{Kind: map[string]Kind{"ListComp": List, "SetComp": Set, "DictComp": Dict, "GeneratorExp": List}[x.Kind], At: e.at(x)}
	why := e.turns(x, 0, v)
	if e.st.local != nil {
		e.st.local = e.st.local.parent
	}
	if why != "" {
		u := e.unknown(x, "%s", why)
		return u
	}
	return v
}

// turns goes through the loops of a comprehension from number n on; a reason comes back when the result is not known.
func (e *evaluator) turns(x *syntax.Comp, n int, out *Value) string {
	if n == len(x.Fors) {
		switch out.Kind {
		case Dict:
			k := e.eval(x.Elt)
			if !k.known() || len(out.Keys) > 200 {
				return firstOf(k.Reason(), "its keys are not known")
			}
			out.put(k, e.eval(x.Value))
		case Set:
			out.add(e.eval(x.Elt))
		default:
			out.Items = append(out.Items, e.eval(x.Elt))
		}
		return ""
	}
	f := &x.Fors[n]
	src := e.eval(f.In)
	items, known := e.iterate(src)
	if !known || f.Async {
		// what it does to each member may still matter
		e.assign(f.Target, unknownAt(firstOf(src.Reason(), "it is a member of something that is not known"), e.at(f.In)))
		e.perhaps(x.Elt, e.quote(f.In)+" may be empty")
		return firstOf(src.Reason(), "it is made from something that is not known, "+e.quote(f.In))
	}
	for _, it := range items {
		if !e.step(x) || len(out.Items) > maxTurns {
			return "it has more members than are followed"
		}
		e.assign(f.Target, it)
		keep := true
		for _, c := range f.Ifs {
			yes, known := e.truth(e.eval(c))
			if !known {
				return "one of its conditions is not known, " + e.quote(c)
			}
			keep = keep && yes
			if !keep {
				break
			}
		}
		if keep {
			if why := e.turns(x, n+1, out); why != "" {
				return why
			}
		}
	}
	return ""
}
