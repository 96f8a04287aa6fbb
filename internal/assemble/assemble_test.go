package assemble

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
)

const install = "curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --version 2.0.0\n"

// load writes the files of a checkout and loads it.
func load(t *testing.T, files map[string]string, hubs ...HubSetting) *Result {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	res, err := Load(context.Background(), dir, Options{Hubs: hubs, Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Files.Close() })
	return res
}

// brief is a hub as "name(sources) key=value …" with the values of the given pointers; unknown ones show as "?".
func brief(d *hub.Document, pointers ...string) string {
	out := d.Name + "(" + strings.Join(d.Sources, " ") + ")"
	for _, p := range pointers {
		var path []any
		for _, e := range strings.Split(p, "/") {
			path = append(path, e)
		}
		n := d.Root.AtPath(path)
		switch {
		case n == nil:
			out += " " + p + "=-"
		case n.State == "unknown":
			out += " " + p + "=?"
		default:
			out += " " + p + "=" + strings.TrimSpace(cmpString(n.Plain()))
		}
	}
	return out
}

func cmpString(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, _ := jsonMarshal(v)
	return string(b)
}

// Whatever is tried out about the order, what nobody sets is TLJH's default once it is installed.
func TestDefaultsInAnyOrder(t *testing.T) {
	res := load(t, map[string]string{"install.sh": install + "tljh-config set limits.cpu 2\n", "more.sh": "tljh-config set users.admin '[a]'\n"})
	if n := res.Hubs[0].Root.Get("config", "https", "enabled"); n == nil || n.State != "default" {
		t.Errorf("https.enabled: %+v", n)
	}
}

// A file that does what TLJH's own jupyterhub_config.py does is no part of the hub that the installer makes.
func TestWholeConfigurations(t *testing.T) {
	whole := "from tljh import configurer\nc = get_config()\nconfigurer.apply_config(configurer.load_config(), c)\nc.JupyterHub.authenticator_class = 'dummy'\n"
	plugin := "from tljh_ours import tljh_custom_jupyterhub_config\ntljh_custom_jupyterhub_config(c)\nc.JupyterHub.authenticator_class = 'dummy'\n"
	snippet := "# for TLJH\nc.JupyterHub.authenticator_class = 'dummy'\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"beside an installer": {map[string]string{"install.sh": install, "jupyterhub_config.py": whole}, "hub(install.sh) authenticator/family=firstuse"},
		"of a plugin":         {map[string]string{"install.sh": install, "jupyterhub_config.py": plugin}, "hub(install.sh) authenticator/family=firstuse"},
		"alone":               {map[string]string{"jupyterhub_config.py": whole}, "hub(jupyterhub_config.py) authenticator/family=dummy"},
		"a snippet":           {map[string]string{"install.sh": install, "jupyterhub_config.py": snippet}, "hub(install.sh jupyterhub_config.py) authenticator/family=dummy"},
		"a template":          {map[string]string{"install.sh": install, "jupyterhub_config.py": "# TLJH\nc.Spawner.mem_limit = '{{ limit }}'\nc.JupyterHub.authenticator_class = 'dummy'\nc.A.b = f'{{x}}'\n"}, "hub(install.sh jupyterhub_config.py) authenticator/family=dummy limits/memory_bytes=?"},
		"another one":         {map[string]string{"install.sh": install, "jupyterhub_config.py": "# TLJH\nc.Spawner.mem_limit = ${limit}\nc.JupyterHub.authenticator_class = 'dummy'\n"}, "hub(install.sh jupyterhub_config.py) authenticator/family=dummy limits/memory_bytes=?"},
		"with blocks":         {map[string]string{"install.sh": install, "jupyterhub_config.py": "# TLJH\n{% if x %}\nc.JupyterHub.authenticator_class = 'native'\n{% endif %}\nc.Spawner.mem_limit = '1G'\n"}, "hub(install.sh jupyterhub_config.py) authenticator/family=? limits/memory_bytes=?"},
		"put in place": {map[string]string{"install.sh": install + "cp jupyterhub_config.py /opt/tljh/config/jupyterhub_config.d/\n", "jupyterhub_config.py": whole},
			"hub(install.sh jupyterhub_config.py) authenticator/family=dummy"},
	} {
		t.Run(name, func(t *testing.T) {
			res := load(t, c.files)
			pointers := []string{"authenticator/family"}
			if strings.Contains(c.want, "limits/") {
				pointers = append(pointers, "limits/memory_bytes")
			}
			if got := brief(res.Hubs[0], pointers...); got != c.want || len(res.Hubs) != 1 {
				t.Errorf("%d hubs, %s, want %s", len(res.Hubs), got, c.want)
			}
		})
	}
}

