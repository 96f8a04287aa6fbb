package assemble

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// driver is a script, or what Terraform runs for a machine, that runs playbooks.
type driver struct {
	books   []string
	module  *module
	machine string
}

// drivers finds the commands that run playbooks: of Terraform's carriers, and of scripts.
func (l *loader) drivers(scripts []repo.Script) map[string][]ansible.Run {
	runs := map[string][]ansible.Run{}
	for _, m := range l.modules {
		for _, machine := range sortedMachines(m) {
			l.driver(&driver{module: m, machine: machine}, stepsOf(m.idle[machine]), runs, m.dir)
		}
	}
	for _, u := range l.units {
		if u.module != nil {
			l.driver(&driver{module: u.module, machine: u.machine}, stepsOf(u.carriers), runs, u.module.dir)
		}
	}
	for _, p := range l.prepared {
		for _, u := range l.asides {
			if u.book == p.file {
				l.driver(&driver{books: []string{p.file}}, u.carrier.Steps, runs, dirOf(p.file))
			}
		}
		if p.unit != nil {
			l.driver(&driver{books: []string{p.file}}, stepsOf(p.unit.carriers), runs, dirOf(p.file))
		}
	}
	for _, s := range scripts {
		if !s.Plays || s.Template {
			continue
		}
		if src, err := l.tree.Open(s.Path); err == nil {
			l.driver(&driver{}, shell.Read(src.Whole(), shell.Options{Files: l.tree, Dir: dirOf(s.Path)}).Steps, runs, dirOf(s.Path))
		}
	}
	return runs
}

func sortedMachines(m *module) []string {
	var out []string
	for k := range m.idle {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func stepsOf(carriers []step.Carrier) []step.Step {
	var out []step.Step
	for _, c := range carriers {
		out = append(out, c.Steps...)
	}
	return out
}

// driver notes the playbooks that steps run; those that may not be run are left out.
func (l *loader) driver(d *driver, steps []step.Step, runs map[string][]ansible.Run, dir string) {
	for k := range steps {
		s := &steps[k]
		if len(s.Argv) < 2 || path.Base(s.Argv[0].String()) != "ansible-playbook" || s.Cond != nil || s.Loop {
			continue
		}
		if rest, ok := strings.CutPrefix(s.Dir, shell.Checkout); ok {
			dir = path.Clean(strings.TrimPrefix(rest, "/"))
		}
		books, run := l.invocation(s.Argv[1:], dir)
		for _, b := range books {
			runs[b] = append(runs[b], run)
			d.books = append(d.books, b)
		}
	}
	if len(d.books) > 0 {
		l.driven = append(l.driven, *d)
	}
}

// invocation reads the arguments of ansible-playbook.
func (l *loader) invocation(words []span.Text, dir string) (books []string, run ansible.Run) {
	for k := 0; k < len(words); k++ {
		a := words[k].String()
		flag, val, joined := strings.Cut(a, "=")
		v := words[k].Slice(len(a)-len(val), len(a))
		if !strings.HasPrefix(a, "-") {
			if f := l.inCheckout(a, dir); f != "" && (strings.HasSuffix(f, ".yml") || strings.HasSuffix(f, ".yaml")) {
				books = append(books, f)
			}
			continue
		}
		takes := strings.Contains(" -e --extra-vars -i --inventory --inventory-file -l --limit -t --tags --skip-tags -u --user --private-key --key-file -c --connection -f --forks -M --module-path --vault-password-file --vault-id -T --timeout --ssh-common-args --ssh-extra-args --become-user --become-method ", " "+flag+" ")
		if takes && !joined && k+1 < len(words) {
			k++
			v = words[k]
		}
		switch flag {
		case "-e", "--extra-vars":
			if file, ok := strings.CutPrefix(v.String(), "@"); ok {
				if file = l.inCheckout(file, dir); file == "" {
					continue
				}
				v = span.Literal("@"+file, v)
			}
			run.Extra = append(run.Extra, v)
		case "-i", "--inventory", "--inventory-file":
			if f := l.inCheckout(v.String(), dir); f != "" {
				run.Inventories = append(run.Inventories, f)
			}
		}
	}
	return books, run
}

// inCheckout is the file of the checkout that a command in dir names, "" if there is none.
func (l *loader) inCheckout(name, dir string) string {
	if rest, ok := strings.CutPrefix(name, shell.Checkout); ok {
		name, dir = strings.TrimPrefix(rest, "/"), "."
	}
	if span.IsUnknown(name) || path.IsAbs(name) {
		return ""
	}
	for _, f := range []string{path.Join(dir, name), path.Clean(name)} {
		if !strings.HasPrefix(f, "..") && l.tree.Exists(f) {
			return f
		}
	}
	return ""
}

// tie gives playbooks the machine that Terraform runs them for: first those that install TLJH, and one a machine.
func (l *loader) tie() {
	for _, installs := range []bool{true, false} {
		for _, u := range l.units {
			if !u.separate || u.install != installs || u.machine != "" {
				continue
			}
			for _, d := range l.driven {
				taken := slices.ContainsFunc(l.units, func(o *unit) bool { return o.module == d.module && o.machine == d.machine })
				if d.machine != "" && !taken && slices.Contains(d.books, u.file) {
					u.module, u.machine = d.module, d.machine
				}
			}
		}
	}
}

// together says whether a playbook is run with the one that sets a hub up, by one script, or for the hub's machine.
func (l *loader) together(book string, g *group) bool {
	return slices.ContainsFunc(l.driven, func(d driver) bool {
		return slices.Contains(d.books, book) && (slices.Contains(d.books, g.main().file) || d.machine != "" && d.module == g.module && d.machine == g.machine)
	})
}
