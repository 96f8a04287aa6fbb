package shell

import (
	"path"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// builtin does the shell's own commands; false when cmd is none of them.
func (r *run) builtin(cmd *command) (status, bool) {
	args := make([]string, 0, 4)
	for _, a := range cmd.argv[1:] {
		if len(args) > 1000 {
			break
		}
		args = append(args, a.String())
	}
	switch cmd.argv[0].String() {
	case "true", ":":
		return status{kind: yes}, true
	case "false":
		return status{kind: no}, true
	case "[":
		if n := len(args); n > 0 && args[n-1] == "]" {
			args = args[:n-1]
		}
		return r.test(args), true
	case "test":
		return r.test(args), true
	case "exit":
		r.ctl, r.failed = exits, len(args) > 0 && args[0] != "0"
	case "return":
		r.ctl, r.failed = returns, len(args) > 0 && args[0] != "0"
	case "break":
		r.ctl = breaks
	case "continue":
		r.ctl = continues
	case "cd", "pushd":
		r.chdir(args)
	case "popd":
		r.cwd = "?"
	case "unset":
		for _, a := range args {
			delete(r.vars, a)
		}
	case "shift":
		n := 1
		if len(args) > 0 {
			n, _ = strconv.Atoi(args[0])
		}
		if r.argsKnown && n >= 0 {
			r.args = r.args[min(n, len(r.args)):]
		}
	case "set":
		r.setArgs(cmd.argv[1:])
	case "read", "readarray", "mapfile", "getopts":
		for _, a := range args {
			if isName(a) {
				r.unsettle(a, "is read when the script runs")
			}
		}
		return status{kind: unsure, why: "output of read"}, true
	case "printf":
		if len(args) < 2 || args[0] != "-v" {
			return status{}, false
		}
		v := format(cmd.argv[3:])
		r.set(args[1], value{s: v.String()})
	case "export", "readonly", "declare", "local", "typeset": // reached through a word that is not literal
		for _, a := range args {
			if k, v, ok := strings.Cut(a, "="); ok && isName(k) {
				r.set(k, value{s: v})
				r.exported[k] = r.exported[k] || cmd.argv[0].String() == "export"
			}
		}
	case "trap":
		if len(args) > 1 && (strings.Contains(args[0], "tljh-config ") || strings.Contains(args[0], "/opt/tljh/config")) {
			r.opaque(cmd.argv[1], "a trap changes TLJH's configuration, at a time that is not worked out")
		}
	case "shopt", "umask", "ulimit", "wait", "alias", "complete":
	default:
		return status{}, false
	}
	return status{}, true
}

func (r *run) test(args []string) status {
	for i := 0; i+1 < len(args); i++ {
		if args[i] == "-v" {
			s := r.isSet(args[i+1])
			if i > 0 && args[i-1] == "!" {
				s = s.not()
			}
			return s
		}
	}
	return posixTest(args)
}

func (r *run) chdir(args []string) {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "-" {
		args = args[1:]
	}
	switch {
	case len(args) == 0:
		r.cwd = "~"
	case args[0] == "-" || span.IsUnknown(args[0]) || args[0] == "":
		r.cwd = "?"
	case rooted(args[0]):
		r.cwd = path.Clean(args[0])
	case r.cwd == "?":
	case r.cwd == "":
		r.cwd = path.Join(Checkout, r.dir, args[0])
	default:
		r.cwd = path.Join(r.cwd, args[0])
	}
}

func rooted(p string) bool {
	return strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~") || strings.HasPrefix(p, Checkout)
}

// place is where a path lies on the machine.
func (r *run) place(p string) string {
	if rooted(p) {
		return path.Clean(p)
	}
	return path.Join(r.cwd, p)
}

func (r *run) setArgs(words []span.Text) {
	for i, w := range words {
		if w.String() == "--" {
			r.args, r.argsKnown = words[i+1:], true
			return
		}
		if !strings.HasPrefix(w.String(), "-") && !strings.HasPrefix(w.String(), "+") {
			if i > 0 && words[i-1].String() == "-o" || i > 0 && strings.HasSuffix(words[i-1].String(), "o") {
				continue
			}
			r.args, r.argsKnown = words[i:], true
			return
		}
	}
}
