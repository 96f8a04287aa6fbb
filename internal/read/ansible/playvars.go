package ansible

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

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

// narrowed is a play's hosts as far as all commands that run the playbook limit them alike, with the groups that its machine is said to be in.
func (r *run) narrowed(t target) target {
	runs := r.lib.runs[r.book.File]
	if len(runs) == 0 {
		return t
	}
	limit, groups := runs[0].Limit, runs[0].Groups
	for _, run := range runs[1:] {
		if run.Limit != limit {
			limit = ""
		}
		groups = slices.DeleteFunc(slices.Clone(groups), func(g string) bool { return !slices.Contains(run.Groups, g) })
	}
	if limit != "" && !span.IsUnknown(limit) && limit[0] != '@' {
		to := resolve(limit, r.inventories())
		if both := slices.DeleteFunc(slices.Clone(t.hosts), func(h string) bool { return !slices.Contains(to.hosts, h) }); len(both) > 0 {
			t.hosts = both
		}
		groups = append(slices.Clone(groups), to.groups[1:]...)
	}
	for _, g := range groups {
		if !slices.Contains(t.groups, g) && len(t.hosts) == 0 {
			t.groups = append(t.groups, g)
		}
	}
	return t
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
