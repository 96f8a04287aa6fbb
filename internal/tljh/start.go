package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// hubStage finds what stops JupyterHub at start once its configuration is loaded (reference/tljh.md §7, §9, §23).
func (s *state) hubStage() {
	s.checkTraits(&s.hub, "the hub does not start", []string{"JupyterHub"}, classes().byName["JupyterHub"])
	s.checkClasses()
	s.resolveClass()
	if s.class == nil {
		return
	}
	s.checkTraits(&s.hub, "the hub does not start", append([]string{s.class.name}, s.class.bases...), s.class)
	s.classRules()
	s.initUsers()
}

// ownRules are traits whose values have checks of their own beside their type.
var ownRules = map[string]bool{"mem_limit": true, "cpu_limit": true, "user_groups": true}

// spawnerTraits checks the options of the spawner, if all of its classes are known; they are read when a server starts.
func (s *state) spawnerTraits(sp *spawner) {
	for _, sec := range sp.sections {
		if classes().byName[sec] == nil {
			return
		}
	}
	s.checkTraits(&s.spawn, "no server starts", sp.sections, classes().byName[sp.sections[0]])
}

// checkTraits applies traitlets' type checks to each trait in force. Of the options of the hub itself and of the spawner,
// what code works out is taken to be of the right type.
func (s *state) checkTraits(st *stage, then string, sections []string, c *class) {
	seen := map[string]bool{}
	for _, sec := range sections {
		m := s.traits.Child[sec]
		if m == nil {
			continue
		}
		if st == &s.hub && isOpen(m) && m.Why != "" {
			st.unknown(m, "not all options of "+sec+" are known")
		}
		for _, k := range m.Keys {
			if seen[k] || st == &s.spawn && ownRules[k] {
				continue
			}
			seen[k] = true
			t, ok := c.trait(k, s.v.major)
			if !ok {
				continue // an option nobody declares is ignored, with a warning in the journal
			}
			v := m.Child[k]
			why, unknown := typeError(v, t)
			if why != "" {
				st.fail(v, "%s.%s %s: %s", sec, k, why, then)
			} else if unknown && (c.family != "" || k == "base_url" || k == "services") {
				st.unknown(v, sec+"."+k+" is not known")
			}
		}
	}
}

// entryPoints are the short names by which TLJH's hub knows its classes of these kinds.
var entryPoints = map[string]string{
	"spawner_class": "default localprocess simple systemd systemdspawner",
	"proxy_class":   "default configurable-http-proxy traefik_file traefik_consul traefik_etcd traefik_redis",
}

// checkClasses finds names of spawners and proxies that nothing has. A dotted name may be of any package.
func (s *state) checkClasses() {
	for _, k := range []string{"spawner_class", "proxy_class"} {
		n := s.get(k, "JupyterHub")
		if n == nil || isUnknown(n) {
			continue
		}
		name, ok := n.Str()
		_, local := s.defined[name]
		switch {
		case !ok:
			s.hub.fail(n, "JupyterHub.%s is %s instead of the name of a class: the hub does not start", k, typeName(n))
		case !local && !strings.Contains(name, ".") && spawners[name] == "" && !contains(strings.Fields(entryPoints[k]), strings.ToLower(name)):
			s.hub.fail(n, "there is no %s %q: the hub does not start", strings.TrimSuffix(k, "_class"), name)
		}
	}
}

// on is whether a trait of the authenticator is set to something true.
func (s *state) on(name string) (yes, known bool) {
	if _, declared := s.class.trait(name, s.v.major); !declared {
		return false, true
	}
	return truthy(s.of(name))
}

// classRules are the checks that the classes make of their own options.
func (s *state) classRules() {
	n := s.of("enable_auth_state")
	if yes, _ := truthy(n); yes && s.get("keys", "CryptKeeper") == nil {
		s.hub.fail(n, "enable_auth_state needs JUPYTERHUB_CRYPT_KEY in the hub's environment, and nothing here sets it: the hub stops at start")
	}
	switch {
	case s.class.isA("OAuthenticator"):
		s.oauthRules()
	case s.class.isA("SharedPasswordAuthenticator"):
		s.sharedRules()
	case s.class.isA("LDAPAuthenticator"):
		s.ldapRules()
	case s.class.isA("NativeAuthenticator"):
		if yes, _ := s.on("allow_self_approval_for"); yes {
			if k := s.of("secret_key"); !isUnknown(k) && (k == nil || k.Kind == doc.String && len(k.Value.(string)) < 8) {
				s.hub.fail(s.of("allow_self_approval_for"), "allow_self_approval_for needs a secret_key of at least 8 characters: the hub does not start")
			}
		}
	}
}
