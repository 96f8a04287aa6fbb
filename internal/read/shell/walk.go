package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// stmts walks statements in order; true when the script ends in them.
func (r *run) stmts(list []*syntax.Stmt) bool {
	r.block(list)
	return r.ctl == exits
}

// block walks statements until one of them leaves it, and returns the status of the last.
func (r *run) block(list []*syntax.Stmt) status {
	s := status{kind: yes}
	for _, st := range list {
		if r.ctl != goOn || !r.spend(1) {
			return s
		}
		s = r.stmt(st)
	}
	return s
}

// stmt walks one statement with its redirections.
func (r *run) stmt(st *syntax.Stmt) status {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > maxDepth*4 {
		r.tooDeep()
		return status{kind: unsure}
	}
	var s status
	if c, ok := st.Cmd.(*syntax.CallExpr); ok {
		s = r.call(st, c)
	} else {
		s = r.compound(st)
	}
	if st.Negated {
		s = s.not()
	}
	if st.Background && r.ctl == exits {
		r.ctl = goOn
	}
	return s
}

// compound walks everything but simple commands.
func (r *run) compound(st *syntax.Stmt) status {
	in, outs := r.redirects(st)
	if in != nil {
		saved := r.stdin
		r.stdin = in
		defer func() { r.stdin = saved }()
	}
	if len(outs) > 0 {
		content, ok := r.outputOf(st.Cmd)
		if !ok {
			content = span.Literal(span.Unknown("output of several commands"), r.text.Slice(0, 0))
		}
		defer r.writes(outs, content, nil, st)
	}
	switch c := st.Cmd.(type) {
	case *syntax.IfClause:
		return r.ifClause(c)
	case *syntax.WhileClause:
		return r.while(c)
	case *syntax.ForClause:
		return r.forClause(c)
	case *syntax.CaseClause:
		return r.caseClause(c)
	case *syntax.Block:
		return r.block(c.Stmts)
	case *syntax.Subshell:
		var s status
		r.subshell(func(c2 *run) { s = c2.block(c.Stmts) })
		return s
	case *syntax.BinaryCmd:
		return r.binary(c)
	case *syntax.FuncDecl:
		if c.Name != nil {
			r.funcs[c.Name.Value] = function{body: c.Body, text: r.text, dir: r.dir}
		}
	case *syntax.ArithmCmd:
		if n, ok := r.arith(c.X, 0); ok {
			return truth(n != 0)
		}
		return status{kind: unsure, why: "it is not worked out"}
	case *syntax.TestClause:
		return r.bashTest(c.X, 0)
	case *syntax.DeclClause:
		r.declare(c)
	case *syntax.LetClause:
		for _, e := range c.Exprs {
			r.arith(e, 0)
		}
	case *syntax.TimeClause:
		if c.Stmt != nil {
			return r.stmt(c.Stmt)
		}
	case *syntax.CoprocClause:
		if c.Stmt != nil {
			r.subshell(func(c2 *run) { c2.stmt(c.Stmt) })
		}
	}
	return status{}
}

func (r *run) subshell(f func(*run)) {
	r.sub(func(c *run) {
		c.ctl = goOn
		f(c)
	})
}

// binary walks a && b, a || b and pipelines. Long chains nest to the left, so they are unrolled first.
func (r *run) binary(c *syntax.BinaryCmd) status {
	if c.Op == syntax.Pipe || c.Op == syntax.PipeAll {
		return r.pipeline(c)
	}
	type link struct {
		op syntax.BinCmdOperator
		st *syntax.Stmt
	}
	var chain []link
	left := c.X
	for chain = append(chain, link{c.Op, c.Y}); ; {
		b, ok := left.Cmd.(*syntax.BinaryCmd)
		if !ok || b.Op == syntax.Pipe || b.Op == syntax.PipeAll || left.Negated || len(left.Redirs) > 0 || !r.spend(1) {
			break
		}
		chain = append(chain, link{b.Op, b.Y})
		left = b.X
	}
	s := r.stmt(left)
	for i := len(chain) - 1; i >= 0 && r.ctl == goOn; i-- {
		and, next := chain[i].op == syntax.AndStmt, chain[i].st
		switch {
		case s.kind == yes || s.kind == likely && and:
			if and {
				s = r.stmt(next)
			}
		case s.kind == no:
			if !and {
				s = r.stmt(next)
			}
		default: // unsure, or "a || b" with an ordinary a
			s = r.perhaps(s, next, r.node(left), and)
		}
	}
	return s
}
