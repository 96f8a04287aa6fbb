package proxy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func shown(kind, text string) []string {
	var out []string
	for _, s := range Read(kind, span.NewSource("f", text).Whole()) {
		line := fmt.Sprintf("%d tls=%v", s.At.Start.Line, s.TLS)
		for _, t := range s.To {
			line += " " + span.Show(t)
		}
		if s.Why != "" {
			line += " ?"
		}
		out = append(out, line)
	}
	return out
}

func TestSites(t *testing.T) {
	for name, c := range map[string]struct {
		kind, text string
		want       []string
	}{
		"nginx":                     {"nginx", "server {\n  listen 80;\n  return 301 https://$host$request_uri;\n}\nserver {\n  listen 443 ssl http2; # x\n  location / { proxy_pass http://127.0.0.1:8000; }\n}\n", []string{"1 tls=false ?", "6 tls=true 127.0.0.1:8000"}},
		"an upstream":               {"nginx", "http {\n upstream hub { server localhost:8000; }\n server {\n  listen [::]:443 ssl;\n  location /x { proxy_pass http://hub/; }\n }\n}\n", []string{"4 tls=true localhost:8000"}},
		"commented out":             {"nginx", "server {\n  #listen 443 ssl;\n  listen 80;\n  location / { proxy_pass http://localhost:8000; }\n}\n", []string{"1 tls=false localhost:8000"}},
		"a target of a variable":    {"nginx", "server {\n listen 443 ssl;\n location / { proxy_pass http://$up:8000; }\n}\n", []string{"2 tls=true $up:8000"}},
		"nginx, conditional":        {"nginx", "server {\n{% if tls %}\n listen 443 ssl;\n{% endif %}\n location / { proxy_pass http://localhost; }\n}\n", []string{"3 tls=true localhost:80 ?"}},
		"Caddy":                     {"caddy", "{\n  email a@example.org\n}\nhub.example.org, www.example.org {\n  reverse_proxy /x* localhost:8000 {\n    header_up A b\n  }\n}\nhttp://x.example.org {\n  reverse_proxy :9000\n}\n:8080 {\n}\n", []string{"4 tls=true localhost:8000", "9 tls=false :9000", "12 tls=false"}},
		"Caddy without braces":      {"caddy", "hub.example.org\nreverse_proxy 127.0.0.1:8000\n", []string{"1 tls=true 127.0.0.1:8000"}},
		"Caddy without TLS":         {"caddy", "{\n auto_https off\n}\nhub.example.org {\n reverse_proxy localhost:8000\n}\n", []string{"4 tls=false localhost:8000"}},
		"Apache":                    {"apache", "<VirtualHost *:443>\n  SSLEngine on\n  ProxyPass / http://localhost:8000/\n</VirtualHost>\n", []string{"2 tls=true localhost:8000"}},
		"HAProxy":                   {"haproxy", "frontend a\n  bind :443 ssl crt /x\nbackend b\n  server hub 10.0.0.1:8000 check\n", []string{"2 tls=true 10.0.0.1:8000"}},
		"Traefik":                   {"traefik", "http:\n  routers:\n    Hub:\n      rule: Host(`x`)\n      service: hub\n      tls: {}\n    plain:\n      rule: Host(`y`)\n      service: other\n  services:\n    hub:\n      loadBalancer:\n        servers:\n        - url: http://10.0.0.1:8000\n", []string{"6 tls=true 10.0.0.1:8000", "8 tls=false"}},
		"Traefik, nothing for tls":  {"traefik", "http:\n  routers:\n    hub:\n      rule: Host(`x`)\n      tls:\n      service: hub\n", []string{"4 tls=false"}},
		"Traefik in TOML":           {"traefik", "[http.routers.hub]\n  rule = \"Host(`x`)\"\n  service = \"hub\"\n  [http.routers.hub.tls]\n    certResolver = \"le\"\n[[http.services.hub.loadBalancer.servers]]\n  url = \"http://127.0.0.1:8000\"\n", []string{"4 tls=true 127.0.0.1:8000"}},
		"Traefik, template unknown": {"traefik", "http:\n  routers:\n    hub:\n      tls: {certResolver: le}\n      service: hub\n  services:\n    hub:\n      loadBalancer:\n        servers: [{url: \"http://" + span.Unknown("x") + ":8000\"}]\n", []string{"4 tls=true …:8000"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, shown(c.kind, c.text)); d != "" {
				t.Error(d)
			}
		})
	}
}

// What is malformed ends no TLS.
func TestMalformed(t *testing.T) {
	for kind, texts := range map[string][]string{
		"nginx":   {"server {", "server { listen 443 ssl", "}}}", "listen 443 ssl;", "server \"", "{{{{"},
		"caddy":   {"{", "{ hub.example.org", "}", "`", ""},
		"traefik": {"http: [", "http:\n  routers: x\n", "[http.routers", "a: &a [*a]"},
		"apache":  {""}, "haproxy": {"bind"}, "other": {"server { listen 443 ssl; }"},
	} {
		for _, text := range texts {
			for _, s := range Read(kind, span.NewSource("f", text).Whole()) {
				if s.TLS && len(s.To) > 0 {
					t.Errorf("%s %q: %+v", kind, text, s)
				}
			}
		}
	}
}

func TestKind(t *testing.T) {
	for file, want := range map[string]string{
		"/etc/nginx/sites-enabled/hub": "nginx", "deploy/nginx/hub.conf.j2": "nginx", "nginx.conf": "nginx", "a.conf": "", "Caddyfile": "caddy",
		"/etc/traefik/rules.d/hub.yml": "traefik", "a.yml": "", "/etc/apache2/sites-available/000.conf": "apache", "haproxy.cfg": "haproxy",
	} {
		if got := Kind(file); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("http { upstream a { server b; } server { listen 443 ssl; location / { proxy_pass http://a; } } }")
	f.Add("{\n}\na.b, c {\n  reverse_proxy {\n to x\n}\n}\n")
	f.Add("[http.routers.a.tls]\nx = 1\n[[http.services.a.loadBalancer.servers]]\nurl=\"[::1]\"\n")
	f.Add("http:\n  routers:\n    a: {tls: {}, service: b}\n  services: {b: {loadBalancer: {servers: [{url: 'x://['}]}}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range strings.Fields("nginx caddy apache haproxy traefik") {
			for _, s := range Read(kind, span.NewSource("f", text).Whole()) {
				if s.At.File != "f" {
					t.Fatalf("%s: place in %q", kind, s.At.File)
				}
			}
		}
	})
}
