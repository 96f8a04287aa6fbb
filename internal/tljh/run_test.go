package tljh

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// script turns lines of a small language into operations, each with its place in the file "deploy.sh":
// "install ARGS…", "set PATH VALUE", "unset PATH", "add PATH VALUE", "remove PATH VALUE"; a leading ? makes one uncertain.
func script(t *testing.T, text string) []Op {
	t.Helper()
	src := span.NewSource("deploy.sh", text)
	var ops []Op
	for off := 0; off < len(text); {
		end := off + strings.IndexByte(text[off:]+"\n", '\n')
		var words []span.Text
		for i := off; i < end; {
			if text[i] == ' ' {
				i++
				continue
			}
			j := i + strings.IndexAny(text[i:end]+" ", " ")
			words = append(words, src.Slice(i, j))
			i = j
		}
		if len(words) > 0 {
			op := Op{At: src.Span(off, end)}
			verb := words[0].String()
			if strings.HasPrefix(verb, "?") {
				op.Maybe, verb = "it depends on something", verb[1:]
			}
			if verb == "set!" {
				op.NoValidate, verb = true, "set"
			}
			kinds := map[string]OpKind{"install": OpInstall, "set": OpSet, "unset": OpUnset, "add": OpAddItem, "remove": OpRemoveItem}
			op.Kind = kinds[verb]
			if op.Kind == OpInstall {
				op.Args = words[1:]
			} else {
				op.Path = words[1]
				if len(words) > 2 {
					op.Value = words[2]
				}
			}
			ops = append(ops, op)
		}
		off = end + 1
	}
	return ops
}

func file(kind OpKind, name, text string) Op {
	src := span.NewSource(name, text)
	return Op{Kind: kind, Name: name, Content: src.Whole(), At: src.Span(0, len(text))}
}

// at looks up a dotted path of the hub's parts: config.limits.memory, stages.hub.status, authenticator.class …
func at(h *Hub, path string) *doc.Node {
	root := doc.NewMap(doc.Set, span.Span{})
	for k, n := range map[string]*doc.Node{"tljh": h.TLJH, "config": h.Config, "stages": h.Stages, "jupyterhub": h.JupyterHub, "authenticator": h.Authenticator, "limits": h.Limits, "https": h.HTTPS, "services": h.Services} {
		root.Put(k, n)
	}
	var p []any
	for _, s := range strings.Split(path, ".") {
		p = append(p, s)
	}
	return root.AtPath(p)
}

func show(n *doc.Node) string {
	if n == nil {
		return "nothing"
	}
	b, _ := json.Marshal(n.Plain())
	if n.State == doc.Unknown {
		return "unknown"
	}
	return string(b)
}

func check(t *testing.T, h *Hub, want string) {
	t.Helper()
	for _, w := range strings.Split(strings.TrimSpace(want), "\n") {
		path, value, _ := strings.Cut(strings.TrimSpace(w), " = ")
		if got := show(at(h, path)); got != value {
			t.Errorf("%s = %s, want %s", path, got, value)
		}
	}
}

