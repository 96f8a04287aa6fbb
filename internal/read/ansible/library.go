package ansible

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// library is what of the checkout was read: every YAML file once.
type library struct {
	files    step.Files
	left     int // of maxTotal
	docs     map[string]*yamltext.Doc
	vars     map[string]map[string]value
	roles    map[string][]string // directories of roles, by name
	invs     map[string]*inventory
	config   config
	perDir   map[string][]*inventory // inventories for playbooks of a directory
	varDirs  []string                // directories that hold group_vars or host_vars
	runs     map[string][]Run
	closed   string          // a file of variables that could not be read, since this was last emptied
	used     map[string]bool // in the course of the playbook that is read now
	problems map[string][]step.Problem
	done     map[string]bool // everything that was used by any playbook
}

func (l *library) use(f string) { l.used[f], l.done[f] = true, true }

func (l *library) problem(at span.Span, format string, args ...any) {
	p := step.Problem{At: at, Msg: fmt.Sprintf(format, args...)}
	if ps := l.problems[at.File]; len(ps) < 50 && !slices.Contains(ps, p) {
		l.problems[at.File] = append(ps, p)
	}
}

// yaml is the tree of a file; why says what is wrong with it, and "" with no document is an empty file.
func (l *library) yaml(f string) (d *yamltext.Doc, why string) {
	d, ok := l.docs[f]
	if !ok {
		d = l.parse(f)
		l.docs[f] = d
	}
	if d == nil {
		return nil, f + " cannot be read"
	}
	return d, ""
}

func (l *library) parse(f string) *yamltext.Doc {
	src, err := l.files.Open(f)
	if err != nil {
		l.problem(span.Span{File: f}, "%v", err)
		return nil
	}
	if strings.HasPrefix(src.Text, "$ANSIBLE_VAULT") {
		l.problem(src.Span(0, 0), "%s is encrypted with Ansible Vault; what it sets is not known", f)
		return nil
	}
	d, bad := yamltext.Parse(src.Whole(), "the file")
	if bad != nil {
		l.problem(bad.At, "%s; Ansible would refuse this file, and what it may set is unknown", bad.Msg)
		return nil
	}
	return d
}

// varsFile are the variables of a file; false: it cannot be read, or is no mapping.
func (l *library) varsFile(f string) (map[string]value, bool) {
	vars, ok := l.vars[f]
	if !ok {
		if d, why := l.yaml(f); why == "" {
			vars = mapping(d)
			if vars == nil {
				l.problem(d.Text.PosOf(0), "%s must be a mapping of variables", f)
			}
		}
		l.vars[f] = vars
	}
	l.use(f)
	return vars, vars != nil
}

func mapping(d *yamltext.Doc) map[string]value {
	if d.Root == nil || d.Root.Tag == "!!null" {
		return map[string]value{}
	}
	if d.Root.Kind != yaml.MappingNode {
		return nil
	}
	v := fromNode(d, d.Root)
	if v.kind != dict {
		return nil
	}
	return v.child
}

// fileOf is the YAML file that Ansible takes for name in dir: with either extension, or none.
func (l *library) fileOf(dir, name string) string {
	for _, ext := range []string{".yml", ".yaml", "", ".json"} {
		if f := path.Join(dir, name+ext); l.files.Exists(f) {
			return f
		}
	}
	return ""
}

// index notes the directories of roles: those that hold tasks/main.yml and the like.
func (l *library) index(found []string) {
	for _, f := range found {
		for _, mark := range []string{"/group_vars/", "/host_vars/"} {
			if d, _, ok := strings.Cut(f, mark); ok && !slices.Contains(l.varDirs, d) {
				l.varDirs = append(l.varDirs, d)
			}
		}
		dir := path.Dir(f)
		for {
			b := path.Base(dir)
			if b == "tasks" || b == "handlers" || b == "meta" || b == "defaults" || b == "vars" {
				break
			}
			if dir == "." || dir == "/" {
				dir = ""
				break
			}
			dir = path.Dir(dir)
		}
		if dir == "" {
			continue
		}
		role := path.Dir(dir)
		if path.Base(path.Dir(role)) != "roles" && l.fileOf(path.Join(role, "tasks"), "main") == "" {
			continue
		}
		name := path.Base(role)
		if !slices.Contains(l.roles[name], role) {
			l.roles[name] = append(l.roles[name], role)
		}
	}
}

// role is the directory of a role that a playbook in dir names; "" when the repository does not hold it.
func (l *library) role(name, dir string) string {
	for _, base := range append([]string{path.Join(dir, "roles"), "roles", dir}, l.config.roles...) {
		if r := path.Join(base, name); l.isRole(r) {
			return r
		}
	}
	short := name[strings.LastIndexAny(name, "/.")+1:]
	for _, n := range []string{name, short} {
		if dirs := l.roles[n]; len(dirs) == 1 {
			return dirs[0]
		}
	}
	return ""
}

func (l *library) isRole(dir string) bool {
	if dir == ".." || strings.HasPrefix(dir, "../") || strings.HasPrefix(dir, "/") {
		return false
	}
	for _, sub := range []string{"tasks", "meta", "handlers", "defaults", "vars"} {
		if l.fileOf(path.Join(dir, sub), "main") != "" {
			return true
		}
	}
	return false
}

// config is what ansible.cfg files say that matters for reading.
type config struct {
	roles       []string
	inventories []string
}

func (l *library) readConfig(dirs []string) {
	for _, dir := range dirs {
		f := path.Join(dir, "ansible.cfg")
		if !l.files.Exists(f) {
			continue
		}
		src, err := l.files.Open(f)
		if err != nil {
			continue
		}
		for _, line := range strings.Split(src.Text, "\n") {
			key, val, ok := strings.Cut(line, "=")
			if !ok || strings.HasPrefix(strings.TrimSpace(key), "#") || strings.HasPrefix(strings.TrimSpace(key), ";") {
				continue
			}
			val, _, _ = strings.Cut(val, " ;")
			for _, p := range strings.FieldsFunc(strings.TrimSpace(val), func(r rune) bool { return r == ':' || r == ',' }) {
				if strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~") {
					continue
				}
				p = path.Join(dir, strings.TrimSpace(p))
				switch strings.TrimSpace(key) {
				case "roles_path":
					l.config.roles = append(l.config.roles, p)
				case "inventory", "hostfile":
					l.config.inventories = append(l.config.inventories, p)
				}
			}
		}
	}
}
