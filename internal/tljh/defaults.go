package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// defaultConfig is TLJH's built-in configuration (TLJH: tljh/configurer.py, tag 1.0.0 and later; 0.2.0 where v is 0.x).
// Its nodes have no place and the given state.
func defaultConfig(v version, state doc.State, why string) *doc.Node {
	root := doc.NewMap(state, span.Span{}).Because(why)
	put := func(path string, value any) {
		m := root
		parts := strings.Split(path, ".")
		for _, p := range parts[:len(parts)-1] {
			if m.Child[p] == nil {
				m.Put(p, doc.NewMap(state, span.Span{}).Because(why))
			}
			m = m.Child[p]
		}
		last := parts[len(parts)-1]
		switch value {
		case list:
			m.Put(last, doc.NewList(state, span.Span{}).Because(why))
		case mapping:
			m.Put(last, doc.NewMap(state, span.Span{}).Because(why))
		default:
			m.Put(last, doc.Of(value, state, span.Span{}).Because(why))
		}
	}
	for _, d := range defaults {
		if d.since1 && v.zero() {
			continue
		}
		put(d.path, d.value)
	}
	if v.zero() {
		put("user_environment.default_app", "classic")
		put("services.configurator.enabled", false)
	}
	return root
}

// Stand-ins for an empty list and an empty mapping in the table.
type emptyKind int

const (
	list emptyKind = iota
	mapping
)

var defaults = []struct {
	path   string
	value  any
	since1 bool // since TLJH 1.0.0
}{
	{"base_url", "/", false},
	{"auth.type", "firstuseauthenticator.FirstUseAuthenticator", false},
	{"auth.FirstUseAuthenticator.create_users", false, false},
	{"users.allowed", list, false},
	{"users.banned", list, false},
	{"users.admin", list, false},
	{"users.extra_user_groups", mapping, false},
	{"limits.memory", nil, false},
	{"limits.cpu", nil, false},
	{"http.address", "", true},
	{"http.port", 80, false},
	{"https.enabled", false, false},
	{"https.address", "", true},
	{"https.port", 443, false},
	{"https.tls.cert", "", false},
	{"https.tls.key", "", false},
	{"https.letsencrypt.email", "", false},
	{"https.letsencrypt.domains", list, false},
	{"https.letsencrypt.staging", false, true},
	{"traefik_api.ip", "127.0.0.1", false},
	{"traefik_api.port", 8099, false},
	{"traefik_api.username", "api_admin", false},
	{"traefik_api.password", "", false},
	{"user_environment.default_app", "jupyterlab", false},
	{"services.cull.enabled", true, false},
	{"services.cull.timeout", 600, false},
	{"services.cull.every", 60, false},
	{"services.cull.concurrency", 5, false},
	{"services.cull.users", false, false},
	{"services.cull.max_age", 0, false},
	{"services.cull.remove_named_servers", false, true},
}