func TestRun(t *testing.T) {
	for name, c := range map[string]struct {
		ops  string
		want string
	}{
		"a fresh install": {"install --admin ann bob --admin carl:pw", `
			config.users.admin = ["ann","bob","carl"]
			tljh.installer.admin_passwords = true
			tljh.pinned = false
			stages.hub.status = "ok"
			authenticator.family = "firstuse"
			authenticator.any_password_first_login = true
			authenticator.admits_strangers = true
			limits.memory_bytes = null
			services = ["cull-idle"]`},
		"admins with passwords": {"install --admin ann:pw", `authenticator.any_password_first_login = false`},
		"set": {"install --version 2.0.0\nset limits.memory 2G\nset https.enabled true\nadd users.admin ann\nadd users.admin bob\nremove users.admin ann", `
			config.limits.memory = "2G"
			limits.memory_bytes = 2147483648
			config.users.admin = ["bob"]
			tljh.version = "2.0.0"
			tljh.pinned = true
			stages.proxy.status = "error"`},
		"the installer replaces the admins":           {"install --admin ann\nadd users.admin bob\ninstall --admin carl", `config.users.admin = ["carl"]`},
		"unset prunes":                                {"install\nset limits.memory 2G\nset base_url /x\nunset limits.memory", "config.limits.memory = null\nconfig.base_url = \"/x\""},
		"an empty path element is a key of its own":   {"install\nset auth.NativeAuthenticator..x 1", `config.auth.NativeAuthenticator = {"":{"x":1}}`},
		"a path as in Python makes a key called c":    {"install\nset c.Authenticator.x 1", `config.c = {"Authenticator":{"x":1}}`},
		"set of a scalar destroys a section":          {"install --version 1.0.0\nset limits 2G\nset limits.memory 1G", `config.limits.memory = "1G"`},
		"add-item to text fails":                      {"install --version 1.0.0\nset users.admin ann\nadd users.admin bob", `config.users.admin = "ann"`},
		"None before release 2.0.1 is text":           {"install --version 2.0.0\nset limits.memory None", "config.limits.memory = \"None\"\nstages.spawn.status = \"error\""},
		"None on main is nothing":                     {"install --version main\nset limits.memory None", "config.limits.memory = null\nstages.spawn.status = \"ok\""},
		"None without a version":                      {"install\nset limits.memory None", "config.limits.memory = unknown\nstages.spawn.status = unknown"},
		"tljh-config 2.0.0 refuses a fraction of CPU": {"install --version 2.0.0\nset limits.cpu 0.5", "config.limits.cpu = null"},
		"without a pin it may or may not":             {"install\nset limits.cpu 0.5", "config.limits.cpu = unknown"},
		"unless it is told not to validate":           {"install --version 2.0.0\nset! limits.cpu 0.5", "limits.cpu = 0.5"},
		"main takes it":                               {"install --version main\nset limits.cpu 0.5", "limits.cpu = 0.5"},
		"an uncertain set":                            {"install\n?set limits.memory 2G", "config.limits.memory = unknown\nlimits.memory_bytes = unknown\nconfig.limits.cpu = null"},
		"an uncertain set of the default":             {"install\n?set https.enabled false", `config.https.enabled = false`},
		"an uncertain set of what is there":           {"install\nset limits.memory 2G\n?set limits.memory 2G", `config.limits.memory = "2G"`},
		"not installed":                               {"set limits.memory 2G", "config.limits.memory = \"2G\"\nlimits.memory_bytes = 2147483648\nconfig.https.enabled = unknown\nstages.hub.status = unknown\nauthenticator.class = unknown"},
		"not installed, type set":                     {"set auth.type dummy", "authenticator.family = \"dummy\"\nauthenticator.admits_strangers = unknown"},
		"branch names are no pin":                     {"install --version main", "tljh.version = \"main\"\ntljh.pinned = false"},
		"a commit is a pin":                           {"install --version 0123abcd", "tljh.pinned = true"},
		"a partial version is no pin":                 {"install --version=1.0", "tljh.version = \"1.0\"\ntljh.pinned = false"},
		"native on 1.x lets the approved in":          {"install --version 1.0.0\nset auth.type nativeauthenticator.NativeAuthenticator", "authenticator.admits_strangers = true"},
		"native on 2.x lets nobody in":                {"install --admin ann\nset auth.type native", "authenticator.admits_strangers = false\nauthenticator.nobody_can_log_in = true"},
		"google with a domain":                        {"install\nset auth.type google\nset auth.GoogleOAuthenticator.allow_all true\nset auth.GoogleOAuthenticator.hosted_domain example.org", "authenticator.admits_strangers = false\nauthenticator.nobody_can_log_in = false\nauthenticator.allow = [\"allow_all\",\"hosted_domain\"]"},
		"google with the domain of everybody":         {"install\nset auth.type google\nset auth.GoogleOAuthenticator.allow_all true\nset auth.GoogleOAuthenticator.hosted_domain gmail.com", "authenticator.admits_strangers = true"},
		"credentials":                                 {"install\nset auth.type github\nset auth.GitHubOAuthenticator.client_id x", `authenticator.credentials_missing = ["client_secret"]`},
		"another package's authenticator":             {"install\nset auth.type samlauthenticator.SAMLAuthenticator", "authenticator.class = \"samlauthenticator.SAMLAuthenticator\"\nauthenticator.family = \"custom\"\nauthenticator.admits_strangers = unknown\nstages.hub.status = unknown"},
	} {
		t.Run(name, func(t *testing.T) { check(t, Run(script(t, c.ops)), c.want) })
	}
}

