package tljh

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// secretMark stands for a secret's value in the hub document.
const secretMark = "(secret)"

// secretTraits are the options that hold secrets, by name, and what kind each is (reference/tljh.md §10).
var secretTraits = map[string]string{
	"client_secret":             "oauth_client_secret",
	"github_client_secret":      "oauth_client_secret",
	"lookup_dn_search_password": "ldap_bind_password",
	"password":                  "shared_password",
	"user_password":             "shared_password",
	"admin_password":            "shared_password",
	"password_groups":           "shared_password",
	"secret_key":                "signing_key",
	"recaptcha_secret":          "recaptcha_secret",
	"pwd":                       "smtp_password",
	"keys":                      "crypt_key",
	"traefik_api_password":      "proxy_api_password",
	"api_token":                 "api_token",
	"api_tokens":                "api_token",
	"cookie_secret":             "cookie_secret",
	"auth_token":                "proxy_api_password",
	"JUPYTERHUB_CRYPT_KEY":      "crypt_key",
	"OAUTH_CLIENT_SECRET":       "oauth_client_secret",
	"service_tokens":            "api_token",
	"proxy_auth_token":          "proxy_api_password",
	"jwt_secret":                "signing_key",
	"consumers":                 "lti_secret",
}

var dbPassword = lazyregexp.New(`^[a-z+0-9]+://[^:/@]+:[^@]+@`)

func secretNode(kind, path string, at span.Span) *doc.Node {
	n := doc.NewMap(doc.Derived, at)
	n.Put("kind", doc.Of(kind, doc.Derived, at))
	n.Put("path", doc.Of(path, doc.Derived, at))
	return n
}

// redact replaces the secrets in the trees by a mark, and lists where they were: each place once, by the first tree that
// shows it.
func redact(config, traits *doc.Node) []*doc.Node {
	x := &redactor{seen: map[span.Span]bool{}}
	if config != nil {
		x.walk(config, "/config", "")
	}
	if traits != nil {
		x.walk(traits, "/jupyterhub", "")
	}
	return x.found
}

type redactor struct {
	seen  map[span.Span]bool
	found []*doc.Node
}

func (x *redactor) walk(n *doc.Node, path, key string) {
	for i, it := range n.Items {
		if kind, ok := secretTraits[key]; ok && holdsSecrets(path) && it.Kind == doc.String {
			n.Items[i] = x.hide(it, kind, path)
			continue
		}
		x.walk(it, path, key)
	}
	for _, k := range append([]string(nil), n.Keys...) {
		c := n.Child[k]
		at := path + "/" + doc.Escape(k)
		kind, secret := secretTraits[k]
		secret = secret && holdsSecrets(path)
		if k == "password" && strings.HasSuffix(path, "/traefik_api") {
			kind = "proxy_api_password"
		}
		v, isText := c.Str()
		switch {
		case secret && isDict(c):
			x.hideMap(n, k, kind, at)
		case secret && isText, k == "db_url" && isText && dbPassword.MatchString(v):
			n.Child[k] = x.hide(c, firstOf(kind, "database_password"), at)
		case secret && c.Kind == doc.Number:
			n.Child[k] = x.hide(c, kind, at)
		case secret && isObject(c):
			hidden := doc.Of(secretMark, c.State, c.At)
			hidden.KeyAt = c.KeyAt
			n.Child[k] = hidden
		default:
			x.walk(c, at, k)
		}
	}
}

// holdsSecrets says whether an option below path can be a secret: in config.yaml only those of auth and traefik_api are.
func holdsSecrets(path string) bool {
	if strings.Contains(path, "/user_groups") {
		return false // names of groups
	}
	return !strings.HasPrefix(path, "/config") || strings.HasPrefix(path, "/config/auth/") || strings.HasPrefix(path, "/config/traefik_api")
}

// hideMap hides a mapping whose keys or values are secret (password_groups, api_tokens): it is not shown at all.
func (x *redactor) hideMap(parent *doc.Node, key, kind, path string) {
	m := parent.Child[key]
	hidden := doc.NewMap(m.State, m.At).Because(m.Why)
	hidden.KeyAt = m.KeyAt
	for _, k := range m.Keys {
		at := m.Child[k].KeyAt
		if at.IsZero() {
			at = m.Child[k].At
		}
		if !placeholder(k) && !x.seen[at] {
			x.seen[at] = true
			x.found = append(x.found, secretNode(kind, path, at))
		}
	}
	if len(m.Keys) > 0 {
		hidden.Put(secretMark, doc.Of(secretMark, m.State, m.At))
	}
	parent.Child[key] = hidden
}

func (x *redactor) hide(n *doc.Node, kind, path string) *doc.Node {
	if n.State == doc.Unknown || n.State == doc.Default {
		return n
	}
	v, isText := n.Str()
	if isText && (v == "" || v == secretMark) {
		return n
	}
	if isText && placeholder(v) {
		return n
	}
	hidden := doc.Of(secretMark, n.State, n.At)
	hidden.KeyAt = n.KeyAt
	if !x.seen[n.At] || n.At.IsZero() {
		x.seen[n.At] = true
		x.found = append(x.found, secretNode(kind, path, n.At))
	}
	return hidden
}

var (
	placeholders = lazyregexp.New(`^\s*(?:\$\{[^}]*\}|\{\{.*\}\}|<[^<>]*>|\$[A-Za-z_][A-Za-z0-9_]*|\$\([^()]*\)|%\{.*\}|ENC\[.*\]|@@?[A-Za-z_]+@?@?|\*{3,}|\.{3,}|…+|[xX]{4,})\s*$`)
	// fillIns are words that a later step replaces: capitals with an underscore, or plain requests to change them.
	fillIns = lazyregexp.New(`^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|(?i:change[-_ ]?me|replace[-_ ]?me|todo|your[-_ ].*|insert[-_ ].*here|<.*>))$`)
)

// placeholder says whether a value stands for a secret that is supplied elsewhere (reference/tljh.md §10).
func placeholder(v string) bool {
	return v == "" || span.IsUnknown(v) || placeholders.MatchString(v) || fillIns.MatchString(v)
}
