package tljh

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func plugin(text, maybe string) Plugin {
	return Plugin{Spec: "./p", Module: "p", Text: span.NewSource("p.py", text).Whole(), Maybe: maybe}
}

func TestPlugins(t *testing.T) {
	const head = "from tljh.hooks import hookimpl\nfrom jupyterhub.auth import PAMAuthenticator\n"
	for name, c := range map[string]struct{ plugin, maybe, snippet, want string }{
		"an imported class": {"@hookimpl\ndef tljh_custom_jupyterhub_config(c):\n    c.JupyterHub.authenticator_class = PAMAuthenticator\n    c.Authenticator.allow_all = True\n", "", "", `
			authenticator.class = "jupyterhub.auth.PAMAuthenticator"
			authenticator.family = "pam"
			authenticator.admits_strangers = true
			services = ["cull-idle"]`},
		"in a condition that holds": {"if hookimpl:\n    @hookimpl(trylast=True)\n    def tljh_custom_jupyterhub_config(c):\n        c.Spawner.mem_limit = '3G'\n", "", "", "limits.memory_bytes = 3221225472"},
		"what is there is seen":     {"@hookimpl\ndef tljh_custom_jupyterhub_config(c):\n    c.JupyterHub.services += [{'name': 'x'}]\n    if c.JupyterHub.authenticator_class == 'github':\n        c.Spawner.mem_limit = '3G'\n", "", "", "services = [\"cull-idle\",\"x\"]\nlimits.memory_bytes = 3221225472\nstages.hub.status = \"ok\""},
		"snippets come after":       {"@hookimpl\ndef tljh_custom_jupyterhub_config(c):\n    c.Spawner.mem_limit = '3G'\n", "", "c.Spawner.mem_limit = '4G'\n", "limits.memory_bytes = 4294967296"},
		"only perhaps":              {"@hookimpl\ndef tljh_custom_jupyterhub_config(c):\n    c.Spawner.mem_limit = '3G'\n", "it may be another", "", "limits.memory_bytes = unknown\nauthenticator.family = \"oauth\"\nstages.hub.status = unknown"},
		"only perhaps, no change":   {"@hookimpl\ndef tljh_custom_jupyterhub_config(c):\n    c.Spawner.mem_limit = '2G'\n", "it may be another", "", "limits.memory_bytes = 2147483648"},
		"after the installation":    {"@hookimpl\ndef tljh_config_post_install(config):\n    config.setdefault('limits', {})['cpu'] = 2\n    config['auth'] = {'type': 'dummy'}\n", "", "", "config.limits.cpu = 2\nlimits.cpu = 2\nauthenticator.family = \"oauth\"\nconfig.users.admin = [\"zoe\",\"ann\"]"},
		"administrators come after": {"@hookimpl\ndef tljh_config_post_install(config):\n    config['users'] = {'admin': ['eve'], 'allowed': ['bob']}\n", "", "", "config.users.admin = [\"zoe\",\"ann\"]\nconfig.users.allowed = [\"bob\"]\nconfig.https.enabled = false"},
		"code that is not followed": {"import x\n@hookimpl\ndef tljh_custom_jupyterhub_config(c):\n    x.configure(c)\n", "", "", "limits.memory_bytes = unknown\nauthenticator.class = unknown"},
		"no hooks at all":           {"x = 1\n", "", "", "limits.memory_bytes = 2147483648\nstages.hub.status = \"ok\""},
		"no Python":                 {"def tljh_custom_jupyterhub_config(c):\n    pass\nx = = 1\n", "", "", "limits.memory_bytes = unknown\nstages.hub.status = \"error\""},
	} {
		t.Run(name, func(t *testing.T) {
			ops := script(t, "install --version 2.0.0 --plugin ./p --admin zoe\nset auth.type github\nset limits.memory 2G\nadd users.admin ann")
			ops[0].Plugins = []Plugin{plugin(head+c.plugin, c.maybe)}
			if c.snippet != "" {
				ops = append(ops, file(OpSnippet, "x.py", c.snippet))
			}
			check(t, Run(ops), c.want)
		})
	}
}
