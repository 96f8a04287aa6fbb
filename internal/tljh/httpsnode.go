package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
	on := truth(enabled)
	if why, at := s.unused(); why != "" && on.Known() && on.Value == true {
		on = doc.UnknownOf(why, at)
	}
	put("enabled", on)
	le, tls := item(https, "letsencrypt"), item(https, "tls")
	put("certificate", certificate(item(tls, "cert"), item(le, "email"), item(le, "domains")))
	put("domains", domainList(item(le, "domains")))
	put("email", item(le, "email"))
	put("staging", truth(item(le, "staging")))
	put("port", item(https, "port"))
	n.Put("terminated_by", doc.UnsetAt(span.Span{}))
	return n
}

// unused says why TLJH's settings of HTTPS may do nothing: its proxy does not read them, or another one is used; "" if
// nothing speaks for that.
func (s *state) unused() (why string, at span.Span) {
	if s.r.stale != nil {
		return s.r.stale.Why, s.r.stale.At
	}
	proxy := s.traits.Get("JupyterHub").Get("proxy_class")
	switch name, known := proxy.Str(); {
	case isUnknown(proxy) && len(s.r.opaque) == 0:
		return "which proxy stands before the hub is not known: " + proxy.Why, place(proxy)
	case known && !strings.Contains(strings.ToLower(name), "traefik"):
		return "the hub is given another proxy than TLJH's (" + name + "), which does not read TLJH's settings of HTTPS", place(proxy)
	}
	return "", span.Span{}
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
