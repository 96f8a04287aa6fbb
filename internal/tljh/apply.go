package tljh

import (
	"fmt"
	"math"
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

// sectionOf is the traits of a class, made when needed.
func (s *state) sectionOf(name string) *doc.Node {
	c := s.traits.Child[name]
	if c == nil {
		c = s.traits.Put(name, doc.NewMap(s.traits.State, span.Span{}).Because(s.traits.Why))
	}
	return c
}

func (s *state) applyAuth() {
	auth := s.section("auth")
	if auth == nil {
		return
	}
	s.set("JupyterHub", "authenticator_class", item(auth, "type"))
	if isOpen(auth) {
		s.traits.State, s.traits.Why = doc.Unknown, auth.Why
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
		first := key
		for i := range key {
			if i > 0 {
				first = key[:i]
				break
			}
		}
		switch {
		case strings.HasPrefix(key, "$key:"):
			s.hub.fail(v, "the key %s under auth is not text: the hub does not start", strings.TrimPrefix(key, "$key:"))
		case key == "" || key[0] == '_':
			s.hub.fail(v, "auth has a key %q that no class is called: the hub does not start", key)
		case first != strings.ToUpper(first), !isDict(v) && !isUnknown(v):
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
				if t := v.Child[name]; t.Kind != doc.Null || t.State == doc.Unknown {
					s.set(key, name, t) // null values are skipped: the class keeps its own default
				}
			}
		}
	}
}

func (s *state) applyUsers() {
	users := s.section("users")
	if users == nil {
		return
	}
	allowed := item(users, "allowed")
	if !s.v.old() {
		first := s.sectionOf("FirstUseAuthenticator")
		if first.Child["allow_all"] == nil {
			switch yes, known := truthy(allowed); {
			case !known || isOpen(first):
				first.Put("allow_all", doc.UnknownOf(firstOf(first.Why, "it depends on users.allowed, which is not known"), span.Span{}))
			case !yes:
				first.Put("allow_all", doc.Of(true, doc.Derived, span.Span{}).Because("TLJH sets it while users.allowed is empty"))
			}
		}
	}
	s.set("Authenticator", "allowed_users", s.pySet(allowed, "users.allowed"))
	s.set("Authenticator", "blocked_users", s.pySet(item(users, "banned"), "users.banned"))
	s.set("Authenticator", "admin_users", s.pySet(item(users, "admin"), "users.admin"))
	s.set("UserCreatingSpawner", "user_groups", item(users, "extra_user_groups"))
}

// pySet is Python's set(n): the letters of a string, the keys of a mapping, the items of a list.
func (s *state) pySet(n *doc.Node, path string) *doc.Node {
	switch {
	case n == nil:
		return nil
	case isUnknown(n):
		s.hub.unknown(n, path+" is not known")
		return n
	case n.Kind == doc.String:
		l := doc.NewList(doc.Derived, n.At, letters(n)...)
		l.KeyAt = n.KeyAt
		return l
	case n.Kind == doc.List:
		for _, it := range n.Items {
			if it.Kind == doc.List || isDict(it) {
				s.hub.fail(it, "%s holds %s, but only names may stand there: the hub does not start", path, typeName(it))
				return nil
			}
		}
		return n
	case isDict(n):
		l := doc.NewList(doc.Derived, n.At)
		l.KeyAt = n.KeyAt
		for _, k := range n.Keys {
			l.Add(keyNode(k, n.Child[k]))
		}
		if isOpen(n) {
			return doc.UnknownOf(n.Why, n.At)
		}
		return l
	}
	s.hub.fail(n, "%s is %s, but must be a list of names: the hub does not start", path, typeName(n))
	return nil
}

// keyNode is a mapping's key as a value.
func keyNode(key string, v *doc.Node) *doc.Node {
	if strings.HasPrefix(key, "$key:") {
		return doc.Of(0, doc.Derived, v.KeyAt)
	}
	return doc.Of(key, doc.Derived, v.KeyAt)
}

func (s *state) applyEnvironment() {
	env := s.section("user_environment")
	if env == nil {
		return
	}
	app := item(env, "default_app")
	v, ok := app.Str()
	switch {
	case app.State == doc.Unknown:
		s.set("Spawner", "default_url", doc.UnknownOf(app.Why, app.At))
	case ok && v == "jupyterlab":
		s.set("Spawner", "default_url", &doc.Node{Kind: doc.String, Value: "/lab", State: doc.Derived, At: app.At})
	case ok && v == "classic":
		s.set("Spawner", "default_url", &doc.Node{Kind: doc.String, Value: "/tree", State: doc.Derived, At: app.At})
	}
}

func (s *state) applyEntrypoint() {
	https := s.section("https")
	if https == nil {
		return
	}
	on := item(https, "enabled")
	name := "http"
	yes, known := truthy(on)
	if !known {
		s.set("TraefikProxy", "traefik_entrypoint", doc.UnknownOf(on.Why, on.At))
		return
	}
	if yes {
		name = "https"
	}
	s.set("TraefikProxy", "traefik_entrypoint", doc.Of(name, doc.Derived, on.At))
}

// applyServices adds the idle culler; its numbers are formatted with %d, which takes nothing but numbers.
func (s *state) applyServices() {
	services := doc.NewList(doc.Derived, span.Span{})
	section := s.section("services")
	if section == nil {
		return
	}
	cull := item(section, "cull")
	if cull == nil || !isDict(cull) {
		if isUnknown(cull) {
			s.hub.unknown(cull, "services.cull is not known")
			s.set("JupyterHub", "services", doc.UnknownOf(cull.Why, cull.At))
		} else {
			s.hub.fail(cull, "services.cull is %s, but TLJH needs a mapping there: the hub does not start", typeName(cull))
		}
		return
	}
	on := item(cull, "enabled")
	yes, known := truthy(on)
	if !known {
		s.set("JupyterHub", "services", doc.UnknownOf(on.Why, on.At))
		s.hub.unknown(on, "services.cull.enabled is not known")
		return
	}
	if yes {
		for _, k := range []string{"timeout", "every", "concurrency", "max_age"} {
			s.cullNumber(item(cull, k), k)
		}
		services.At = cull.At
		service := doc.NewMap(doc.Derived, cull.At)
		service.Put("name", doc.Of("cull-idle", doc.Derived, on.At))
		service.Put("admin", doc.Of(true, doc.Derived, span.Span{}))
		services.Add(service)
	}
	s.set("JupyterHub", "services", services)
}

func (s *state) cullNumber(n *doc.Node, key string) {
	if isUnknown(n) {
		s.hub.unknown(n, "services.cull."+key+" is not known")
		return
	}
	f, ok := number(n)
	if !ok || math.IsNaN(f) || math.IsInf(f, 0) {
		s.hub.fail(n, "%s", fmt.Sprintf("services.cull.%s is %s, but must be a number of seconds: the hub does not start", key, typeName(n)))
	}
}
