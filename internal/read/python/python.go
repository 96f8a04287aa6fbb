// Package python works out what Python files that configure a hub do, without running them: a static evaluator of
// assignments, literals, text and arithmetic, loops over what is known, functions of the file, and of traitlets'
// configuration object c with its lazy values. What depends on something that the repository does not tell becomes
// unknown, or Either with both values named; code that is not understood makes unknown what it may reach, never less
// (reference/tljh.md §12; TRT: traitlets/config/loader.py).
package python

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Options say what surrounds a file.
type Options struct {
	// Path is where the file lies on the machine, for __file__; "" if that is not known.
	Path string
	// Base is the value that a trait has before this file; nil: the file gets a configuration of its own, as traitlets
	// gives to each file, and finds nothing in it. The value nil with true means that nothing set the trait.
	Base func(class, trait string) (v *Value, known bool)
	// Load is the text of another file of configuration on the machine. A file that is not there is no error.
	Load func(path string) (text span.Text, known bool)
	// Glob lists files of configuration on the machine.
	Glob func(pattern string) (paths []string, known bool)
	// Calls is told of each call that the file makes, in order, before it is looked at here. With it the file is read as a
	// program: it is the main module, and functions and methods that nothing in it calls are read as well.
	Calls func(*Call)
	// Fragment says that other text of the same file, which is not known, may stand before this one.
	Fragment bool
	// Requires says that whatever the file imports is installed with it, as pip does for a package.
	Requires bool
	// Outside has a program followed through code that is not in the repository; nil: what that gives is unknown.
	Outside *Outside
	// Has says whether a package that TLJH does not bring is installed where the hub finds it; system, whether to count those of
	// the system's Python, which the file has looked at. nil: none is.
	Has func(module string, system bool) bool
	// Import is the text of a module of the repository, by its dotted name from the importing file (leading dots included).
	Import func(module string) (span.Text, bool)
}

// Call is a call that a program makes.
type Call struct {
	Name  string // "os.system"; with a leading dot a method of something else, as in ".add_commands"
	On    *Value // what the method is called on; nil for functions
	Base  string // the same, as written
	Args  []*Value
	Named map[string]*Value
	At    span.Span
	Maybe string // why it may not be made; "" if it is
	Head  span.Span
	// With Options.Outside:
	Gives *Value // what it gives, or makes
	Loose bool   // there may be other arguments

	n int
}

// Issue is something at a place: a statement that raises an exception, say.
type Issue struct {
	Why string
	At  span.Span
}

// Class is a class that the file defines.
type Class struct {
	Name  string
	Bases []string // dotted names where they can be told
	Plain bool     // its body adds nothing
	Own   string   // a method of its own that decides who somebody is, and that does not ask the base's; "" if it has none
	At    span.Span
}

// Result is what a file makes of the configuration.
type Result struct {
	Sections []*Section // what it sets, in order
	Open     *Issue     // it may change everything
	Applied  bool       // it calls TLJH's own apply_config
	Classes  []Class
	Later    []Later // what code that runs later (hooks) may set
	Raises   *Issue  // it certainly raises an exception, and nothing after that happens
	May      []Issue // it raises one if the machine is not as it expects
	Problems []step.Problem
	Uses     []span.Text // files it loads that are not known
	Missed   []Issue     // code of a program that was not followed (Options.Outside)
	// SystemPath says that it has modules looked for in the system's Python, too.
	SystemPath bool
}

// Later is an option that a hook may set on each server as it starts.
type Later struct {
	Trait string
	At    span.Span
}

// bounds of the evaluation of one file.
const (
	maxSteps  = 200_000
	maxDepth  = 60
	maxCopies = 300_000
	maxText   = 1 << 18
	maxTurns  = 2_000
)

// Read works out what a file does. It never fails: text that is no Python makes everything unknown.
func Read(text span.Text, opts Options) *Result {
	e := newEvaluator(text, opts)
	e.file(syntax.Parse(text.String()))
	return e.finish()
}

// Invoke works out what a function of the file does when it is called with args, by the names of its parameters; a parameter c
// is the configuration, live: what Base tells is there. ok is false if there is no such function. What the file does when it
// is loaded is nothing to the configuration that the function is given.
func Invoke(text span.Text, function string, opts Options, args map[string]*Value) (res *Result, returned *Value, ok bool) {
	calls := opts.Calls
	opts.Calls = nil // what it calls when it is loaded is not asked for
	e := newEvaluator(text, opts)
	e.file(syntax.Parse(text.String()))
	e.opts.Calls = calls
	f := e.st.globals.vars[function]
	if f == nil || f.Kind != Function {
		return e.finish(), nil, false
	}
	open := e.st.conf.open
	e.st.conf = newConfig()
	if len(e.res.Problems) > 0 {
		e.st.conf.open = open
	}
	var list []*Value
	for _, p := range f.fn.params.Plain {
		switch v := args[p.Name]; {
		case v != nil:
			list = append(list, v)
		case p.Name == "c":
			list = append(list, e.config(f.At))
		default:
			list = append(list, unknownAt("it is given by TLJH", f.At))
		}
	}
	from := len(e.exits)
	returned = e.apply(f, list, nil, f.At)
	e.end(raises, from)
	return e.finish(), returned, true
}

