package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
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
	le, tls := item(https, "letsencrypt"), item(https, "tls")
	on, known := truthy(item(https, "enabled"))
	switch {
	case !known:
		s.proxy.unknown(item(https, "enabled"), "https.enabled is not known")
		return
	case !on:
		s.templateText("http.address", item(item(s.config, "http"), "address"))
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
	for name, n := range map[string]*doc.Node{"https.tls.cert": item(tls, "cert"), "https.tls.key": item(tls, "key"), "https.letsencrypt.email": item(le, "email"), "https.address": item(https, "address")} {
		s.templateText(name, n)
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

// templateText: the values are pasted between double quotes into a TOML file, so a line break or a quote breaks it.
func (s *state) templateText(name string, n *doc.Node) {
	if v, ok := n.Str(); ok && strings.ContainsAny(v, "\n\r\"") {
		s.proxy.fail(n, "%s holds a line break or a double quote: the proxy's configuration cannot be written", name)
	}
}

// httpsNode is the "https" part of the hub document.
func (s *state) httpsNode() *doc.Node {
	n := doc.NewMap(doc.Derived, span.Span{})
	put := func(k string, v *doc.Node) {
		if v == nil {
			v = doc.UnsetAt(span.Span{})
		}
		c := *v
		if c.State == doc.Set {
			c.State = doc.Derived
		}
		n.Put(k, &c)
	}
	keys := []string{"enabled", "certificate", "domains", "email", "staging", "port", "terminated_by"}
	if s.config == nil {
		for _, k := range keys {
			put(k, doc.UnknownOf("TLJH cannot load its configuration", span.Span{}))
		}
		n.Put("terminated_by", doc.UnsetAt(span.Span{}))
		return n
	}
	https := item(s.config, "https")
	n.At = place(https)
	enabled := item(https, "enabled")
	truth := func(v *doc.Node) *doc.Node {
		if v == nil {
			return doc.Of(false, doc.Derived, span.Span{})
		}
		on, known := truthy(v)
		if !known {
			return doc.UnknownOf(v.Why, place(v))
		}
		return doc.Of(on, carried(v), place(v)).Because(whyOf(v))
	}
	put("enabled", truth(enabled))
	le, tls := item(https, "letsencrypt"), item(https, "tls")
	put("certificate", certificate(item(tls, "cert"), item(le, "email"), item(le, "domains")))
	put("domains", domainList(item(le, "domains")))
	put("email", item(le, "email"))
	put("staging", truth(item(le, "staging")))
	put("port", item(https, "port"))
	n.Put("terminated_by", doc.UnsetAt(span.Span{}))
	return n
}

// certificate names where the certificate comes from; both at once is ambiguous (reference/tljh.md §11).
func certificate(cert, email, domains *doc.Node) *doc.Node {
	manual := triOf(truthy(cert))
	acme := triOf(truthy(email)).and(triOf(truthy(domains)))
	at := place(cert)
	if acme != no {
		at = place(domains)
	}
	if manual == maybe || acme == maybe {
		for _, n := range []*doc.Node{cert, email, domains} {
			if n != nil && n.State == doc.Unknown {
				return doc.UnknownOf(n.Why, place(n))
			}
		}
		return doc.UnknownOf("its settings are not known", at)
	}
	name := map[[2]bool]string{{true, true}: "ambiguous", {true, false}: "manual", {false, true}: "letsencrypt", {false, false}: "none"}[[2]bool{manual == yes, acme == yes}]
	return doc.Of(name, doc.Derived, at)
}

// domainList is what the template makes of the domains: a string falls apart into its letters.
func domainList(n *doc.Node) *doc.Node {
	if n == nil || isUnknown(n) && n.Kind != doc.String {
		if n != nil {
			return doc.UnknownOf(n.Why, place(n))
		}
		return nil
	}
	if n.Kind == doc.String && n.State != doc.Unknown {
		return doc.NewList(doc.Derived, n.At, letters(n)...)
	}
	if n.Kind == doc.List {
		return n
	}
	return doc.NewList(doc.Derived, n.At)
}

// servicesNode lists the names of the hub's services.
func (s *state) servicesNode() *doc.Node {
	l := doc.NewList(doc.Derived, span.Span{})
	n := s.get("services", "JupyterHub")
	if s.config == nil {
		return doc.NewList(doc.Unknown, span.Span{}).Because("TLJH cannot load its configuration")
	}
	if isUnknown(n) || n == nil {
		if n == nil {
			return l
		}
		l.State, l.Why, l.At = doc.Unknown, n.Why, place(n)
		return l
	}
	l.At = place(n)
	if n.State == doc.Unknown {
		l.State, l.Why = doc.Unknown, n.Why
	}
	for _, it := range n.Items {
		name := item(it, "name")
		switch {
		case isUnknown(it), name == nil, name.State == doc.Unknown:
			l.State, l.Why = doc.Unknown, firstOf(it.Why, "the name of a service is not known")
		default:
			c := *name
			if c.At.IsZero() {
				c.At = it.At
			}
			l.Add(&c)
		}
	}
	return l
}
