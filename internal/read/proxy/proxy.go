// Package proxy reads the configuration of web servers that may stand in front of a hub: nginx, Caddy, Apache, HAProxy and
// Traefik. Of each site it says whether it ends TLS and where it forwards to.
// Sources: nginx.org (ngx_http_proxy_module, ngx_http_ssl_module), caddyserver.com/docs/caddyfile, doc.traefik.io (file provider).
package proxy

import (
	"net/url"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Site is one site of a web server.
type Site struct {
	TLS bool
	Why string   // why it is not certain that it ends TLS; "" if it is
	To  []string // HOST:PORT of what it forwards to; what is not known of it is an unknown token
	At  span.Span
}

// Bounds of one file.
const (
	maxTokens = 50000
	maxSites  = 500
	maxDepth  = 50
)

// Kind is the web server whose configuration a file is, by where it lies or what it is called; "" if it is none.
func Kind(file string) string {
	low := strings.ToLower(file)
	name := low[strings.LastIndexByte(low, '/')+1:]
	for _, e := range []string{".j2", ".tpl", ".template", ".tmpl"} {
		name = strings.TrimSuffix(name, e)
	}
	yaml := strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".toml")
	switch {
	case name == "caddyfile" || strings.HasSuffix(name, ".caddyfile") || strings.HasPrefix(low, "/etc/caddy/"):
		return "caddy"
	case yaml && strings.Contains(low, "traefik"):
		return "traefik"
	case yaml:
		return ""
	case strings.HasPrefix(low, "/etc/apache2/") || strings.HasPrefix(low, "/etc/httpd/"):
		return "apache"
	case strings.HasPrefix(low, "/etc/haproxy/") || name == "haproxy.cfg":
		return "haproxy"
	case strings.HasPrefix(low, "/etc/nginx/") || strings.HasSuffix(name, ".nginx") || name == "nginx.conf",
		strings.HasSuffix(name, ".conf") && (strings.Contains(low, "nginx") || strings.Contains(low, "sites-available/") || strings.Contains(low, "sites-enabled/")):
		return "nginx"
	}
	return ""
}

// Read reads the configuration of a kind of web server. A template's expressions must be unknown tokens in it.
func Read(kind string, t span.Text) []Site {
	if t.Len() > 1<<20 {
		return nil
	}
	switch kind {
	case "nginx":
		return nginx(t)
	case "caddy":
		return caddy(t)
	case "apache":
		return lines(t, apacheTLS, apacheTo)
	case "haproxy":
		return lines(t, haproxyTLS, haproxyTo)
	case "traefik":
		return traefik(t)
	}
	return nil
}

// IsTraefik says whether a text is what Traefik's file provider reads: routers and the servers that they lead to.
func IsTraefik(text string) bool {
	return rules.MatchString(text) && strings.Contains(text, "loadBalancer")
}

var (
	rules      = lazyregexp.New(`(?m)^\s*routers:\s*$|^\[+http\.routers\.`)
	apacheTLS  = lazyregexp.New(`(?mi)^\s*SSLEngine\s+on`)
	apacheTo   = lazyregexp.New(`(?mi)^\s*ProxyPass\s+\S+\s+["']?(\w+://[^\s"']+)`)
	haproxyTLS = lazyregexp.New(`(?m)^\s*bind\s[^\n]*\bssl\b`)
	haproxyTo  = lazyregexp.New(`(?m)^\s*server\s+\S+\s+([^\s:]+:\d+)`)
)

// lines takes a file for one site: what it says anywhere holds for all of it, so it is only certain with a single target.
func lines(t span.Text, tls, to *lazyregexp.Regexp) []Site {
	s := t.String()
	site := Site{TLS: tls.MatchString(s), At: t.PosOf(0)}
	if m := tls.FindStringIndex(s); m != nil {
		site.At = t.SpanOf(m[0]+len(s[m[0]:m[1]])-len(strings.TrimLeft(s[m[0]:m[1]], " \t\n")), m[1])
	}
	for _, m := range to.FindAllStringSubmatch(s, 50) {
		site.To = append(site.To, Target(m[1]))
	}
	if len(site.To) > 1 {
		site.Why = "it forwards to several places"
	}
	return []Site{site}
}

// Target is HOST:PORT of an address, with the port that its scheme means.
func Target(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		scheme, rest = "http", address
	}
	rest, _, _ = strings.Cut(rest, "/")
	rest, _, _ = strings.Cut(rest, "?")
	if span.IsUnknown(rest) || strings.Contains(rest, "$") {
		if k := strings.LastIndexByte(rest, ':'); k >= 0 {
			return rest[:k] + rest[k:]
		}
		return rest
	}
	if u, err := url.Parse("x://" + rest); err == nil && u.Port() != "" {
		return u.Hostname() + ":" + u.Port()
	}
	if scheme == "https" || scheme == "wss" {
		return strings.Trim(rest, "[]") + ":443"
	}
	return strings.Trim(rest, "[]") + ":80"
}
