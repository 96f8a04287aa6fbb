package tljh

import (
	"strings"
	"testing"
)

// What stops the hub at start, or every server, and what does not, by the rules of traitlets and of each class.
func TestTraitsOfConfig(t *testing.T) {
	idp := "auth:\n  type: cilogon\n  CILogonOAuthenticator:\n    idps:\n      https://idp.example.org: "
	auth := func(typ, class, options string) string {
		return "auth: {type: " + typ + ", " + class + ": {" + options + "}}\n"
	}
	for name, c := range map[string]struct{ yaml, hub, spawn string }{
		"1 is true to a traitlet":                  {auth("github", "GitHubOAuthenticator", "allow_all: 1"), "ok", "ok"},
		"2 is not":                                 {auth("github", "GitHubOAuthenticator", "allow_all: 2"), "error", "unknown"},
		"a number as an option":                    {auth("dummy", "A", "5: x"), "error", "unknown"},
		"nothing as an option":                     {auth("dummy", "A", "~: x"), "error", "unknown"},
		"an option like a class":                   {auth("dummy", "A", "Option: x"), "error", "unknown"},
		"an option that begins with a digit":       {auth("dummy", "A", "\"5\": x"), "error", "unknown"},
		"an option like a class without a value":   {auth("dummy", "A", "Option: ~"), "ok", "ok"},
		"a function as a number":                   {auth("generic-oauth", "GenericOAuthenticator", "username_claim: 5"), "error", "unknown"},
		"a function as text":                       {auth("github", "GitHubOAuthenticator", "modify_auth_state_hook: x"), "error", "unknown"},
		"groups by domain as text":                 {auth("google", "GoogleOAuthenticator", "allowed_google_groups: {example.org: staff}"), "error", "unknown"},
		"groups by domain in a list":               {auth("google", "GoogleOAuthenticator", "allowed_google_groups: {example.org: [staff]}"), "ok", "ok"},
		"a scope that is not asked for by default": {auth("github", "GitHubOAuthenticator", "allowed_scopes: [user]"), "error", "unknown"},
		"a scope that Google's class asks for":     {auth("google", "GoogleOAuthenticator", "allowed_scopes: [email]"), "ok", "ok"},
		"an empty key of groups is a function":     {auth("generic-oauth", "GenericOAuthenticator", "claim_groups_key: \"\""), "error", "unknown"},
		"it is one that is allowed with groups":    {auth("generic-oauth", "GenericOAuthenticator", "claim_groups_key: \"\", manage_groups: true"), "ok", "ok"},
		"a template that is a number":              {auth("ldap", "LDAPAuthenticator", "bind_dn_template: 5"), "error", "unknown"},
		"a strategy by its number":                 {auth("ldap", "LDAPAuthenticator", "bind_dn_template: x, tls_strategy: 3"), "ok", "ok"},
		"a strategy that has no such number":       {auth("ldap", "LDAPAuthenticator", "bind_dn_template: x, tls_strategy: 5"), "error", "unknown"},
		"an empty list under the old name":         {auth("cilogon", "CILogonOAuthenticator", "allowed_idps: {}"), "ok", "ok"},
		"an empty list of providers":               {auth("cilogon", "CILogonOAuthenticator", "idps: {}"), "error", "unknown"},
		"a claim that CILogon's class has no more": {auth("cilogon", "CILogonOAuthenticator", "username_claim: email"), "error", "unknown"},
		"a provider":                               {idp + "{username_derivation: {username_claim: email}, allow_all: true}\n", "ok", "ok"},
		"a provider without a claim":               {idp + "{username_derivation: {}}\n", "error", "unknown"},
		"a provider without anything":              {idp + "\n", "error", "unknown"},
		"a provider with an unknown option":        {idp + "{username_derivation: {username_claim: email}, domain: x}\n", "error", "unknown"},
		"a provider with yes for true":             {idp + "{username_derivation: {username_claim: email}, allow_all: yes}\n", "error", "unknown"},
		"a provider with domains as text":          {idp + "{username_derivation: {username_claim: email}, allowed_domains: x}\n", "error", "unknown"},
		"an action":                                {idp + "{username_derivation: {username_claim: email, action: prefix, prefix: x}}\n", "ok", "ok"},
		"an action without its prefix":             {idp + "{username_derivation: {username_claim: email, action: prefix}}\n", "error", "unknown"},
		"an action that does not exist":            {idp + "{username_derivation: {username_claim: email, action: lower}}\n", "error", "unknown"},
		"the hub's own option":                     {auth("dummy", "JupyterHub", "allow_named_servers: yes"), "error", "unknown"},
		"a spawner that nobody has":                {auth("dummy", "JupyterHub", "spawner_class: nope"), "error", "unknown"},
		"a spawner of JupyterHub":                  {auth("dummy", "JupyterHub", "spawner_class: simple"), "ok", "ok"},
		"an option of the spawner":                 {auth("dummy", "Spawner", "start_timeout: \"60\""), "ok", "error"},
		"a guarantee in small letters":             {auth("dummy", "Spawner", "mem_guarantee: 1g"), "ok", "error"},
		"an endless number of cores":               {"limits: {cpu: .inf}\n", "ok", "error"},
		"no number of cores":                       {"limits: {cpu: .nan}\n", "ok", "error"},
		"digits of another script":                 {"limits: {memory: ٣G}\n", "ok", "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			want := "stages.hub.status = \"" + c.hub + "\"\nstages.spawn.status = \"" + c.spawn + "\""
			check(t, Run(append(script(t, "install --version 2.0.0"), file(OpConfigFile, "config.yaml", c.yaml))), strings.ReplaceAll(want, `"unknown"`, "unknown"))
		})
	}
	check(t, Run(append(script(t, "install"), file(OpConfigFile, "config.yaml", "limits: {memory: ２G}\n"))), "limits.memory_bytes = 2147483648")
}

