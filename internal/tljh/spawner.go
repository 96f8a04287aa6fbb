package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// spawner is the class that starts users' servers.
type spawner struct {
	name     string
	sections []string // what it reads, most specific first
	limits   tri      // whether it holds servers to their limits
	why      string   // why that is not known, or not so
}

const systemd = "UserCreatingSpawner SystemdSpawner Spawner"

// spawners are known classes by their dotted paths and entry points: the sections they read. Those that start processes
// leave the limits to others (JH: jupyterhub/spawner.py LocalProcessSpawner).
var spawners = map[string]string{
	"tljh.user_creating_spawner.UserCreatingSpawner": systemd,
	"systemdspawner.SystemdSpawner":                  "SystemdSpawner Spawner", "systemdspawner.systemdspawner.SystemdSpawner": "SystemdSpawner Spawner",
	"systemd": "SystemdSpawner Spawner", "systemdspawner": "SystemdSpawner Spawner",
	"dockerspawner.DockerSpawner": "DockerSpawner Spawner", "dockerspawner.dockerspawner.DockerSpawner": "DockerSpawner Spawner", "docker": "DockerSpawner Spawner",
	"dockerspawner.SystemUserSpawner": "SystemUserSpawner DockerSpawner Spawner", "dockerspawner.systemuserspawner.SystemUserSpawner": "SystemUserSpawner DockerSpawner Spawner",
	"docker-system-user":         "SystemUserSpawner DockerSpawner Spawner",
	"dockerspawner.SwarmSpawner": "SwarmSpawner DockerSpawner Spawner", "dockerspawner.swarmspawner.SwarmSpawner": "SwarmSpawner DockerSpawner Spawner", "docker-swarm": "SwarmSpawner DockerSpawner Spawner",
	"tljh_repo2docker.Repo2DockerSpawner": "Repo2DockerSpawner SpawnerMixin DockerSpawner Spawner",
	"tljh_repo2docker.SpawnerMixin":       "SpawnerMixin Spawner",
	"kubespawner.KubeSpawner":             "KubeSpawner Spawner", "kubespawner": "KubeSpawner Spawner",
	"podmanspawner.PodmanSpawner":                  "PodmanSpawner DockerSpawner Spawner",
	"jupyterhub.spawner.Spawner":                   "Spawner",
	"jupyterhub.spawner.LocalProcessSpawner":       "LocalProcessSpawner Spawner -",
	"jupyterhub.spawner.SimpleLocalProcessSpawner": "SimpleLocalProcessSpawner LocalProcessSpawner Spawner -",
	"default": "LocalProcessSpawner Spawner -", "localprocess": "LocalProcessSpawner Spawner -", "simple": "SimpleLocalProcessSpawner LocalProcessSpawner Spawner -",
	"sudospawner.SudoSpawner": "SudoSpawner LocalProcessSpawner Spawner -", "sudo": "SudoSpawner LocalProcessSpawner Spawner -",
}

// spawner finds the class in force.
func (s *state) spawner() (*spawner, *doc.Node) {
	n := s.get("spawner_class", "JupyterHub")
	name, ok := n.Str()
	if n == nil || n.State == doc.Unknown || !ok {
		sp := spawnerOf("UserCreatingSpawner", systemd)
		if isUnknown(n) {
			sp.limits, sp.why = maybe, firstOf(n.Why, "which spawner starts the servers is not known")
		}
		return sp, n
	}
	if _, local := s.defined[name]; local {
		sp := s.localSpawner(name, 0)
		return sp, n
	}
	if sections, ok := spawners[name]; ok {
		return spawnerOf(name, sections), n
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	return &spawner{last, []string{last, "Spawner"}, maybe, "servers are started by " + name + ", and whether that holds them to their limits is not known"}, n
}

func spawnerOf(name, sections string) *spawner {
	f := strings.Fields(sections)
	sp := &spawner{name: name, sections: f, limits: yes}
	if f[len(f)-1] == "-" {
		sp.sections, sp.limits = f[:len(f)-1], no
		sp.why = "servers are started by " + sp.sections[0] + ", which holds no server to a limit"
	}
	return sp
}

func (s *state) localSpawner(name string, depth int) *spawner {
	c := s.defined[name]
	sp := &spawner{name: name, limits: yes}
	var chains [][]string
	for _, b := range c.Bases {
		var base *spawner
		_, local := s.defined[b]
		switch sections, ok := spawners[b]; {
		case local && depth < 20 && b != name:
			base = s.localSpawner(b, depth+1)
		case ok:
			base = spawnerOf(b, sections)
		default:
			if last := b[strings.LastIndexByte(b, '.')+1:]; last != "" {
				chains = append(chains, []string{last})
			}
			continue
		}
		chains = append(chains, base.sections)
		if base.limits < sp.limits {
			sp.limits, sp.why = base.limits, base.why
		}
	}
	if len(chains) == 0 {
		sp.limits, sp.why = maybe, "servers are started by "+name+", whose code is not read"
	}
	sp.sections = append([]string{name}, linear(append(chains, []string{"Spawner"}))...)
	return sp
}

// limit is the value of a limit in the sections of a spawner. Code that runs when a server starts may set it.
func (s *state) limit(sp *spawner, name string) *doc.Node {
	for _, l := range s.later {
		if l.Trait == name {
			return doc.UnknownOf("code that runs when a server starts may set "+name+" ("+l.At.String()+")", l.At)
		}
	}
	if contains(sp.sections, "SystemdSpawner") {
		if n := s.unitLimit(sp, name); n != nil {
			return n
		}
	}
	n := s.get(name, sp.sections...)
	if n != nil && n.Kind == doc.Null && n.State != doc.Unknown {
		return n // no limit, whoever starts the servers
	}
	switch {
	case sp.limits == maybe && n != nil:
		return doc.UnknownOf(sp.why, place(n))
	case sp.limits == no && n != nil:
		return doc.Of(nil, doc.Derived, place(n)).Because(sp.why)
	}
	return n
}