func TestConfigFile(t *testing.T) {
	u := span.Unknown("variable x has no value")
	for name, c := range map[string]struct {
		ops  []Op
		want string
	}{
		"a whole file is an installation":  {[]Op{file(OpConfigFile, "config.yaml", "limits:\n  memory: 1G\n")}, "limits.memory_bytes = 1073741824\nstages.hub.status = \"ok\"\ntljh.pinned = unknown"},
		"appending to a fresh file fails":  {append(script(t, "install"), appendTo("limits:\n  memory: 1G\n")), `stages.merge.status = "error"`},
		"appending to settings":            {append(script(t, "install --admin ann"), appendTo("limits:\n  memory: 1G\n")), "config.limits.memory = \"1G\"\nconfig.users.admin = [\"ann\"]\nstages.merge.status = \"ok\""},
		"appending a section twice":        {append(script(t, "install --admin ann"), appendTo("users: {}\n")), `stages.merge.status = "error"`},
		"appending to an unseen file":      {[]Op{appendTo("limits:\n  memory: 1G\n")}, "config.limits.memory = \"1G\"\nconfig.https.enabled = unknown"},
		"a template that is no YAML":       {append(script(t, "install"), file(OpConfigFile, "config.yaml", "{% if x %}\nlimits: {}\n{% endif %}\n")), "stages.merge.status = unknown\nconfig.limits.memory = unknown"},
		"a template with tokens":           {append(script(t, "install"), file(OpConfigFile, "config.yaml", "limits:\n  memory: "+u+"\n")), "config.limits.memory = unknown\nconfig.limits.cpu = null\nstages.spawn.status = unknown\nstages.merge.status = \"ok\""},
		"text with a token is still text":  {append(script(t, "install"), file(OpConfigFile, "config.yaml", "auth:\n  type: github\n  GitHubOAuthenticator:\n    client_id: \""+u+"\"\n    client_secret: \""+u+"\"\n")), `stages.hub.status = "ok"`},
		"broken is an error, not unknown":  {append(script(t, "install"), file(OpConfigFile, "config.yaml", "limits:\n\tmemory: 1G\n")), "stages.merge.status = \"error\"\nstages.hub.status = \"error\"\nlimits.memory_bytes = unknown"},
		"opaque":                           {append(script(t, "install"), Op{Kind: OpOpaque, Why: "a program edits it"}), "config.limits.memory = unknown\nlimits.memory_bytes = unknown\nstages.hub.status = unknown"},
		"an uncertain file":                {append(script(t, "install"), maybeOp(file(OpConfigFile, "config.yaml", "limits:\n  memory: 1G\n"))), "config.limits.memory = unknown\nconfig.limits.cpu = null"},
		"the same twice, once uncertainly": {[]Op{file(OpConfigFile, "config.yaml", "limits:\n  memory: 1G\n"), maybeOp(file(OpConfigFile, "b.yaml", "limits:\n  memory: 1G\n"))}, "limits.memory_bytes = 1073741824"},
	} {
		t.Run(name, func(t *testing.T) { check(t, Run(c.ops), c.want) })
	}
}

func appendTo(text string) Op {
	op := file(OpConfigFile, "more.yaml", text)
	op.Append = true
	return op
}

func maybeOp(op Op) Op {
	op.Maybe = "it depends on something"
	return op
}

