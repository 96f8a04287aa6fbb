package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// applyConfig does what tljh's apply_config does with the merged configuration: it fills s.traits, and whatever raises an
// exception there becomes an error of the hub stage (TLJH: tljh/configurer.py; reference/tljh.md §5 to §7).
func (s *state) applyConfig() {
	s.set("JupyterHub", "spawner_class", derived("tljh.user_creating_spawner.UserCreatingSpawner"))
	s.set("JupyterHub", "cleanup_servers", derived(false))
	s.set("JupyterHub", "hub_port", derived(15001))
	s.set("JupyterHub", "proxy_class", derived("traefik_file"))
	s.set("SystemdSpawner", "username_template", derived("jupyter-{USERNAME}"))
	s.set("JupyterHub", "base_url", s.sub(&s.hub, s.config, "base_url", ""))
	s.applyAuth()
	s.applyUsers()
	if limits := s.section("limits"); limits != nil {
		s.set("Spawner", "mem_limit", item(limits, "memory"))
		s.set("Spawner", "cpu_limit", item(limits, "cpu"))
	}
	s.applyEnvironment()
	api := s.section("traefik_api")
	s.set("TraefikProxy", "traefik_api_username", item(api, "username"))
	s.set("TraefikProxy", "traefik_api_password", item(api, "password"))
	s.applyEntrypoint()
	s.applyServices()
}

func derived(v any) *doc.Node { return doc.Of(v, doc.Derived, span.Span{}) }

// section is a top-level mapping of the configuration; nil, and an error of the hub stage, if it is anything else.
func (s *state) section(name string) *doc.Node {
	n := s.sub(&s.hub, s.config, name, "")
	if n == nil || isDict(n) || isUnknown(n) {
		if isUnknown(n) {
			s.hub.unknown(n, name+" is not known")
		}
		return n
	}
	s.hub.fail(n, "%s is %s, but TLJH needs a mapping there: the hub does not start", name, typeName(n))
	return nil
}

// sub is n[key] with Python's errors for what is no mapping; path names n in messages.
func (s *state) sub(st *stage, n *doc.Node, key, path string) *doc.Node {
	if n == nil {
		return nil
	}
	if isUnknown(n) {
		return doc.UnknownOf(n.Why, n.At)
	}
	if !isDict(n) {
		st.fail(n, "%s is %s, but TLJH needs a mapping there: the hub does not start", path, typeName(n))
		return nil
	}
	return item(n, key)
}

// set puts a trait; nil means that an error was met on the way.
func (s *state) set(section, name string, n *doc.Node) {
	if n == nil {
		return
	}
	s.sectionOf(section).Put(name, n)
}

// mayBeSet says why a section may have traits that are not shown although no code is in play: the auth part of the
// configuration may hold sections that the repository does not have.
func (s *state) mayBeSet(section string) string {
	if strings.HasSuffix(section, "Authenticator") {
		return s.authOpen
	}
	return ""
}

// sectionOf is the traits of a class, made when needed.
func (s *state) sectionOf(name string) *doc.Node {
	c := s.traits.Child[name]
	if c == nil {
		c = s.traits.Put(name, doc.NewMap(s.traits.State, span.Span{}).Because(s.traits.Why))
		if why := s.mayBeSet(name); why != "" {
			c.State, c.Why = doc.Unknown, why
		}
	}
	return c
}

// sectionName is traitlets' test for the name of a section: the first character is its own upper case, as a digit is
// (TRT: traitlets/config/loader.py _is_section_key).
func sectionName(key string) bool {
	for i := range key {
		if i > 0 {
			key = key[:i]
			break
		}
	}
	return key != "" && key != "_" && key == strings.ToUpper(key)
}

func (s *state) applyAuth() {
	auth := s.section("auth")
	if auth == nil {
		return
	}
	s.set("JupyterHub", "authenticator_class", item(auth, "type"))
	if isOpen(auth) {
		s.authOpen = auth.Why
	}
	if isUnknown(auth) {
		s.openTraits(auth.Why)
		return
	}
	for _, key := range auth.Keys {
		v := auth.Child[key]
		if key == "type" {
			continue
		}
		switch {
		case strings.HasPrefix(key, "$key:"):
			s.hub.fail(v, "the key %s under auth is not text: the hub does not start", strings.TrimPrefix(key, "$key:"))
		case key == "" || key[0] == '_':
			s.hub.fail(v, "auth has a key %q that no class is called: the hub does not start", key)
		case !sectionName(key), !isDict(v) && !isUnknown(v):
			s.hub.fail(v, "auth.%s does not look like a section: only names of classes with a mapping of options may stand under auth, and the hub does not start", key)
		case isUnknown(v):
			s.hub.unknown(v, "auth."+key+" is not known")
			c := s.sectionOf(key)
			c.State, c.Why = doc.Unknown, v.Why
		default:
			c := s.sectionOf(key)
			if c.At.IsZero() {
				c.At = v.At
			}
			if isOpen(v) {
				c.State, c.Why = doc.Unknown, v.Why
			}
			for _, name := range v.Keys {
				t := v.Child[name]
				if t.Kind == doc.Null && t.State != doc.Unknown {
					continue // null values are skipped: the class keeps its own default
				}
				switch {
				case strings.HasPrefix(name, "$key:"):
					s.hub.fail(t, "the key %s under auth.%s is not text: the hub does not start", strings.TrimPrefix(name, "$key:"), key)
				case sectionName(name):
					s.hub.fail(t, "the key %s under auth.%s looks like the name of a class: options begin with a small letter, and the hub does not start", name, key)
				default:
					s.set(key, name, t)
				}
			}
		}
	}
}
