package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// ifClause drops branches that are certainly not taken. An elif chain is a list, however long.
func (r *run) ifClause(c *syntax.IfClause) status {
	var list []way
	var first status
	var at span.Text
	for ; c != nil; c = c.Else {
		if !c.ThenPos.IsValid() { // else
			w := r.branch(c.Then, at, "otherwise of")
			w.free = len(list) == 1 && first.fresh == no
			list = append(list, w)
			break
		}
		s := r.settled(r.block(c.Cond))
		if r.ctl != goOn {
			return s
		}
		if s.kind == no {
			continue
		}
		if s.kind == yes && len(list) == 0 {
			return r.block(c.Then)
		}
		if len(c.Cond) > 0 {
			at = r.slice(c.Cond[0].Pos(), c.Cond[len(c.Cond)-1].End())
		}
		if len(list) == 0 {
			if first = s; s.kind == likely {
				first = status{kind: unsure, why: "whether a command succeeds"}
			}
		}
		w := r.branch(c.Then, at, "condition"+conditionWords(s)+" of")
		w.free = s.fresh == yes && len(list) == 0
		list = append(list, w)
		if s.kind == yes {
			break
		}
	}
	if len(list) == 0 {
		return status{kind: yes}
	}
	if at.Len() == 0 { // only the else branch is left: it is taken
		list[0].f()
		return status{}
	}
	r.ways(first, at, list, c == nil)
	return status{}
}

func (r *run) branch(body []*syntax.Stmt, at span.Text, what string) way {
	line := at.Span().Start.Line
	why := fmt.Sprintf(`it is inside an "if" on line %d whose %s`, line, what)
	why = strings.TrimSuffix(why, " of")
	if strings.HasSuffix(why, "otherwise") {
		why = fmt.Sprintf(`it is in the "else" of an "if" on line %d whose condition`, line)
	}
	return way{why: why + " is not known", f: func() { r.block(body) }}
}

func (r *run) caseClause(c *syntax.CaseClause) status {
	word := r.single(c.Word)
	at := r.node(c.Word)
	s := unknownStatus(word.String())
	var list []way
	all := false
	for i, item := range c.Items {
		m := r.caseMatch(word.String(), item)
		if m.kind == no {
			continue
		}
		stmts := item.Stmts
		for j := i; c.Items[j].Op != syntax.Break && j+1 < len(c.Items); j++ { // ;& falls through
			stmts = append(append([]*syntax.Stmt(nil), stmts...), c.Items[j+1].Stmts...)
		}
		if m.kind == yes && len(list) == 0 {
			return r.block(stmts)
		}
		why := fmt.Sprintf(`it is inside a "case" on line %d whose value is not known%s`, at.Span().Start.Line, conditionWords(s))
		list = append(list, way{why: why, f: func() { r.block(stmts) }})
		if all = m.kind == yes; all {
			break
		}
	}
	if len(list) > 0 {
		r.ways(s, at, list, !all)
	}
	return status{}
}

func (r *run) caseMatch(word string, item *syntax.CaseItem) status {
	out := status{kind: no}
	for _, p := range item.Patterns {
		pattern := r.single(p).String()
		switch {
		case strings.Trim(pattern, "*") == "" && pattern != "":
			return status{kind: yes}
		case span.IsUnknown(word) || span.IsUnknown(pattern) || strings.ContainsAny(pattern, "()"):
			out = status{kind: unsure}
		case glob(pattern, word):
			if out.kind == no {
				out = status{kind: yes}
			}
			return out
		}
	}
	return out
}
