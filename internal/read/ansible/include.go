package ansible

import (
	"fmt"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// includeTasks is include_tasks and import_tasks.
func (c *call) includeTasks() {
	r := c.r
	name, ok := c.text("file")
	if !ok {
		name = c.rendered()
	}
	vars := map[string]value{}
	for k, v := range c.args {
		if k != "file" && k != "apply" {
			vars[k] = v
		}
	}
	m := r.mark()
	defer r.back(m)
	r.push(byParam, vars)
	s := strings.TrimSpace(name.String())
	if span.IsUnknown(s) {
		c.anyOf(s, name.Span())
		return
	}
	for _, d := range r.taskDirs() {
		f := path.Join(d, s)
		if rest, ok := strings.CutPrefix(s, shell.Checkout); ok {
			f = strings.TrimPrefix(rest, "/")
		}
		if f = r.existing(f); f != "" {
			r.taskFile(f)
			return
		}
	}
	r.gap(s, name.Span())
	r.opaque(name, "tasks that are not in the repository: "+s)
}

// named notes that a task includes a file by its name, whether or not it does so in the end.
func (r *run) named(n *yaml.Node) {
	key, arg := moduleOf(n)
	if key == nil || arg == nil {
		return
	}
	switch shortName(key.Value) {
	case "include_tasks", "import_tasks", "include":
	default:
		return
	}
	if f := field(arg, "file"); f != nil {
		arg = f
	}
	if arg.Kind != yaml.ScalarNode || templated(arg.Value) {
		return
	}
	name, _, _ := strings.Cut(arg.Value, " ")
	for _, d := range r.taskDirs() {
		if f := r.existing(path.Join(d, name)); f != "" {
			r.lib.use(f)
			return
		}
	}
}

// taskDirs are the directories in which files of tasks are looked for.
func (r *run) taskDirs() []string {
	dirs := []string{path.Dir(r.file)}
	if r.roleDir != "" {
		dirs = append(dirs, path.Join(r.roleDir, "tasks"), r.roleDir)
	}
	return append(dirs, r.dir)
}

// anyOf reads the files of tasks that a name which is not known may mean: each of them may run.
func (c *call) anyOf(name string, at span.Span) {
	r := c.r
	pattern := strings.ReplaceAll(span.Show(name), "…", "*")
	n := 0
	for _, d := range []string{path.Dir(r.file), path.Join(r.roleDir, "tasks")} {
		base := path.Join(d, path.Dir(pattern))
		for _, f := range r.files.List(base) {
			ok, err := path.Match(path.Base(pattern), f)
			if !ok || err != nil || !strings.HasSuffix(f, ".yml") && !strings.HasSuffix(f, ".yaml") || path.Join(base, f) == r.file {
				continue
			}
			m := r.mark()
			r.doubt(fmt.Sprintf("which tasks are included is not known: %s", span.Reason(name)), at)
			r.taskFile(path.Join(base, f))
			r.back(m)
			n++
		}
		if n > 0 {
			return
		}
	}
	r.gap(span.Show(name), at)
	r.opaque(c.key, "tasks whose file is not known: "+span.Reason(name))
}

// includeRole is include_role and import_role.
func (c *call) includeRole(n *yaml.Node) {
	name, ok := c.text("name", "role")
	if !ok {
		return
	}
	r := c.r
	params := map[string]value{}
	if v := field(n, "vars"); v != nil {
		params = fromNode(r.doc, v).child
	}
	r.useRole(name, params, c.str("tasks_from"))
}

func (c *call) includeVars() {
	r := c.r
	name, ok := c.text("file")
	if !ok {
		name = c.rendered()
	}
	var files []string
	if dir := c.str("dir"); dir != "" {
		for _, base := range append([]string{}, r.search...) {
			for _, f := range r.files.List(path.Join(base, "vars", dir)) {
				files = append(files, path.Join(base, "vars", dir, f))
			}
		}
	} else if f := r.locate(strings.TrimSpace(name.String()), "vars"); f != "" && !span.IsUnknown(name.String()) {
		files = []string{f}
	}
	if span.IsUnknown(name.String()) {
		c.anyVars(name.String())
	}
	if len(files) == 0 && span.IsUnknown(name.String()) {
		r.lost = span.Show(name.String())
	} else if len(files) == 0 {
		r.lost = span.Show(name.String())
		r.problem(name.Span(), "the file of variables "+r.lost+" is not in the repository; what it sets is not known")
	}
	for _, f := range files {
		vars, ok := r.lib.varsFile(f)
		if !ok {
			r.lost = f
			continue
		}
		if ns := c.str("name"); ns != "" {
			v := dictValue(c.key)
			for _, k := range sortedKeys(vars) {
				v.put(k, vars[k])
			}
			vars = map[string]value{ns: v}
		}
		for k, v := range vars {
			c.assign(r.included, k, v)
		}
	}
}

// anyVars makes unknown what any of the files of variables sets that a name which is not known may mean.
func (c *call) anyVars(name string) {
	r := c.r
	pattern := strings.ReplaceAll(span.Show(name), "…", "*")
	for _, base := range r.search {
		for _, d := range []string{path.Join(base, "vars", path.Dir(pattern)), path.Join(base, path.Dir(pattern))} {
			for _, f := range r.files.List(d) {
				ok, err := path.Match(path.Base(pattern), f)
				if !ok || err != nil || !strings.Contains(f, ".y") {
					continue
				}
				if doc, why := r.lib.yaml(path.Join(d, f)); why == "" && doc.Root != nil && doc.Root.Kind == yaml.MappingNode {
					r.lib.use(path.Join(d, f))
					merge(r.included, unsure(mapping(doc), "which file of variables is included is not known: "+span.Reason(name)))
				}
			}
		}
	}
}

// setFact sets variables for the rest of the run.
func (c *call) setFact() {
	for _, k := range sortedKeys(c.args) {
		if k == "cacheable" {
			continue
		}
		v := c.r.deep(c.args[k])
		if templated(k) {
			name := c.r.ready(value{kind: str, text: span.Literal(k, c.key), raw: true})
			if k = name.python(); span.IsUnknown(k) {
				c.r.lost = "a variable whose name is not known"
				continue
			}
		}
		c.assign(c.r.facts, k, v)
	}
}

// assign sets a variable, which stays open where the task may not run.
func (c *call) assign(into map[string]value, k string, v value) {
	r := c.r
	from := v.from
	if r.cond != nil {
		if old, ok := r.find(k); !ok || !r.deep(old).same(v) {
			v = unknownValue(fmt.Sprintf("variable %q is set where %s", k, strings.TrimPrefix(r.cond.Why, "it ")), v.text)
		}
	}
	if r.loop {
		v = unknownValue(fmt.Sprintf("variable %q is set in a loop whose items are not known", k), v.text)
	}
	v.item, v.from = false, from
	into[k] = v
}

// rendered is the free-form text with its templates rendered.
func (c *call) rendered() span.Text {
	v := c.r.ready(value{kind: str, text: c.free, raw: templated(c.free.String())})
	if v.kind == str {
		return v.text
	}
	return c.r.asText(v, c.free)
}
