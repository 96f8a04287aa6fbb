// Package host works out what the carriers of a hub do to its machine: the operations on TLJH's configuration, and the
// facts that only commands inside the machine tell (patching, SSH, host firewall, mounts, backups…).
// Sources: reference/tljh.md §3, §13, §14; reference/providers.md §5.
package host

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// Machine is what the commands make of a machine.
type Machine struct {
	// Ops are the operations on TLJH, in order. An OpInstall also has Name: where the installer comes from
	// ("tljh.jupyter.org", "(repository)", an address, "tljh.installer"), Value: the pip specification that replaces the
	// released TLJH (TLJH_BOOTSTRAP_PIP_SPEC), and Why "every boot" when the carrier runs at every boot.
	Ops []tljh.Op
	// Guest has the keys ssh, patching, monitoring, host_firewall, metadata, mounts and proxy, each only when some
	// command says something about it.
	Guest       *doc.Node
	Environment *doc.Node   // environment.sources
	Backups     []*doc.Node // entries of infra.backups with kind "script"
	Problems    []step.Problem
	Installs    int
	Uses        []string // files of the checkout that commands copy or install from
}

type interp struct {
	files    step.Files
	m        *Machine
	fs       map[string]span.Text // files of the machine, by path
	urls     map[string]string    // files that were downloaded, by path
	edited   map[string]span.Text // files of the checkout that sed changed before they were put in place
	carrier  *step.Carrier
	dir      string // of the carrier's file in the checkout
	depth    int
	budget   int
	pipSpec  span.Text
	guest    guest
	units    map[string]span.Text // systemd timers and services, by name
	timers   []span.Text
	switched map[string]*doc.Node // units of systemd that are enabled or disabled, by name
	crons    []cronFile
	clones   map[string]string // repositories of others, by the directory they are put in
	remote   []bool            // of each operation: is it done to another machine than the one that runs the carrier
	starts   []int             // the number of operations before each carrier
	noProxy  span.Span         // where TLJH's proxy is switched off
	reloads  []int             // the number of operations before each reload of TLJH's proxy
	stale    []int             // operations on HTTPS that no such reload of their carrier follows
	lasting  map[string]bool   // directories that /etc/fstab mounts
	unsureIn []string          // why installs into the environment may miss it
	terminal bool              // the carrier is a script for the hub's terminal
	here     bool              // the carrier installs TLJH on the machine that it runs on
	installs []*step.Cond      // of each step that installs TLJH
}

// Interpret replays carriers in order. It never fails; what it cannot follow is a Problem or an OpOpaque. The condition
// under which TLJH is installed, if there is one, holds: otherwise there is no hub to speak of.
func Interpret(carriers []step.Carrier, files step.Files) *Machine {
	i := replay(carriers, files)
	if cond := i.condition(); cond != nil {
		i = replay(given(carriers, cond), files)
	}
	return i.m
}

func replay(carriers []step.Carrier, files step.Files) *interp {
	i := &interp{
		files: files, m: &Machine{Environment: doc.NewList(doc.Set, span.Span{})},
		fs: map[string]span.Text{}, urls: map[string]string{}, edited: map[string]span.Text{}, units: map[string]span.Text{}, switched: map[string]*doc.Node{}, lasting: map[string]bool{}, clones: map[string]string{}, budget: 50000,
	}
	for n := range carriers {
		c := &carriers[n]
		i.carrier, i.dir = c, dirOf(c.File)
		machine, timers, crons := i.guest, i.timers, i.crons
		i.terminal, i.here = forTerminal(c), false
		if c.Container {
			i.guest = guest{}
		}
		first := len(i.m.Ops)
		i.starts = append(i.starts, first)
		for k := range c.Steps {
			i.step(&c.Steps[k])
		}
		i.place(first)
		if c.Container {
			i.guest, i.timers, i.crons = machine, timers, crons
		}
	}
	i.backups()
	i.staleProxy()
	i.m.Guest = i.guest.node()
	if len(i.unsureIn) > 0 && len(i.m.Environment.Items) == 0 {
		i.m.Environment = doc.UnknownOf(i.unsureIn[0], i.m.Environment.At)
	}
	return i
}

// forTerminal says whether a carrier is a script for the hub's terminal, as far as it shows: it changes TLJH's settings, it is no
// machine's start-up, and (see install) it does not install TLJH.
func forTerminal(c *step.Carrier) bool {
	return c.Format == "shell" && c.Machine == "" && !c.Container && slices.ContainsFunc(c.Steps, func(s step.Step) bool {
		return len(s.Argv) > 0 && s.Argv[0].String() == "tljh-config" && !s.Remote
	})
}

func dirOf(file string) string {
	if d := path.Dir(file); d != "." {
		return d
	}
	return ""
}