// What TLJH 1.x installs knows other options.
func TestTraitsOfOldConfig(t *testing.T) {
	for yaml, want := range map[string]string{
		"auth: {type: cilogon, CILogonOAuthenticator: {idps: {}}}\n":                                                                                   `stages.hub.status = "ok"`,
		"auth: {type: cilogon, CILogonOAuthenticator: {idps: {https://x: {allow_all: true, username_derivation: {username_claim: email}}}}}\n":         `authenticator.admits_strangers = false`,
		"auth: {type: cilogon, CILogonOAuthenticator: {allowed_idps: {https://x: {allow_all: true, username_derivation: {username_claim: email}}}}}\n": `authenticator.admits_strangers = true`,
		"auth: {type: cilogon, CILogonOAuthenticator: {allowed_idps: {}}}\n":                                                                           `stages.hub.status = "error"`,
		"auth: {type: github, GitHubOAuthenticator: {allowed_scopes: [x]}}\n":                                                                          `stages.hub.status = "error"`,
		"auth: {type: google, GoogleOAuthenticator: {include_nested_groups: x}}\n":                                                                     `stages.hub.status = "ok"`,
	} {
		t.Run(yaml, func(t *testing.T) {
			check(t, Run(append(script(t, "install --version 1.0.0"), file(OpConfigFile, "config.yaml", yaml))), want)
		})
	}
}

func TestTraitsOfSnippets(t *testing.T) {
	for snippet, want := range map[string]string{
		"c.JupyterHub.services = 'x'\n":                            `stages.hub.status = "error"`,
		"c.JupyterHub.services.append(5)\n":                        `stages.hub.status = "error"`,
		"c.JupyterHub.log_level = 'debug'\n":                       `stages.hub.status = "error"`,
		"c.JupyterHub.log_level = 'DEBUG'\n":                       `stages.hub.status = "ok"`,
		"c.JupyterHub.load_groups = {'a': ['b']}\n":                `stages.hub.status = "ok"`,
		"c.JupyterHub.proxy_class = 'nope'\n":                      `stages.hub.status = "error"`,
		"c.JupyterHub.named_server_limit_per_user = lambda h: 3\n": `stages.hub.status = "ok"`,
		"c.Spawner.default_url = None\n":                           `stages.spawn.status = "error"`,
		"c.Spawner.cmd = None\n":                                   `stages.spawn.status = "ok"`,
		"c.Spawner.args = '--debug'\n":                             `stages.spawn.status = "ok"`,
		"c.Spawner.args = [5]\n":                                   `stages.spawn.status = "error"`,
		"c.Spawner.pre_spawn_hook = lambda s: None\n":              `stages.spawn.status = "ok"`,
		"c.SystemdSpawner.isolate_tmp = 1\n":                       `stages.spawn.status = "ok"`,
		"c.SystemdSpawner.isolate_tmp = 'yes'\n":                   `stages.spawn.status = "error"`,
		"c.SystemdSpawner.readonly_paths = None\n":                 `stages.spawn.status = "ok"`,
		"c.SystemdSpawner.isolate_devices = None\n":                `stages.spawn.status = "error"`,
	} {
		t.Run(strings.TrimSpace(snippet), func(t *testing.T) {
			check(t, Run(append(script(t, "install --version 2.0.0"), file(OpSnippet, "x.py", snippet))), want)
		})
	}
}