// A plugin of the repository is what the installer is told to install.
func TestPluginOfTheRepository(t *testing.T) {
	res := load(t, map[string]string{
		"install.sh":                     strings.TrimSpace(install) + " --plugin git+https://example.org/us/hub@main#subdirectory=ours\n",
		"ours/setup.py":                  "from setuptools import setup\nsetup(name='hub', entry_points={'tljh': ['ours = tljh_ours']})\n",
		"ours/tljh_ours/__init__.py":     "from jupyterhub.auth import PAMAuthenticator\nfrom .settings import LIMIT\n\ndef tljh_custom_jupyterhub_config(c):\n    c.JupyterHub.authenticator_class = PAMAuthenticator\n    c.Spawner.mem_limit = LIMIT\n\ndef tljh_extra_user_pip_packages():\n    return ['numpy==1.0']\n",
		"ours/tljh_ours/settings.py":     "LIMIT = '%dG' % 2\n",
		"ours/tljh_ours/jupyterhub_x.py": "x = 1\n",
	})
	h := res.Hubs[0]
	want := "hub(install.sh ours/setup.py ours/tljh_ours/__init__.py ours/tljh_ours/settings.py) authenticator/family=pam limits/memory_bytes=2147483648"
	if got := brief(h, "authenticator/family", "limits/memory_bytes"); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if at := h.Root.Get("authenticator", "family").At.String(); at != "ours/tljh_ours/__init__.py:5:40" {
		t.Errorf("the authenticator is at %s", at)
	}
	if n := h.Root.Get("environment", "sources"); len(n.List()) == 0 {
		t.Errorf("environment: %v", n.Plain())
	}
}

