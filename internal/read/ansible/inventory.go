package ansible

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

const maxHosts = 1000 // of one inventory

// inventory is the hosts and groups of one inventory file.
type inventory struct {
	file   string
	hosts  map[string]map[string]value
	order  []string // hosts as they come
	groups map[string]*hostGroup
	within map[string][]string // members, once worked out
	plugin string              // of a dynamic inventory: who knows its hosts
}

type hostGroup struct {
	hosts    []string
	children []string
	vars     map[string]value
}

func newInventory(file string) *inventory {
	return &inventory{file: file, hosts: map[string]map[string]value{}, within: map[string][]string{}, groups: map[string]*hostGroup{"all": {vars: map[string]value{}}}}
}

func (inv *inventory) group(name string) *hostGroup {
	g := inv.groups[name]
	if g == nil {
		g = &hostGroup{vars: map[string]value{}}
		inv.groups[name] = g
	}
	return g
}

func (inv *inventory) host(name string, in *hostGroup) map[string]value {
	h := inv.hosts[name]
	if h == nil {
		h = map[string]value{}
		inv.hosts[name] = h
		inv.order = append(inv.order, name)
	}
	if in != nil && !slices.Contains(in.hosts, name) {
		in.hosts = append(in.hosts, name)
	}
	return h
}

// inventory reads an inventory file, in either of its formats; nil when it is none.
func (l *library) inventory(f string) *inventory {
	if inv, ok := l.invs[f]; ok {
		return inv
	}
	var inv *inventory
	if strings.HasSuffix(f, ".yml") || strings.HasSuffix(f, ".yaml") {
		inv = l.yamlInventory(f)
	} else if src, err := l.files.Open(f); err == nil {
		inv = iniInventory(src)
	}
	l.invs[f] = inv
	return inv
}

func iniInventory(src *span.Source) *inventory {
	if strings.HasPrefix(src.Text, "#!") || strings.HasPrefix(src.Text, "$ANSIBLE_VAULT") || strings.HasPrefix(strings.TrimSpace(src.Text), "{") {
		return nil // a program that prints an inventory
	}
	inv := newInventory(src.File)
	section, kind := inv.group("ungrouped"), ""
	off := 0
	for _, line := range strings.SplitAfter(src.Text, "\n") {
		start := off
		off += len(line)
		body := strings.TrimSpace(line)
		if body == "" || body[0] == '#' || body[0] == ';' {
			continue
		}
		if body[0] == '[' && strings.Contains(body, "]") {
			var name string
			name, kind, _ = strings.Cut(strings.TrimPrefix(body[:strings.IndexByte(body, ']')], "["), ":")
			section = inv.group(strings.TrimSpace(name))
			continue
		}
		at := start + strings.Index(line, body)
		switch kind {
		case "children":
			name := strings.Fields(body)[0]
			inv.group(name)
			section.children = append(section.children, name)
		case "vars":
			if k, v, ok := strings.Cut(body, "="); ok {
				from := at + len(k) + 1
				section.vars[strings.TrimSpace(k)] = literal(src.Slice(from, from+len(v)))
			}
		case "":
			words := splitWords(src.Slice(at, at+len(body)))
			if len(words) == 0 || len(inv.order) > maxHosts {
				continue
			}
			h := inv.host(words[0].String(), section)
			for _, w := range words[1:] {
				if strings.HasPrefix(w.String(), "#") {
					break
				}
				if k, _, ok := strings.Cut(w.String(), "="); ok {
					h[k] = literal(w.Slice(len(k)+1, w.Len()))
				}
			}
		}
	}
	return inv
}

// literal is a value of an INI inventory: Python's literals are values of their type, anything else is text.
func literal(t span.Text) value {
	s := strings.TrimSpace(t.String())
	lead := strings.Index(t.String(), s)
	t = t.Slice(lead, lead+len(s))
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return value{kind: str, text: t.Slice(1, t.Len()-1), raw: templated(s)}
	}
	switch s {
	case "True", "False":
		return boolValue(s == "True", t)
	case "None":
		return value{kind: null, text: t}
	case "":
		return value{kind: str, text: t}
	}
	if strings.Trim(s, "0123456789.-") == "" {
		if v, ok := plain(s, t); ok && v.kind == number && (s == "0" || s[0] != '0') {
			return v
		}
	}
	return value{kind: str, text: t, raw: templated(s)}
}

func (l *library) yamlInventory(f string) *inventory {
	d, why := l.yaml(f)
	if why != "" || d.Root == nil || d.Root.Kind != yaml.MappingNode {
		return nil
	}
	inv := newInventory(f)
	v := fromNode(d, d.Root)
	if p, ok := v.child["plugin"]; ok && p.kind == str {
		inv.plugin = p.text.String()
		return inv
	}
	for _, name := range v.keys {
		if g := v.child[name]; g.kind == dict {
			inv.addGroup(name, g, 0)
		} else if g.kind != null {
			return nil
		}
	}
	if len(inv.order) == 0 && len(inv.groups) < 2 {
		return nil
	}
	return inv
}

func (inv *inventory) addGroup(name string, v value, depth int) {
	g := inv.group(name)
	if depth > 20 {
		return
	}
	for _, h := range v.child["hosts"].keys {
		if len(inv.order) > maxHosts {
			break
		}
		vars := inv.host(h, g)
		for k, x := range v.child["hosts"].child[h].child {
			vars[k] = x
		}
	}
	for k, x := range v.child["vars"].child {
		g.vars[k] = x
	}
	for _, c := range v.child["children"].keys {
		g.children = append(g.children, c)
		inv.addGroup(c, v.child["children"].child[c], depth+1)
	}
}

// members are the hosts of a group and of the groups below it.
func (inv *inventory) members(name string) []string {
	if name == "all" {
		return inv.order
	}
	if m, ok := inv.within[name]; ok {
		return m
	}
	inv.within[name] = nil // a group within itself has no more members for it
	g := inv.groups[name]
	if g == nil {
		return nil
	}
	out := append([]string(nil), g.hosts...)
	have := map[string]bool{}
	for _, h := range out {
		have[h] = true
	}
	for _, c := range g.children {
		for _, h := range inv.members(c) {
			if !have[h] {
				have[h] = true
				out = append(out, h)
			}
		}
	}
	inv.within[name] = out
	return out
}

// sink notes how deep the groups below a group lie.
func (inv *inventory) sink(name string, at int, depth map[string]int) {
	g := inv.groups[name]
	if d, seen := depth[name]; g == nil || at > 20 || seen && d >= at && at > 0 {
		return
	}
	depth[name] = at
	for _, c := range g.children {
		inv.sink(c, at+1, depth)
	}
}

// groupsOf are the groups that hold a host, from the outermost to the innermost.
func (inv *inventory) groupsOf(host string) []string {
	var in []string
	for _, name := range sortedKeys(inv.groups) {
		if name != "all" && slices.Contains(inv.members(name), host) {
			in = append(in, name)
		}
	}
	depth := map[string]int{}
	for _, name := range in {
		inv.sink(name, 0, depth)
	}
	slices.SortStableFunc(in, func(a, b string) int { return depth[a] - depth[b] })
	return append([]string{"all"}, in...)
}
