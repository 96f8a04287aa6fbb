package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// admission is who gets in once the login itself has succeeded (reference/tljh.md §9.2).
type admission struct {
	strangers tri         // somebody who is named nowhere, neither by name nor by an organisation or group
	somebody  tri         // anybody at all
	rules     []*doc.Node // the allow rules in force
}

// groupRules are the traits that let in the members of something, by class.
var groupRules = []struct{ class, trait string }{
	{"GitHubOAuthenticator", "allowed_organizations"},
	{"GitLabOAuthenticator", "allowed_gitlab_groups"},
	{"GitLabOAuthenticator", "allowed_project_ids"},
	{"GoogleOAuthenticator", "allowed_google_groups"},
	{"GoogleOAuthenticator", "allowed_hosted_domains"},
	{"BitbucketOAuthenticator", "allowed_teams"},
	{"GlobusOAuthenticator", "allowed_globus_groups"},
	{"OAuthenticator", "allowed_groups"},
	{"OAuthenticator", "allowed_scopes"},
	{"LDAPAuthenticator", "allowed_groups"},
	{"LocalAuthenticator", "allowed_groups"},
}

func (s *state) admission() admission {
	var a admission
	rule := func(name string, t tri) tri {
		if t == yes {
			at := place(s.of(name))
			a.rules = append(a.rules, doc.Of(name, doc.Derived, at))
		}
		return t
	}
	listed := rule("allowed_users", s.some("allowed_users"))
	groups := no
	for _, g := range groupRules {
		if s.class.isA(g.class) {
			groups = groups.or(rule(g.trait, s.some(g.trait)))
		}
	}
	all := s.allowAll(listed)
	if s.of("allow_all") != nil || all == yes {
		rule("allow_all", all)
	}
	oauth := s.class.isA("OAuthenticator")
	switch {
	case s.class.family == "null":
		return a
	case s.class.custom:
		a.strangers, a.somebody = maybe, maybe
		return a
	case s.v.old() && !oauth:
		// Before JupyterHub 5 no list means everybody; LDAP and unix groups narrow it as a list does.
		a.strangers = listed.or(groups).not()
		a.somebody = yes
		return a
	}
	a.strangers = all
	if s.class.isA("GoogleOAuthenticator") {
		if domain := s.some("hosted_domain"); domain != no {
			rule("hosted_domain", domain)
			open := s.holds("hosted_domain", "gmail.com")
			a.strangers = all.and(domain.not().or(open))
		}
	}
	if s.class.isA("CILogonOAuthenticator") {
		strangers, members := s.cilogon()
		a.strangers, groups = a.strangers.or(strangers), groups.or(members)
	}
	a.somebody = all.or(listed).or(groups).or(a.strangers)
	if oauth {
		a.somebody = a.somebody.or(s.some("admin_users")).or(s.some("admin_groups"))
		if s.class.isA("GoogleOAuthenticator") {
			a.somebody = a.somebody.or(s.some("admin_google_groups"))
		}
		if s.class.isA("GlobusOAuthenticator") {
			a.somebody = a.somebody.or(s.some("admin_globus_groups"))
		}
	}
	if s.class.isA("SharedPasswordAuthenticator") {
		secret := s.some("user_password").or(s.some("admin_password")).or(s.some("password_groups"))
		a.somebody = a.somebody.and(secret)
	}
	if s.class.isA("LocalAuthenticator") && oauth {
		a.strangers = a.strangers.and(maybe) // they also need a unix account
	}
	return a
}

// some says whether a collection or text trait has anything in it.
func (s *state) some(name string) tri {
	if _, declared := s.class.trait(name, s.v.major); !declared {
		return no
	}
	out := no
	for _, n := range s.names(name) {
		if v, ok := n.Str(); isUnknown(n) && (!ok || strings.Trim(span.Show(v), "…") == "") {
			out = out.or(maybe)
		} else if !ok || v != "" {
			return yes
		}
	}
	return out
}

func (s *state) holds(name, value string) tri {
	out := no
	for _, n := range s.names(name) {
		if v, ok := n.Str(); isUnknown(n) {
			out = out.or(maybe)
		} else if ok && strings.EqualFold(v, value) {
			return yes
		}
	}
	return out
}

// allowAll is the trait with the class's own default: FirstUse and Dummy let everybody in while nobody is listed.
func (s *state) allowAll(listed tri) tri {
	if n := s.of("allow_all"); n != nil {
		return triOf(truthy(n))
	}
	if s.class.isA("FirstUseAuthenticator") || s.class.isA("DummyAuthenticator") {
		return listed.not()
	}
	return no
}

// cilogon looks at the rules of each identity provider.
func (s *state) cilogon() (strangers, members tri) {
	idps := s.of("idps")
	if idps == nil || s.v.old() { // the name came with oauthenticator 17.4
		idps = s.of("allowed_idps")
	}
	if idps == nil {
		return no, no
	}
	if !isDict(idps) || isOpen(idps) {
		return maybe, maybe
	}
	for _, k := range idps.Keys {
		idp := idps.Child[k]
		strangers = strangers.or(triOf(truthy(item(idp, "allow_all"))))
		members = members.or(triOf(truthy(item(idp, "allowed_domains"))))
	}
	return strangers, members
}