// A program in Python sets up the hub as a script does; what of it cannot be followed leaves the hub open.
func TestPythonPrograms(t *testing.T) {
	const head = "import subprocess\nsubprocess.run('curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 -', shell=True)\n"
	for name, c := range map[string]struct{ src, want string }{
		"followed":                 {head + "for k, v in [('limits.memory', '2G'), ('auth.type', 'dummy')]:\n    subprocess.run(['sudo', 'tljh-config', 'set', k, v])\n", "limits/memory_bytes=2147483648 authenticator/family=dummy"},
		"not followed":             {head + "send('tljh-config set limits.memory 2G')\n", "limits/memory_bytes=? authenticator/family=?"},
		"the installer's own code": {"", "limits/memory_bytes=null authenticator/family=firstuse"},
		"a comment":                {head + "# tljh-config set limits.memory 2G\n", "limits/memory_bytes=null authenticator/family=firstuse"},
		"user data":                {"from aws_cdk import aws_ec2 as ec2, Stack\n\nclass Hub(Stack):\n    def __init__(self, scope):\n        ud = ec2.UserData.for_linux()\n        ud.add_commands(\n            'curl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ann',\n            'tljh-config set limits.memory 2G',\n        )\n", "limits/memory_bytes=2147483648 authenticator/family=firstuse"},
	} {
		t.Run(name, func(t *testing.T) {
			files, sources := map[string]string{"deploy.py": c.src}, "hub(deploy.py) "
			if c.src == "" {
				files = map[string]string{"install.sh": "curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 -\n", "bootstrap.py": "import subprocess\nsubprocess.run(['python3', '-m', 'tljh.installer', 'git+https://github.com/jupyterhub/the-littlest-jupyterhub.git'])\n"}
				sources = "hub(install.sh) "
			}
			res := load(t, files)
			if got, want := brief(res.Hubs[0], "limits/memory_bytes", "authenticator/family"), sources+c.want; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// User data that has nothing to do with TLJH says how the machine is that a script beside it makes a hub of.
func TestUserDataOfTheOnlyMachine(t *testing.T) {
	res := load(t, map[string]string{
		"install.sh": install,
		"main.tf":    "resource \"aws_instance\" \"m\" {\n  user_data = <<-E\n    #!/bin/bash\n    ufw allow 443\n    ufw --force enable\n  E\n}\n",
	})
	in := res.Hubs[0].Root.Get("infra", "instances").List()[0]
	if on := in.Get("host_firewall", "enabled"); on == nil || on.Value != true {
		t.Errorf("host_firewall: %+v", in.Get("host_firewall"))
	}
	if diff := cmp.Diff([]string{"install.sh", "main.tf"}, res.Hubs[0].Sources); diff != "" {
		t.Error(diff)
	}
}

func TestSettingsNameAnySnippet(t *testing.T) {
	res := load(t, map[string]string{"a/install.sh": install, "b/jupyterhub_config.py": "c.SystemdSpawner.mem_limit = '3G'\n"},
		HubSetting{Name: "b", Sources: []string{"./b/jupyterhub_config.py"}})
	var got []string
	for _, d := range res.Hubs {
		got = append(got, brief(d, "limits/memory_bytes"))
	}
	if diff := cmp.Diff([]string{"a(a/install.sh) limits/memory_bytes=null", "b(b/jupyterhub_config.py) limits/memory_bytes=3221225472"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownArgumentsAndPackages(t *testing.T) {
	for args, unknown := range map[string]bool{`--admin "$NAME"`: false, `--admin "$NAME" $MORE`: true, `$MORE`: true, `--admin a`: false} {
		n := load(t, map[string]string{"install.sh": "curl https://tljh.jupyter.org/bootstrap.py | python3 - " + args + "\n"}).
			Hubs[0].Root.Get("environment", "sources")
		if n == nil || (n.State == doc.Unknown) != unknown {
			t.Errorf("%s: %+v", args, n)
		}
	}
}

// The only machine of a repository is the hub's wherever it is declared, unless the directory says that it is for something else; an
// infra.yaml or the hosts of a playbook say otherwise.
func TestMachineElsewhere(t *testing.T) {
	const tf = "resource \"hcloud_server\" \"web\" {\n  name = \"web\"\n}\n"
	for _, c := range []struct{ dir, more, text, want string }{
		{"infra/course", "", "", "hcloud_server.web"},
		{"website", "", "", "(hub)"},
		{"infra/nfs-server", "", "", "(hub)"},
		{"website/jupyterhub", "", "", "hcloud_server.web"},
		{"website", "infra.yaml", "instances:\n  - {id: hcloud_server.web, is_hub: true}\n", "hcloud_server.web"},
	} {
		files := map[string]string{"hub/install.sh": install, c.dir + "/main.tf": tf}
		if c.more != "" {
			files[c.more] = c.text
		}
		if got := machineOf(load(t, files), 0); got != c.want {
			t.Errorf("%s: the hub runs on %s, want %s", c.dir, got, c.want)
		}
	}
}

// Of several machines, the one that is named after Jupyter is the hub's; two such are none.
func TestMachineByName(t *testing.T) {
	machine := func(name, tag string) string {
		return "resource \"aws_instance\" \"" + name + "\" {\n  ami = \"ami-1\"\n  tags = { Name = \"" + tag + "\" }\n}\n"
	}
	for name, c := range map[string]struct{ tf, want string }{
		"by its tag":  {machine("a", "database") + machine("b", "Jupyter"), "aws_instance.b"},
		"by its name": {machine("jupyterhub", "x") + machine("b", "y"), "aws_instance.jupyterhub"},
		"two":         {machine("jupyterhub", "x") + machine("b", "jupyter"), "(hub)"},
		"its worker":  {machine("jupyterhub", "x") + machine("b", "jupyter-worker"), "aws_instance.jupyterhub"},
		"its storage": {machine("jupyter_nfs", "x") + machine("hub", "y"), "aws_instance.hub"},
		"its GPUs":    {machine("tljh_gpu", "x") + machine("b", "y"), "(hub)"},
		"a bastion":   {machine("bastion", "x"), "(hub)"},
		"a database":  {machine("a", "postgres-db"), "(hub)"},
		"the only":    {machine("a", "x"), "aws_instance.a"},
		"none":        {machine("a", "x") + machine("b", "y"), "(hub)"},
	} {
		got := ""
		for _, in := range load(t, map[string]string{"install.sh": install, "main.tf": c.tf}).Hubs[0].Root.Get("infra", "instances").List() {
			if is := in.Get("is_hub"); is != nil && is.Value == true {
				got, _ = in.Get("id").Str()
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What a file may see to that no reader follows is not missing because nothing else does.
func TestConcernsOfFormatsWithoutReader(t *testing.T) {
	files := map[string]string{
		"main.tf":  "resource \"aws_instance\" \"m\" {\n  user_data = <<-E\n    #!/bin/bash\n    " + install + "  E\n}\n",
		"Makefile": "copies:\n\trestic backup /home\nwatch:\n\tapt install netdata\ndoor:\n\tufw enable\nkeys:\n\tsshd-tool PasswordAuthentication yes\n",
	}
	for _, with := range []bool{true, false} {
		if !with {
			delete(files, "Makefile")
		}
		infra := load(t, files).Hubs[0].Root.Get("infra")
		in := infra.Get("instances").List()[0]
		for name, n := range map[string]*doc.Node{"backups": infra.Get("backups"), "monitoring": in.Get("monitoring"),
			"host_firewall": in.Get("host_firewall"), "password_auth": in.Get("ssh", "password_auth")} {
			if unknown := n != nil && n.State == doc.Unknown && strings.Contains(n.Why, "Makefile"); unknown != with {
				t.Errorf("with a Makefile: %v, %s: %+v", with, name, n)
			}
		}
	}
}

// A format without a reader is named once, and no command in it is called wrong.
func TestFormatWithoutReader(t *testing.T) {
	res := load(t, map[string]string{"stack.yaml": "heat_template_version: 2018-08-31\n", "justfile": "hub:\n  curl https://tljh.jupyter.org/bootstrap.py | python3 -\n" +
		"  tljh-config unset users.banned\n  tljh-config add-item users.admin {{WHO}}\n"})
	var got []string
	for _, p := range res.Problems {
		got = append(got, p.Msg)
	}
	if diff := cmp.Diff([]string{"justfile configures the hub, and task file is not read yet; what it may set is unknown"}, got); diff != "" {
		t.Error(diff)
	}
	for _, in := range res.Hubs[0].Root.Get("infra", "instances").List() {
		if why := in.Get("machine").Why; !strings.Contains(why, "stack.yaml") {
			t.Errorf("machine: %s", why)
		}
	}
}

func TestWhichFilesMakeAHub(t *testing.T) {
	set := "tljh-config set limits.memory 2G\n"
	whole := "users:\n  admin: [a]\nlimits:\n  memory: 1G\nhttps:\n  enabled: true\n"
	mem := "config/limits/memory"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"an installer and a fragment beside it": {
			map[string]string{"install.sh": install, "limits.sh": set},
			[]string{"hub(install.sh limits.sh) config/limits/memory=2G"},
		},
		"a script that another one calls is no unit of its own": {
			map[string]string{"setup.sh": "#!/bin/bash\n" + install + "bash conf/limits.sh\n", "conf/limits.sh": set},
			[]string{"hub(conf/limits.sh setup.sh) config/limits/memory=2G"},
		},
		"a fragment that may run elsewhere makes what it sets unknown": {
			map[string]string{"a/install.sh": install, "b/limits.sh": set},
			[]string{"a(a/install.sh b/limits.sh) config/limits/memory=?"},
		},
		"one installer serves several configurations": {
			map[string]string{"install.sh": install, "hubs/x/config.yaml": whole, "hubs/y/config.yaml": whole},
			[]string{"x(hubs/x/config.yaml install.sh) config/limits/memory=1G", "y(hubs/y/config.yaml install.sh) config/limits/memory=1G"},
		},
		"two installers are two hubs": {
			map[string]string{"x/install.sh": install + set, "y/install.sh": install},
			[]string{"x(x/install.sh) config/limits/memory=2G", "y(y/install.sh) config/limits/memory=null"},
		},
		"two installers in one directory are told apart by name": {
			map[string]string{"red.sh": install + set, "blue.sh": install},
			[]string{"hub-blue(blue.sh) config/limits/memory=null", "hub-red(red.sh) config/limits/memory=2G"},
		},
		"fragments that contradict each other": {
			map[string]string{"install.sh": install, "one.sh": set, "two.sh": "tljh-config set limits.memory 3G\n"},
			[]string{"hub(install.sh one.sh two.sh) config/limits/memory=?"},
		},
		"fragments that agree stay known": {
			map[string]string{"install.sh": install, "one.sh": set, "two.sh": set},
			[]string{"hub(install.sh one.sh two.sh) config/limits/memory=2G"},
		},
		"a fragment alone: TLJH's defaults are not ours to fill": {
			map[string]string{"limits.sh": "tljh-config set limits.cpu 2\n"},
			[]string{"hub(limits.sh) config/limits/memory=?"},
		},
		"a Makefile that sets something makes that unknown, no more": {
			map[string]string{"install.sh": install + set, "Makefile": "tune:\n\tsudo tljh-config set limits.memory 9G\n"},
			[]string{"hub(Makefile install.sh) config/limits/memory=?"},
		},
		"packages for everybody, in a script of their own": {
			map[string]string{"install.sh": install, "extra.sh": "source /opt/tljh/user/bin/activate\nmamba install -y numpy=2.1.0\n"},
			[]string{"hub(extra.sh install.sh) config/limits/memory=null"},
		},
		"another order is only tried after the installation": {
			map[string]string{"install.sh": install + set, "name.sh": "tljh-config set user_environment.default_app classic\n"},
			[]string{"hub(install.sh name.sh) config/limits/memory=2G"},
		},
		"a machine that does what cannot be followed is no hub": {
			map[string]string{"main.tf": "resource \"aws_instance\" \"m\" {\n  user_data = <<-E\n    #!/bin/bash\n    $START\n  E\n}\n"},
			nil,
		},
		"an idea beside a hub is none, and that is said": {
			map[string]string{"hub/install.sh": install, "old-ideas/install.sh": install},
			[]string{"hub(hub/install.sh) config/limits/memory=null"},
		},
		"an example alone is a hub": {
			map[string]string{"examples/install.sh": install},
			[]string{"examples(examples/install.sh) config/limits/memory=null"},
		},
		"an image and what it is made of are one hub": {
			map[string]string{"compose.yml": "services:\n  tljh:\n    volumes: [./conf:/opt/tljh/config]\n", "image/Dockerfile": "FROM x\nCOPY a.py /opt/tljh/config/jupyterhub_config.d/\n"},
			[]string{"hub(compose.yml image/Dockerfile) config/limits/memory=?"},
		},
		"a hub is not called after the kind of its files": {
			map[string]string{"class/terraform/scripts/install.sh": install, "roles/tasks/main.sh": install},
			[]string{"class(class/terraform/scripts/install.sh) config/limits/memory=null", "hub(roles/tasks/main.sh) config/limits/memory=null"},
		},
		"a template of images that speaks of TLJH, and the set-up is elsewhere": {
			map[string]string{"hub.pkr.hcl": "source \"openstack\" \"tljh\" {}\n"},
			[]string{"hub(hub.pkr.hcl) config/limits/memory=?"},
		},
		"a chart of Kubernetes is no playbook": {
			map[string]string{"example/tljh/Chart.yaml": "name: tljh\ndependencies:\n  - name: jupyterhub\n"},
			nil,
		},
		"names that something fills in before the script is used": {
			map[string]string{"a/install.sh": install + "M='{{ memory }}'\nif [ -n \"$M\" ]; then tljh-config set limits.memory \"$M\"; fi\n"},
			[]string{"a(a/install.sh) config/limits/memory=?"},
		},
		"what other programs write in braces is theirs": {
			map[string]string{"a/install.sh": install + "if docker ps --format '{{.Names}}' > /tmp/x; then tljh-config set limits.memory 2G; fi\ntljh-config set limits.memory 3G"},
			[]string{"a(a/install.sh) config/limits/memory=3G"},
		},
		"a jupyterhub_config.py alone": {
			map[string]string{"jupyterhub_config.py": "c.SystemdSpawner.mem_limit = '2G'\n"},
			[]string{"hub(jupyterhub_config.py) config/limits/memory=?"},
		},
		"a jupyterhub_config.py beside a hub is not its own": {
			map[string]string{"install.sh": install, "other/jupyterhub_config.py": "c.SystemdSpawner.mem_limit = '2G'\n"},
			[]string{"hub(install.sh) config/limits/memory=null"},
		},
		"no hub": {
			map[string]string{"config.yaml": "server:\n  port: 1\n", "deploy.sh": "#!/bin/bash\nrsync x y\n"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range load(t, c.files).Hubs {
				got = append(got, brief(d, mem))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSettingsNameHubs(t *testing.T) {
	active := 7
	res := load(t, map[string]string{"a/install.sh": install, "b/install.sh": install, "c/x.sh": "true\n"},
		HubSetting{Name: "alpha", Dir: "a", Active: &active}, HubSetting{Name: "ghost", Dir: "c"})
	var got []string
	for _, d := range res.Hubs {
		got = append(got, brief(d, "hub/expected_users/active"))
	}
	want := []string{"alpha(a/install.sh) hub/expected_users/active=7", "b(b/install.sh) hub/expected_users/active=null"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(res.Problems) != 1 || !res.Problems[0].Fatal || !strings.Contains(res.Problems[0].Msg, "ghost") {
		t.Errorf("a hub of the settings that is not there must be a fatal problem, got %v", res.Problems)
	}
}

const droplet = `
resource "digitalocean_droplet" "%" {
  image     = "ubuntu-24-04-x64"
  size      = "s-2vcpu-4gb"
  user_data = %%
}
`

func machine(name, userData string) string {
	return strings.NewReplacer("%%", userData, "%", name).Replace(droplet)
}

func TestWhichMachineIsTheHubs(t *testing.T) {
	id := func(d *hub.Document) string {
		for _, in := range d.Root.Get("infra", "instances").List() {
			if in.Get("is_hub").Value == true {
				s, _ := in.Get("id").Str()
				return s + " " + in.Get("is_hub").Why
			}
		}
		return "none"
	}
	none := `"#!/bin/bash\necho hello"`
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"its user data installs TLJH": {
			map[string]string{"main.tf": machine("gpu", none) + machine("hub", `file("install.sh")`), "install.sh": "#!/bin/bash\n" + install},
			"digitalocean_droplet.hub ",
		},
		"the only machine of the only module": {
			map[string]string{"tf/main.tf": machine("vm", none), "install.sh": install},
			"digitalocean_droplet.vm it is the only machine that tf declares",
		},
		"two machines, none visibly the hub's": {
			map[string]string{"main.tf": machine("a", none) + machine("b", none), "install.sh": install},
			"(hub) ",
		},
		"infra.yaml says which": {
			map[string]string{"main.tf": machine("a", none) + machine("b", none), "install.sh": install,
				"infra.yaml": "instances:\n  - {id: digitalocean_droplet.b, is_hub: true}\n"},
			"digitalocean_droplet.b ",
		},
		"infra.yaml alone": {
			map[string]string{"install.sh": install, "infra.yaml": "instances:\n  - {id: vm, provider: hetzner}\n"},
			"vm ",
		},
		"nothing": {map[string]string{"install.sh": install}, "(hub) "},
	} {
		t.Run(name, func(t *testing.T) {
			hubs := load(t, c.files).Hubs
			if len(hubs) != 1 {
				t.Fatalf("%d hubs", len(hubs))
			}
			if got := id(hubs[0]); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The infra.yaml of several hubs tells their machines apart by their names; what it says of one is no other's.
func TestOneInfraYAMLForSeveralHubs(t *testing.T) {
	const two = "instances:\n  - {id: a, is_hub: true, machine: {vcpu: 8, memory_mib: 65536}}\n  - {id: nobody}\n"
	res := load(t, map[string]string{"a/install.sh": install, "b/install.sh": install, "infra.yaml": two})
	if len(res.Hubs) != 2 {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	for k, want := range []string{"a", "(hub)"} {
		if got := machineOf(res, k); got != want {
			t.Errorf("%s runs on %s, want %s", res.Hubs[k].Name, got, want)
		}
	}
	for _, in := range res.Hubs[1].Root.Get("infra", "instances").List() {
		if in.Get("machine", "memory_mib").Known() {
			t.Error("hub b has the memory of hub a's machine")
		}
	}
}

// An infra.yaml that only says which machine is the hub's leaves the rest to Terraform.
func TestInfraYAMLChoosesAmongTerraform(t *testing.T) {
	res := load(t, map[string]string{"main.tf": machine("a", `"x"`) + machine("b", `"x"`), "install.sh": install,
		"infra.yaml": "instances:\n  - {id: digitalocean_droplet.b, is_hub: true}\n"})
	in := res.Hubs[0].Root.Get("infra", "instances").List()
	if got := machineOf(res, 0); len(in) != 2 || got != "digitalocean_droplet.b" || !in[1].Get("machine", "type").Known() {
		t.Errorf("the hub is %s of %d machines", got, len(in))
	}
	res = load(t, map[string]string{"main.tf": machine("a", `"x"`) + machine("b", `"x"`), "install.sh": install})
	if got := res.Hubs[0].Machines; len(got) != 2 || got[0] != "digitalocean_droplet.a" {
		t.Errorf("the choice is among %v", got)
	}
}

func TestInfraYAMLFillsButNeverOverwrites(t *testing.T) {
	res := load(t, map[string]string{
		"main.tf": machine("hub", `file("install.sh")`), "install.sh": "#!/bin/bash\n" + install,
		"infra.yaml": "instances:\n  - id: digitalocean_droplet.hub\n    machine: {type: s-8vcpu-16gb}\n    ssh: {password_auth: false}\n",
	})
	got := brief(res.Hubs[0], "infra/instances/0/machine/type", "infra/instances/0/machine/memory_mib", "infra/instances/0/ssh/password_auth")
	want := "hub(install.sh main.tf) infra/instances/0/machine/type=? infra/instances/0/machine/memory_mib=? infra/instances/0/ssh/password_auth=false"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	found := false
	for _, p := range res.Problems {
		found = found || strings.Contains(p.Msg, "contradicts main.tf:4:15")
	}
	if !found {
		t.Errorf("the contradiction must be named with its place: %v", res.Problems)
	}
}

// What cannot be opened may say anything: nothing that the other files set is certain then.
func TestAFileThatCannotBeOpenedLeavesTheHubOpen(t *testing.T) {
	res := load(t, map[string]string{
		"install.sh": install + "tljh-config set limits.memory 2G\n", "opt/tljh/config/config.yaml": "users: {}\n" + strings.Repeat("#", 3<<20),
		"other/install.sh": install + "tljh-config set limits.memory 2G\n",
	})
	var got []string
	for _, d := range res.Hubs {
		got = append(got, brief(d, "config/limits/memory"))
	}
	want := []string{"hub(install.sh opt/tljh/config/config.yaml) config/limits/memory=?", "other(other/install.sh) config/limits/memory=2G"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(res.Problems) == 0 || !res.Problems[0].Fatal {
		t.Errorf("it must be a fatal problem: %v", res.Problems)
	}
}

func TestWhatIsInFrontOfTheHub(t *testing.T) {
	res := load(t, map[string]string{"install.sh": install, "infra.yaml": "https: {terminated_by: the university's proxy}\n"})
	if got := brief(res.Hubs[0], "https/terminated_by"); !strings.HasSuffix(got, "=the university's proxy") {
		t.Error(got)
	}
}

func TestPlacesSurviveAssembly(t *testing.T) {
	d := load(t, map[string]string{
		"main.tf":    machine("hub", `file("setup.sh")`),
		"setup.sh":   "#!/bin/bash\n" + install + "MEM=2G\nsudo tljh-config set limits.memory \"$MEM\"\n",
		"infra.yaml": "expected_users: {active: 5, total: 9}\n",
	}).Hubs[0]
	for _, c := range []struct {
		path []any
		want string
	}{
		{[]any{"config", "limits", "memory"}, "setup.sh:4:37"},
		{[]any{"config", "limits", "cpu"}, "setup.sh:4:1"},
		{[]any{"limits", "memory_bytes"}, "setup.sh:4:37"},
		{[]any{"infra", "instances", 0, "machine", "type"}, "main.tf:4:15"},
		{[]any{"hub", "expected_users", "active"}, "infra.yaml:1:26"},
		{[]any{"nothing"}, "setup.sh:2:1"},
	} {
		if got := d.Locate(c.path).String(); got != c.want {
			t.Errorf("%v is at %s, want %s", c.path, got, c.want)
		}
	}
}

// A source that the settings name and that is gone leaves open what it did: nothing may be called in order without it.
func TestSourceOfTheSettingsIsGone(t *testing.T) {
	for file, fatal := range map[string]bool{"more.sh": false, "less.sh": true} {
		res := load(t, map[string]string{"install.sh": install, file: "sudo tljh-config set limits.memory 2G\n"},
			HubSetting{Name: "a", Sources: []string{"install.sh", "./more.sh"}})
		found := false
		for _, p := range res.Problems {
			found = found || p.Fatal && strings.Contains(p.Msg, "more.sh is not there")
		}
		if found != fatal {
			t.Errorf("%s: %+v", file, res.Problems)
		}
	}
}

// A package that somebody installs for the hub is there: what needs it starts.
func TestPackagesOfTheHub(t *testing.T) {
	const class = "tljh-config set auth.type ltiauthenticator.LTIAuthenticator\n"
	snippet := "import sys\nsys.path.append('/usr/lib/python3/dist-packages')\nimport ltiauthenticator\nc.JupyterHub.authenticator_class = 'ltiauthenticator.LTIAuthenticator'\n"
	put := "cp lti.py /opt/tljh/config/jupyterhub_config.d/\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the family; "" for unknown
	}{
		"in the hub's environment":    {map[string]string{"a.sh": install + "/opt/tljh/hub/bin/python3 -m pip install jupyterhub-ltiauthenticator\n" + class}, "lti"},
		"nowhere":                     {map[string]string{"a.sh": install + class}, ""},
		"perhaps":                     {map[string]string{"a.sh": install + "if [ \"$X\" = 1 ]; then /opt/tljh/hub/bin/pip install jupyterhub-ltiauthenticator; fi\n" + class}, ""},
		"in the system's":             {map[string]string{"a.sh": install + "pip3 install jupyterhub-ltiauthenticator\n" + class}, ""},
		"in the system's, looked for": {map[string]string{"a.sh": install + "pip3 install jupyterhub-ltiauthenticator\n" + put, "lti.py": snippet}, "lti"},
		"looked for, and not there":   {map[string]string{"a.sh": install + put, "lti.py": snippet}, ""},
		"in the user environment":     {map[string]string{"a.sh": install + "/opt/tljh/user/bin/pip install jupyterhub-ltiauthenticator\n" + class}, ""},
	} {
		res := load(t, c.files)
		n := res.Hubs[0].Root.Get("authenticator", "family")
		got, _ := n.Str()
		if n.State == doc.Unknown {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
