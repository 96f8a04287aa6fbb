package ansible

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// target is what the hosts of a play are, as far as the repository tells.
type target struct {
	pattern string
	hosts   []string // of the inventories; nil when there is none, or it does not say
	groups  []string // named in the pattern, or holding the hosts; outermost first
}

// resolve finds the hosts of a pattern.
func resolve(pattern string, invs []*inventory) target {
	t := target{pattern: pattern, groups: []string{"all"}}
	for _, part := range strings.FieldsFunc(pattern, func(r rune) bool { return r == ':' || r == ',' }) {
		part, _, _ = strings.Cut(strings.TrimSpace(part), "[")
		if part == "" || strings.ContainsAny(part[:1], "!&") {
			continue
		}
		found := false
		for _, inv := range invs {
			hosts := inv.members(part)
			if _, ok := inv.hosts[part]; ok {
				hosts = []string{part}
			}
			for _, h := range hosts {
				found = true
				if !slices.Contains(t.hosts, h) && len(t.hosts) < 200 {
					t.hosts = append(t.hosts, h)
				}
			}
		}
		if !found && part != "all" && !strings.ContainsAny(part, "*?[~") && !slices.Contains(t.groups, part) {
			t.groups = append(t.groups, part)
		}
	}
	for _, part := range strings.FieldsFunc(pattern, func(r rune) bool { return r == ':' || r == ',' }) {
		part = strings.TrimSpace(part)
		if part == "" || !strings.ContainsAny(part[:1], "!&") {
			continue
		}
		in := map[string]bool{part[1:]: true}
		for _, inv := range invs {
			for _, h := range inv.members(part[1:]) {
				in[h] = true
			}
		}
		t.hosts = slices.DeleteFunc(t.hosts, func(h string) bool { return in[h] == (part[0] == '!') })
	}
	return t
}

// inventoryVars are the variables that the inventories, group_vars and host_vars give to the hosts of a play. Where hosts
// differ, or inventories of which one is used, nothing is known. closed is a file among them that cannot be read.
func (l *library) inventoryVars(t target, invs []*inventory, dir string) (vars map[string]value, closed string) {
	l.closed = ""
	vars = l.hostVars(t, invs, dir)
	return vars, l.closed
}

func (l *library) hostVars(t target, invs []*inventory, dir string) map[string]value {
	var ways []map[string]value
	for _, inv := range invs {
		dirs := slices.Compact([]string{path.Dir(inv.file), dir})
		for _, h := range t.hosts {
			if _, ok := inv.hosts[h]; !ok {
				continue
			}
			vars := map[string]value{}
			for _, g := range inv.groupsOf(h) {
				merge(vars, inv.groups[g].vars)
				l.dirVars(vars, dirs, "group_vars", g)
			}
			l.dirVars(vars, dirs, "host_vars", h)
			merge(vars, inv.hosts[h])
			ways = append(ways, vars)
			l.use(inv.file)
			if len(ways) > 200 {
				break
			}
		}
	}
	if len(ways) > 0 {
		return agree(ways)
	}
	vars := map[string]value{}
	dirs := []string{dir}
	for _, inv := range invs {
		if d := path.Dir(inv.file); !slices.Contains(dirs, d) {
			dirs = append(dirs, d)
		}
	}
	for _, g := range t.groups {
		l.dirVars(vars, dirs, "group_vars", g)
		l.dirVars(vars, dirs, "host_vars", g)
	}
	if t.pattern == "all" && len(t.groups) == 1 {
		l.otherGroups(vars, dirs)
	}
	return vars
}

// otherGroups are the group_vars of a playbook for all hosts whose inventory is not in the repository: the hub is in one of
// the groups, perhaps.
func (l *library) otherGroups(vars map[string]value, dirs []string) {
	ways := map[string][]value{}
	for _, d := range dirs {
		for _, n := range l.files.List(path.Join(d, "group_vars")) {
			name := strings.TrimSuffix(strings.TrimSuffix(n, ".yml"), ".yaml")
			if name == "all" {
				continue
			}
			f := map[string]value{}
			l.dirVars(f, []string{d}, "group_vars", name)
			for k, v := range f {
				ways[k] = append(ways[k], v)
			}
		}
	}
	for k, vs := range ways {
		if _, ok := vars[k]; ok || len(vs) > 1 {
			vars[k] = unknownValue(fmt.Sprintf("variable %q differs between groups, and no inventory says which is the hub's", k), vs[0].text)
			continue
		}
		vars[k] = vs[0]
	}
}

// dirVars adds group_vars/NAME or host_vars/NAME: a file, or the files of a directory.
func (l *library) dirVars(vars map[string]value, dirs []string, kind, name string) {
	if strings.Contains(name, "/") || name == "" || name == ".." {
		return
	}
	for _, d := range dirs {
		base := path.Join(d, kind)
		var files []string
		if f := l.fileOf(base, name); f != "" {
			files = append(files, f)
		}
		for _, n := range l.files.List(path.Join(base, name)) {
			files = append(files, path.Join(base, name, n))
		}
		for _, f := range files {
			if got, ok := l.varsFile(f); ok {
				merge(vars, got)
			} else {
				l.closed = f
			}
		}
	}
}

func merge(into, from map[string]value) {
	for k, v := range from {
		into[k] = v
	}
}

// agree is what several sets of variables say alike.
func agree(ways []map[string]value) map[string]value {
	out := ways[0]
	for _, w := range ways[1:] {
		for k, v := range w {
			if have, ok := out[k]; !ok || have.kind != unknown && !have.same(v) {
				out[k] = unknownValue(fmt.Sprintf("variable %q differs between the hosts or runs", k), v.text)
			}
		}
		for k, v := range out {
			if _, ok := w[k]; !ok && v.kind != unknown {
				out[k] = unknownValue(fmt.Sprintf("variable %q is not set for all hosts or runs", k), v.text)
			}
		}
	}
	return out
}

// splitWords splits text at white space outside quotes and templates.
func splitWords(t span.Text) []span.Text {
	s := t.String()
	var out []span.Text
	for i := 0; i < len(s); {
		if strings.IndexByte(" \t\r\n", s[i]) >= 0 {
			i++
			continue
		}
		j := wordEnd(s, i)
		out = append(out, t.Slice(i, j))
		i = j
	}
	return out
}

// wordEnd is the end of the word that starts at i.
func wordEnd(s string, i int) int {
	for i < len(s) && strings.IndexByte(" \t\r\n", s[i]) < 0 {
		switch c := s[i]; {
		case c == '\'' || c == '"':
			k := strings.IndexByte(s[i+1:], c)
			if k < 0 {
				return len(s)
			}
			i += k + 2
		case c == '\\' && i+1 < len(s):
			i += 2
		case strings.HasPrefix(s[i:], "{{"):
			end := exprEnd(s, i+2)
			if end < 0 {
				return len(s)
			}
			i = end + 2
		default:
			i++
		}
	}
	return min(i, len(s))
}
