package assemble

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

var (
	// otherRole are words in a machine's name or tags that say what else it is for; besides are those that a hub's machine may bear too,
	// but not one that is told from others by its name.
	otherRole = lazyregexp.New(`(?i)(?:^|[^a-z])(?:bastion|jump(?:box|host|server)?|vpn|gateway|nat|nfs|samba|storage|fileserver|database|db|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|monitor(?:ing)?|grafana|prometheus|zabbix|logging|backup|workers?|slurm|dask|k[38]s|kubernetes|builder|runner|ci|registry|mail|ldap|proxy|balancer|lb)(?:$|[^a-z])`)
	besides   = lazyregexp.New(`(?i)(?:^|[^a-z])(?:gpu|test|dev|staging|demo|old|node|compute)(?:$|[^a-z])`)
	calledHub = lazyregexp.New(`(?i)^(?:the[-_ ])?hub$`)
)

// ownName is what an instance is called: the last part of its address, its module, its name and role.
func ownName(id string, in *doc.Node) string {
	all := []string{id[strings.IndexByte(id, '.')+1:]}
	for _, n := range []*doc.Node{in.Get("name"), in.Get("tags", "Name"), in.Get("tags", "name"), in.Get("tags", "Role"), in.Get("tags", "role")} {
		if v, ok := n.Str(); ok {
			all = append(all, v)
		}
	}
	return strings.Join(all, " ")
}

// bearsHubName says whether a name or tag says that a machine is the hub's.
func bearsHubName(id string, in *doc.Node) bool {
	name, _ := in.Get("name").Str()
	return speaksOfJupyter.MatchString(id+" "+name+" "+tags(in)) || calledHub.MatchString(name) || calledHub.MatchString(id[strings.LastIndexByte(id, '.')+1:])
}

// otherPurpose are words in a directory's name that say that what is in it is no hub.
var otherPurpose = lazyregexp.New(`(?i)(?:^|[^a-z])(?:web-?site|web-?page|www|blog|wiki|forum|shop|frontend|backend|api|gitlab|jenkins|minecraft)(?:$|[^a-z])`)

// others says whether a module that lies elsewhere is visibly for something else than the hub: the machine of a web site in the same
// repository is not the hub's because it is the only one.
func others(m *module) bool {
	if speaksOfJupyter.MatchString(m.dir) {
		return false
	}
	for _, in := range m.infra.Get("instances").List() {
		if id, _ := in.Get("id").Str(); bearsHubName(id, in) {
			return false
		}
	}
	return otherPurpose.MatchString(m.dir) || otherRole.MatchString(m.dir)
}
