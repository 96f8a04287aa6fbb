// Package vagrant reads Vagrantfiles without running them: the machines that they define with memory and CPUs, and what their
// provisioners run, as steps. A Vagrantfile is Ruby; assignments of plain values, simple arithmetic and blocks are followed, and
// what else decides a value leaves it unknown.
// Source: developer.hashicorp.com/vagrant/docs.
package vagrant

import (
	"fmt"
	"path"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Value is a number or text of a machine, or why it is not known. At is zero where the file does not set it.
type Value struct {
	Text string
	Why  string
	At   span.Span
}

// Machine is one machine.
type Machine struct {
	Name   string // "default" where the file defines only one
	Memory Value  // in MiB
	CPUs   Value
	Type   Value // of a cloud's machine
	Steps  []step.Step
	At     span.Span
}

// File is one Vagrantfile.
type File struct {
	File     string
	Machines []Machine
	Uses     []string // scripts and files that it runs or copies
	Problems []step.Problem
	At       span.Span
}

// Bounds of one Vagrantfile.
const (
	maxLines    = 20000
	maxMachines = 50
	maxSteps    = 20000
	maxShares   = 50
	maxJoined   = 500 // lines of one statement
)

// Read reads a Vagrantfile. It never fails: what cannot be followed is a Problem, or unknown.
func Read(files step.Files, src *span.Source) File {
	r := &reader{files: files, dir: path.Dir(src.File), f: File{File: src.File, At: src.Span(0, 0)}, vars: map[string]value{}}
	r.shared = &machine{Machine: Machine{Name: "default", At: r.f.At}}
	r.scan(src.Whole())
	for _, m := range r.defined {
		if len(r.f.Machines) >= maxMachines {
			break
		}
		for _, p := range []struct{ to, from *Value }{{&m.Memory, &r.shared.Memory}, {&m.CPUs, &r.shared.CPUs}, {&m.Type, &r.shared.Type}} {
			if p.to.At.IsZero() {
				*p.to = *p.from
			}
		}
		m.provisions = append(slices.Clone(r.shared.provisions), m.provisions...)
		r.f.Machines = append(r.f.Machines, r.finish(m))
	}
	if len(r.defined) == 0 && r.configures {
		r.f.Machines = append(r.f.Machines, r.finish(r.shared))
	}
	return r.f
}

// finish runs the provisioners of a machine.
func (r *reader) finish(m *machine) Machine {
	written := map[string]span.Text{}
	for _, p := range m.provisions {
		r.provision(m, p, written)
		if len(m.Steps) > maxSteps {
			m.Steps = append(m.Steps[:maxSteps:maxSteps], opaque(p.at, "the Vagrantfile does more than can be followed"))
			r.problem(p.at.Span(), "the Vagrantfile does more than can be followed; split it")
			break
		}
	}
	return m.Machine
}

func (r *reader) problem(at span.Span, format string, args ...any) {
	if len(r.f.Problems) < 100 {
		r.f.Problems = append(r.f.Problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...)})
	}
}

func (r *reader) use(file string) {
	if !slices.Contains(r.f.Uses, file) {
		r.f.Uses = append(r.f.Uses, file)
	}
}
