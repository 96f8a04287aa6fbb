package shell

import (
	"path"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

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
	case "trap", "shopt", "umask", "ulimit", "wait", "alias", "complete":
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

// declare is export, local, readonly, declare with assignments.
func (r *run) declare(c *syntax.DeclClause) {
	export, local := c.Variant.Value == "export", c.Variant.Value == "local"
	assoc := false
	r.substitutions(c)
	for _, a := range c.Args {
		if a.Name == nil { // -x, -A, or a word that makes up NAME=value
			if a.Value == nil {
				continue
			}
			w := r.single(a.Value).String()
			export = export || strings.HasPrefix(w, "-") && strings.Contains(w, "x") && c.Variant.Value != "export"
			assoc = assoc || strings.HasPrefix(w, "-") && strings.Contains(w, "A")
			if k, v, ok := strings.Cut(w, "="); ok && isName(k) {
				r.set(k, value{s: v})
			}
			continue
		}
		name := a.Name.Value
		if n := len(r.locals); n > 0 && (local || c.Variant.Value == "declare") {
			if _, kept := r.locals[n-1][name]; !kept {
				old, ok := r.vars[name]
				if !ok {
					old = value{s: unsetMark}
				}
				r.locals[n-1][name] = old
			}
		}
		if !a.Naked {
			r.assign(a, assoc)
		} else if local || assoc {
			r.set(name, value{arr: assoc, keys: emptyKeys(assoc)})
		}
		if export {
			r.exported[name] = true
		}
	}
}

func emptyKeys(assoc bool) []string {
	if assoc {
		return []string{}
	}
	return nil
}

// assign is NAME=value, NAME+=value, NAME[i]=value and NAME=(list).
func (r *run) assign(a *syntax.Assign, assoc bool) {
	if a.Name == nil {
		return
	}
	name := a.Name.Value
	old := r.vars[name]
	switch {
	case a.Array != nil:
		v := value{arr: true, keys: emptyKeys(assoc || old.keys != nil)}
		if a.Append {
			v.list, v.keys = append(v.list, old.list...), append(v.keys, old.keys...)
		}
		for _, e := range a.Array.Elems {
			if e.Index != nil {
				if w, ok := e.Index.(*syntax.Word); ok {
					v.keys = append(v.keys, r.single(w).String())
				}
				v.list = append(v.list, r.single(e.Value).String())
				continue
			}
			if e.Value != nil {
				for _, f := range r.words([]*syntax.Word{e.Value}) {
					v.list = append(v.list, f.String())
				}
			}
		}
		r.set(name, v)
	case a.Index != nil:
		r.assignElement(name, a, old)
	case a.Append && old.arr:
		r.unsettle(name, "is changed in a way that is not worked out")
	default:
		s := r.single(a.Value).String()
		if a.Append {
			s = old.s + s
		}
		r.set(name, value{s: s})
	}
}

func (r *run) assignElement(name string, a *syntax.Assign, old value) {
	val := r.single(a.Value).String()
	v := value{arr: true, list: append([]string(nil), old.list...), keys: append([]string(nil), old.keys...)}
	if w, ok := a.Index.(*syntax.Word); ok && old.keys != nil {
		key := r.single(w).String()
		for i, k := range v.keys {
			if k == key && i < len(v.list) {
				v.list[i] = val
				r.set(name, v)
				return
			}
		}
		v.keys, v.list = append(v.keys, key), append(v.list, val)
		r.set(name, v)
		return
	}
	i, ok := r.arith(a.Index, 0)
	if !ok || i < 0 || i > int64(len(v.list)) {
		r.unsettle(name, "is changed in a way that is not worked out")
		return
	}
	if v.keys = nil; int(i) == len(v.list) {
		v.list = append(v.list, val)
	} else {
		v.list[i] = val
	}
	r.set(name, v)
}
