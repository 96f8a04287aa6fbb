package ansible

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// run is the state of reading one playbook.
type run struct {
	*eval
	book    *Playbook
	play    *Play
	extra   map[string]value
	seenOn  map[string]*state // what was set so far on the hosts of a pattern
	here    bool              // the play runs where its hosts are, without a connection
	ended   bool              // the play ends here
	early   *step.Cond        // what follows may not be reached
	dir     string            // of the playbook
	doc     *yamltext.Doc
	file    string // of the tasks that are read
	roleDir string
	cond    *step.Cond
	loop    bool
	itemAt  span.Span // place of the item of an unrolled loop
	env     []step.Assign
	*state
	handlers []handler
	notified map[string]*step.Cond // by name; nil: certainly
	ran      map[string]bool       // roles that were run without parameters of their own
	level    int                   // of nested includes, roles and blocks
	broke    bool
}

const maxLevel = 30

// state is what earlier plays for the same hosts leave behind.
type state struct {
	facts    map[string]value
	included map[string]value
	written  map[string]span.Text
	// installed: a step so far installs TLJH; sureInstall: without condition.
	installed, sureInstall bool
}

// mark is the part of the state that a task, block, role or handler may change for what stands in it alone.
type mark struct {
	doc                *yamltext.Doc
	file, roleDir, dir string
	cond               *step.Cond
	loop, seen         bool
	itemAt             span.Span
	env                []step.Assign
	level              int
	watch              string
	search             []string
	layers             []layer
}

func (r *run) mark() mark {
	return mark{r.doc, r.file, r.roleDir, r.dir, r.cond, r.loop, r.seen, r.itemAt, r.env, r.level, r.watch, r.search, r.layers[:len(r.layers):len(r.layers)]}
}

func (r *run) back(m mark) {
	r.doc, r.file, r.roleDir, r.dir, r.cond, r.loop, r.seen, r.itemAt, r.env = m.doc, m.file, m.roleDir, m.dir, m.cond, m.loop, m.seen, m.itemAt, m.env
	r.level, r.watch, r.search, r.layers = m.level, m.watch, m.search, m.layers
}

// playbook follows one playbook.
func (l *library) playbook(f string) Playbook {
	l.used = map[string]bool{}
	r := l.newRun(f)
	r.extra = l.extraVars(f)
	r.follow(f, nil)
	return r.finish()
}

// loneRole reads a role as if a playbook for all hosts used it.
func (l *library) loneRole(dir string) Playbook {
	l.used = map[string]bool{}
	main := l.fileOf(path.Join(dir, "tasks"), "main")
	r := l.newRun(main)
	r.book.Role = true
	r.begin(target{pattern: "all", groups: []string{"all"}}, main, span.Span{File: main, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 1, Column: 1}})
	r.role(path.Base(dir), dir, nil, "", true)
	r.flush()
	r.end()
	return r.finish()
}

