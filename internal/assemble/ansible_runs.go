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

// driver is a script, a job, a goal of a Makefile, or what Terraform runs for a machine, that runs playbooks.
type driver struct {
	books   []string // in order, behind the files that run them
	own     int      // how many of them are such files
	module  *module
	machine string
	alone   bool // it starts by itself
	// onRunner: what it does to the machine that it runs on itself is gone when it ends.
	onRunner bool
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
			l.driver(&driver{books: []string{s.Path}}, shell.Read(src.Whole(), shell.Options{Files: l.tree, Dir: dirOf(s.Path)}).Steps, runs, dirOf(s.Path))
		}
	}
	for _, f := range l.found.Carriers {
		switch f.Kind {
		case repo.WorkflowKind, repo.GitLabKind:
			if w := l.workflow(f); w != nil && !w.Called {
				for _, p := range w.Plays {
					l.driver(&driver{books: []string{f.Path}, alone: w.Alone, onRunner: true}, p.Steps, runs, ".")
				}
			}
		case repo.MakefileKind:
			if m := l.makefile(f); m != nil {
				for _, g := range m.Goals() {
					var steps []step.Step
					for _, t := range m.Order(g) {
						steps = append(steps, m.steps[t]...)
					}
					l.driver(&driver{books: []string{f.Path}}, steps, runs, dirOf(f.Path))
				}
			}
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
	d.own = len(d.books)
	for k := range steps {
		s := &steps[k]
		argv := playing(s.Argv)
		if len(argv) < 2 || s.Cond != nil || s.Loop {
			continue
		}
		if rest, ok := strings.CutPrefix(s.Dir, shell.Checkout); ok {
			dir = path.Clean(strings.TrimPrefix(rest, "/"))
		}
		books, run := l.invocation(argv[1:], dir)
		if run.Here && !s.Remote && d.onRunner {
			continue // the runner of the job is gone afterwards
		}
		for _, b := range books {
			runs[b] = append(runs[b], run)
			d.books = append(d.books, b)
		}
	}
	if len(d.books) > d.own {
		l.driven = append(l.driven, *d)
	}
}

// playing is the command ansible-playbook with its arguments, behind "poetry run" and the like too; nil for any other.
func playing(argv []span.Text) []span.Text {
	if len(argv) > 3 && argv[1].String() == "run" && slices.Contains([]string{"poetry", "pipenv", "uv", "pdm", "hatch", "rye"}, path.Base(argv[0].String())) {
		argv = argv[2:]
	}
	if len(argv) == 0 || path.Base(argv[0].String()) != "ansible-playbook" {
		return nil
	}
	return argv
}

// onlyLooks are the options with which nothing is done to any machine.
var onlyLooks = []string{"--syntax-check", "--check", "-C", "--list-hosts", "--list-tasks", "--list-tags", "--version", "--help", "-h"}

// takesValue are the options that are followed by a value.
const takesValue = " -e --extra-vars -i --inventory --inventory-file -l --limit -t --tags --skip-tags -u --user --private-key --key-file -c --connection -f --forks -M --module-path --vault-password-file --vault-id -T --timeout --ssh-common-args --ssh-extra-args --become-user --become-method --start-at-task --scp-extra-args --sftp-extra-args --vault-pass-file --become-password-file --connection-password-file " + ansible.GroupsOption + " "

// invocation reads the arguments of ansible-playbook.
func (l *loader) invocation(words []span.Text, dir string) (books []string, run ansible.Run) {
	local, remote := false, false
	for k := 0; k < len(words); k++ {
		a := words[k].String()
		if slices.Contains(onlyLooks, a) {
			return nil, run
		}
		if flag, _, ok := strings.Cut(a, " "); ok && strings.HasPrefix(flag, "-") && !strings.Contains(flag, "=") && strings.Contains(takesValue, " "+flag+" ") {
			words = slices.Concat(words[:k:k], []span.Text{words[k].Slice(0, len(flag)), words[k].Slice(len(flag)+1, len(a))}, words[k+1:]) // Packer takes both as one
			a = flag
		}
		flag, val, joined := strings.Cut(a, "=")
		v := words[k].Slice(len(a)-len(val), len(a))
		if !strings.HasPrefix(a, "-") {
			if f := l.inCheckout(a, dir); f != "" && (strings.HasSuffix(f, ".yml") || strings.HasSuffix(f, ".yaml")) {
				books = append(books, f)
			}
			continue
		}
		takes := strings.Contains(takesValue, " "+flag+" ")
		if takes && !joined && k+1 < len(words) {
			k++
			v = words[k]
		}
		switch flag {
		case "-e", "--extra-vars":
			if name, ok := strings.CutPrefix(v.String(), "@"); ok {
				file := l.inCheckout(name, dir)
				if file == "" {
					run.Unread = "the file of extra variables " + span.Show(name)
					continue
				}
				v = span.Literal("@"+file, v)
			} else if span.IsUnknown(v.String()) && !strings.Contains(v.String(), "=") && !strings.Contains(v.String(), "{") {
				run.Unread = "extra variables that are not known: " + span.Reason(v.String())
				continue
			}
			run.Extra = append(run.Extra, v)
		case "-i", "--inventory", "--inventory-file":
			if f := l.inCheckout(v.String(), dir); f != "" {
				run.Inventories = append(run.Inventories, f)
			}
			here := strings.HasPrefix(v.String(), "localhost,") || strings.HasPrefix(v.String(), "127.0.0.1,")
			local, remote = local || here, remote || !here
		case "-c", "--connection":
			local = local || v.String() == "local"
		case "-l", "--limit":
			run.Limit = v.String()
		case ansible.GroupsOption:
			run.Groups = append(run.Groups, strings.Split(v.String(), ",")...)
		}
	}
	run.Here = local && !remote
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

// together says whether a playbook is run with the one that sets a hub up, by one script, or for the hub's machine, or by a job that
// starts by itself for the hub's hosts.
func (l *loader) together(book string, hosts []string, g *group) bool {
	return slices.ContainsFunc(l.drivenBy(book), func(d *driver) bool {
		return slices.Contains(d.books, g.main().file) || d.machine != "" && d.module == g.module && d.machine == g.machine || d.alone && l.forHub(hosts, g)
	})
}

// forHub says whether a play for hosts is visibly for a hub.
func (l *loader) forHub(hosts []string, g *group) bool {
	own := g.hosts()
	if len(hosts) == 0 || len(own) == 0 {
		return false
	}
	return overlap(own, hosts)
}

// runsBefore says whether one playbook is run before another wherever the checkout runs both; known is false where it runs them together nowhere,
// or in another order elsewhere.
func (l *loader) runsBefore(a, b string) (yes, known bool) {
	for _, d := range l.drivenBy(a) {
		i, j := d.place(a), d.place(b)
		if i < 0 || j < 0 {
			continue
		}
		if known && yes != (i < j) {
			return false, false
		}
		yes, known = i < j, true
	}
	return yes, known
}

// drivenBy are what runs a playbook.
func (l *loader) drivenBy(book string) []*driver {
	if len(l.driven) != l.indexed {
		l.byBook, l.indexed = map[string][]*driver{}, len(l.driven)
		for i := range l.driven {
			d := &l.driven[i]
			for k, b := range d.books {
				if !slices.Contains(d.books[:k], b) {
					l.byBook[b] = append(l.byBook[b], d)
				}
			}
		}
	}
	return l.byBook[book]
}

// place is where a playbook stands among those that d runs; -1 if it does not run it, or more than once.
func (d *driver) place(book string) int {
	books := d.books[d.own:]
	i := slices.Index(books, book)
	if i >= 0 && slices.Contains(books[i+1:], book) {
		return -1
	}
	return i
}
