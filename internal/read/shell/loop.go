package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

func (r *run) forClause(c *syntax.ForClause) status {
	defer r.restore(r.cond, r.early)
	if r.text.Len() == 0 {
		return status{}
	}
	switch l := c.Loop.(type) {
	case *syntax.WordIter:
		items := r.words(l.Items)
		if !l.InPos.IsValid() {
			if items = r.args; !r.argsKnown {
				items = []span.Text{span.Literal(span.Unknown(allArguments), r.node(l.Name))}
			}
		}
		if !c.Select && len(items) <= maxLoop && literalItems(items) {
			for _, it := range items {
				r.set(l.Name.Value, value{s: it.String()})
				if r.block(c.Do); r.loopEnds() {
					break
				}
			}
			return status{}
		}
		why := fmt.Sprintf("$%s takes several values in a loop", l.Name.Value)
		for _, it := range items {
			if span.IsUnknown(it.String()) {
				why = span.Reason(it.String())
			}
		}
		r.loopOnce(c.Do, map[string]string{l.Name.Value: why}, r.node(l), len(items) > 0)
	case *syntax.CStyleLoop:
		r.counted(c, l)
	}
	return status{}
}

func literalItems(items []span.Text) bool {
	for _, it := range items {
		if span.IsUnknown(it.String()) || strings.ContainsAny(it.String(), "*?") {
			return false
		}
	}
	return true
}

// counted is for ((i=0; i<n; i++)).
func (r *run) counted(c *syntax.ForClause, l *syntax.CStyleLoop) {
	if l.Init != nil {
		r.arith(l.Init, 0)
	}
	quick := r.countable(l)
	for n := 0; quick && r.ctl == goOn; n++ {
		v, ok := r.arith(l.Cond, 0)
		if ok && v == 0 {
			return
		}
		if !ok || n > maxLoop {
			quick = false
			break
		}
		if r.block(c.Do); r.loopEnds() {
			return
		}
		if l.Post != nil {
			r.arith(l.Post, 0)
		}
	}
	r.loopOnce(c.Do, assigned(c), r.node(l), false)
}

// countable says whether the loop's own counting ends within the bound, tried on a copy.
func (r *run) countable(l *syntax.CStyleLoop) (ok bool) {
	if l.Cond == nil {
		return false
	}
	r.subshell(func(c *run) {
		for n := 0; n <= maxLoop && c.spend(1); n++ {
			v, known := c.arith(l.Cond, 0)
			if !known {
				return
			}
			if v == 0 {
				ok = true
				return
			}
			if l.Post != nil {
				c.arith(l.Post, 0)
			}
		}
	})
	return ok
}

// restore ends the reach of a conditional break, continue or return.
func (r *run) restore(cond, early *step.Cond) { r.cond, r.early = cond, early }

// loopEnds consumes break and continue; true when the loop is over.
func (r *run) loopEnds() bool {
	switch r.ctl {
	case continues:
		r.ctl = goOn
	case breaks:
		r.ctl = goOn
		return true
	}
	return r.ctl != goOn || r.fuel < 0
}

// loopOnce walks a loop that cannot be unrolled, once, with what changes in it unknown.
func (r *run) loopOnce(body []*syntax.Stmt, changing map[string]string, at span.Text, runs bool) {
	for name := range assigned(&syntax.Block{Stmts: body}) {
		if _, ok := changing[name]; !ok {
			r.unsettle(name, "changes in a loop")
		}
	}
	for name, why := range changing {
		r.set(name, value{s: span.Unknown(why)})
	}
	loop := r.loop
	r.loop = true
	if runs && r.cond == nil {
		r.block(body)
		r.loopEnds()
	} else {
		why := fmt.Sprintf("it is inside the loop on line %d, which is not known to run", at.Span().Start.Line)
		r.ways(status{kind: unsure, why: "a loop"}, at, []way{{why: why, f: func() {
			r.block(body)
			r.loopEnds()
		}}}, true)
	}
	r.loop = loop
}

func (r *run) unsettle(name, why string) {
	r.set(name, value{s: span.Unknown(fmt.Sprintf("$%s %s", name, why))})
}

// assigned is the variables that n assigns, with the reason why their value is not known.
func assigned(n syntax.Node) map[string]string {
	out := map[string]string{}
	add := func(name string) {
		if isName(name) {
			out[name] = "$" + name + " changes in a loop"
		}
	}
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				add(n.Name.Value)
			}
		case *syntax.WordIter:
			add(n.Name.Value)
		case *syntax.UnaryArithm:
			if w, ok := n.X.(*syntax.Word); ok {
				add(w.Lit())
			}
		case *syntax.BinaryArithm:
			if w, ok := n.X.(*syntax.Word); ok && n.Op == syntax.Assgn || ok && assigning[n.Op] != 0 {
				add(w.Lit())
			}
		case *syntax.CallExpr:
			if len(n.Args) > 1 && n.Args[0].Lit() == "read" {
				for _, w := range n.Args[1:] {
					add(w.Lit())
				}
			}
		}
		return true
	})
	return out
}

// while unrolls `while read x` over text that is known; any other loop is walked once.
func (r *run) while(c *syntax.WhileClause) status {
	defer r.restore(r.cond, r.early)
	if lines, names, ok := r.readable(c); ok {
		for _, l := range lines {
			r.readInto(names, l)
			if r.block(c.Do); r.loopEnds() {
				break
			}
		}
		return status{}
	}
	at := r.slice(c.WhilePos, c.DoPos)
	changing := assigned(&syntax.Block{Stmts: c.Cond})
	for name := range changing {
		r.unsettle(name, "changes in a loop")
	}
	s := r.block(c.Cond)
	if c.Until {
		s = s.not()
	}
	if s.kind == no && len(assigned(c)) == 0 {
		return status{}
	}
	r.loopOnce(c.Do, changing, at, false)
	return status{}
}
