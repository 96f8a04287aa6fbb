package shell

import (
	"path"
	"slices"
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
		if k == "IFS" || k == "HOME" || k == "PATH" || r.exported[k] && !cmd.elevated && !cmd.remote {
			keep[k] = v
		}
	}
	for _, a := range cmd.env {
		keep[a.Name] = value{s: a.Value.String()}
		r.exported[a.Name] = true
	}
	r.vars, r.upstream, r.locals, r.ctl = keep, nil, nil, goOn
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

// lost notes that a script of the checkout that is run cannot be found.
func (r *run) lost(cmd command, name span.Text) {
	s := name.String()
	if r.quiet > 0 || cmd.remote || span.IsUnknown(s) || !strings.HasSuffix(s, ".sh") || rooted(s) && !strings.HasPrefix(s, Checkout) {
		return
	}
	if r.cwd != "" && !strings.HasPrefix(r.cwd, Checkout) {
		return
	}
	msg := "the script " + s + " is run here, but it is not in the repository; what it does is not known"
	r.problem(name.Span(), msg, false)
	r.opaqueIfHub(name, msg)
}

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

// source reads a file into the running script: what it sets stays set.
func (r *run) source(name span.Text, args []span.Text) {
	p := name.String()
	if base(p) == "activate" && strings.Contains(p, "/bin/") && !span.IsUnknown(p) {
		if old := r.vars["PATH"]; old.s != "" {
			r.set("PATH", value{s: path.Dir(r.place(p)) + ":" + old.s})
		}
		return
	}
	text, file, ok := r.find(p)
	if !ok {
		if strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~") {
			if strings.HasPrefix(p, "/etc/") || strings.HasPrefix(p, "~/.") {
				return // part of the operating system: sets nothing that matters here
			}
		}
		r.missing = strings.TrimPrefix(path.Clean(span.Show(p)), Checkout+"/")
		if !rooted(p) && r.cwd == "" && !span.IsUnknown(p) {
			r.missing = path.Join(r.dir, r.missing)
		}
		r.problem(name.Span(), "the file "+r.missing+" is sourced here, but it is not in the repository; "+
			"what it sets is not known. Commit it (without secrets)", false)
		return
	}
	if r.depth+4 > maxDepth || !r.spend(1) {
		r.tooDeep()
		return
	}
	dir, nm, saved, known := r.dir, r.name, r.args, r.argsKnown
	if file != "" {
		r.dir = dirOf(file)
	}
	if len(args) > 0 {
		r.args, r.argsKnown = args, true
	}
	r.depth += 4
	r.script(text)
	r.depth -= 4
	if r.ctl == returns {
		r.ctl = goOn
	}
	r.dir, r.name, r.args, r.argsKnown = dir, nm, saved, known
}

func dirOf(file string) string {
	if d := path.Dir(file); d != "." {
		return d
	}
	return ""
}

// find is the text of a file that the script names: one that was written before, or one of the checkout, looked for
// beside the script and then at the root. file is its path in the checkout, "" for a written one.
func (r *run) find(p string) (text span.Text, file string, ok bool) {
	if t, ok := r.written[r.place(p)]; ok {
		return t, "", true
	}
	for _, f := range r.candidates(p) {
		if r.o.Files == nil || !r.o.Files.Exists(f) {
			continue
		}
		src, err := r.o.Files.Open(f)
		if err != nil {
			r.problem(r.text.PosOf(0), "the file "+f+" cannot be read: "+err.Error(), false)
			return span.Text{}, "", false
		}
		if !slices.Contains(r.res.Uses, f) {
			r.res.Uses = append(r.res.Uses, f)
		}
		return src.Whole(), f, true
	}
	return span.Text{}, "", false
}

// candidates are the paths in the checkout that p may mean.
func (r *run) candidates(p string) []string {
	if span.IsUnknown(p) {
		// "$(…)/lib.sh", whose directory some program works out: beside the script, if anywhere
		rest := p[strings.LastIndexByte(p, '/')+1:]
		if !strings.HasPrefix(span.Reason(p), "output of") || span.IsUnknown(rest) || rest == "" {
			return nil
		}
		return []string{path.Join(r.dir, rest)}
	}
	if q, ok := strings.CutPrefix(p, Checkout); ok {
		return inside(strings.TrimPrefix(path.Clean("/"+q), "/"), path.Join(r.dir, q))
	}
	if rooted(p) || r.cwd == "?" || p == "" {
		return nil
	}
	if q, ok := strings.CutPrefix(r.cwd, Checkout); ok {
		return inside(path.Join(strings.TrimPrefix(q, "/"), p))
	}
	if r.cwd != "" {
		return nil
	}
	return inside(path.Join(r.dir, p), path.Join(p))
}

func inside(paths ...string) []string {
	return slices.DeleteFunc(paths, func(p string) bool {
		return p == ".." || strings.HasPrefix(p, "../") || strings.HasPrefix(p, "/") || p == "."
	})
}
