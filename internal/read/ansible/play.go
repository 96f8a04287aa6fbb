package ansible

import (
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

func (r *run) mark() mark {
	return mark{r.doc, r.file, r.roleDir, r.dir, r.cond, r.loop, r.seen, r.itemAt, r.env, r.level, r.watch, r.search, r.layers[:len(r.layers):len(r.layers)]}
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
	merge(vars, r.addedVars(t))
	for _, run := range r.lib.runs[r.book.File] {
		if run.Unread != "" && r.lost == "" {
			r.lost = run.Unread
		}
	}
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
	t := r.narrowed(resolve(pattern, r.inventories()))
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
