package makefile

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// follow puts what another "make" does in the place of the command that calls it.
func (m *Makefile) follow(s step.Step) []step.Step {
	c, ok := callOf(&s)
	if !ok || m.depth >= maxNesting {
		return []step.Step{s}
	}
	steps, uses, ok := c.steps(m.files, m.depth+1)
	if !ok {
		return []step.Step{s}
	}
	for _, f := range uses {
		m.uses[f] = true
	}
	return steps
}

// Follow is what a step that calls make does, with the files that it reads; false when it is no such step, or the Makefile is
// not in the checkout.
func Follow(files step.Files, s step.Step) (steps []step.Step, uses []string, ok bool) {
	c, ok := callOf(&s)
	if !ok {
		return nil, nil, false
	}
	return c.steps(files, 1)
}

// call is make with its arguments.
type call struct {
	step  *step.Step
	dir   string // in the checkout
	file  string
	goals []string
	given map[string]span.Text
}

func callOf(s *step.Step) (c call, ok bool) {
	if len(s.Argv) == 0 || s.Remote || path.Base(s.Argv[0].String()) != "make" && path.Base(s.Argv[0].String()) != "gmake" {
		return c, false
	}
	c = call{step: s, given: map[string]span.Text{}}
	dir := strings.TrimPrefix(s.Dir, shell.Checkout)
	if s.Dir != "" && !strings.HasPrefix(s.Dir, shell.Checkout) {
		return c, false
	}
	for k := 1; k < len(s.Argv); k++ {
		a := s.Argv[k].String()
		next := func() string {
			if k++; k < len(s.Argv) {
				return s.Argv[k].String()
			}
			return ""
		}
		switch {
		case a == "-C" || a == "--directory":
			dir = path.Join(dir, next())
		case strings.HasPrefix(a, "--directory="), strings.HasPrefix(a, "-C"):
			dir = path.Join(dir, strings.TrimPrefix(strings.TrimPrefix(a, "--directory="), "-C"))
		case a == "-f" || a == "--file":
			c.file = next()
		case a == "-j" || a == "-l":
		case strings.HasPrefix(a, "-"):
		case strings.Contains(a, "="):
			name, _, _ := strings.Cut(a, "=")
			c.given[name] = s.Argv[k].Slice(len(name)+1, len(a))
		default:
			c.goals = append(c.goals, a)
		}
	}
	c.dir = strings.TrimPrefix(path.Clean("/"+dir), "/")
	return c, !span.IsUnknown(c.dir)
}

func (c call) steps(files step.Files, depth int) (out []step.Step, uses []string, ok bool) {
	names := []string{"GNUmakefile", "makefile", "Makefile"}
	if c.file != "" {
		names = []string{c.file}
	}
	for _, n := range names {
		f := path.Join(c.dir, n)
		if !files.Exists(f) {
			continue
		}
		src, err := files.Open(f)
		if err != nil {
			return nil, nil, false
		}
		m := read(files, src, depth)
		goals := c.goals
		if len(goals) == 0 {
			goals = []string{m.Default}
		}
		for _, g := range goals {
			for _, t := range m.Order(g) {
				out = append(out, m.Steps(t, c.given)...)
			}
		}
		for k := range out {
			if out[k].Cond == nil {
				out[k].Cond = c.step.Cond
			}
		}
		return out, append(m.Uses(), f), true
	}
	return nil, nil, false
}