// inventories are those that the playbook is run with.
func (r *run) inventories() []*inventory {
	var out []*inventory
	for _, run := range r.lib.runs[r.book.File] {
		for _, f := range run.Inventories {
			if inv := r.lib.inventory(f); inv != nil && !slices.Contains(out, inv) {
				out = append(out, inv)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	return r.lib.inventoriesFor(r.dir)
}

// extraVars are the variables that all commands which run a playbook give it.
func (l *library) extraVars(f string) map[string]value {
	var ways []map[string]value
	for _, run := range l.runs[f] {
		vars := map[string]value{}
		for _, t := range run.Extra {
			switch s := strings.TrimSpace(t.String()); {
			case strings.HasPrefix(s, "@"):
				if got, ok := l.varsFile(path.Clean(s[1:])); ok {
					merge(vars, got)
				}
			case strings.HasPrefix(s, "{"):
				if d, bad := yamltext.Parse(t, "the variables"); bad == nil {
					merge(vars, mapping(d))
				}
			default:
				for _, w := range splitWords(t) {
					if k, _, ok := strings.Cut(w.String(), "="); ok && isKey(k) {
						vars[k] = word(unquoted(w.Slice(len(k)+1, w.Len())))
					}
				}
			}
		}
		ways = append(ways, vars)
	}
	if len(ways) == 0 {
		return map[string]value{}
	}
	return agree(ways)
}

func (l *library) newRun(f string) *run {
	fuel := maxFuel
	r := &run{dir: path.Dir(f), seenOn: map[string]*state{}, notified: map[string]*step.Cond{},
		eval: &eval{files: l.files, lib: l, magic: map[string]value{}, fuel: &fuel},
		book: &Playbook{File: f, At: span.Span{File: f, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 1, Column: 1}}}}
	return r
}

func (r *run) finish() Playbook {
	delete(r.lib.used, "")
	r.book.Uses = sortedKeys(r.lib.used)
	for _, f := range r.book.Uses {
		r.book.Problems = append(r.book.Problems, r.lib.problems[f]...)
	}
	return *r.book
}

// follow reads the plays of a playbook, and of those that it imports.
func (r *run) follow(f string, vars map[string]value) {
	r.lib.use(f)
	d, why := r.lib.yaml(f)
	if why != "" || r.level > maxLevel {
		return
	}
	r.level++
	defer func() { r.level-- }()
	for _, n := range playsOf(d) {
		if !r.spend(50) {
			r.book.Problems = append(r.book.Problems, step.Problem{At: d.At(n), Msg: "the playbooks import more than can be followed; split them", Fatal: true})
			return
		}
		r.doc, r.file, r.dir = d, f, path.Dir(f)
		r.magic["playbook_dir"] = value{kind: str, text: span.Plain(path.Join(shell.Checkout, r.dir))}
		r.search = []string{r.dir}
		to := imports(n)
		if to == nil {
			r.readPlay(n, vars)
			continue
		}
		name := r.text(to).String()
		next := path.Join(r.dir, name)
		if span.IsUnknown(name) || !r.files.Exists(next) {
			r.gap(span.Show(name), d.Scalar(to).Span())
			continue
		}
		given := map[string]value{}
		merge(given, vars)
		if v := field(n, "vars"); v != nil {
			merge(given, fromNode(d, v).child)
		}
		m := r.mark()
		if r.when(n) {
			r.follow(next, given)
		}
		r.back(m)
	}
}

func (r *run) gap(name string, at span.Span) {
	if len(r.book.Gaps) < 200 {
		r.book.Gaps = append(r.book.Gaps, Gap{name, at})
	}
}

// begin starts a play for hosts.
func (r *run) begin(t target, f string, at span.Span) {
	r.play = &Play{File: f, Hosts: t.pattern, Names: append(append([]string(nil), t.hosts...), t.groups[1:]...), At: at}
	r.layers, r.handlers, r.ran, r.ended, r.early, r.lost = nil, nil, map[string]bool{}, false, nil, ""
	r.notified = map[string]*step.Cond{}
	r.state = r.stateOf(t.pattern)
	invs := r.inventories()
	vars, closed := r.lib.inventoryVars(t, invs, r.dir)
	r.lost = closed
	r.push(byInventory, vars)
	r.push(byExtra, r.extra)
	r.push(byInclude, r.included)
	r.push(byFact, r.facts)
	delete(r.magic, "inventory_hostname")
	if len(t.hosts) == 1 {
		r.magic["inventory_hostname"] = value{kind: str, text: span.Plain(t.hosts[0])}
	}
	if len(invs) > 0 && len(t.hosts) > 0 {
		groups := dictValue(span.Text{})
		for _, inv := range invs {
			for _, g := range sortedKeys(inv.groups) {
				groups.put(g, strList(inv.members(g), span.Plain(g)))
			}
		}
		r.magic["groups"] = groups
	}
	// TLJH installs itself on Debian and Ubuntu with systemd alone (reference/tljh.md §14).
	for k, v := range map[string]string{"ansible_os_family": "Debian", "ansible_pkg_mgr": "apt", "ansible_service_mgr": "systemd", "ansible_system": "Linux",
		"ansible_python_interpreter": "python3"} { // whichever Python it is, it is one
		r.magic[k] = value{kind: str, text: span.Plain(v)}
	}
	facts := dictValue(span.Text{})
	facts.rest = "ansible_facts are facts of the machine"
	for _, k := range []string{"os_family", "pkg_mgr", "service_mgr", "system"} {
		facts.put(k, r.magic["ansible_"+k])
	}
	r.magic["ansible_facts"] = facts
}

func (r *run) end() {
	if len(r.play.Steps) > 0 || r.play.Hosts != "" {
		r.book.Plays = append(r.book.Plays, *r.play)
	}
	r.play = nil
	r.layers = nil
}

// readPlay reads one play.
func (r *run) readPlay(n *yaml.Node, vars map[string]value) {
	own := map[string]value{}
	merge(own, vars)
	if v := field(n, "vars"); v != nil {
		for _, one := range append([]value{fromNode(r.doc, v)}, fromNode(r.doc, v).items...) {
			merge(own, one.child)
		}
	}
	r.layers = []layer{{byPlay, own}, {byExtra, r.extra}}
	pattern := r.pattern(field(n, "hosts"))
	t := resolve(pattern, r.inventories())
	r.begin(t, r.file, r.doc.Scalar(field(n, "hosts")).Span())
	r.push(byPlay, own)
	c := field(n, "connection")
	r.here = c != nil && c.Value == "local"
	r.play.Local = pattern == "localhost" || pattern == "127.0.0.1"
	r.env = r.environment(nil, n)
	r.prompts(n)
	r.varsFiles(n)
	cond := r.cond
	r.loadHandlers(field(n, "handlers"))
	r.tasks(field(n, "pre_tasks"))
	r.flush()
	r.roles(field(n, "roles"))
	r.tasks(field(n, "tasks"))
	r.flush()
	r.tasks(field(n, "post_tasks"))
	r.flush()
	r.cond, r.env = cond, nil
	r.end()
}

func (r *run) pattern(n *yaml.Node) string {
	v := r.ready(fromNode(r.doc, n))
	if v.kind == list {
		var parts []string
		for _, it := range v.items {
			parts = append(parts, span.Show(r.ready(it).python()))
		}
		return strings.Join(parts, ",")
	}
	return span.Show(v.python())
}

// stateOf is what the plays so far left on the hosts of a pattern; those for all hosts count for every pattern.
func (r *run) stateOf(pattern string) *state {
	s := r.seenOn[pattern]
	if s == nil {
		s = &state{facts: map[string]value{}, included: map[string]value{}, written: map[string]span.Text{}}
		if all := r.seenOn["all"]; all != nil {
			merge(s.facts, all.facts)
			merge(s.included, all.included)
			s.installed, s.sureInstall = all.installed, all.sureInstall
			for k, v := range all.written {
				s.written[k] = v
			}
		}
		r.seenOn[pattern] = s
	}
	return s
}

func (r *run) prompts(n *yaml.Node) {
	asked := map[string]value{}
	for _, p := range fromNode(r.doc, orNull(field(n, "vars_prompt"))).items {
		if name := p.child["name"]; name.kind == str {
			asked[name.text.String()] = unknownValue(fmt.Sprintf("variable %q is asked for when the playbook is run", name.text.String()), name.text)
		}
	}
	r.push(byPlay, asked)
}

func orNull(n *yaml.Node) *yaml.Node {
	if n == nil {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
	}
	return n
}

// varsFiles reads vars_files: of a list inside the list, the first that exists.
func (r *run) varsFiles(n *yaml.Node) {
	list := fromNode(r.doc, orNull(field(n, "vars_files")))
	if list.kind == str {
		list = listValue([]value{list}, list.text)
	}
	for _, it := range list.items {
		options := []value{it}
		if it.items != nil {
			options = it.items
		}
		r.varsFrom(options, byFiles)
	}
}

// varsFrom pushes the variables of the first of several files that exists.
func (r *run) varsFrom(options []value, l level) {
	var missing value
	doubt := ""
	for _, o := range options {
		o = r.ready(o)
		name := o.python()
		if span.IsUnknown(name) {
			doubt = span.Reason(name)
		}
		if f := r.locate(name, "vars"); f != "" && !span.IsUnknown(name) {
			vars, ok := r.lib.varsFile(f)
			if !ok {
				r.lost = f
				return
			}
			if doubt != "" { // another file may come first
				vars = unsure(vars, "which file of variables is read is not known: "+doubt)
				r.lost = name
			}
			r.push(l, vars)
			return
		}
		if missing.kind == undefined {
			missing = o
		}
	}
	if missing.kind != undefined {
		r.lost = span.Show(missing.python())
		r.problem(missing.text.Span(), "the file of variables "+r.lost+" is not in the repository; what it sets is not known")
	}
}

// unsure is a set of variables of which none is known.
func unsure(vars map[string]value, why string) map[string]value {
	out := map[string]value{}
	for k, v := range vars {
		out[k] = unknownValue(why, v.text)
	}
	return out
}

func (r *run) problem(at span.Span, msg string) {
	if at.File == "" {
		at = span.Span{File: r.file}
	}
	if len(r.book.Problems) < 100 {
		r.book.Problems = append(r.book.Problems, step.Problem{At: at, Msg: msg})
	}
}

// text is a scalar with its templates rendered.
func (r *run) text(n *yaml.Node) span.Text {
	v := r.ready(fromNode(r.doc, n))
	if v.kind == str {
		return v.text
	}
	return r.asText(v, r.doc.Scalar(n))
}
