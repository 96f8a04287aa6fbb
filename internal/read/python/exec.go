package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// exec performs one statement.
func (e *evaluator) exec(s syntax.Stmt) flow {
	if !e.step(s) {
		e.touchTokens(s, "the code does more than can be followed")
		return goesOn
	}
	if e.depth > maxDepth {
		e.touchTokens(s, "the code is nested deeper than can be followed")
		return goesOn
	}
	e.depth++
	f := e.statement(s)
	e.depth--
	if f == goesOn && e.raised != nil {
		return raises
	}
	return f
}

func (e *evaluator) statement(s syntax.Stmt) flow {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		if id, ok := s.X.(*syntax.Ident); ok && span.IsUnknown(id.Name) {
			e.open("a part of this code is filled in from elsewhere: "+span.Reason(id.Name), e.at(s))
			return goesOn
		}
		e.eval(s.X)
	case *syntax.Assign:
		v := e.eval(s.Value)
		for _, t := range s.Targets {
			if e.raised != nil {
				break
			}
			e.assign(t, v)
		}
	case *syntax.AugAssign:
		e.augment(s)
	case *syntax.AnnAssign:
		if s.Value != nil {
			e.assign(s.Target, e.eval(s.Value))
		}
	case *syntax.Delete:
		for _, t := range s.Targets {
			e.del(t)
		}
	case *syntax.Word:
		switch s.Kind {
		case "break":
			return breaks
		case "continue":
			return continues
		}
	case *syntax.Return:
		if e.st.local == nil && e.calling == 0 {
			e.raised = &Issue{"return stands outside a function, which Python refuses", e.at(s)}
			return goesOn
		}
		e.returned = &Value{Kind: None, At: e.at(s)}
		if s.X != nil {
			e.returned = e.eval(s.X)
		}
		if e.raised == nil {
			return returns
		}
	case *syntax.Raise:
		if s.X != nil {
			e.eval(s.X)
		}
		e.raised = &Issue{"the file raises an exception on purpose", e.at(s)}
	case *syntax.Assert:
		if yes, known := e.truth(e.eval(s.Test)); known && !yes {
			e.raised = &Issue{"this assertion does not hold", e.at(s)}
		} else if !known {
			e.may(e.at(s), "it stops if this assertion does not hold")
		}
	case *syntax.Scope:
		if sc := e.st.local; sc != nil {
			out := map[string]bool{}
			for k := range sc.outside {
				out[k] = true
			}
			for _, n := range s.Names {
				out[n] = true
			}
			sc.outside = out
		}
	case *syntax.Import:
		e.imports(s)
	case *syntax.ImportFrom:
		e.importFrom(s)
	case *syntax.If:
		return e.ifs(s)
	case *syntax.For:
		return e.loop(s)
	case *syntax.While:
		return e.while(s)
	case *syntax.With:
		suppresses := false
		for _, i := range s.Items {
			if c, ok := i.X.(*syntax.Call); ok {
				f := e.eval(c.Func)
				suppresses = suppresses || strings.HasSuffix(f.Name, ".suppress")
			}
			v := e.eval(i.X)
			if i.Target != nil {
				u := e.unknown(i.X, "it is what a with statement opens, which is not read")
				u.Tainted = reaches(v)
				if v.Kind == Unknown && v.Name == OpenFile {
					u = v
				}
				e.assign(i.Target, u)
			}
		}
		if e.raised != nil {
			return raises
		}
		if suppresses {
			return e.try(&syntax.Try{Place: s.Place, Body: s.Body, Handlers: []syntax.Handler{{Place: s.Place}}})
		}
		return e.block(s.Body)
	case *syntax.Try:
		return e.try(s)
	case *syntax.Func:
		e.define(s)
	case *syntax.Class:
		e.class(s)
	case *syntax.Match:
		return e.match(s)
	case *syntax.TypeAlias:
		e.set(s.Name, unknownAt("it is a type", e.at(s)))
	case *syntax.Opaque:
		e.opaque(s)
	}
	return goesOn
}

// opaque is text that is no Python: in a file that is finished, nothing of it runs (file says so); in a template it may
// become anything.
func (e *evaluator) opaque(s *syntax.Opaque) {
	e.open("a part of the file could not be read as Python: "+s.Err.Msg, e.at(s))
}

func (e *evaluator) ifs(s *syntax.If) flow {
	yes, known := e.truth(e.eval(s.Test))
	switch {
	case e.raised != nil:
		return raises
	case known && yes:
		return e.block(s.Body)
	case known:
		return e.block(s.Else)
	}
	at := e.at(s.Test)
	return e.ways("it depends on a condition that is not known, "+e.quote(s.Test), at,
		func() flow { return e.block(s.Body) }, func() flow { return e.block(s.Else) })
}

func (e *evaluator) match(s *syntax.Match) flow {
	e.eval(s.Subject)
	var alts []func() flow
	for i := range s.Cases {
		c := &s.Cases[i]
		alts = append(alts, func() flow {
			for _, t := range c.Pattern {
				if t.Kind == syntax.Name {
					e.set(t.Text, unknownAt("it is taken from what is matched", e.at(s)))
				}
			}
			return e.block(c.Body)
		})
	}
	return e.ways("it depends on which case matches", e.at(s.Subject), append(alts, func() flow { return goesOn })...)
}
