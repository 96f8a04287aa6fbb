// Package shell reads a shell script without running it: the commands it would run and the files it would write, in
// order, with every word worked out as far as the repository tells. What cannot be told (an argument, the output of a
// program, a file that is not committed) stays in the words as an unknown token with its reason.
package shell

import (
	"path"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// OpaqueCommand is Argv[0] of a step that stands for text that could not be read and that may touch the hub. Argv[1]
// says why, in plain words.
const OpaqueCommand = "(unreadable)"

// Checkout is how the checkout's own directory on the machine is written in words, since nobody knows where it lies.
const Checkout = "(checkout)"

// Bounds of one Read, all that it includes together. A stranger writes the scripts.
const (
	maxText      = 1 << 20 // bytes of one script
	maxValue     = 1 << 18 // bytes of one value
	maxSteps     = 20000
	maxFuel      = 400000 // statements, words and variables looked at
	maxDepth     = 60     // nested scripts, functions and compound commands
	maxNesting   = 1500   // brackets, checked before parsing
	maxAsked     = 2000   // commands whose output is not known
	maxLoop      = 200    // iterations of an unrolled loop
	maxExactTabs = 2000   // lines of a <<- heredoc that keep exact positions
)

// Options is what is known besides the text.
type Options struct {
	Files step.Files           // the checkout; nil: no other file is read
	Dir   string               // directory of the script in the checkout
	Vars  map[string]span.Text // environment, template values
	Args  []span.Text          // $1 …; nil: not known
	Depth int                  // how deep this text is nested in others
	// Written are files that exist on the machine, by absolute path, so that running one of them is read in place.
	Written map[string]span.Text
	// Cwd is the working directory on the machine, "" when not known.
	Cwd string
	// Upstream and Stdin are what is piped into the script.
	Stdin *span.Text
	// Shares are parts of the checkout that the machine sees under paths of its own.
	Shares []Share
}

// Result is what a script does.
type Result struct {
	Steps    []step.Step
	Uses     []string // files of the checkout that were read in place, in the order met
	Problems []step.Problem
	Written  map[string]span.Text // files that exist on the machine in the end, by path
	// Asked are the commands inside $(…) whose output is not known, in the order met, some perhaps twice: they are no
	// steps, for most only ask something. The place of the unknown word that stands for the output holds the command's.
	Asked []step.Step
}

// usualPath is $PATH where nobody has changed it.
const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// Read reads text. It never fails: what cannot be read is a Problem, and an OpaqueCommand step where that matters.
func Read(text span.Text, o Options) Result {
	res := &Result{}
	r := &run{
		o: o, text: text, dir: o.Dir, cwd: o.Cwd, stdin: o.Stdin, args: o.Args, argsKnown: o.Args != nil,
		vars: vars{}, exported: map[string]bool{"PATH": true, "HOME": true}, funcs: map[string]function{},
		written: map[string]span.Text{}, res: res, budget: &budget{fuel: maxFuel}, depth: o.Depth,
	}
	if src := text.Source(); src != nil {
		r.name = path.Join(Checkout, src.File)
	}
	r.set("IFS", value{s: " \t\n"})
	r.set("HOME", value{s: "~"})
	r.set("SHELL", value{s: "/bin/bash"})
	r.set("PATH", value{s: usualPath})
	for k, v := range o.Vars {
		r.set(k, value{s: v.String()})
		r.exported[k] = true
	}
	r.setShares()
	for k, v := range o.Written {
		r.written[k] = v
	}
	r.script(text)
	res.Written = r.written
	return *res
}

// IsOpaque says whether s stands for text that could not be read, and why.
func IsOpaque(s *step.Step) (why string, ok bool) {
	if len(s.Argv) == 2 && s.Argv[0].String() == OpaqueCommand {
		return s.Argv[1].String(), true
	}
	return "", false
}
