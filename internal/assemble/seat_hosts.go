package assemble

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// byHosts finds the machine that the hosts of a hub's playbooks name: by its name in Terraform, its tags, or the group that a
// dynamic inventory makes of a tag (tag_KEY_VALUE). It is none if several are meant.
func (l *loader) byHosts(g *group, mods []*module) (mod *module, id string) {
	hosts := g.hosts()
	if len(hosts) == 0 || everybody(hosts[0]) {
		return nil, ""
	}
	for _, m := range mods {
		free := l.unclaimed(m)
		for _, in := range m.infra.Get("instances").List() {
			name, _ := in.Get("id").Str()
			if !slices.Contains(free, name) || !meant(hosts, name, in, m.infra) {
				continue
			}
			if mod != nil {
				return nil, ""
			}
			mod, id = m, name
		}
	}
	return mod, id
}

// meant says whether one of hosts is a name, tag or address of an instance.
func meant(hosts []string, id string, in, infra *doc.Node) bool {
	names := map[string]bool{spelled(id[strings.LastIndexByte(id, '.')+1:]): true}
	if s, ok := in.Get("name").Str(); ok {
		names[spelled(s)] = true
	}
	for _, h := range in.Get("hosts").List() { // what an inventory calls it that Terraform writes
		if s, ok := h.Str(); ok {
			names[spelled(s)] = true
		}
	}
	if t := in.Get("tags"); t != nil && t.Kind == doc.Map {
		for _, k := range t.Keys {
			if v, ok := t.Child[k].Str(); ok {
				names[spelled(v)] = true
				names[spelled("tag_"+k+"_"+v)] = true
			}
		}
	}
	for _, ip := range in.Get("public_ips").List() {
		if a, ok := ip.Get("address").Str(); ok {
			names[spelled(a)] = true
		}
	}
	for _, r := range infra.Get("dns").List() {
		to, _ := r.Get("instance").Str()
		if name, ok := r.Get("fqdn").Str(); ok && to == id {
			names[spelled(name)] = true
		}
	}
	for _, h := range hosts {
		if names[spelled(h)] && h != "" {
			return true
		}
	}
	return false
}

// spelled is a name as dynamic inventories spell it: anything but letters and digits is an underscore.
func spelled(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(s))
}
