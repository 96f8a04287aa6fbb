package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// idpOptions and derivation are what may stand below a CILogon identity provider, with the types, and what must
// (OA: oauthenticator/schemas/cilogon-schema.yaml).
var (
	idpOptions = map[string]string{"allow_all": "bool", "allowed_domains": "list-str", "allowed_domains_claim": "str", "default": "bool", "username_derivation": "dict"}
	derivation = map[string]string{"username_claim": "str", "action": "str", "domain": "str", "prefix": "str"}
)

// idpError is what OAuthenticator's schema refuses of an identity provider's settings, and where; "" if nothing.
func idpError(n *doc.Node) (*doc.Node, string) {
	if at, why := shapeError(n, idpOptions, "username_derivation"); why != "" {
		return at, why
	}
	by := item(n, "username_derivation")
	if at, why := shapeError(by, derivation, "username_claim"); why != "" {
		return at, why
	}
	action := item(by, "action")
	v, ok := action.Str()
	if !ok || isUnknown(action) || isOpen(by) {
		return nil, ""
	}
	switch needs := map[string]string{"strip_idp_domain": "domain", "prefix": "prefix"}[v]; {
	case needs == "":
		return action, "has an action that does not exist: there are strip_idp_domain and prefix"
	case by.Child[needs] == nil:
		return action, "lacks username_derivation." + needs + ", which the action " + v + " needs"
	}
	return nil, ""
}

// shapeError checks a mapping: nothing but options, each of its type, and required among them.
func shapeError(n *doc.Node, options map[string]string, required string) (*doc.Node, string) {
	if isUnknown(n) {
		return nil, ""
	}
	if !isDict(n) {
		return n, "is " + typeName(n) + " where a mapping with " + required + " must be"
	}
	for _, k := range n.Keys {
		v, kind := n.Child[k], options[k]
		if kind == "" {
			return v, "has an option " + strings.TrimPrefix(k, "$key:") + ", which does not exist"
		}
		if isUnknown(v) {
			continue
		}
		if _, isInt := v.Value.(int64); kind == "bool" && isInt {
			return v, "has an option " + k + " that must be true or false"
		}
		if why, _ := kindError(v, kind, false); why != "" {
			return v, "has an option " + k + " that " + why
		}
	}
	if n.Child[required] == nil && !isOpen(n) {
		return n, "lacks " + required
	}
	return nil, ""
}
