package tljh

import (
	"regexp"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

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
