package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// command is a simple command, evaluated, with the prefixes that only run another command taken off.
type command struct {
	argv     []span.Text
	env      []step.Assign
	kept     bool        // sudo -E
	elevated bool        // sudo without -E: the script's variables do not reach it
	ownPath  bool        // sudo -E: all but PATH reaches it, for that sudo has its own (secure_path), except for hub administrators
	loop     bool        // xargs
	remote   bool        // ssh, docker exec …: another machine's file system
	host     bool        // ssh and the like: another machine
	password bool        // behind sshpass, which answers a question for a password
	script   []span.Text // a script given in words: bash -c TEXT args
	at       span.Text
}

// call walks a simple command.
func (r *run) call(st *syntax.Stmt, c *syntax.CallExpr) status {
	r.substitutions(c)
	argv := r.words(c.Args)
	if len(argv) == 0 {
		for _, a := range c.Assigns {
			r.assign(a, false)
		}
		_, outs := r.redirects(st)
		if len(c.Args) == 0 {
			r.writes(outs, span.Literal("", r.text.Slice(0, 0)), nil, st)
		}
		return status{}
	}
	cmd := command{argv: argv, at: r.callText(c)}
	for _, a := range c.Assigns {
		if a.Name != nil && a.Value != nil {
			cmd.env = append(cmd.env, step.Assign{Name: a.Name.Value, Value: r.single(a.Value)})
		}
	}
	in, outs := r.redirects(st)
	if in == nil {
		in = r.stdin
	}
	return r.execute(cmd, in, outs, st)
}

// callText is the command's own words: from its first word to its last.
func (r *run) callText(c *syntax.CallExpr) span.Text { return r.node(c) }

// execute does what a command does to the state, and emits it where it acts on the machine.
func (r *run) execute(cmd command, in *span.Text, outs []output, st *syntax.Stmt) status {
	if s, done := r.builtin(&cmd); done {
		if len(outs) > 0 {
			r.writes(outs, r.contentOf(cmd, in), nil, st)
		}
		return s
	}
	if r.replaces(cmd.argv) {
		defer func() { r.ctl, r.failed = exits, true }()
	}
	r.unwrap(&cmd)
	if len(cmd.argv) == 0 {
		return status{}
	}
	r.password(cmd, in)
	if cmd.script != nil {
		r.inline(cmd, cmd.script[0], cmd.script[1:], in, outs, st)
		return status{}
	}
	name := cmd.argv[0].String()
	if f, ok := r.funcs[name]; ok && !cmd.remote {
		return r.function(f, cmd, in, outs, st)
	}
	if s, done := r.builtin(&cmd); done {
		return s
	}
	if r.include(cmd, in, outs, st) {
		return status{}
	}
	if base(name) == "tee" {
		r.tee(cmd, in)
		return status{}
	}
	if len(outs) > 0 {
		content, known := r.produced(cmd, in)
		if known {
			r.writes(outs, content, nil, st)
		} else {
			r.writes(outs, content, &cmd, st)
		}
		return testLike(cmd.argv)
	}
	r.transfer(cmd)
	r.sedInPlace(cmd)
	if name != "echo" && name != "printf" { // nothing but messages
		r.emit(r.stepOf(cmd, in))
	}
	return testLike(cmd.argv)
}

// replaces says whether the command takes the shell's place, so that nothing after it runs: exec with a program, unless
// that may be the same script again (exec sudo "$0" "$@").
func (r *run) replaces(argv []span.Text) bool {
	if len(argv) < 2 || argv[0].String() != "exec" {
		return false
	}
	for _, a := range argv[1:] {
		if s := a.String(); span.IsUnknown(s) || s != "" && base(s) == base(r.name) {
			return false
		}
	}
	return true
}

func (r *run) stepOf(cmd command, in *span.Text) step.Step {
	return step.Step{
		Argv: cmd.argv, Env: r.environment(cmd), Stdin: in, Upstream: r.upstream, At: cmd.at.Span(), Kept: cmd.kept, Loop: cmd.loop, Remote: cmd.remote, OtherHost: cmd.host,
	}
}

