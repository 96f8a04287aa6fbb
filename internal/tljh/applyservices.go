package tljh

import (
	"math"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
		s.hub.fail(n, "services.cull.%s is %s, but must be a number of seconds: the hub does not start", key, typeName(n))
	}
}