func TestSnippets(t *testing.T) {
	base := "install --version 2.0.0\nset auth.type github\nset limits.memory 2G\nadd users.admin ann"
	for name, c := range map[string]struct{ snippet, want string }{
		"literals":                           {"c = get_config()\nc.Spawner.mem_limit = '4G'\nc.Authenticator.allowed_users = {'ann', \"bob\"}", "limits.memory_bytes = 4294967296\njupyterhub.Authenticator.allowed_users = [\"ann\",\"bob\"]\nstages.hub.status = \"ok\""},
		"harmless code":                      {"import os\n\ndef hook(spawner):\n    os.mkdir('/x')\n\nc.Spawner.pre_spawn_hook = hook\n", "limits.memory_bytes = 2147483648\nauthenticator.family = \"oauth\"\nstages.hub.status = \"ok\""},
		"variables":                          {"GB = 1024 ** 3\nc.Spawner.mem_limit = 2 * GB\n", "limits.memory_bytes = 2147483648"},
		"a class by import":                  {"from jupyterhub.auth import DummyAuthenticator as D\nc.JupyterHub.authenticator_class = D\n", "authenticator.family = \"dummy\""},
		"a class of its own":                 {"from oauthenticator.github import GitHubOAuthenticator\nclass Mine(GitHubOAuthenticator):\n    def check(self):\n        pass\nc.JupyterHub.authenticator_class = Mine\n", "authenticator.class = \"builtins.Mine\"\nauthenticator.family = \"oauth\"\nauthenticator.admits_strangers = unknown"},
		"a plain class of its own":           {"from jupyterhub.auth import DummyAuthenticator\nclass Mine(DummyAuthenticator):\n    '''text'''\nc.JupyterHub.authenticator_class = Mine\n", "authenticator.class = \"builtins.Mine\"\nauthenticator.family = \"dummy\"\nauthenticator.admits_strangers = true"},
		"a condition":                        {"if x:\n    c.Spawner.mem_limit = '4G'\nelse:\n    pass\nc.Spawner.cpu_limit = 2\n", "limits.memory_bytes = unknown\nlimits.cpu = 2\nauthenticator.family = \"oauth\""},
		"the configuration passed on":        {"from mine import configure\nconfigure(c)\n", "limits.memory_bytes = unknown\nauthenticator.class = unknown\nstages.hub.status = unknown"},
		"another name for it":                {"cfg = get_config()\ncfg.Spawner.mem_limit = None\n", "limits.memory_bytes = null"},
		"a second file":                      {"load_subconfig('/srv/x.py')\n", "limits.memory_bytes = unknown\nstages.hub.status = unknown"},
		"exec":                               {"exec(open('x').read())\n", "limits.memory_bytes = unknown"},
		"the environment":                    {"import os\nc.GitHubOAuthenticator.client_secret = os.environ['S']\n", "stages.hub.status = unknown\nlimits.memory_bytes = 2147483648"},
		"the environment with default":       {"import os\nc.GitHubOAuthenticator.client_secret = os.environ.get('S', 'x')\n", "stages.hub.status = \"ok\""},
		"not Python":                         {"c.Spawner.mem_limit = 'x\n", "limits.memory_bytes = unknown"},
		"services replaced":                  {"c.JupyterHub.services = [{'name': 'x', 'command': [sys.executable]}]\n", "services = [\"x\"]"},
		"services added":                     {"c.JupyterHub.services.extend([{'name': 'x'}])\n", "services = [\"cull-idle\",\"x\"]"},
		"services by code":                   {"c.JupyterHub.services = [s for s in x]\n", "services = unknown"},
		"in place without a value":           {"c.JupyterHub.services += [{'name': 'x'}]\n", "stages.hub.status = \"error\""},
		"in place after a value":             {"c.Authenticator.allowed_users = {'a'}\nc.Authenticator.allowed_users |= {'b'}\n", "jupyterhub.Authenticator.allowed_users = [\"a\",\"b\"]"},
		"a type error":                       {"c.Authenticator.allow_all = 'yes'\n", "stages.hub.status = \"error\""},
		"a hook that sets the limit":         {"def hook(spawner):\n    spawner.mem_limit = '8G'\nc.Spawner.pre_spawn_hook = hook\n", "limits.memory_bytes = unknown"},
		"decorated":                          {"@x\ndef f():\n    c.Spawner.mem_limit = 1\n", "limits.memory_bytes = unknown"},
		"a filled-in statement":              {span.Unknown("x") + "\n", "limits.memory_bytes = unknown"},
		"a filled-in value":                  {"c.Spawner.mem_limit = '" + span.Unknown("x") + "'\n", "limits.memory_bytes = unknown\nauthenticator.family = \"oauth\""},
		"an import TLJH does not have":       {"import jwt_thing\n", "stages.hub.status = unknown\nlimits.memory_bytes = 2147483648"},
		"several targets":                    {"c.Spawner.mem_limit = c.Spawner.cpu_limit = None\n", "limits.memory_bytes = null\nlimits.cpu = null"},
		"one line, two statements":           {"c.Spawner.mem_limit = '1G'; c.Spawner.cpu_limit = 1\n", "limits.memory_bytes = 1073741824\nlimits.cpu = 1"},
		"a continued line":                   {"c.Spawner.mem_limit = \\\n  '1G'\n", "limits.memory_bytes = 1073741824"},
		"a changed variable":                 {"m = '1G'\nfor x in y:\n    m = '2G'\nc.Spawner.mem_limit = m\n", "limits.memory_bytes = unknown"},
		"the limits of another spawner":      {"from dockerspawner import DockerSpawner\nc.JupyterHub.spawner_class = DockerSpawner\nc.DockerSpawner.mem_limit = '3G'\nc.SystemdSpawner.mem_limit = '9G'\n", "limits.memory_bytes = 3221225472"},
		"another spawner reads Spawner":      {"c.JupyterHub.spawner_class = 'dockerspawner.DockerSpawner'\n", "limits.memory_bytes = 2147483648"},
		"a spawner that limits nothing":      {"c.JupyterHub.spawner_class = 'jupyterhub.spawner.LocalProcessSpawner'\n", "limits.memory_bytes = null"},
		"a spawner of its own":               {"from dockerspawner import SystemUserSpawner\nclass Mine(SystemUserSpawner):\n    def f(self): pass\nc.JupyterHub.spawner_class = Mine\nc.SystemUserSpawner.mem_limit = '3G'\nc.DockerSpawner.mem_limit = '4G'\n", "limits.memory_bytes = 3221225472"},
		"a spawner nobody knows":             {"c.JupyterHub.spawner_class = 'x.YSpawner'\n", "limits.memory_bytes = unknown"},
		"a spawner nobody knows, no limit":   {"c.JupyterHub.spawner_class = 'x.YSpawner'\nc.Spawner.mem_limit = None\n", "limits.memory_bytes = null"},
		"its class sets the limit":           {"from dockerspawner import DockerSpawner\nclass Mine(DockerSpawner):\n    mem_limit = '3G'\nc.JupyterHub.spawner_class = Mine\n", "limits.memory_bytes = unknown"},
		"two ways, the same":                 {"import os\nif os.path.exists('/x'):\n    c.Spawner.mem_limit = '2G'\n", "limits.memory_bytes = 2147483648\nauthenticator.family = \"oauth\""},
		"two ways, a service in both":        {"import os\nif os.path.exists('/x'):\n    c.JupyterHub.services.append({'name': 'y'})\n", "jupyterhub.JupyterHub.services = unknown\nservices.0 = \"cull-idle\"\nservices.1 = nothing"},
		"two classes with bases":             {"from firstuseauthenticator import FirstUseAuthenticator\nfrom jupyterhub.auth import LocalAuthenticator\nclass Mine(FirstUseAuthenticator, LocalAuthenticator):\n    pass\nc.JupyterHub.authenticator_class = Mine\nc.LocalAuthenticator.allow_all = False\nc.FirstUseAuthenticator.create_users = False\n", "authenticator.class = \"builtins.Mine\"\nauthenticator.family = \"firstuse\""},
		"a short name":                       {"c.JupyterHub.authenticator_class = 'native'\nc.Authenticator.allow_all = True\n", "authenticator.class = \"nativeauthenticator.nativeauthenticator.NativeAuthenticator\"\nauthenticator.admits_strangers = true"},
		"a set takes no append":              {"c.Authenticator.admin_users.append('eve')\n", "jupyterhub.Authenticator.admin_users = [\"ann\"]"},
		"a set takes add":                    {"c.Authenticator.admin_users.add('eve')\n", "jupyterhub.Authenticator.admin_users = [\"ann\",\"eve\"]"},
		"services before the culler":         {"c.JupyterHub.services.insert(0, {'name': 'x'})\n", "services = [\"x\",\"cull-idle\"]"},
		"a loop over names":                  {"for n in ('bob', 'eve'):\n    c.Authenticator.allowed_users.add(n)\n", "jupyterhub.Authenticator.allowed_users = [\"bob\",\"eve\"]"},
		"the unit's own memory":              {"c.SystemdSpawner.unit_extra_properties = {'MemoryMax': '3G', 'CPUQuota': '150%'}\n", "limits.memory_bytes = 3221225472\nlimits.cpu = 1.5"},
		"the unit without a limit":           {"c.SystemdSpawner.unit_extra_properties = {'MemoryMax': 'infinity'}\n", "limits.memory_bytes = null"},
		"the unit's other properties":        {"c.SystemdSpawner.unit_extra_properties = {'MemorySwapMax': '1M'}\n", "limits.memory_bytes = 2147483648"},
		"the unit's unknown memory":          {"import os\nc.SystemdSpawner.unit_extra_properties = {'MemoryMax': os.environ['M']}\n", "limits.memory_bytes = unknown"},
		"a tab too few":                      {"if True:\nc.Spawner.mem_limit = '4G'\n", "limits.memory_bytes = unknown\nstages.hub.status = \"error\""},
		"a name that is nowhere":             {"c.Spawner.mem_limit = limit\n", "limits.memory_bytes = unknown\nstages.hub.status = \"error\""},
		"a file beside it that is not there": {"load_subconfig('more.py')\nc.Spawner.cpu_limit = 2\n", "limits.memory_bytes = 2147483648\nlimits.cpu = 2\nstages.hub.status = \"ok\""},
		"a comment and a string say it":      {"# c.Spawner.mem_limit = '9G'\n'''\nc.Spawner.mem_limit = '9G'\n'''\n", "limits.memory_bytes = 2147483648"},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, Run(append(script(t, base), file(OpSnippet, "x.py", c.snippet))), c.want)
		})
	}
}

