package puppet

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Options is what is known besides the manifests.
type Options struct {
	Modules []string             // directories of modules, in the checkout, in the order in which Puppet looks
	Facts   map[string]span.Text // given by whoever runs Puppet
	Written map[string]span.Text // files that are on the machine already
	Shares  []shell.Share        // parts of the checkout that the machine sees under paths of its own
	// Class is a class to include. Open: nothing here includes it, and somebody else may give its parameters.
	Class string
	Open  bool
}

// Result is what manifests do to a machine.
type Result struct {
	Steps    []step.Step
	Uses     []string // files of the checkout that were read
	Gaps     []Gap
	Problems []step.Problem
	Written  map[string]span.Text // files that exist on the machine in the end, by path
	Broken   bool                 // a manifest cannot be read
}

// Gap is a class or a type of resources that is not in the repository.
type Gap struct {
	Name string
	At   span.Span
}

// Read is what applying manifests does, together as one. It never fails: what cannot be followed is a problem, or an opaque step.
func Read(files step.Files, manifests []*span.Source, o Options) Result {
	r := &run{searched: -1, files: files, o: o, fuel: maxFuel, res: &Result{}, classes: map[string]*definition{}, done: map[string]*made{}, parsed: map[string]bool{}, bad: map[string]bool{},
		written: map[string]span.Text{}, byRef: map[string][]*resource{}, before: map[string][]edge{}}
	for k, v := range o.Written {
		r.written[k] = v
	}
	r.top = &scope{vars: map[string]value{}}
	r.facts()
	var bodies [][]*node
	for _, src := range manifests {
		r.dirs = append(r.dirs, path.Dir(src.File))
		if ns := r.load(src); ns != nil {
			bodies = append(bodies, ns)
		}
	}
	if len(r.dirs) > 0 {
		r.readHiera()
	}
	for _, ns := range bodies {
		r.statements(ns, r.top)
	}
	if o.Class != "" && len(manifests) > 0 {
		r.include(o.Class, manifests[0].Slice(0, min(1, len(manifests[0].Text))), nil, o.Open)
	}
	r.machines()
	r.late()
	r.apply()
	r.res.Written = r.written
	return *r.res
}

// Manifests are the manifest f of the checkout, or those in the directory f, in Puppet's order.
func Manifests(files step.Files, f string) []*span.Source {
	names := []string{f}
	if !files.Exists(f) {
		names = nil
		for _, n := range files.List(f) {
			if strings.HasSuffix(n, ".pp") && len(names) < 200 {
				names = append(names, path.Join(f, n))
			}
		}
	}
	var out []*span.Source
	for _, n := range names {
		if src, err := files.Open(n); err == nil {
			out = append(out, src)
		}
	}
	return out
}

// run is the state of one reading.
type run struct {
	files      step.Files
	o          Options
	res        *Result
	fuel       int
	broke      bool
	dirs       []string // of the manifests
	search     []string // where modules may lie, for as many of dirs
	searched   int
	top        *scope
	classes    map[string]*definition // classes, types and functions by name
	done       map[string]*made       // classes that are included
	parsed     map[string]bool        // files
	bad        map[string]bool        // files that cannot be read
	hosts      []host
	hiera      *data
	moduleData map[string]*data
	cond       *step.Cond // of what is declared now
	loop       bool
	depth      int
	calls      int

	catalog []*resource
	byRef   map[string][]*resource
	before  map[string][]edge // by what comes after
	waiting []func()          // what counts when all is declared
	failed  *step.Cond
	written map[string]span.Text
	sure    bool // TLJH is installed by a step that has run
}

// definition is a class, a type of resources, or a function.
type definition struct{ *node }

// made is a class that is included.
type made struct {
	scope *scope
	cond  *step.Cond
	whole bool // its body is done
}

// host is what is declared for one machine, or for all that no other is for.
type host struct{ *node }

// scope is where variables are.
type scope struct {
	vars     map[string]value
	up       *scope
	refs     []string // the class or resource that it is of, and what those stand in
	defaults map[string]map[string]value
	module   string
	caller   *scope // of a defined type: where it is used, whose defaults hold for it
}

func (r *run) problem(at span.Span, format string, args ...any) {
	if len(r.res.Problems) < maxProblems {
		r.res.Problems = append(r.res.Problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...)})
	}
}

func (r *run) use(file string) {
	if !slices.Contains(r.res.Uses, file) {
		r.res.Uses = append(r.res.Uses, file)
	}
}

// spend takes from what may be done; false if nothing is left.
func (r *run) spend(n int) bool {
	if r.fuel -= n; r.fuel < 0 {
		r.broke = true
	}
	return !r.broke
}

// load parses a manifest and notes what it defines; nil if it cannot be read, or was read before.
func (r *run) load(src *span.Source) []*node {
	if r.parsed[src.File] {
		return nil
	}
	r.parsed[src.File] = true
	r.use(src.File)
	ns, err := parse(src, 0, len(src.Text))
	if err != nil {
		at, msg := 0, err.Error()
		if f, ok := err.(*fault); ok {
			at = f.at
		}
		r.problem(src.Whole().PosOf(at), "Puppet cannot read this manifest: %s; what it may do is not known", msg)
		r.res.Broken, r.bad[src.File] = true, true
		r.declareOpaque(src.Slice(0, min(1, len(src.Text))), src.File+" cannot be read")
		return nil
	}
	r.define(ns, "")
	if ns == nil {
		ns = []*node{}
	}
	return ns
}

