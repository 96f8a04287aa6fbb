package ansible

import (
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// roles reads the roles of a play, in order.
func (r *run) roles(n *yaml.Node) {
	if n == nil || n.Kind != yaml.SequenceNode {
		return
	}
	for _, e := range n.Content {
		e = yamltext.Resolve(e)
		name, params := r.roleEntry(e)
		if name.Len() == 0 {
			r.problem(r.doc.At(e), "this role has no name; Ansible refuses this playbook")
			continue
		}
		m := r.mark()
		r.optional(e)
		if r.when(e) {
			r.useRole(name, params, "")
		}
		m.layers = r.layers // what roles set stays
		r.back(m)
	}
}

// roleEntry is the name of a role in a play or among dependencies, and the variables that it is given.
func (r *run) roleEntry(e *yaml.Node) (name span.Text, params map[string]value) {
	if e.Kind == yaml.ScalarNode {
		return r.text(e), nil
	}
	params = map[string]value{}
	for k := 0; k+1 < len(e.Content); k += 2 {
		key, v := e.Content[k].Value, yamltext.Resolve(e.Content[k+1])
		switch key {
		case "role", "name":
			if key == "role" || name.Len() == 0 {
				name = r.text(v)
			}
		case "vars":
			merge(params, fromNode(r.doc, v).child)
		case "when", "tags", "become", "become_user", "src", "version", "delegate_to", "environment", "scm":
		default:
			params[key] = fromNode(r.doc, v)
		}
	}
	return name, params
}

// useRole runs a role by its name.
func (r *run) useRole(name span.Text, params map[string]value, from string) {
	s := name.String()
	if span.IsUnknown(s) {
		r.gap(span.Show(s), name.Span())
		return
	}
	dir := r.lib.role(strings.TrimPrefix(s, shell.Checkout+"/"), r.dir)
	if dir == "" {
		r.gap(s, name.Span())
		r.opaqueIfHub(name, "a role that is not in the repository: "+s)
		return
	}
	r.role(s, dir, params, from, len(params) == 0 && from == "")
}

// role runs a role: those it depends on, then its tasks. Without parameters a role runs once in a play. The defaults and
// variables of a role stay visible to the roles after it.
func (r *run) role(name, dir string, params map[string]value, from string, once bool) {
	if once && r.ran[dir] && r.cond == nil {
		return
	}
	if r.level > maxLevel || !r.spend(50) {
		r.tooDeep(dir)
		return
	}
	if once && r.cond == nil {
		r.ran[dir] = true
	}
	m := r.mark()
	r.level++
	r.roleVars(path.Join(dir, "defaults"), byDefault)
	r.roleVars(path.Join(dir, "vars"), byRole)
	kept := r.layers[:len(r.layers):len(r.layers)]
	r.push(byParam, params)
	r.roleDir = dir
	r.search = []string{dir, path.Join(dir, "tasks"), r.dir}
	at := span.Plain(path.Join(shell.Checkout, dir))
	r.push(byLoop, map[string]value{"role_path": {kind: str, text: at}, "role_name": {kind: str, text: span.Plain(path.Base(name))}})
	r.dependencies(dir)
	if h := r.lib.fileOf(path.Join(dir, "handlers"), "main"); h != "" {
		r.lib.use(h)
		if d, why := r.lib.yaml(h); why == "" {
			r.doc, r.file = d, h
			r.loadHandlers(d.Root)
		}
	}
	if from == "" {
		from = "main"
	}
	tasks := r.lib.fileOf(path.Join(dir, "tasks"), strings.TrimSuffix(strings.TrimSuffix(from, ".yml"), ".yaml"))
	if tasks != "" {
		r.taskFile(tasks)
	}
	m.layers = kept
	r.back(m)
}

// tooDeep notes that a role or file is nested too deeply, or that there is too much of everything.
func (r *run) tooDeep(what string) {
	if r.broke {
		return
	}
	r.broke = true
	at := r.doc.Text.PosOf(0)
	msg := what + " is nested too deeply, or the playbook does more than can be followed"
	r.book.Problems = append(r.book.Problems, step.Problem{At: at, Msg: msg, Fatal: true})
	r.play.Steps = append(r.play.Steps, step.Step{Argv: []span.Text{span.Plain(shell.OpaqueCommand), span.Plain(msg)}, At: at})
}

// roleVars pushes the variables of a role: the file main, or the files of a directory called so.
func (r *run) roleVars(dir string, l level) {
	var files []string
	if f := r.lib.fileOf(dir, "main"); f != "" {
		files = append(files, f)
	}
	for _, n := range r.files.List(path.Join(dir, "main")) {
		files = append(files, path.Join(dir, "main", n))
	}
	for _, f := range files {
		if vars, ok := r.lib.varsFile(f); ok {
			r.push(l, vars)
		} else {
			r.lost = f
		}
	}
}

func (r *run) dependencies(dir string) {
	f := r.lib.fileOf(path.Join(dir, "meta"), "main")
	if f == "" {
		return
	}
	r.lib.use(f)
	d, why := r.lib.yaml(f)
	if why != "" {
		return
	}
	deps := field(d.Root, "dependencies")
	if deps == nil || deps.Kind != yaml.SequenceNode {
		return
	}
	doc, file := r.doc, r.file
	r.doc, r.file = d, f
	r.roles(deps)
	r.doc, r.file = doc, file
}

// taskFile reads a file of tasks.
func (r *run) taskFile(f string) {
	r.lib.use(f)
	r.level++
	defer func() { r.level-- }()
	d, why := r.lib.yaml(f)
	if r.level > maxLevel || !r.spend(20) {
		r.tooDeep(f)
		return
	}
	if why != "" {
		if src, err := r.files.Open(f); err == nil {
			r.opaqueIfHub(src.Whole(), why)
		} else {
			r.emit(opaqueStep(span.Plain(f), why))
		}
		return
	}
	doc, file := r.doc, r.file
	r.doc, r.file = d, f
	if d.Root != nil {
		r.tasks(d.Root)
	}
	r.doc, r.file = doc, file
}
