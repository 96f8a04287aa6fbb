package shell

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// inline reads a script that is given as text: bash -c, eval, ssh HOST '…', a heredoc fed to bash.
func (r *run) inline(cmd command, text span.Text, args []span.Text, in *span.Text, outs []output, st *syntax.Stmt) {
	if r.generated(text, cmd.at) {
		return
	}
	r.sub(func(c *run) {
		c.enter(cmd)
		c.stdin, c.args, c.argsKnown = in, nil, true
		if c.name = "bash"; len(args) > 0 {
			c.name, c.args = args[0].String(), args[1:] // the first is $0
		}
		if cmd.remote {
			c.cwd = "~"
		}
		c.script(text)
	})
	if len(outs) > 0 {
		content, ok := span.Text{}, false
		if file, err := parse(text.String()); err == nil {
			saved := r.text
			r.text = text
			content, ok = r.outputOfAll(file.Stmts)
			r.text = saved
		}
		if !ok {
			content = span.Literal(span.Unknown("output of a nested script"), cmd.at)
		}
		r.writes(outs, content, nil, st)
	}
}

// generated handles text that a program prints and a shell then runs: eval "$(ssh-agent)", sh -c "$(curl …)".
func (r *run) generated(text, at span.Text) bool {
	s := text.String()
	if !unknownOnly(s) || !strings.HasPrefix(span.Reason(s), "output of") {
		return false
	}
	if mentionsHub(at.String()) {
		r.opaque(at, "a script is run that is the "+span.Reason(s))
	}
	return true
}

// enter keeps of the variables only what reaches a new process.
func (r *run) enter(cmd command) {
	keep := vars{}
	for k, v := range r.vars {
		if k == "IFS" || k == "HOME" || k == "PATH" || strings.HasPrefix(k, sharePrefix) || r.exported[k] && !cmd.elevated && !cmd.remote {
			keep[k] = v
		}
	}
	for _, a := range cmd.env {
		keep[a.Name] = value{s: a.Value.String()}
		r.exported[a.Name] = true
	}
	r.vars, r.upstream, r.locals, r.ctl = keep, nil, nil, goOn
	r.remote = r.remote || cmd.remote
	r.host = r.host || cmd.host
	if cmd.elevated || cmd.remote {
		r.missing = ""
	}
}

// include reads in place what a command runs: source, eval, bash FILE, ./FILE. False: it is some other program.
func (r *run) include(cmd command, in *span.Text, outs []output, st *syntax.Stmt) bool {
	name, args := cmd.argv[0].String(), cmd.argv[1:]
	switch base(name) {
	case "eval":
		text := spaced(args)
		if r.generated(text, cmd.at) {
			return true
		}
		if r.depth+4 > maxDepth || !r.spend(1) {
			r.tooDeep()
			return true
		}
		r.depth += 4
		r.script(text)
		r.depth -= 4
		return true
	case "source", ".":
		if len(args) > 0 {
			r.source(args[0], args[1:])
		}
		return true
	case "bash", "sh", "dash", "zsh", "ksh":
		return r.shellCommand(cmd, args, in, outs, st)
	}
	if !strings.Contains(name, "/") || cmd.remote {
		return false
	}
	text, file, ok := r.find(name)
	if !ok {
		r.lost(cmd, cmd.argv[0])
		return false
	}
	if first, _, _ := strings.Cut(text.String(), "\n"); strings.HasPrefix(first, "#!") && !isShell(first) {
		return false
	}
	r.runFile(cmd, text, file, args, in, outs, st)
	return true
}

func isShell(shebang string) bool {
	fields := strings.Fields(strings.TrimPrefix(shebang, "#!"))
	for _, f := range fields {
		switch base(f) {
		case "bash", "sh", "dash", "zsh", "ksh":
			return true
		}
	}
	return len(fields) == 0
}

// shellCommand is bash with its arguments: -c TEXT, FILE args, -s, or its input.
func (r *run) shellCommand(cmd command, args []span.Text, in *span.Text, outs []output, st *syntax.Stmt) bool {
	for len(args) > 0 {
		a := args[0].String()
		if len(a) < 2 || (a[0] != '-' && a[0] != '+') || span.IsUnknown(a) || a == "--" || a == "-s" {
			break
		}
		if strings.Contains(a, "c") && !strings.HasPrefix(a, "--") {
			if len(args) > 1 {
				r.inline(cmd, args[1], args[2:], in, outs, st)
			}
			return true
		}
		if args = args[1:]; (a == "-o" || a == "+o" || a == "-O" || a == "--rcfile" || a == "--init-file") && len(args) > 0 {
			args = args[1:]
		}
	}
	if len(args) > 0 && (args[0].String() == "--" || args[0].String() == "-s" || args[0].String() == "-") {
		args = args[1:]
	} else if len(args) > 0 {
		if strings.HasPrefix(args[0].String(), "<(") {
			return false
		}
		text, file, ok := r.find(args[0].String())
		if cmd.remote {
			ok = false
		}
		if !ok {
			r.lost(cmd, args[0])
			return false
		}
		r.runFile(cmd, text, file, args[1:], in, outs, st)
		return true
	}
	if in == nil || in.Len() == 0 || span.IsUnknown(in.String()) && len(r.upstream) > 0 && unknownOnly(in.String()) {
		return false // an interactive shell, or the output of a program: host looks at what is piped in
	}
	r.inline(cmd, *in, append([]span.Text{{}}, args...), nil, outs, st)
	return true
}

func unknownOnly(s string) bool { return strings.TrimSpace(span.Show(s)) == "…" }

// runFile reads a script as a process of its own.
func (r *run) runFile(cmd command, text span.Text, file string, args []span.Text, in *span.Text, outs []output, st *syntax.Stmt) {
	r.sub(func(c *run) {
		c.enter(cmd)
		c.stdin, c.args, c.argsKnown = in, args, true
		if file != "" {
			c.dir, c.name = dirOf(file), path.Join(Checkout, file)
		} else {
			c.name = c.place(cmd.argv[0].String())
		}
		c.depth += 3
		c.script(text)
	})
	if len(outs) > 0 {
		r.writes(outs, span.Literal(span.Unknown("output of a script"), cmd.at), nil, st)
	}
}
