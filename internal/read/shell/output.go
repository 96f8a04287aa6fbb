package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// substitute is the value of $(…): known for the few commands whose output is a matter of their words.
func (r *run) substitute(p *syntax.CmdSubst) span.Text {
	at := r.node(p)
	if len(p.Stmts) == 0 {
		return span.Literal("", at)
	}
	t, ok := r.outputOfAll(p.Stmts)
	if !ok {
		last := p.Stmts[len(p.Stmts)-1]
		why := "output of " + r.describe(last)
		if clouds[r.program(last)] { // it names what the command made: which one has to be told
			why += " at " + at.Span().String()
		}
		return span.Literal(span.Unknown(why), at)
	}
	s := strings.TrimRight(t.String(), "\n")
	if len(s) > maxValue {
		return span.Literal(span.Unknown("output that is too long"), at)
	}
	return t.Slice(0, len(s))
}

// clouds are the programs that make machines and print what these are called.
var clouds = map[string]bool{"aws": true, "gcloud": true, "az": true, "doctl": true, "hcloud": true, "linode-cli": true, "openstack": true}

// describe names the program of a statement, never its arguments: they may hold secrets.
func (r *run) describe(st *syntax.Stmt) string {
	if name := r.program(st); name != "" {
		return fmt.Sprintf("the command %q", name)
	}
	return "a command"
}

// program is the first program of a statement, "" if it is not plain which.
func (r *run) program(st *syntax.Stmt) string {
	for hop := 0; hop < 100; hop++ {
		b, ok := st.Cmd.(*syntax.BinaryCmd)
		if !ok {
			break
		}
		st = b.X
	}
	if c, ok := st.Cmd.(*syntax.CallExpr); ok && len(c.Args) > 0 {
		for _, w := range c.Args {
			name := base(w.Lit())
			if _, wraps := wrappers[name]; name != "" && !wraps && !strings.HasPrefix(name, "-") {
				return name
			}
		}
	}
	return ""
}

// procSubst is <(…) as a word: its commands in words, so that host sees what is downloaded.
func (r *run) procSubst(p *syntax.ProcSubst) span.Text {
	at := r.node(p)
	if len(p.Stmts) == 1 && p.Op == syntax.CmdIn {
		if c, ok := p.Stmts[0].Cmd.(*syntax.CallExpr); ok {
			return span.Literal("<("+spaced(r.words(c.Args)).String()+")", at)
		}
	}
	return span.Literal("<("+span.Unknown("output of several commands")+")", at)
}

// substitutions walks the commands inside $(…) and <(…) of c's words, for what they do to the machine.
func (r *run) substitutions(c syntax.Node) {
	if r.quiet > 0 {
		return
	}
	syntax.Walk(c, func(n syntax.Node) bool {
		var stmts []*syntax.Stmt
		switch n := n.(type) {
		case *syntax.CmdSubst:
			stmts = n.Stmts
		case *syntax.ProcSubst:
			stmts = n.Stmts
		default:
			return true
		}
		if r.matters(r.node(n).String()) {
			r.subshell(func(s *run) { s.block(stmts) })
		}
		return false
	})
}

// matters says whether commands in a substitution may do more than print.
func (r *run) matters(text string) bool {
	for name := range r.funcs {
		if strings.Contains(text, name) {
			return true
		}
	}
	return mentionsHub(text)
}

// outputOfAll is what statements print; false when a part of it is not known. Nothing is emitted.
func (r *run) outputOfAll(stmts []*syntax.Stmt) (out span.Text, ok bool) {
	r.sub(func(c *run) {
		c.quiet++
		out, ok = c.printAll(stmts)
	})
	return out, ok
}

func (r *run) outputOf(cmd syntax.Command) (span.Text, bool) {
	return r.outputOfAll([]*syntax.Stmt{{Cmd: cmd}})
}

func (r *run) printAll(stmts []*syntax.Stmt) (span.Text, bool) {
	var parts []span.Text
	size := 0
	for _, st := range stmts {
		t, ok := r.print(st)
		if size += t.Len(); !ok || size > maxText || !r.spend(1) {
			return span.Text{}, false
		}
		parts = append(parts, t)
	}
	return span.Concat(parts...), true
}

func (r *run) print(st *syntax.Stmt) (span.Text, bool) {
	in, outs := r.redirects(st)
	if in == nil {
		in = r.stdin
	}
	saved := r.stdin
	r.stdin = in
	defer func() { r.stdin = saved }()
	t, ok := r.printCommand(st, in)
	if ok && len(outs) > 0 {
		return span.Text{}, true
	}
	return t, ok
}

func (r *run) printCommand(st *syntax.Stmt, in *span.Text) (t span.Text, ok bool) {
	switch c := st.Cmd.(type) {
	case nil:
		if in != nil && len(st.Redirs) > 0 { // $(< file)
			return *in, true
		}
		return span.Text{}, true
	case *syntax.CallExpr:
		argv := r.words(c.Args)
		if len(argv) == 0 {
			for _, a := range c.Assigns {
				r.assign(a, false)
			}
			return span.Text{}, true
		}
		cmd := command{argv: argv, at: r.node(c)}
		if _, done := r.builtin(&cmd); done {
			return span.Text{}, r.ctl == goOn
		}
		r.unwrap(&cmd)
		if f, is := r.funcs[base(argv[0].String())]; is {
			return r.printFunction(f, cmd)
		}
		if cmd.script != nil || len(cmd.argv) == 0 {
			return span.Text{}, false
		}
		t, ok := r.produced(cmd, in)
		if !ok {
			r.ask(cmd, in)
		}
		return t, ok
	case *syntax.Block:
		return r.printAll(c.Stmts)
	case *syntax.Subshell:
		return r.outputOfAll(c.Stmts)
	case *syntax.BinaryCmd:
		return r.printBinary(c)
	}
	return span.Text{}, false
}

// ask notes a command whose output is taken and not known: it may do something besides.
func (r *run) ask(cmd command, in *span.Text) {
	if len(r.res.Asked) >= maxAsked {
		return
	}
	s := r.stepOf(cmd, in)
	s.Cond, s.Loop = r.cond, s.Loop || r.loop
	r.res.Asked = append(r.res.Asked, s)
}

func (r *run) printFunction(f function, cmd command) (t span.Text, ok bool) {
	r.sub(func(c *run) {
		c.text, c.dir, c.depth = f.text, f.dir, c.depth+3
		c.hand(cmd.argv[1:])
		t, ok = c.print(f.body)
	})
	return t, ok
}
