package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// authenticatorNode is the "authenticator" part of the hub document.
func (s *state) authenticatorNode() *doc.Node {
	n := doc.NewMap(doc.Derived, place(s.classWhy))
	if s.class == nil {
		why := "the authenticator in force is not known, because the hub's configuration cannot be followed so far"
		if len(s.hub.errs) > 0 {
			why = s.hub.errs[0].why
		} else if len(s.hub.unknowns) > 0 {
			why = s.hub.unknowns[0].why
		}
		for _, k := range []string{"class", "family", "provider"} {
			n.Put(k, doc.UnknownOf(why, span.Span{}))
		}
		for _, k := range []string{"admits_strangers", "nobody_can_log_in", "any_password_first_login"} {
			n.Put(k, maybe.node(why, span.Span{}))
		}
		for _, k := range []string{"credentials_missing", "allow", "admins"} {
			n.Put(k, doc.NewList(doc.Unknown, span.Span{}).Because(why))
		}
		return n
	}
	state := doc.Derived
	if s.classWhy != nil && s.classWhy.State == doc.Default {
		state = doc.Default
	}
	at := place(s.classWhy)
	n.Put("class", doc.Of(s.class.full, state, at))
	n.Put("family", doc.Of(s.class.family, state, at))
	n.Put("provider", doc.UnsetAt(span.Span{}))
	if s.class.provider != "" {
		n.Put("provider", doc.Of(s.class.provider, state, at))
	}
	a := s.admission()
	why := s.admissionWhy()
	n.Put("admits_strangers", a.strangers.node(why, s.admissionPlace()))
	n.Put("nobody_can_log_in", a.somebody.not().node(why, s.admissionPlace()))
	n.Put("any_password_first_login", s.anyPassword(a).node(why, span.Span{}))
	n.Put("credentials_missing", s.missing())
	n.Put("allow", doc.NewList(doc.Derived, span.Span{}, a.rules...))
	n.Put("admins", s.admins())
	return n
}

// admissionPlace is the trait that decides, where one does.
func (s *state) admissionPlace() span.Span {
	for _, k := range []string{"allow_all", "allowed_users", "admin_users"} {
		if n := s.of(k); n != nil && !place(n).IsZero() {
			return place(n)
		}
	}
	return span.Span{}
}

func (s *state) admissionWhy() string {
	if s.class.custom {
		return "the code of " + s.class.full + " decides who gets in, and it is not read"
	}
	for _, k := range []string{"allow_all", "allowed_users", "admin_users", "hosted_domain", "create_users", "open_signup", "password"} {
		for _, n := range append(s.names(k), s.of(k)) {
			if n != nil && n.State == doc.Unknown && n.Why != "" {
				return n.Why
			}
		}
	}
	return "it depends on options whose values are not known"
}

// anyPassword says whether somebody can get in with a password of their own choice, because nobody checked it before
// (reference/tljh.md §9.4).
func (s *state) anyPassword(a admission) tri {
	names := s.some("admin_users").or(s.some("allowed_users"))
	switch s.class.family {
	case "firstuse":
		create := yes // the class's own default
		if n := s.of("create_users"); n != nil {
			create = triOf(truthy(n))
		}
		if s.some("allowed_users") == no && s.adminsHavePasswords() {
			names = no
		}
		return create.or(names)
	case "native":
		signup := yes
		if n := s.of("enable_signup"); n != nil {
			signup = triOf(truthy(n))
		}
		return signup.and(triOf(truthy(s.of("open_signup"))).and(a.strangers).or(names.and(a.somebody)))
	case "dummy":
		return s.some("password").not()
	case "custom":
		return maybe
	}
	return no
}

// adminsHavePasswords says whether each administrator got a password from the installer.
func (s *state) adminsHavePasswords() bool {
	has := map[string]bool{}
	for _, in := range s.r.installs {
		for _, a := range in.withPassword {
			has[strings.ToLower(a)] = true
		}
	}
	for _, n := range s.names("admin_users") {
		v, ok := n.Str()
		if !ok || n.State == doc.Unknown || !has[strings.ToLower(v)] {
			return false
		}
	}
	return true
}

// missing are the credentials without which a login at the provider fails; they may come from the hub's environment.
func (s *state) missing() *doc.Node {
	l := doc.NewList(doc.Derived, span.Span{})
	var need []string
	if s.class.isA("OAuthenticator") {
		need = []string{"client_id", "client_secret"}
	}
	switch s.class.provider {
	case "generic":
		need = append(need, "authorize_url", "token_url", "userdata_url")
	case "auth0":
		if s.some("auth0_subdomain") == no {
			need = append(need, "auth0_domain")
		}
	}
	if s.class.isA("LDAPAuthenticator") {
		need = []string{"server_address"}
	}
	for _, k := range need {
		n := s.of(k)
		if n == nil && s.class.provider == "github" {
			n = s.of("github_" + k)
		}
		if set, known := truthy(n); known && !set {
			l.Add(doc.Of(k, doc.Derived, place(n)))
		}
	}
	return l
}

func (s *state) admins() *doc.Node {
	src := s.of("admin_users")
	l := doc.NewList(doc.Derived, place(src))
	if src != nil && src.State == doc.Default {
		l.State = doc.Default
	}
	for _, n := range s.names("admin_users") {
		if n == src && isUnknown(n) && n.Kind != doc.String {
			l.State, l.Why = doc.Unknown, n.Why
			continue
		}
		c := *n
		if v, ok := n.Str(); ok {
			c.Value = strings.ToLower(v)
		}
		l.Add(&c)
	}
	return l
}
