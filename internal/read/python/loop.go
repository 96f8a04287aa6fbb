package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// loop performs a for: turn by turn where the members are known, else once, as if any number of turns were possible.
func (e *evaluator) loop(s *syntax.For) flow {
	v := e.eval(s.In)
	if e.raised != nil {
		return raises
	}
	if e.unset(v, "this turns over", e.at(s.In)) {
		return raises
	}
	items, known := e.iterate(v)
	if !known || s.Async {
		return e.openLoop(s, s.Body, s.Else, func() {
			u := e.unknown(s.In, "it is taken from something that is not known, %s", e.quote(s.In))
			u.Tainted = reaches(v)
			e.assign(s.Target, u)
		})
	}
	from := len(e.exits)
	why := located("it depends on how often the loop turns", e.at(s.In))
	f := goesOn
	for n, it := range items {
		if n >= maxTurns || !e.step(s) {
			e.touchTokens(s, "the loop turns more often than can be followed")
			break
		}
		inner := len(e.exits)
		e.assign(s.Target, it)
		if f = e.block(s.Body); f == goesOn || f == continues || len(e.exits) > inner {
			f = e.gather(inner, f, why, continues)
		}
		if f != goesOn {
			break
		}
	}
	if f == goesOn {
		f = e.block(s.Else)
	}
	return e.gather(from, f, why, breaks)
}

func (e *evaluator) while(s *syntax.While) flow {
	start := e.quietly(func() (bool, bool) { return e.truth(e.eval(s.Test)) })
	if start == never {
		return e.block(s.Else)
	}
	return e.openLoop(s, s.Body, s.Else, func() { e.eval(s.Test) })
}

// verdict is what a condition comes to.
type verdict uint8

const (
	perhaps verdict = iota
	always
	never
)

func (e *evaluator) quietly(test func() (yes, known bool)) verdict {
	e.quiet++
	defer func() { e.quiet-- }()
	switch yes, known := test(); {
	case known && yes:
		return always
	case known:
		return never
	}
	return perhaps
}

// openLoop performs the body of a loop whose turns are not known: what it assigns may be anything from the second turn
// on, and it may not turn at all.
func (e *evaluator) openLoop(s syntax.Stmt, body, other []syntax.Stmt, start func()) flow {
	why := "it is set in a loop whose turns are not known"
	at := e.text.SpanOf(firstLine(e.src, s))
	from := len(e.exits)
	f := e.ways(why, at, func() flow {
		before := e.copyState(e.st)
		bound := map[string]bool{}
		for _, n := range assigned(body, false) {
			bound[n] = true
		}
		for _, n := range assigned(body, true) {
			if v := e.lookup(n); v != nil && v.Kind == Thing && !bound[n] {
				continue // what is done to it is told
			} else if v != nil && v.Kind != Config && v.Kind != SectionOf {
				if v.mutable() {
					e.spoil(v, why, at)
				}
				e.set(n, unknownAt(located(why, at), at))
			}
		}
		start()
		f := e.block(body)
		e.grown(before.conf, why, at)
		return f
	}, func() flow { return goesOn })
	f = e.gather(from, f, located(why, at), continues, breaks)
	if f == goesOn && len(other) > 0 {
		f = e.ways(why, at, func() flow { return e.block(other) }, func() flow { return goesOn })
	}
	return f
}

// grown makes unknown what a turn added to: another turn adds to it again.
func (e *evaluator) grown(before *config, why string, at span.Span) {
	for _, sec := range e.st.conf.sections {
		for k, v := range sec.Traits {
			var old *Value
			if s := before.byName[sec.Name]; s != nil {
				old = s.Traits[k]
			}
			switch {
			case v == nil || !v.mutable() || v.Kind == Either || old != nil && identical(old, v):
			case v.Kind == Lazy && !v.Lazy.Empty(), old != nil:
				e.spoil(sec.Traits[k], why, at)
			}
		}
	}
}

// firstLine is the range of the first line of a statement.
func firstLine(src string, s syntax.Node) (from, to int) {
	from, to = s.Range()
	for i := from; i < to; i++ {
		if src[i] == '\n' {
			return from, i
		}
	}
	return from, to
}

// assigned are the names that statements assign, and with inside those whose value they may change in place.
func assigned(body []syntax.Stmt, inside bool) []string {
	var out []string
	var target func(x syntax.Expr)
	target = func(x syntax.Expr) {
		switch x := x.(type) {
		case *syntax.Ident:
			out = append(out, x.Name)
		case *syntax.Seq:
			for _, i := range x.Items {
				target(i)
			}
		case *syntax.Star:
			target(x.X)
		case *syntax.Index:
			if inside {
				target(x.X)
			}
		case *syntax.Attr:
			if inside {
				target(x.X)
			}
		}
	}
	for _, s := range body {
		switch s := s.(type) {
		case *syntax.Assign:
			for _, t := range s.Targets {
				target(t)
			}
		case *syntax.AugAssign:
			target(s.Target)
		case *syntax.AnnAssign:
			target(s.Target)
		case *syntax.ExprStmt:
			if c, ok := s.X.(*syntax.Call); ok {
				if a, ok := c.Func.(*syntax.Attr); ok && inside {
					target(a.X)
				}
			}
		case *syntax.Delete:
			for _, t := range s.Targets {
				target(t)
			}
		case *syntax.If:
			out = append(append(out, assigned(s.Body, inside)...), assigned(s.Else, inside)...)
		case *syntax.For:
			target(s.Target)
			out = append(append(out, assigned(s.Body, inside)...), assigned(s.Else, inside)...)
		case *syntax.While:
			out = append(append(out, assigned(s.Body, inside)...), assigned(s.Else, inside)...)
		case *syntax.With:
			for _, i := range s.Items {
				if i.Target != nil {
					target(i.Target)
				}
			}
			out = append(out, assigned(s.Body, inside)...)
		case *syntax.Try:
			out = append(append(append(out, assigned(s.Body, inside)...), assigned(s.Else, inside)...), assigned(s.Final, inside)...)
			for _, h := range s.Handlers {
				out = append(out, assigned(h.Body, inside)...)
			}
		case *syntax.Match:
			for _, c := range s.Cases {
				out = append(out, assigned(c.Body, inside)...)
			}
		}
	}
	return out
}