// A jupyterhub_config.py elsewhere counts where TLJH's installer is not run.
func TestStarts(t *testing.T) {
	start := Op{Kind: OpStart, Name: "/srv/jupyterhub_config.py", Content: span.NewSource("j.py", "c.JupyterHub.authenticator_class = 'dummy'\n").Whole()}
	other := Op{Kind: OpStart, Name: "/etc/jupyterhub_config.py", Content: span.NewSource("k.py", "c.JupyterHub.authenticator_class = 'native'\n").Whole()}
	check(t, Run([]Op{start}), `authenticator.family = "dummy"`)
	check(t, Run(append(script(t, "install"), start)), `authenticator.family = "firstuse"`)
	check(t, Run([]Op{start, other}), `authenticator.family = unknown`)
}

// A secret is told nowhere, whichever way it takes.
func TestSecretsOfSnippets(t *testing.T) {
	for _, snippet := range []string{
		"import os\nc.GitHubOAuthenticator.client_secret = os.environ.get('X', 'hunter2-example')\n",
		"import os\ns = os.environ.get('X', 'hunter2-example')\nc.GitHubOAuthenticator.client_secret = s + 'hunter2-example'\n",
		"import os\nc.GitHubOAuthenticator.client_secret = 'hunter2-example' if os.path.exists('/x') else 'hunter2-example2'\n",
		"import os\nc.JupyterHub.services = [{'name': 'x', 'api_token': os.environ.get('X', 'hunter2-example')}]\n",
		"import os\nc.JupyterHub.services = [{'name': 'x', 'api_token': 'hunter2-example' if os.path.exists('/x') else 'hunter2-example2'}]\n",
		"import os\nif os.path.exists('/x'):\n    c.DummyAuthenticator.password = 'hunter2-example'\n",
		"import os\nc.JupyterHub.db_url = 'postgres://a:hunter2-example@db/x' if os.path.exists('/x') else 'sqlite://'\n",
		"import os\nc.Spawner.environment = {'API_TOKEN': 'hunter2-example' if os.path.exists('/x') else 'hunter2-example2'}\n",
		"from vault import read\nc.DummyAuthenticator.password = read('hunter2-example')\n",
		"import os\nif os.environ.get('X') == 'hunter2-example':\n    c.Spawner.mem_limit = '1G'\n",
	} {
		h := Run(append(script(t, "install"), file(OpSnippet, "x.py", snippet)))
		for _, n := range []*doc.Node{h.JupyterHub, h.Authenticator, h.Stages, h.Limits, h.Services} {
			b, _ := json.Marshal(n.Plain())
			s := string(b)
			n.Facts("", func(_ string, f doc.Fact) { s += f.Why })
			if strings.Contains(s, "hunter2") {
				t.Errorf("%q: the secret is told: %s", snippet, s)
			}
		}
	}
}