// define notes classes, types, functions and machines, also those within a class.
func (r *run) define(ns []*node, within string) {
	for _, n := range ns {
		switch n.op {
		case "class", "define", "function":
			name := n.word
			if within != "" && !strings.Contains(name, "::") {
				name = within + "::" + name
			}
			if _, had := r.classes[name]; !had && len(r.classes) < 5000 {
				r.classes[name] = &definition{n}
			}
			if n.op == "class" {
				r.define(n.body, name)
			}
		case "node":
			if len(r.hosts) < 200 {
				r.hosts = append(r.hosts, host{n})
			}
		}
	}
}

// find is a class or a type of resources, from the manifests or from a module; nil if it is not in the repository.
func (r *run) find(name string, s *scope) *definition {
	name = strings.TrimPrefix(name, "::")
	if d := r.classes[name]; d != nil {
		return d
	}
	for _, c := range s.names() { // Puppet looked for relative names once
		if d := r.classes[c+"::"+name]; d != nil {
			return d
		}
	}
	module, rest, _ := strings.Cut(name, "::")
	if strings.ContainsAny(name, "./\\") || span.IsUnknown(name) {
		return nil
	}
	for _, dir := range r.modules() {
		if !r.spend(1) {
			return nil
		}
		var tries []string
		if rest == "" {
			tries = []string{path.Join(dir, module, "manifests/init.pp")}
		} else {
			tries = []string{path.Join(dir, module, "manifests", strings.ReplaceAll(rest, "::", "/")+".pp"), path.Join(dir, module, "manifests/init.pp"), path.Join(dir, module, "functions", strings.ReplaceAll(rest, "::", "/")+".pp")}
		}
		for _, f := range tries {
			if src, err := r.files.Open(f); r.files.Exists(f) && err == nil {
				r.load(src)
				if d := r.classes[name]; d != nil {
					return d
				}
				if r.bad[f] {
					return &definition{&node{op: "broken", word: name, src: src, to: min(1, len(src.Text))}}
				}
			}
		}
	}
	return nil
}

// modules are the directories where modules may lie: those that are given, and those beside the manifests.
func (r *run) modules() []string {
	if r.searched == len(r.dirs) {
		return r.search
	}
	out := slices.Clone(r.o.Modules)
	for _, d := range r.dirs {
		base := path.Dir(d)
		if path.Base(d) != "manifests" {
			base = d
		}
		if within := path.Dir(base); path.Base(d) == "manifests" && within != base {
			out = append(out, within) // the manifest is a module's own
		}
		out = append(out, path.Join(base, "modules"), path.Join(base, "site-modules"), path.Join(base, "site"))
		if b := path.Base(path.Dir(base)); b == "environments" {
			out = append(out, path.Join(base, "../../modules"))
		}
	}
	var safe []string
	for _, d := range out {
		if d != ".." && !strings.HasPrefix(d, "../") && !path.IsAbs(d) && !slices.Contains(safe, d) {
			safe = append(safe, d)
		}
	}
	r.search, r.searched = safe, len(r.dirs)
	return safe
}

// names are the classes that a scope stands in, the innermost first.
func (s *scope) names() []string {
	var out []string
	for ; s != nil; s = s.up {
		for _, ref := range s.refs {
			if name, ok := strings.CutPrefix(ref, "class["); ok {
				out = append(out, strings.TrimSuffix(name, "]"))
			}
		}
	}
	return out
}

// doubt makes what f declares conditional.
func (r *run) doubt(why string, at span.Text, f func()) {
	was := r.cond
	r.cond = &step.Cond{Why: why, At: at.Span(), Branch: true}
	f()
	r.cond = was
}

// machines runs what is declared for machines: for the only one if there is one, else for any of them, perhaps.
func (r *run) machines() {
	for _, h := range r.hosts {
		if len(r.hosts) == 1 {
			r.statements(h.body, &scope{vars: map[string]value{}, up: r.top})
			continue
		}
		var names []string
		for _, k := range h.kids {
			names = append(names, k.word)
		}
		at := h.text().Slice(0, min(4, h.to-h.from))
		r.doubt("it is for the machine "+strings.Join(names, ", ")+", and which machine this is, is not known", at, func() {
			r.statements(h.body, &scope{vars: map[string]value{}, up: r.top})
		})
	}
}

// facts are what is known of any machine that TLJH can be installed on: Debian and Ubuntu with systemd.
func (r *run) facts() {
	known := map[string]string{"osfamily": "Debian", "kernel": "Linux", "service_provider": "systemd"}
	of := func(why string, pairs ...string) value {
		v := value{kind: hash, rest: why}
		for i := 0; i+1 < len(pairs); i += 2 {
			v = v.with(pairs[i], strValue(span.Plain(pairs[i+1])))
		}
		return v
	}
	why := "it is a fact of the machine"
	all := of(why, "osfamily", "Debian", "kernel", "Linux", "service_provider", "systemd")
	all = all.with("os", of(why, "family", "Debian"))
	for k, v := range known {
		r.top.vars[k] = strValue(span.Plain(v))
	}
	for k, v := range r.o.Facts {
		r.top.vars[k] = strValue(v)
		all = all.with(k, strValue(v))
	}
	r.top.vars["os"], _ = all.get("os")
	r.top.vars["facts"] = all
}
