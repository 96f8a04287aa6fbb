package shell

import (
	"fmt"
	"maps"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// run is the state of reading. Branches and subshells work on copies of the parts that they may change.
type run struct {
	o         Options
	text      span.Text // what is being read now: the script, an included file, a quoted script
	name      string    // $0 and BASH_SOURCE
	dir       string    // directory of the script in the checkout
	cwd       string    // on the machine: absolute, Checkout/…, "" at the start, "?" when lost
	vars      vars
	exported  map[string]bool
	args      []span.Text
	argsKnown bool
	funcs     map[string]function
	locals    []map[string]value // of each function being run: what to put back
	written   map[string]span.Text
	stdin     *span.Text
	upstream  []span.Text
	cond      *step.Cond
	loop      bool
	early     *step.Cond // what follows is only reached if an earlier condition did not end the script
	missing   string     // a file that was to be sourced and is not in the checkout
	ctl       control
	failed    bool // the exit that ctl stands for reports an error
	depth     int
	quiet     int  // >0: only values are wanted, no steps
	remote    bool // behind ssh or docker exec: another file system than the script's own
	host      bool // behind ssh: another machine runs this
	res       *Result
	*budget
}

type budget struct {
	fuel      int
	broke     bool
	installed bool // TLJH's installer has certainly run on the script's own machine
}

type control uint8

const (
	goOn control = iota
	exits
	returns
	breaks
	continues
)

type value struct {
	s    string
	list []string
	keys []string // of an associative array, beside list
	arr  bool
}

type vars map[string]value

type function struct {
	body *syntax.Stmt
	text span.Text
	dir  string
}

// spend uses up n units of work; false when none is left, which is a fatal problem said once.
func (r *run) spend(n int) bool {
	r.fuel -= n
	if r.fuel >= 0 && len(r.res.Steps) < maxSteps {
		return true
	}
	if !r.broke {
		r.broke = true
		why := "the script does more than can be followed"
		r.problem(r.text.PosOf(0), why+"; split it", true)
		r.quiet = 0
		r.res.Steps = append(r.res.Steps, step.Step{Argv: []span.Text{
			span.Literal(OpaqueCommand, r.text.Slice(0, 0)), span.Plain(why)}, At: r.text.PosOf(0)})
	}
	return false
}

func (r *run) problem(at span.Span, msg string, fatal bool) {
	if len(r.res.Problems) < 100 {
		r.res.Problems = append(r.res.Problems, step.Problem{At: at, Msg: msg, Fatal: fatal})
	}
}

func (r *run) emit(s step.Step) {
	if r.quiet > 0 || r.broke || !r.spend(1) {
		return
	}
	if s.Cond == nil {
		s.Cond = r.cond
	}
	s.Loop = s.Loop || r.loop
	s.Dir = r.cwd
	s.Remote = s.Remote || r.remote
	s.OtherHost = s.OtherHost || r.host
	if s.IsWrite() {
		r.remember(&s)
	}
	r.done(&s)
	r.res.Steps = append(r.res.Steps, s)
}

// done notes that a step installs TLJH.
func (r *run) done(s *step.Step) {
	r.installed = r.installed || s.Cond == nil && !s.Loop && !s.Remote && !s.OtherHost && installs(s)
}

// remember keeps what a step writes, for scripts that are written and then run.
func (r *run) remember(s *step.Step) {
	key := r.place(s.Dest.String())
	old, known := r.written[key]
	switch {
	case known && s.Append && old.Len()+s.Content.Len() <= maxText:
		r.written[key] = span.Concat(old, s.Content)
	case !known || (s.Cond == nil && !s.Append):
		r.written[key] = s.Content
	}
}

func (r *run) set(name string, v value) {
	if len(v.s) > maxValue {
		v.s = span.Unknown("the value of $" + name + " is too long")
	}
	r.vars[name] = v
}

// get is the value of a variable, with the reason when it has none.
func (r *run) get(name string) (v value, ok bool, why string) {
	if v, ok := r.vars[name]; ok {
		return v, true, ""
	}
	switch {
	case r.missing != "":
		why = fmt.Sprintf("variable $%s may be set in %s, which is not in the repository", name, r.missing)
	default:
		why = fmt.Sprintf("variable $%s is not set in the script", name)
	}
	return value{}, false, why
}

// slice is the text between two parser positions, clamped: recovered and appended ends lie outside it.
func (r *run) slice(from, to syntax.Pos) span.Text {
	n := r.text.Len()
	i, j := min(int(from.Offset()), n), min(int(to.Offset()), n)
	return r.text.Slice(i, max(i, j))
}

func (r *run) node(n syntax.Node) span.Text { return r.slice(n.Pos(), n.End()) }

// sub runs f as a subshell does: nothing it sets outlives it.
func (r *run) sub(f func(*run)) *run {
	c := *r
	c.vars, c.exported, c.funcs = maps.Clone(r.vars), maps.Clone(r.exported), maps.Clone(r.funcs)
	c.depth++
	if !r.spend(1+len(r.vars)/8) || c.depth > maxDepth {
		r.tooDeep()
		return &c
	}
	f(&c)
	return &c
}

func (r *run) tooDeep() {
	if !r.broke {
		r.fuel = 0
		r.spend(1)
	}
}

// merge is what is known after one of several ways was taken: where they differ, nothing.
func merge(ways []vars, why string) vars {
	out := maps.Clone(ways[0])
	for _, w := range ways[1:] {
		for k, v := range w {
			if o, ok := out[k]; !ok || !same(o, v) {
				out[k] = value{s: span.Unknown(whichOf(k, o, v, ok && len(ways) == 2, why))}
			}
		}
		for k := range out {
			if _, ok := w[k]; !ok {
				out[k] = value{s: span.Unknown(whichOf(k, value{}, value{}, false, why))}
			}
		}
	}
	return out
}

// whichOf is why a variable is not known: which of two values it has depends on something.
func whichOf(name string, a, b value, known bool, why string) string {
	if c := span.Choice(a.s, b.s); known && c != "" && !a.arr && !b.arr {
		return fmt.Sprintf("$%s is %s, by %s", name, c, why)
	}
	return fmt.Sprintf("$%s depends on %s", name, why)
}

func same(a, b value) bool {
	return a.s == b.s && a.arr == b.arr && strings.Join(a.list, "\x00") == strings.Join(b.list, "\x00") &&
		strings.Join(a.keys, "\x00") == strings.Join(b.keys, "\x00")
}