func TestSpans(t *testing.T) {
	ops := append(script(t, "install --admin ann:hunter22\nset limits.memory 2G\nset auth.type githubb"),
		file(OpSnippet, "s.py", "x = 1\nc.Spawner.cpu_limit = 0.5\n"))
	h := Run(ops)
	for path, want := range map[string]string{
		"config.limits.memory":    "deploy.sh:2:19",
		"limits.memory_bytes":     "deploy.sh:2:19",
		"limits.cpu":              "s.py:2:23",
		"config.users.admin.0":    "deploy.sh:1:17",
		"stages.hub":              "deploy.sh:3:15",
		"config.auth.type":        "deploy.sh:3:15",
		"config":                  "deploy.sh:1:1",
		"tljh.installer.admins.0": "deploy.sh:1:17",
	} {
		if n := at(h, path); n == nil || n.At.String() != want {
			t.Errorf("%s: %+v, want %s", path, n, want)
		}
	}
	if len(h.Secrets) != 1 || h.Secrets[0].At.String() != "deploy.sh:1:21" {
		t.Errorf("secrets: %v", h.Secrets)
	}
	if why, _ := at(h, "stages.hub.why").Str(); !strings.Contains(why, "did you mean github?") {
		t.Error(why)
	}
	h = Run([]Op{file(OpConfigFile, "config.yaml", "# x\nlimits:\n  memory: 2GB\n")})
	if got := at(h, "stages.spawn").At; fmt.Sprint(got.Start, got.End) != "{3 11} {3 14}" {
		t.Error(got)
	}
	if got := h.Config.At.String(); got != "config.yaml:2:1" {
		t.Error(got)
	}
	if got, depth := h.Config.Locate([]any{"https", "enabled"}); got.String() != "config.yaml:2:1" || depth != 0 {
		t.Error(got, depth)
	}
}

