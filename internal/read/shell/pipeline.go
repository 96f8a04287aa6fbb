package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (r *run) printBinary(c *syntax.BinaryCmd) (t span.Text, ok bool) {
	if r.depth > maxDepth {
		return t, false
	}
	r.depth++
	defer func() { r.depth-- }()
	first, ok := r.print(c.X)
	switch {
	case c.Op == syntax.OrStmt:
		return first, ok
	case c.Op == syntax.AndStmt:
		second, ok2 := r.print(c.Y)
		return span.Concat(first, second), ok && ok2
	case !ok:
		return t, false
	}
	saved := r.stdin
	r.stdin = &first
	t, ok = r.print(c.Y)
	r.stdin = saved
	return t, ok
}

// filters are programs that pass on what is piped into them, so that what stands before them is still the upstream.
var filters = map[string]bool{
	"sed": true, "tr": true, "head": true, "tail": true, "grep": true, "awk": true, "tee": true, "gunzip": true, "zcat": true,
	"cat": true, "envsubst": true, "sort": true, "uniq": true, "cut": true, "dos2unix": true, "pv": true,
}

// pipeline walks a | b | c: every stage in a subshell, with what it is fed as far as that is known.
func (r *run) pipeline(c *syntax.BinaryCmd) status {
	var stages []*syntax.Stmt
	x := c.X
	for stages = append(stages, c.Y); ; {
		b, ok := x.Cmd.(*syntax.BinaryCmd)
		if !ok || b.Op != syntax.Pipe && b.Op != syntax.PipeAll || len(x.Redirs) > 0 || !r.spend(1) {
			stages = append(stages, x)
			break
		}
		stages = append(stages, b.Y)
		x = b.X
	}
	in, up := r.stdin, r.upstream
	var s status
	for i := len(stages) - 1; i >= 0; i-- {
		st := stages[i]
		r.subshell(func(c *run) {
			c.stdin, c.upstream = in, up
			s = c.stmt(st)
		})
		if i == 0 {
			break
		}
		r.sub(func(c *run) {
			c.stdin = in
			c.quiet++
			t, ok := c.outputOfAll([]*syntax.Stmt{st})
			if !ok {
				t = span.Literal(span.Unknown("output of "+r.describe(st)), r.slice(st.Pos(), st.Pos()))
			}
			in = &t
			if call, ok := st.Cmd.(*syntax.CallExpr); ok {
				cmd := command{argv: c.words(call.Args)}
				if c.unwrap(&cmd); len(cmd.argv) > 0 && (len(up) == 0 || !filters[base(cmd.argv[0].String())]) {
					up = cmd.argv
				}
			}
		})
	}
	return s
}
