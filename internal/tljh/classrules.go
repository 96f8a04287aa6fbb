package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (s *state) oauthRules() {
	if !s.v.old() {
		managed, known := s.on("manage_groups")
		for _, k := range []string{"allowed_groups", "admin_groups", "auth_state_groups_key", "claim_groups_key"} {
			yes, _ := s.on(k)
			if n := s.of(k); k == "claim_groups_key" && n != nil && !isUnknown(n) {
				_, yes = s.class.trait(k, s.v.major) // a function is made of it, even of empty text
			}
			switch {
			case yes && known && !managed:
				s.hub.fail(s.of(k), "%s needs manage_groups: true beside it: the hub does not start", k)
			case yes && !known:
				s.hub.unknown(s.of("manage_groups"), "manage_groups is not known")
			}
		}
		if url, _ := s.on("userdata_url"); url {
			if id, _ := s.on("userdata_from_id_token"); id {
				s.hub.fail(s.of("userdata_url"), "userdata_url and userdata_from_id_token exclude each other: the hub does not start")
			}
		}
	}
	s.scopeRule()
	if !s.class.isA("CILogonOAuthenticator") {
		return
	}
	for _, k := range []string{"idp_whitelist", "idp", "strip_idp_domain", "additional_username_claims", "shown_idps", "username_claim"} {
		if yes, _ := s.on(k); yes {
			s.hub.fail(s.of(k), "CILogonOAuthenticator.%s no longer exists: the hub does not start", k)
		}
	}
	for _, k := range []string{"idps", "allowed_idps"} {
		idps := s.of(k)
		if _, declared := s.class.trait(k, s.v.major); !declared || !isDict(idps) {
			continue
		}
		if len(idps.Keys) == 0 && !isOpen(idps) && (k == "idps" || s.v.old()) { // a deprecated name that is set to its default changes nothing
			s.hub.fail(idps, "CILogonOAuthenticator.%s is empty: the hub does not start", k)
		}
		for _, id := range idps.Keys {
			if scheme, _, _ := strings.Cut(id, ":"); scheme != "http" && scheme != "https" && scheme != "urn" || !strings.Contains(id, ":") {
				s.hub.fail(idps.Child[id], "%q is no CILogon entity id (they start with https:// or urn:): the hub does not start", id)
			}
			if n, why := idpError(idps.Child[id]); why != "" {
				s.hub.fail(n, "the identity provider %q %s: the hub does not start", id, why)
			}
		}
	}
}

// scopeRule: allowed_scopes must be among the scopes that are asked for.
func (s *state) scopeRule() {
	want, have := s.of("allowed_scopes"), s.of("scope")
	if have == nil {
		have = s.defaultScopes()
	}
	if want == nil || want.Kind != doc.List || have == nil || have.Kind != doc.List {
		return
	}
	for _, w := range want.Items {
		found := false
		for _, h := range have.Items {
			found = found || w.State == doc.Unknown || h.State == doc.Unknown || pyEqual(w, h)
		}
		if !found {
			s.hub.fail(w, "allowed_scopes holds a scope that scope does not ask for: the hub does not start")
		}
	}
}

// defaultScopes are the class's own (OA: oauthenticator/*.py); nil where they depend on other options.
func (s *state) defaultScopes() *doc.Node {
	l := doc.NewList(doc.Default, span.Span{})
	for _, c := range []struct{ class, scopes string }{
		{"GoogleOAuthenticator", "openid email"}, {"OpenShiftOAuthenticator", "user:info"},
		{"CILogonOAuthenticator", "openid email org.cilogon.userinfo profile"},
	} {
		if s.class.isA(c.class) {
			for _, w := range strings.Fields(c.scopes) {
				l.Add(doc.Of(w, doc.Default, span.Span{}))
			}
		}
	}
	if s.class.custom || s.class.isA("GlobusOAuthenticator") {
		return nil
	}
	return l
}

func (s *state) sharedRules() {
	user, admin := s.of("user_password"), s.of("admin_password")
	length := func(n *doc.Node, name string, least int) {
		if v, ok := n.Str(); ok && n.State != doc.Unknown && v != "" && len([]rune(v)) < least {
			s.hub.fail(n, "SharedPasswordAuthenticator.%s must have at least %d characters: the hub does not start", name, least)
		}
	}
	length(user, "user_password", 8)
	length(admin, "admin_password", 32)
	if u, ok := user.Str(); ok && u != "" && pyEqual(user, admin) {
		s.hub.fail(admin, "user_password and admin_password are the same: the hub does not start")
	}
	if groups, _ := s.on("password_groups"); groups {
		if managed, known := s.on("manage_groups"); known && !managed {
			s.hub.fail(s.of("password_groups"), "password_groups needs manage_groups: true: the hub does not start")
		}
	}
}

func (s *state) ldapRules() {
	template := s.of("bind_dn_template")
	lookup, known := s.on("lookup_dn")
	if template != nil && template.State != doc.Unknown && known && !lookup && emptyTemplate(template) {
		s.hub.fail(template, "LDAPAuthenticator needs bind_dn_template, or lookup_dn: true: the hub does not start")
	}
	if s.v.old() {
		return
	}
	if t := s.of("tls_strategy"); t != nil && t.State != doc.Unknown {
		v, ok := t.Str()
		if !ok && !tlsNumber(t) || ok && v != "before_bind" && v != "on_connect" && v != "insecure" {
			s.hub.fail(t, "LDAPAuthenticator.tls_strategy must be before_bind, on_connect or insecure: the hub does not start")
		}
	}
}

// tlsNumber says whether n is the number of a strategy (LDAP: ldapauthenticator.py TlsStrategy).
func tlsNumber(n *doc.Node) bool {
	v, ok := n.Value.(int64)
	return ok && v >= 1 && v <= 3
}

func emptyTemplate(n *doc.Node) bool {
	if v, ok := n.Str(); ok {
		return v == ""
	}
	for _, it := range n.Items {
		if v, ok := it.Str(); !ok || v != "" {
			return false
		}
	}
	return n.Kind == doc.List
}