// No secret may be found anywhere in what Run yields, whatever way it came.
func TestSecrets(t *testing.T) {
	const s = "hunter2hunter2"
	conf := file(OpConfigFile, "config.yaml", "auth:\n  type: github\n  GitHubOAuthenticator:\n    client_id: visible\n    client_secret: "+s+"\n  DummyAuthenticator:\n    password: "+s+"\n  SharedPasswordAuthenticator:\n    password_groups:\n      "+s+": [a]\ntraefik_api:\n  password: "+s+"\nusers:\n  extra_user_groups:\n    password: [ann]\n")
	snip := file(OpSnippet, "a.py", "c.LDAPAuthenticator.lookup_dn_search_password = '"+s+"'\nc.JupyterHub.services.append({'name': 'x', 'api_token': '"+s+"'})\nc.JupyterHub.db_url = 'postgresql://u:"+s+"@h/d'\nc.JupyterHub.cookie_secret = '"+s+"'\n")
	h := Run(append(script(t, "install --admin ann:"+s), conf, snip, script(t, "set auth.GitLabOAuthenticator.client_secret "+s)[0]))
	out := []any{h.TLJH.Plain(), h.Config.Plain(), h.Stages.Plain(), h.JupyterHub.Plain(), h.Authenticator.Plain(), h.Services.Plain()}
	for _, n := range h.Secrets {
		out = append(out, n.Plain())
	}
	for _, p := range h.Problems {
		out = append(out, p.Msg)
	}
	b, _ := json.Marshal(out)
	if strings.Contains(string(b), s) {
		t.Errorf("a secret is shown: %s", b)
	}
	if !strings.Contains(string(b), "visible") || show(at(h, "config.users.extra_user_groups.password")) != `["ann"]` {
		t.Errorf("what is no secret must stay: %s", b)
	}
	if len(h.Secrets) != 10 {
		t.Errorf("%d secrets: %s", len(h.Secrets), b)
	}
	for _, p := range []string{"${X}", "{{ x }}", "<your secret>", "$VAR", "GITHUB_OAUTH_CLIENT_SECRET", "ENC[AES256_GCM,data:x]", "changeme", span.Unknown("x"), ""} {
		if h := Run(append(script(t, "install"), file(OpConfigFile, "c.yaml", "auth:\n  GitHubOAuthenticator:\n    client_secret: '"+p+"'\n"))); len(h.Secrets) != 0 {
			t.Errorf("%q is no secret", p)
		}
	}
}

