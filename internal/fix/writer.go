package fix

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
	"github.com/tljh-policy/tljh-policy/internal/yaml12"
)

// writer proposes texts in which a change is made, the most natural first.
type writer struct {
	from      *checkout
	hub       *hub.Document
	change    change
	proposals []proposal
	refused   []string
}

// proposal is another text for a file.
type proposal struct{ file, text string }

func (w *writer) refuse(format string, args ...any) {
	w.refused = append(w.refused, fmt.Sprintf(format, args...))
}

// splice proposes new for the bytes [i, j) of a file.
func (w *writer) splice(file string, i, j int, replacement string) {
	text, ok := w.from.text(file)
	if !ok {
		w.refuse("%s is not edited, because it is reached through a link or cannot be read", file)
		return
	}
	if steered.MatchString(text) {
		w.refuse("%s is a template, and what its conditions leave out cannot be told", file)
		return
	}
	w.proposals = append(w.proposals, proposal{file, text[:i] + replacement + text[j:]})
}

// steered finds lines that steer how a template is filled in.
var steered = lazyregexp.New(`(?m)^[ \t]*(?:\{%|%\{)`)

// place is the bytes of a file that a span stands for.
func (w *writer) place(s span.Span) (src *span.Source, i, j int, ok bool) {
	if s.IsZero() || s.Start.Line == 0 {
		return nil, 0, 0, false
	}
	src, err := w.from.read.Files.Open(s.File)
	if err != nil {
		return nil, 0, 0, false
	}
	return src, src.Offset(s.Start), src.Offset(s.End), true
}

// propose goes through what made the configuration, the last first: where the setting is written it is changed there, and
// nowhere else; where it is not, it is added.
func (w *writer) propose() {
	ops := w.hub.Ops
	written := false
	for n := len(ops) - 1; n >= 0; n-- {
		o := &ops[n]
		switch o.Kind {
		case tljh.OpSet, tljh.OpAddItem:
			if o.Path.String() != w.change.dotted() {
				continue
			}
			if w.change.op == "add-item" {
				w.command(ops, n)
				continue
			}
			written = true
			if o.Maybe != "" {
				w.refuse("%s sets it, but may not run: %s", o.At, o.Maybe)
			} else {
				w.argument(o)
			}
		case tljh.OpConfigFile:
			root := config(o)
			if n := root.Get(w.change.key...); n != nil {
				if w.change.op == "set" {
					written = true
				}
				if o.Maybe == "" {
					w.inYAML(o, root)
				}
			}
		case tljh.OpOpaque:
			w.refuse("%s may change the configuration in ways that cannot be followed (%s)", o.At, o.Why)
		}
	}
	if !written {
		w.add(ops)
	}
}

// add proposes places for a setting that is not written: beside its section, after the last command, in config.yaml,
// after the installer.
func (w *writer) add(ops []tljh.Op) {
	section := w.change.key[0] + "."
	near := func(o *tljh.Op) bool { return strings.HasPrefix(o.Path.String(), section) }
	for n := len(ops) - 1; n >= 0; n-- {
		if o := &ops[n]; o.Kind == tljh.OpConfigFile && o.Maybe == "" && len(w.change.key) > 1 {
			if root := config(o); root.Get(w.change.key[0]) != nil {
				w.inYAML(o, root)
			}
		}
	}
	for _, wanted := range []bool{true, false} {
		for n, left := len(ops)-1, 4; n >= 0 && left > 0; n-- {
			o := &ops[n]
			switch o.Kind {
			case tljh.OpSet, tljh.OpAddItem:
				if near(o) == wanted && o.Maybe == "" {
					w.command(ops, n)
					left--
				}
			case tljh.OpConfigFile:
				if !wanted && o.Maybe == "" {
					w.inYAML(o, config(o))
					left--
				}
			}
		}
	}
	for n := len(ops) - 1; n >= 0; n-- {
		if o := &ops[n]; o.Kind == tljh.OpInstall && o.Maybe == "" {
			w.afterInstaller(o)
		}
	}
}

// config is the mapping that a written config.yaml holds; nil where it holds none.
func config(o *tljh.Op) *doc.Node {
	root, errs := yaml12.Parse(o.Content, yaml12.Options{})
	if len(errs) > 0 || root == nil || root.Kind != doc.Map && root.Kind != doc.Null {
		return nil
	}
	return root
}
