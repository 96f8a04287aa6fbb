// Package makefile reads Makefiles as GNU make does, without running anything: variables, rules with their prerequisites, and
// recipes as the same steps that a script yields. Which target somebody makes, nobody can know; Run is what making one does.
// Source: the GNU make manual.
package makefile

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Bounds of one Makefile with all that it includes and calls.
const (
	maxTargets  = 2000
	maxLines    = 50000
	maxIncluded = 20
	maxNesting  = 4
	maxSteps    = 20000
	maxExpand   = 20000 // references to variables that are looked up
	maxValue    = 1 << 16
)

// Target is a rule.
type Target struct {
	Name   string
	Needs  []string
	Recipe []line
	At     span.Span
	vars   map[string]variable
	cond   *step.Cond
}

// line is a line of a recipe.
type line struct {
	text span.Text
	cond *step.Cond
}

// Makefile is one file with all that it includes.
type Makefile struct {
	File     string
	Targets  []*Target // in the order of the file
	Default  string    // what "make" alone makes; "" if there is nothing to make
	Problems []step.Problem

	files    step.Files
	dir      string
	byName   map[string]*Target
	vars     map[string]variable
	oneShell bool
	prefix   byte
	uses     map[string]bool
	fuel     int
	lines    int
	depth    int
}

// Read reads a Makefile. It never fails: what cannot be read is a Problem.
func Read(files step.Files, src *span.Source) *Makefile { return read(files, src, 0) }

func read(files step.Files, src *span.Source, depth int) *Makefile {
	m := &Makefile{File: src.File, files: files, dir: path.Dir(src.File), byName: map[string]*Target{}, vars: map[string]variable{},
		prefix: '\t', uses: map[string]bool{}, fuel: maxExpand, depth: depth}
	m.uses[src.File] = true
	m.parse(src.Whole(), 0)
	if v, ok := m.vars[".DEFAULT_GOAL"]; ok {
		m.Default = strings.TrimSpace(m.expand(v.text, nil).String())
	}
	if m.Default == "" && len(m.Targets) > 0 {
		m.Default = m.Targets[0].Name
	}
	return m
}

// Uses are the files that the Makefile includes, and that its recipes read so far, sorted.
func (m *Makefile) Uses() []string {
	out := make([]string, 0, len(m.uses))
	for f := range m.uses {
		if f != m.File {
			out = append(out, f)
		}
	}
	sort.Strings(out)
	return out
}

func (m *Makefile) problem(at span.Span, format string, args ...any) {
	if len(m.Problems) < 100 {
		m.Problems = append(m.Problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...)})
	}
}

// Goals are the targets that no other needs, and the one that "make" alone makes.
func (m *Makefile) Goals() []string {
	needed := map[string]bool{}
	for _, t := range m.Targets {
		for _, n := range t.Needs {
			needed[n] = needed[n] || n != t.Name
		}
	}
	var out []string
	for _, t := range m.Targets {
		if !needed[t.Name] || t.Name == m.Default {
			out = append(out, t.Name)
		}
	}
	return out
}

// Order is the targets that making a goal makes, prerequisites first.
func (m *Makefile) Order(goal string) []*Target {
	var out []*Target
	done := map[string]bool{}
	var visit func(name string, depth int)
	visit = func(name string, depth int) {
		t := m.byName[name]
		if t == nil || done[name] || depth > 200 {
			return
		}
		done[name] = true
		for _, n := range t.Needs {
			visit(n, depth+1)
		}
		out = append(out, t)
	}
	visit(goal, 0)
	return out
}

// Find is a target by name; nil without it.
func (m *Makefile) Find(name string) *Target { return m.byName[name] }

// Steps are what the recipe of a target does, its prerequisites not included.
func (m *Makefile) Steps(t *Target, given map[string]span.Text) []step.Step {
	var out []step.Step
	auto := map[string]span.Text{"@": span.Plain(t.Name), "<": {}, "^": span.Plain(strings.Join(t.Needs, " ")), "*": {}, "?": span.Plain(strings.Join(t.Needs, " "))}
	if len(t.Needs) > 0 {
		auto["<"] = span.Plain(t.Needs[0])
	}
	sc := &scope{target: t, auto: auto, given: given}
	written := map[string]span.Text{}
	cwd := path.Join(shell.Checkout, m.dir)
	for _, l := range m.joined(t.Recipe) {
		text := m.expand(l.text, sc)
		text = unprefixed(text)
		res := shell.Read(text, shell.Options{Files: m.files, Dir: m.shellDir(), Vars: m.exported(sc), Args: []span.Text{}, Written: written, Cwd: cwd, Depth: 1 + 2*m.depth})
		for k, v := range res.Written {
			written[k] = v
		}
		for _, f := range res.Uses {
			m.uses[f] = true
		}
		m.Problems = append(m.Problems, res.Problems[:min(len(res.Problems), max(0, 100-len(m.Problems)))]...)
		for _, s := range res.Steps {
			if c := either(l.cond, t.cond); s.Cond == nil {
				s.Cond = c
			}
			out = append(out, m.follow(s)...)
			if len(out) > maxSteps {
				m.problem(t.At, "the Makefile does more than can be followed; split it")
				return append(out[:maxSteps:maxSteps], opaque(l.text, "the Makefile does more than can be followed"))
			}
		}
	}
	return out
}

func (m *Makefile) shellDir() string {
	if m.dir == "." {
		return ""
	}
	return m.dir
}

func either(a, b *step.Cond) *step.Cond {
	if a != nil {
		return a
	}
	return b
}

// joined is a recipe's lines; one script where .ONESHELL says so.
func (m *Makefile) joined(lines []line) []line {
	if !m.oneShell || len(lines) < 2 {
		return lines
	}
	var parts []span.Text
	var cond *step.Cond
	for _, l := range lines {
		parts = append(parts, l.text, span.Plain("\n"))
		cond = either(cond, l.cond)
	}
	return []line{{span.Concat(parts...), cond}}
}

// unprefixed is a line of a recipe without @, - and +, which steer make alone.
func unprefixed(t span.Text) span.Text {
	s := t.String()
	return t.Slice(len(s)-len(strings.TrimLeft(s, " \t@-+")), len(s))
}

func opaque(at span.Text, why string) step.Step {
	at = at.Slice(0, min(1, at.Len()))
	return step.Step{Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: at.Span()}
}

// mentionsHub says whether text speaks of TLJH.
func mentionsHub(s string) bool {
	return slices.ContainsFunc([]string{"tljh", "the-littlest-jupyterhub"}, func(w string) bool { return strings.Contains(s, w) })
}