// What traefik_config.d holds must be TOML; whether TLJH's own parser agrees with ours is not certain.
func TestProxySnippets(t *testing.T) {
	for text, want := range map[string]string{
		"[entryPoints.x]\naddress = \":81\"\n": "\"ok\"",
		"[entryPoints.x\n":                     "unknown",
		"a = 1\na = 2\n":                       "unknown",
		"# nothing\n":                          "\"ok\"",
	} {
		t.Run(text, func(t *testing.T) {
			check(t, Run(append(script(t, "install --version 2.0.0"), file(OpTraefik, "x.toml", text))), "stages.proxy.status = "+want)
		})
	}
	check(t, Run(append(script(t, "install --version 2.0.0"), file(OpTraefik, "x.toml.off", "["))), "stages.proxy.status = \"ok\"")
}

// What TLJH pastes into the proxy's files, and what breaks them.
func TestProxyTemplates(t *testing.T) {
	le := func(domains string) string {
		return "https: {enabled: true, letsencrypt: {email: ann@example.org, domains: " + domains + "}}\n"
	}
	for yaml, want := range map[string]string{
		le("[hub.example.org]"):                                   "ok",
		le("hub.example.org"):                                     "ok", // its letters
		le("{hub.example.org: 1}"):                                "error",
		le("true"):                                                "error",
		le("5"):                                                   "error",
		le("!x hub.example.org"):                                  "error",
		le("[5]"):                                                 "ok",
		le("[\"hub.example.org\\n\"]"):                            "error",
		le("['hub\"example.org']"):                                "error",
		le("['hub\\example.org']"):                                "error",
		le("['hub\\n.example.org']"):                              "ok", // TOML's own escape
		"http: {port: '80\"'}\n":                                  "error",
		"http: {port: [80]}\n":                                    "ok",
		"http: {port: [\"it's\"]}\n":                              "error",
		"http: {address: 'a\\x41'}\n":                             "error",
		"http: {address: 'a\\u0041'}\n":                           "ok",
		"http: {address: 'a\\ud800'}\n":                           "error",
		"http: {address: 'a\\'}\n":                                "error",
		"traefik_api: {port: '8099\"'}\n":                         "error",
		"https: {tls: {cert: '\"'}}\n":                            "ok", // it is off
		"https: {letsencrypt: {domains: 5}}":                      "ok",
		"https: {enabled: true, tls: {cert: 'C:\\x', key: /k}}\n": "error",
		"https: {enabled: true, tls: {cert: /c, key: /k}, port: '4\"'}\n":                                  "error",
		"https: {enabled: true, letsencrypt: {email: a@example.org, domains: [b]}, tls: {key: '\"'}}\n":    "ok", // no certificate, so no key
		"https: {enabled: true, tls: {cert: /c, key: /k}, letsencrypt: {email: '', domains: []}}\n":        "ok",
		"https: {enabled: true, letsencrypt: {email: \"a\\\"b@example.org\", domains: [b]}, tls: {}}\n":    "error",
		"https: {enabled: true, letsencrypt: {email: [a@example.org], domains: [hub.example.org, 'x y']}}": "ok",
	} {
		t.Run(yaml, func(t *testing.T) {
			check(t, Run(append(script(t, "install --version 2.0.0"), file(OpConfigFile, "config.yaml", yaml))), "stages.proxy.status = \""+want+"\"")
		})
	}
}