func newEvaluator(text span.Text, opts Options) *evaluator {
	e := &evaluator{text: text, src: text.String(), opts: opts, res: &Result{}, steps: maxSteps, copies: maxCopies, called: map[string]bool{}}
	e.st = newState()
	e.st.live = opts.Base != nil
	set := func(name string, v *Value) { e.st.globals.vars[name] = v }
	if opts.Outside == nil {
		set("c", e.config(span.Span{}))
	}
	if opts.Path != "" {
		set("__file__", textOf(span.Plain(opts.Path)))
	} else {
		set("__file__", e.unknownText("where this file lies is not known", text.Slice(0, 0)))
	}
	set("__name__", textOf(span.Plain("builtins"))) // traitlets runs the file without a module of its own
	if opts.Calls != nil {
		set("__name__", textOf(span.Plain("__main__")))
	}
	if opts.Outside != nil {
		e.instances, e.made, e.packages = map[string]*Value{}, new(int), map[string]string{}
	}
	return e
}

// file evaluates a parsed file.
func (e *evaluator) file(m *syntax.Module) {
	e.tokens = m.Tokens
	whole := !span.IsUnknown(e.src) // nothing in it is filled in from elsewhere
	for _, err := range m.Errors {
		at := e.text.SpanOf(err.At, err.At)
		e.problem(at, err.Msg)
	}
	if len(m.Errors) > 0 && whole {
		at := e.text.SpanOf(m.Errors[0].At, m.Errors[0].At)
		e.open("the file could not be read as Python: "+m.Errors[0].Msg, at)
		if e.opts.Calls == nil && !templated(e.src) {
			e.res.Raises = &Issue{"Python refuses the file: " + m.Errors[0].Msg, at}
		} else {
			e.may(at, "Python may refuse the file: "+m.Errors[0].Msg)
		}
	}
	e.run(m.Body)
	if e.opts.Outside != nil {
		e.uncalledOutside()
	} else if e.opts.Calls != nil {
		e.uncalled()
	}
	if len(m.Errors) > 0 && whole {
		at := e.text.SpanOf(m.Errors[0].At, m.Errors[0].At)
		e.open("the file could not be read as Python: "+m.Errors[0].Msg, at)
	}
}

func (e *evaluator) problem(at span.Span, msg string) {
	e.res.Problems = append(e.res.Problems, step.Problem{At: at, Msg: "this is no Python: " + msg})
}

// templated says whether text may be filled in before it is Python.
func templated(src string) bool {
	for _, mark := range []string{"{{", "{%", "<%", "${", "$(", "@@", "<<"} {
		if strings.Contains(src, mark) {
			return true
		}
	}
	return false
}

// run performs the statements of a module.
func (e *evaluator) run(body []syntax.Stmt) {
	from := len(e.exits)
	e.end(e.block(body), from)
}

// end notes the exceptions that end a file: on every way, or on some.
func (e *evaluator) end(f flow, from int) {
	if f == raises && e.raised != nil {
		if len(e.exits) == from {
			if e.res.Raises == nil {
				e.res.Raises = e.raised
			}
		} else {
			e.may(e.raised.At, e.raised.Why)
		}
		e.raised = nil
	}
	for _, x := range e.exits[from:] {
		if x.flow == raises && x.raised != nil {
			e.may(x.raised.At, x.raised.Why)
		}
	}
	e.exits = e.exits[:from]
}

func (e *evaluator) finish() *Result {
	e.res.Sections = e.st.conf.list()
	e.res.Open = e.st.conf.open
	e.res.Applied = e.st.conf.applied
	return e.res
}

func (e *evaluator) may(at span.Span, why string) {
	if e.quiet > 0 || len(e.res.May) > 200 {
		return
	}
	for _, m := range e.res.May {
		if m.At == at && m.Why == why {
			return
		}
	}
	e.res.May = append(e.res.May, Issue{why, at})
}

func (e *evaluator) at(n syntax.Node) span.Span { return e.text.SpanOf(n.Range()) }

func (e *evaluator) slice(n syntax.Node) span.Text { return e.text.Slice(n.Range()) }

func (e *evaluator) unknown(n syntax.Node, format string, args ...any) *Value {
	return &Value{Kind: Unknown, Why: fmt.Sprintf(format, args...), At: e.at(n)}
}

// unknownText is a value that is text, if it is anything.
func (e *evaluator) unknownText(why string, at span.Text) *Value {
	return textOf(span.Literal(span.Unknown(why), at))
}
