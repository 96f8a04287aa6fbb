package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// proxyStage is what "tljh-config reload proxy" and the installer do with the configuration (TLJH: tljh/traefik.py and its
// templates; reference/tljh.md §11, §23).
func (s *state) proxyStage() {
	for _, k := range s.config.Keys {
		if strings.HasPrefix(k, "$key:") {
			s.proxy.fail(s.config.Child[k], "the top-level key %s is not text: the proxy's configuration cannot be written", strings.TrimPrefix(k, "$key:"))
		}
	}
	https := item(s.config, "https")
	if isUnknown(https) {
		s.proxy.unknown(https, "https is not known")
		return
	}
	if !isDict(https) {
		s.proxy.fail(https, "https is %s, but TLJH needs a mapping there: the proxy's configuration cannot be written", typeName(https))
		return
	}
	s.templateText("http.address", item(item(s.config, "http"), "address"))
	s.templateText("http.port", item(item(s.config, "http"), "port"))
	s.templateText("traefik_api.port", item(item(s.config, "traefik_api"), "port"))
	le, tls := item(https, "letsencrypt"), item(https, "tls")
	on, known := truthy(item(https, "enabled"))
	switch {
	case !known:
		s.proxy.unknown(item(https, "enabled"), "https.enabled is not known")
		return
	case !on:
		return
	}
	for _, part := range []struct {
		name string
		n    *doc.Node
	}{{"tls", tls}, {"letsencrypt", le}} {
		if part.n != nil && !isDict(part.n) {
			if isUnknown(part.n) {
				s.proxy.unknown(part.n, "https."+part.name+" is not known")
			} else {
				s.proxy.fail(part.n, "https.%s is %s, but TLJH needs a mapping there: the proxy's configuration cannot be written", part.name, typeName(part.n))
			}
			return
		}
	}
	s.certificateRules(https, item(tls, "cert"), item(le, "email"), item(le, "domains"))
	s.templateText("https.address", item(https, "address"))
	s.templateText("https.port", item(https, "port"))
	if yes, _ := truthy(item(tls, "cert")); yes {
		s.templateText("https.tls.cert", item(tls, "cert"))
		s.templateText("https.tls.key", item(tls, "key"))
	}
	email, domains := item(le, "email"), item(le, "domains")
	if e, _ := truthy(email); e {
		if d, _ := truthy(domains); d {
			s.templateText("https.letsencrypt.email", email)
			s.templateDomains(domains)
		}
	}
}

func (s *state) certificateRules(https, cert, email, domains *doc.Node) {
	c, e, d := triOf(truthy(cert)), triOf(truthy(email)), triOf(truthy(domains))
	half := e.and(d.not()).or(d.and(e.not()))
	neither := c.not().and(e.not())
	at := https
	if enabled := item(https, "enabled"); !place(enabled).IsZero() {
		at = enabled
	}
	switch {
	case isUnknown(domains) && strings.HasPrefix(domains.Why, textDomains):
		s.proxy.fail(domains, "%s", textDomains)
	case neither == yes:
		s.proxy.fail(at, "HTTPS is on without a certificate: set https.letsencrypt.email and https.letsencrypt.domains, or https.tls.cert and https.tls.key. The proxy's configuration cannot be written")
	case half == yes && e == yes:
		s.proxy.fail(email, "https.letsencrypt has an e-mail address and no domains; both are needed, also beside a certificate of one's own. The proxy's configuration cannot be written")
	case half == yes:
		s.proxy.fail(domains, "https.letsencrypt has domains and no e-mail address; both are needed, also beside a certificate of one's own. The proxy's configuration cannot be written")
	case neither == maybe || half == maybe:
		for _, n := range []*doc.Node{cert, email, domains} {
			if isUnknown(n) {
				s.proxy.unknown(n, "the certificate's settings are not known")
				return
			}
		}
		s.proxy.unknown(at, "the certificate's settings are not known")
	}
}
