// Package ansible reads playbooks without running them: what their tasks do to the hosts of each play, as the same steps that
// a script yields. Roles, includes, variables with their precedence, loops, conditions and Jinja templates are worked out as
// far as the repository tells; what it does not tell (facts, extra variables, vaults, the environment of whoever runs it)
// stays in the steps as unknown tokens and conditions with their reason.
// Sources: the Ansible documentation (playbook keywords, variable precedence, modules), jinja2's grammar.
package ansible

import (
	"path"
	"slices"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// Play is one play of a playbook, or a role that no playbook uses.
type Play struct {
	File  string   // where it is written: an imported playbook's file, perhaps
	Hosts string   // its pattern, as far as it is known
	Names []string // hosts of the inventories that it means, and groups it names
	Local bool     // it is for the machine that Ansible runs on
	Steps []step.Step
	At    span.Span
}

// Gap is a role or a file of tasks that the repository does not hold.
type Gap struct {
	Name string
	At   span.Span
}

// Playbook is a playbook that no other imports, with all that it imports.
type Playbook struct {
	File     string
	Role     bool // a role that no playbook uses, read with its defaults
	Plays    []Play
	Gaps     []Gap
	Machines []Gap    // modules that make machines, and whose arguments are not worked out
	Makes    []*Make  // what it makes in clouds, in order
	Added    []Added  // hosts that it adds to its inventory, and whose address is not in the repository
	Uses     []string // files that it reads or copies, sorted
	Problems []step.Problem
	At       span.Span
}

// Result is what a checkout's Ansible files do.
type Result struct {
	Playbooks []Playbook // by file
	Plugin    string     // of a dynamic inventory, with its file
	Problems  []step.Problem
	Vars      []string // files that hold nothing but variables, whether they are used or not
	Broken    []string // files that cannot be read, so that what they may set is unknown
}

// maxTotal bounds the evaluation of all playbooks together, as maxFuel does that of one.
const maxTotal = 300 * maxFuel

// Run is a command that runs a playbook, as a script or a provisioner of the checkout does.
type Run struct {
	Extra       []span.Text // what is given with --extra-vars
	Inventories []string    // files of the checkout given with --inventory
	Limit       string      // the pattern of --limit
	Groups      []string    // groups that its machine is in, where no inventory says so
	Unread      string      // what sets more variables, and is not known; "" if nothing does
	Here        bool        // it is for the machine that Ansible runs on
}

// GroupsOption stands for the groups that Packer and Vagrant write into an inventory of their own, in the commands by which their
// readers run playbooks. Ansible has no such option.
const GroupsOption = "--tljh-policy-groups"

// Options are what Read knows besides the files.
type Options struct {
	Runs map[string][]Run // by playbook: how it is run, where the checkout says that
}

// Read reads the playbooks among found, the Ansible files of a checkout, and all that they use. It never fails: what cannot
// be read is a Problem.
func Read(files step.Files, found []string, o Options) *Result {
	l := &library{left: maxTotal, runs: o.Runs, files: files, docs: map[string]*yamltext.Doc{}, vars: map[string]map[string]value{}, roles: map[string][]string{},
		perDir: map[string][]*inventory{}, invs: map[string]*inventory{}, used: map[string]bool{}, done: map[string]bool{}, problems: map[string][]step.Problem{}}
	l.index(found)
	l.readConfig(configDirs(found))
	res := &Result{}
	var playbooks []string
	imported := map[string]bool{}
	for _, f := range found {
		if l.trial(f) {
			continue
		}
		d, why := l.yaml(f)
		if why != "" {
			res.Broken = append(res.Broken, f)
			continue
		}
		plays := playsOf(d)
		if plays == nil {
			if d.Root == nil || d.Root.Kind == yaml.MappingNode {
				res.Vars = append(res.Vars, f)
			}
			continue
		}
		playbooks = append(playbooks, f)
		for _, p := range plays {
			if n := imports(p); n != nil && d.Scalar(n).String() != "" {
				if to := path.Join(path.Dir(f), n.Value); to != f {
					imported[to] = true
				}
			}
		}
	}
	roots := slices.DeleteFunc(slices.Clone(playbooks), func(f string) bool { return imported[f] })
	if len(roots) == 0 {
		roots = playbooks // they import each other
	}
	for k, f := range roots {
		if l.left <= 0 {
			l.problem(span.Span{File: f}, "the playbooks do more than can be followed; this one and %d more are not read", len(roots)-k-1)
			l.problems[f][len(l.problems[f])-1].Fatal = true
			res.Broken = append(res.Broken, roots[k:]...)
			break
		}
		res.Playbooks = append(res.Playbooks, l.playbook(f))
	}
	for _, role := range l.unusedRoles() {
		if l.left > 0 {
			res.Playbooks = append(res.Playbooks, l.loneRole(role))
		}
	}
	for _, f := range sortedKeys(l.problems) {
		if !l.done[f] {
			res.Problems = append(res.Problems, l.problems[f]...)
		}
	}
	for _, inv := range l.invs {
		if inv != nil && inv.plugin != "" && (res.Plugin == "" || inv.plugin < res.Plugin) {
			res.Plugin = inv.plugin
		}
	}
	return res
}

// trial says whether a file belongs to the tests of a role.
func (l *library) trial(f string) bool {
	dir := path.Dir(f)
	if b := path.Base(dir); (b == "tests" || b == "test") && l.isRole(path.Dir(dir)) {
		return true
	}
	return strings.Contains("/"+f, "/molecule/")
}

func configDirs(found []string) []string {
	dirs := map[string]bool{".": true}
	for _, f := range found {
		dirs[path.Dir(f)] = true
		dirs[path.Dir(path.Dir(f))] = true
	}
	return sortedKeys(dirs)
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// playsOf are the plays of a playbook; nil when the file is none.
func playsOf(d *yamltext.Doc) []*yaml.Node {
	if d.Root == nil || d.Root.Kind != yaml.SequenceNode {
		return nil
	}
	var out []*yaml.Node
	for _, p := range d.Root.Content {
		p = yamltext.Resolve(p)
		if p.Kind != yaml.MappingNode || field(p, "hosts") == nil && imports(p) == nil {
			return nil
		}
		out = append(out, p)
	}
	return out
}

// imports is the file that an entry of a playbook imports; nil for a play.
func imports(p *yaml.Node) *yaml.Node {
	for _, k := range []string{"import_playbook", "ansible.builtin.import_playbook", "include"} {
		if n := field(p, k); n != nil && n.Kind == yaml.ScalarNode && field(p, "hosts") == nil {
			return n
		}
	}
	return nil
}

// field is the value of a key of a mapping, nil without it.
func field(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for k := 0; k+1 < len(n.Content); k += 2 {
		if n.Content[k].Value == key {
			return yamltext.Resolve(n.Content[k+1])
		}
	}
	return nil
}

// unusedRoles are the directories of roles that no playbook has used so far.
func (l *library) unusedRoles() []string {
	var out []string
	for _, dirs := range l.roles {
		for _, dir := range dirs {
			main := l.fileOf(path.Join(dir, "tasks"), "main")
			if main != "" && !l.done[main] && !l.trial(main) {
				out = append(out, dir)
			}
		}
	}
	sort.Strings(out)
	return out
}
