package tljh

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// resolveClass finds the authenticator class that JupyterHub would, or says in the hub stage why it finds none
// (JH: jupyterhub/traitlets.py EntryPointType; reference/tljh.md §9.1). s.class stays nil if it cannot be told.
func (s *state) resolveClass() {
	n := s.get("authenticator_class", "JupyterHub")
	s.classWhy = n
	if n == nil {
		return
	}
	name, ok := n.Str()
	if n.State == doc.Unknown {
		s.hub.unknown(n, "the authenticator is not known")
		return
	}
	if !ok {
		s.hub.fail(n, "the authenticator class (auth.type) is %s: the hub does not start", typeName(n))
		return
	}
	t := classes()
	if c := s.local[name]; c != nil {
		s.class = c
		return
	}
	if e, ok := t.entry[strings.ToLower(name)]; ok && e.since <= s.v.major && e.class.since <= s.v.major {
		s.class = e.class
	} else if c := t.byPath[name]; c != nil && c.since <= s.v.major && c.family != "" {
		s.class = c
	}
	switch {
	case s.class != nil && s.class.needs != "" && !s.provided(s.class.needs):
		s.hub.unknown(n, fmt.Sprintf("%s needs the package %s in the hub's environment, which TLJH does not install", name, s.class.needs))
		if s.class.custom {
			s.class = nil
		}
	case s.class != nil:
	case strings.HasPrefix(strings.ToLower(name), "lti"):
		s.hub.unknown(n, fmt.Sprintf("the authenticator %q comes from a package that TLJH does not install", name))
	case strings.Contains(name, ".") && !ours(name):
		last := name[strings.LastIndexByte(name, '.')+1:]
		s.class = &class{name: last, full: name, bases: []string{"Authenticator"}, family: "custom", custom: true}
		if root, _, _ := strings.Cut(name, "."); !s.r.has(root, false) {
			s.hub.unknown(n, fmt.Sprintf("the authenticator %s comes from a package that TLJH does not install; whether it can be imported is not known", name))
		}
	default:
		s.hub.fail(n, "there is no authenticator %q%s: the hub does not start", name, suggest(name))
	}
}

// provided says whether one of the modules of a package is there: where it is installed for the hub, or where a snippet imports it
// from the system's Python (and is not stopped by that).
func (s *state) provided(pkg string) bool {
	for _, m := range modulesOf(pkg) {
		if s.r.has(m, s.lookedFar) {
			return true
		}
	}
	return false
}

// ours says whether a dotted name belongs to a package whose classes the table holds in full, or to the old
// dummyauthenticator, which no longer imports on TLJH 1.0 and later.
func ours(name string) bool {
	root, _, _ := strings.Cut(name, ".")
	switch root {
	case "jupyterhub", "oauthenticator", "firstuseauthenticator", "nativeauthenticator", "ldapauthenticator", "tmpauthenticator", "dummyauthenticator":
		return true
	}
	return root == ""
}

func suggest(name string) string {
	best, score := "", 4
	try := func(candidate, shown string) {
		if d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(candidate), nil); d < score {
			best, score = shown, d
		}
	}
	t := classes()
	for _, n := range t.names() {
		try(n, n)
		try(t.entry[n].class.name, t.entry[n].class.full)
		try(t.entry[n].class.full, t.entry[n].class.full)
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
