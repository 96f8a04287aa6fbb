package tljh

import (
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
