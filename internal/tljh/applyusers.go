package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (s *state) applyUsers() {
	users := s.section("users")
	if users == nil {
		return
	}
	allowed := item(users, "allowed")
	if !s.v.old() {
		first := s.sectionOf("FirstUseAuthenticator")
		if first.Child["allow_all"] == nil {
			switch yes, known := truthy(allowed); {
			case !known || isOpen(first):
				first.Put("allow_all", doc.UnknownOf(firstOf(first.Why, "it depends on users.allowed, which is not known"), span.Span{}))
			case !yes:
				first.Put("allow_all", doc.Of(true, doc.Derived, span.Span{}).Because("TLJH sets it while users.allowed is empty"))
			}
		}
	}
	s.set("Authenticator", "allowed_users", s.pySet(allowed, "users.allowed"))
	s.set("Authenticator", "blocked_users", s.pySet(item(users, "banned"), "users.banned"))
	s.set("Authenticator", "admin_users", s.pySet(item(users, "admin"), "users.admin"))
	for _, t := range []string{"allowed_users", "blocked_users", "admin_users"} {
		s.sets["Authenticator."+t] = true
	}
	s.set("UserCreatingSpawner", "user_groups", item(users, "extra_user_groups"))
}

// pySet is Python's set(n): the letters of a string, the keys of a mapping, the items of a list.
func (s *state) pySet(n *doc.Node, path string) *doc.Node {
	switch {
	case n == nil:
		return nil
	case isUnknown(n):
		s.hub.unknown(n, path+" is not known")
		return n
	case n.Get("$object") != nil:
		return doc.UnknownOf("it is a YAML set, whose members are not read", n.At)
	case n.Kind == doc.String:
		l := doc.NewList(doc.Derived, n.At, letters(n)...)
		l.KeyAt = n.KeyAt
		return l
	case n.Kind == doc.List:
		for _, it := range n.Items {
			if it.Kind == doc.List || isDict(it) {
				s.hub.fail(it, "%s holds %s, but only names may stand there: the hub does not start", path, typeName(it))
				return nil
			}
		}
		return n
	case isDict(n):
		l := doc.NewList(doc.Derived, n.At)
		l.KeyAt = n.KeyAt
		for _, k := range n.Keys {
			l.Add(keyNode(k, n.Child[k]))
		}
		if isOpen(n) {
			return doc.UnknownOf(n.Why, n.At)
		}
		return l
	}
	s.hub.fail(n, "%s is %s, but must be a list of names: the hub does not start", path, typeName(n))
	return nil
}

// keyNode is a mapping's key as a value.
func keyNode(key string, v *doc.Node) *doc.Node {
	if strings.HasPrefix(key, "$key:") {
		return doc.Of(0, doc.Derived, v.KeyAt)
	}
	return doc.Of(key, doc.Derived, v.KeyAt)
}
