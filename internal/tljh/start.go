package tljh

import (
	"regexp"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// hubStage finds what stops JupyterHub at start once its configuration is loaded (reference/tljh.md §7, §9, §23).
func (s *state) hubStage() {
	s.checkTraits("JupyterHub", []string{"JupyterHub"}, classes().byName["JupyterHub"])
	s.resolveClass()
	if s.class == nil {
		return
	}
	s.checkTraits(s.class.name, append([]string{s.class.name}, s.class.bases...), s.class)
	s.classRules()
	s.initUsers()
}

// checkTraits applies traitlets' type checks to each trait in force.
func (s *state) checkTraits(name string, sections []string, c *class) {
	seen := map[string]bool{}
	for _, sec := range sections {
		m := s.traits.Child[sec]
		if m == nil {
			continue
		}
		if isOpen(m) && m.Why != "" {
			s.hub.unknown(m, "not all options of "+sec+" are known")
		}
		for _, k := range m.Keys {
			if seen[k] {
				continue
			}
			seen[k] = true
			t, ok := c.trait(k, s.v.major)
			if !ok {
				continue // an option nobody declares is ignored, with a warning in the journal
			}
			v := m.Child[k]
			why, unknown := typeError(v, t)
			if why != "" {
				s.hub.fail(v, "%s.%s %s: the hub does not start", sec, k, why)
			} else if unknown {
				s.hub.unknown(v, sec+"."+k+" is not known")
			}
		}
	}
}

// on is whether a trait of the authenticator is set to something true.
func (s *state) on(name string) (yes, known bool) {
	if _, declared := s.class.trait(name, s.v.major); !declared {
		return false, true
	}
	return truthy(s.of(name))
}

// classRules are the checks that the classes make of their own options.
func (s *state) classRules() {
	n := s.of("enable_auth_state")
	if yes, _ := truthy(n); yes && s.get("keys", "CryptKeeper") == nil {
		s.hub.fail(n, "enable_auth_state needs JUPYTERHUB_CRYPT_KEY in the hub's environment, and nothing here sets it: the hub stops at start")
	}
	switch {
	case s.class.isA("OAuthenticator"):
		s.oauthRules()
	case s.class.isA("SharedPasswordAuthenticator"):
		s.sharedRules()
	case s.class.isA("LDAPAuthenticator"):
		s.ldapRules()
	case s.class.isA("NativeAuthenticator"):
		if yes, _ := s.on("allow_self_approval_for"); yes {
			if k := s.of("secret_key"); !isUnknown(k) && (k == nil || k.Kind == doc.String && len(k.Value.(string)) < 8) {
				s.hub.fail(s.of("allow_self_approval_for"), "allow_self_approval_for needs a secret_key of at least 8 characters: the hub does not start")
			}
		}
	}
}

func (s *state) oauthRules() {
	if !s.v.old() {
		managed, known := s.on("manage_groups")
		for _, k := range []string{"allowed_groups", "admin_groups", "auth_state_groups_key", "claim_groups_key"} {
			yes, _ := s.on(k)
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
		s.scopeRule()
	}
	if !s.class.isA("CILogonOAuthenticator") {
		return
	}
	for _, k := range []string{"idp_whitelist", "strip_idp_domain", "additional_username_claims", "shown_idps"} {
		if yes, _ := s.on(k); yes {
			s.hub.fail(s.of(k), "CILogonOAuthenticator.%s no longer exists: the hub does not start", k)
		}
	}
	for _, k := range []string{"idps", "allowed_idps"} {
		idps := s.of(k)
		if !isDict(idps) {
			continue
		}
		if len(idps.Keys) == 0 && !isOpen(idps) {
			s.hub.fail(idps, "CILogonOAuthenticator.%s is empty: the hub does not start", k)
		}
		for _, id := range idps.Keys {
			if scheme, _, _ := strings.Cut(id, ":"); scheme != "http" && scheme != "https" && scheme != "urn" || !strings.Contains(id, ":") {
				s.hub.fail(idps.Child[id], "%q is no CILogon entity id (they start with https:// or urn:): the hub does not start", id)
			}
		}
	}
}

// scopeRule: allowed_scopes must be among the scopes that are asked for.
func (s *state) scopeRule() {
	want, have := s.of("allowed_scopes"), s.of("scope")
	if want == nil || want.Kind != doc.List || have == nil || have.Kind != doc.List {
		return // the default scopes are the class's own
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
		if !ok && t.Kind != doc.Number || ok && v != "before_bind" && v != "on_connect" && v != "insecure" {
			s.hub.fail(t, "LDAPAuthenticator.tls_strategy must be before_bind, on_connect or insecure: the hub does not start")
		}
	}
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

// initUsers makes the checks of names that JupyterHub makes when it loads its users (JH: jupyterhub/app.py init_users).
func (s *state) initUsers() {
	pattern := s.namePattern()
	for _, list := range []string{"admin_users", "allowed_users"} {
		names := s.names(list)
		for _, n := range names {
			v, ok := n.Str()
			switch {
			case n.State == doc.Unknown:
				if n.Kind != doc.String {
					s.hub.unknown(n, "a name in "+list+" is not known")
				}
			case !ok:
				s.hub.fail(n, "%s holds %s%s instead of a name: the hub does not start. Put quotes around it", list, typeName(n), quoted(n))
			case !s.validName(strings.ToLower(v), pattern):
				s.hub.fail(n, "%q is no valid user name: the hub does not start", v)
			}
		}
	}
}

func (s *state) namePattern() *regexp.Regexp {
	n := s.of("username_pattern")
	p, ok := n.Str()
	if !ok || p == "" {
		return nil
	}
	re, err := regexp.Compile(`^(?:` + p + `)`)
	if err != nil || n.State == doc.Unknown {
		if strings.Contains(p, "(?") || strings.Contains(p, `\`) || n.State == doc.Unknown {
			s.hub.unknown(n, "username_pattern could not be read")
		} else {
			s.hub.fail(n, "username_pattern is no regular expression: the hub does not start")
		}
		return nil
	}
	return re
}

func (s *state) validName(v string, pattern *regexp.Regexp) bool {
	if v == "" || strings.Contains(v, "/") || v != strings.TrimSpace(v) {
		return false
	}
	if (s.class.isA("FirstUseAuthenticator") || s.class.isA("NativeAuthenticator")) && strings.ContainsAny(v, ", ") {
		return false
	}
	return pattern == nil || pattern.MatchString(v)
}

// names are the elements of a set trait of the authenticator, deprecated spellings included; one unknown node stands for
// a list that is not known.
func (s *state) names(name string) []*doc.Node {
	n := s.of(name)
	if old, ok := deprecated[name]; ok {
		for _, o := range old {
			if _, declared := s.class.trait(o, s.v.major); declared && s.of(o) != nil {
				n = s.of(o)
			}
		}
	}
	switch {
	case n == nil:
		return nil
	case isUnknown(n):
		return []*doc.Node{n}
	case n.Kind == doc.String:
		return []*doc.Node{n}
	case isDict(n):
		var out []*doc.Node
		keys := append([]string(nil), n.Keys...)
		sort.Strings(keys)
		for _, k := range keys {
			out = append(out, doc.Of(k, doc.Set, n.Child[k].KeyAt))
		}
		if isOpen(n) {
			out = append(out, doc.UnknownOf(n.Why, n.At))
		}
		return out
	}
	return n.Items
}

// deprecated spellings that still work (reference/tljh.md §9.2).
var deprecated = map[string][]string{
	"allowed_users":         {"whitelist"},
	"allowed_organizations": {"github_organization_whitelist"},
	"allowed_gitlab_groups": {"gitlab_group_whitelist"},
	"allowed_project_ids":   {"gitlab_project_id_whitelist"},
	"allowed_google_groups": {"google_group_whitelist"},
	"allowed_teams":         {"team_whitelist"},
	"idps":                  {"allowed_idps"},
}