// environment is NAME=value before the command, and before those the exported variables that decide which Python and
// which TLJH a command means.
func (r *run) environment(cmd command) []step.Assign {
	var env []step.Assign
	if !cmd.elevated && !cmd.remote {
		for name, v := range r.vars {
			if name == "PATH" && cmd.ownPath {
				if v.s != usualPath {
					env = append(env, step.Assign{Name: "PATH?", Value: span.Literal(span.Unknown(
						"sudo looks programs up in its own $PATH, except for administrators of the hub; write /opt/tljh/user/bin/ before the program"), cmd.at)})
				}
				continue
			}
			if r.exported[name] && (name == "PATH" || strings.HasPrefix(name, "TLJH_")) {
				env = append(env, step.Assign{Name: name, Value: span.Literal(v.s, cmd.at)})
			}
		}
		if _, ok := r.vars["PATH"]; ok && r.missing != "" {
			env = append(env, step.Assign{Name: "PATH?", Value: span.Literal(span.Unknown(
				fmt.Sprintf("$PATH may be set in %s, which is not in the repository", r.missing)), cmd.at)})
		}
		sortAssigns(env)
	}
	return append(env, cmd.env...)
}

func sortAssigns(env []step.Assign) {
	for i := 1; i < len(env); i++ {
		for j := i; j > 0 && env[j].Name < env[j-1].Name; j-- {
			env[j], env[j-1] = env[j-1], env[j]
		}
	}
}

// testLike knows the programs whose exit status is a question rather than a success.
func testLike(argv []span.Text) status {
	name := base(argv[0].String())
	for _, a := range argv[1:] {
		switch name + " " + a.String() {
		case "command tljh-config", "which tljh-config", "type tljh-config", "hash tljh-config":
			s := absent("output of " + name)
			s.made = true
			return s
		}
	}
	switch name {
	case "grep", "egrep", "fgrep", "which", "id", "getent", "pgrep", "diff", "cmp", "ping", "type", "hash", "dpkg-query", "mountpoint", "nc":
		return status{kind: unsure, why: "output of " + name}
	case "command":
		return status{kind: unsure, why: "output of command -v"}
	case "systemctl", "dpkg", "git", "docker", "snap":
		for _, a := range argv[1:] {
			switch a.String() {
			case "is-active", "is-enabled", "status", "-s", "-l", "diff", "inspect", "list":
				return status{kind: unsure, why: "output of " + name}
			}
		}
	}
	return status{}
}

// base is the last element of a program's path.
func base(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// allArguments is the reason of "$@" where nobody knows how the script is called.
const allArguments = "the arguments of the script are not known"

// hand gives a function its arguments. main "$@" is how scripts are written whose body is a function: it has the script's.
func (r *run) hand(args []span.Text) {
	if len(args) == 1 && !r.argsKnown && unknownOnly(args[0].String()) && span.Reason(args[0].String()) == allArguments {
		return
	}
	r.args, r.argsKnown = args, true
}

// function runs a function of the script in place.
func (r *run) function(f function, cmd command, in *span.Text, outs []output, st *syntax.Stmt) status {
	if r.depth > maxDepth || !r.spend(1) {
		r.tooDeep()
		return status{}
	}
	text, dir, args, known, stdin := r.text, r.dir, r.args, r.argsKnown, r.stdin
	cond, early := r.cond, r.early
	r.text, r.dir, r.stdin = f.text, f.dir, in
	r.hand(cmd.argv[1:])
	r.locals = append(r.locals, map[string]value{})
	r.depth += 4
	s := r.stmt(f.body)
	r.depth -= 4
	for name, old := range r.locals[len(r.locals)-1] {
		if old.s == unsetMark {
			delete(r.vars, name)
		} else {
			r.vars[name] = old
		}
	}
	r.locals = r.locals[:len(r.locals)-1]
	r.text, r.dir, r.args, r.argsKnown, r.stdin = text, dir, args, known, stdin
	if r.ctl == returns {
		r.ctl, s = goOn, status{kind: unsure, why: "what a function returns"}
		r.cond, r.early = cond, early
	}
	if r.cond != cond && r.ctl == goOn && r.early == early {
		r.cond = cond
	}
	if len(outs) > 0 {
		r.writes(outs, span.Literal(span.Unknown("output of a function"), cmd.at), nil, st)
	}
	return s
}

const unsetMark = "\x00unset"