func TestInstallerFlags(t *testing.T) {
	for args, want := range map[string]string{
		"--user-requirements-txt-URL https://x": "did you mean --user-requirements-txt-url?",
		"--plugin git+https://x":                "may change the configuration",
		"--admin a:b:c":                         "second colon",
		"stray":                                 "does not understand",
	} {
		h := Run(script(t, "install "+args))
		if len(h.Problems) == 0 || !strings.Contains(h.Problems[0].Msg, want) || h.Problems[0].At.File == "" {
			t.Errorf("%s: %v", args, h.Problems)
		}
	}
	h := Run(script(t, "install - --admin=ann --user-req https://x/r.txt --show-progress-page --plugin a b"))
	check(t, h, `
		config.users.admin = ["ann"]
		tljh.installer.user_requirements_txt_url = "https://x/r.txt"
		tljh.installer.show_progress_page = true
		tljh.installer.plugins = ["a","b"]`)
}

func FuzzRun(f *testing.F) {
	f.Add("limits:\n  memory: 2G\n", "auth.type", "github", "c.Spawner.mem_limit = '1G'\n", "--admin a:b")
	f.Add("auth: {GitHubOAuthenticator: }", "users.admin", "None", "c.A.b.append({1: [2,(3,)]})", "--version")
	f.Add("users: {admin: {a: 1}}\nservices: {cull: {every: .inf}}", "..", "1.", "if c:\n  c.X.y = 1\nclass A(B.C, D):\n  pass\n", "--plugin x")
	f.Add("auth: {type: cilogon, CILogonOAuthenticator: {idps: {x: }}}\nhttps: [1]", "https", "٣", "c = 1\nc.X.y |= lambda: 0", "--=")
	f.Add(span.Unknown("x")+"\na: 1", span.Unknown("p"), span.Unknown("v"), "f'{c.x}' "+span.Unknown("y"), span.Unknown("z"))
	f.Fuzz(func(t *testing.T, config, path, value, snippet, args string) {
		var words []span.Text
		for _, w := range strings.Fields(args) {
			words = append(words, span.NewSource("i.sh", w).Whole())
		}
		p, v := span.NewSource("p", path).Whole(), span.NewSource("v", value).Whole()
		for _, maybe := range []string{"", "why"} {
			ops := []Op{{Kind: OpInstall, Args: words, Maybe: maybe}, file(OpConfigFile, "c.yaml", config), {Kind: OpSet, Path: p, Value: v, Maybe: maybe},
				{Kind: OpAddItem, Path: p, Value: v}, {Kind: OpRemoveItem, Path: p, Value: v}, {Kind: OpUnset, Path: p}, file(OpSnippet, "s.py", snippet), appendTo(config)}
			for i := range ops {
				h := Run(ops[i:])
				for _, n := range []*doc.Node{h.TLJH, h.Config, h.Stages, h.JupyterHub, h.Authenticator, h.Limits, h.HTTPS, h.Services} {
					if _, err := json.Marshal(n.Plain()); err != nil {
						t.Fatal(err)
					}
					n.Facts("", func(string, doc.Fact) {})
				}
			}
		}
	})
}

// Arguments that are not known may hold any flag: nothing is claimed about administrators or the version, and nothing is wrong.
func TestUnknownInstallerArguments(t *testing.T) {
	ops := script(t, "install X")
	ops[0].Args = []span.Text{span.Literal(span.Unknown("$ARGS is not set"), ops[0].Args[0])}
	hub := Run(ops)
	if len(hub.Problems) > 0 {
		t.Errorf("problems: %v", hub.Problems)
	}
	for name, n := range map[string]*doc.Node{
		"users.admin": hub.Config.Get("users", "admin"), "version": hub.TLJH.Get("version"), "pinned": hub.TLJH.Get("pinned"),
		"admins": hub.TLJH.Get("installer", "admins"),
	} {
		if n == nil || n.State != doc.Unknown || n.Why != "$ARGS is not set" {
			t.Errorf("%s is not unknown: %+v", name, n)
		}
	}
	if n := hub.Config.Get("limits", "memory"); n == nil || n.State != doc.Default {
		t.Errorf("limits.memory: %+v", n)
	}
}