func (i *interp) problem(at span.Span, msg string) {
	if len(i.m.Problems) < 200 {
		i.m.Problems = append(i.m.Problems, step.Problem{At: at, Msg: msg})
	}
}

func (i *interp) step(s *step.Step) {
	if i.budget--; i.budget < 0 {
		if i.budget == -1 {
			i.m.Problems = append(i.m.Problems, step.Problem{At: s.At, Fatal: true,
				Msg: "the scripts do more than can be followed; split them"})
			i.op(s, tljh.Op{Kind: tljh.OpOpaque, Why: "the scripts do more than can be followed"})
		}
		return
	}
	s = i.away(s)
	if why, ok := shell.IsOpaque(s); ok {
		i.op(s, tljh.Op{Kind: tljh.OpOpaque, Why: why})
		return
	}
	if s.IsWrite() {
		i.write(s)
		return
	}
	if len(s.Argv) > 0 {
		i.command(s)
	}
}

// away makes what a carrier does to another machine, which installs TLJH on its own, uncertain: it says nothing of this one.
func (i *interp) away(s *step.Step) *step.Step {
	if !i.here || !s.OtherHost || s.Cond != nil {
		return s
	}
	c := *s
	c.Cond = &step.Cond{Why: "it is done to another machine than the one that TLJH is installed on, as far as that shows", At: s.At}
	return &c
}

// op appends an operation of s, with its place and whether it may not happen.
func (i *interp) op(s *step.Step, o tljh.Op) {
	if o.At.IsZero() {
		o.At = s.At
	}
	if o.Maybe == "" {
		o.Maybe = maybe(s)
	}
	if o.Kind == tljh.OpInstall {
		i.installs = append(i.installs, s.Cond)
	}
	i.m.Ops = append(i.m.Ops, o)
	i.remote = append(i.remote, s.Remote || s.OtherHost)
}

func maybe(s *step.Step) string {
	switch {
	case s.Cond != nil:
		return s.Cond.Why
	case s.Loop:
		return "it is inside a loop whose turns are not known"
	}
	return ""
}

func (i *interp) opaque(s *step.Step, why string) {
	i.op(s, tljh.Op{Kind: tljh.OpOpaque, Why: why})
}

// where is the place of a path on the machine.
func where(s *step.Step, p string) string {
	if strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~") || strings.HasPrefix(p, shell.Checkout) || span.IsUnknown(p) {
		return path.Clean(p)
	}
	return path.Join(s.Dir, p)
}

// open is the content of a file that a command names: of the machine as written before, or of the checkout.
func (i *interp) open(s *step.Step, p string) (t span.Text, repo string, ok bool) {
	if t, ok := i.fs[where(s, p)]; ok {
		return t, "", true
	}
	for _, f := range i.repoPaths(s, p) {
		if i.files == nil || !i.files.Exists(f) {
			continue
		}
		src, err := i.files.Open(f)
		if err != nil {
			i.problem(s.At, "the file "+f+" cannot be read: "+err.Error())
			return span.Text{}, "", false
		}
		i.use(f)
		if t, ok := i.edited[f]; ok {
			return t, f, true
		}
		return src.Whole(), f, true
	}
	return span.Text{}, "", false
}

func (i *interp) use(f string) {
	for _, u := range i.m.Uses {
		if u == f {
			return
		}
	}
	i.m.Uses = append(i.m.Uses, f)
}

// repoPaths are the paths in the checkout that p may mean: beside the script that is running, then from the root.
func (i *interp) repoPaths(s *step.Step, p string) []string {
	var out []string
	add := func(q string) {
		if q = path.Clean(q); q != "." && q != ".." && !strings.HasPrefix(q, "../") && !strings.HasPrefix(q, "/") {
			out = append(out, q)
		}
	}
	beside := dirOf(s.At.File)
	switch {
	case span.IsUnknown(p):
	case strings.HasPrefix(p, shell.Checkout):
		q := strings.TrimPrefix(strings.TrimPrefix(p, shell.Checkout), "/")
		add(q)
		add(path.Join(beside, q))
	case strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~"):
	case strings.HasPrefix(s.Dir, shell.Checkout):
		add(path.Join(strings.TrimPrefix(strings.TrimPrefix(s.Dir, shell.Checkout), "/"), p))
	case s.Dir == "":
		add(path.Join(beside, p))
		add(path.Join(i.dir, p))
		add(p)
	}
	return out
}

// strs are words as strings.
func strs(words []span.Text) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.String()
	}
	return out
}

// base is the last element of a program's path.
func base(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// env is the value of an environment variable of the command.
func env(s *step.Step, name string) (span.Text, bool) {
	for k := len(s.Env) - 1; k >= 0; k-- {
		if s.Env[k].Name == name {
			return s.Env[k].Value, true
		}
	}
	return span.Text{}, false
}
