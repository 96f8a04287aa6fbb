package repo

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestCandidates(t *testing.T) {
	const script = "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 -\n"
	const config = "users:\n  admin:\n  - ann\nhttps:\n  enabled: true\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string // what show prints
	}{
		{"scripts by extension and first line", map[string]string{"install.sh": script, "bin/setup": script, "plain.sh": "echo\n", "tljh_up.sh": "echo\n", "run.py": "#!/usr/bin/env python3\n",
			"user-data.tftpl": script, "a.sh.j2": script, "notes.md": script, "x/y.txt": "#! /usr/bin/env -S bash\ntljh"},
			"script a.sh.j2 template mentions; script bin/setup mentions; script install.sh mentions; script plain.sh; script tljh_up.sh mentions; script user-data.tftpl template mentions; script x/y.txt mentions"},
		{"links are found where they lead", map[string]string{"install.sh": script, "again.sh": "->install.sh", "out.sh": "->/etc/passwd", "loop.sh": "->loop.sh"}, "script install.sh mentions"},
		{"cloud-config", map[string]string{"ud.yaml": "#cloud-config\nruncmd: []\n", "user-data": "#cloud-config\r\n", "c.tftpl": "\xef\xbb\xbf#cloud-config\n", "other.yaml": "a: 1\n"}, "cloud c.tftpl; cloud ud.yaml; cloud user-data"},
		{"user data that is fetched", map[string]string{"a": "#include\nhttps://e.org/x\n", "b.txt": "#include-once\r\nhttps://e.org/x\n", "c.yaml": "#include https://e.org/x\n", "d": "#include <stdio.h>\n", "e": "#includes\n"}, "cloud a; cloud b.txt; cloud c.yaml"},
		{"user data in other wrappings", map[string]string{"j.yaml": "## template: jinja\n#cloud-config\nruncmd: []\n", "user-data": "##template:jinja\r\n#cloud-config\r\n",
			"a.txt": "#cloud-config-archive\n- content: x\n", "m.mime": "Content-Type: multipart/mixed; boundary=\"b\"\n", "n.txt": "MIME-Version: 1.0\n",
			"mail.txt": "Content-Type: text/plain\n", "page.txt": "## template: jinja\nhello\n"}, "cloud a.txt; cloud j.yaml; cloud m.mime; cloud n.txt; cloud user-data"},
		{"terraform", map[string]string{"main.tf": "", "m/a.tofu": "", "m/b.tf": "", "j/a.tf.json": "{}", ".terraform/x/a.tf": "", "l/a.tf": "->../main.tf"}, "tf .; tf j; tf l; tf m"},
		{"tfvars and plans", map[string]string{"main.tf": "", "terraform.tfvars": "", "envs/prod.tfvars.json": "{}", "a.tfvars.example": "", "p/plan.json": `{"format_version":"1.2","terraform_version":"1.9.5","planned_values":{}}`,
			"sorted.json": `{"configuration":{"provider_config":{},"root_module":{}},"format_version":"1.2"}`, "package.json": `{"name":"x"}`}, "tf .; vars envs/prod.tfvars.json; vars terraform.tfvars; plan p/plan.json; plan sorted.json"},
		{"config.yaml by place", map[string]string{"h/opt/tljh/config/config.yaml": "", "tljh/config/config.yaml": "x: 1\n", "opt/tljh/config/jupyterhub_config.d/b.py": "", "other/config/config.yaml": "a: 1\n"},
			"config h/opt/tljh/config/config.yaml tree in h; config tljh/config/config.yaml tree in .; unread opt/tljh/config/jupyterhub_config.d/b.py JupyterHub configuration snippet"},
		{"a committed /opt/tljh", map[string]string{"config/config.yaml": config, "config/jupyterhub_config.d/b.py": "", "config/jupyterhub_config.d/a.py": "", "config/traefik_config.d/x.toml": "",
			"state/traefik.toml": "", "hub/bin/x": script, "hub/lib/python3/site-packages/y.sh": script, "user/conda-meta/h": "", "user/bin/z.sh": script},
			"config config/config.yaml tree in . +config/jupyterhub_config.d/a.py +config/jupyterhub_config.d/b.py +config/traefik_config.d/x.toml"},
		{"a hub directory that is no installation is read", map[string]string{"config/config.yaml": config, "hub/install.sh": script}, "script hub/install.sh mentions; config config/config.yaml tree in ."},
		{"another program's config beside hub/", map[string]string{"config/config.yaml": "server:\n  port: 1\n", "hub/x.go": ""}, ""},
		{"config.yaml by content", map[string]string{"a.yml": config, "b.yaml.j2": "users:\n  admin: {{ admins }}\nauth:\n  type: x\n", "c.yaml": "auth:\n  # who\n\n  type: oauthenticator.github.GitHubOAuthenticator\n",
			"tljh-hub.yaml": "limits: {memory: 1G}\n", "d.yaml": "limits:\n  memory: 1G\n", "e.yaml": "users:\n  admin: [a]\nimage: x\nhttps:\n  enabled: true\n", "f.yaml": "services:\n  web:\n    image: x\nlimits:\n  cpu: 1\n", "g.yaml": "- users:\n    admin: []\n"},
			"config a.yml in .; config b.yaml.j2 in . template; config c.yaml in .; config tljh-hub.yaml in ."},
		{"infra and settings", map[string]string{"infra.yaml": "", "h/infra.yml": "", ".tljh-policy.yaml": config}, "infra h/infra.yml; infra infra.yaml"},
		{"formats without a reader", map[string]string{"Makefile": "x:\n\tsudo tljh-config reload\n", "x/Makefile": "all:\n", "Dockerfile": "RUN echo TLJH\n", "Vagrantfile": "# tljh", ".github/workflows/a.yml": "on: push # tljh",
			"site.yml": "- hosts: all\n  tasks:\n  - name: TLJH\n", "roles/a/vars/main.yml": "tljh_version: 1\n", "cf.yaml": "AWSTemplateFormatVersion: 1\nx: tljh\n", "b.bicep": "param a string\n", "cdk.json": `{"Resources": {"A": {"Type": "AWS::EC2::Instance"}}}`, "a.json": `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"}`, "img.pkr.hcl": "# tljh", "old.json": `{"builders": [{"type": "x"}], "a": "tljh"}`, "fab.py": "run('tljh-config set')", "tests/test_a.py": "tljh-config"},
			"packer img.pkr.hcl; packer old.json; unread .github/workflows/a.yml GitHub workflow; unread Dockerfile Dockerfile; unread Makefile Makefile; unread Vagrantfile Vagrantfile; unread fab.py Python program; unread img.pkr.hcl Packer template; unread old.json Packer template; unread roles/a/vars/main.yml Ansible; unread site.yml Ansible; stack a.json ARM template; stack b.bicep Bicep template; stack cdk.json CloudFormation template; stack cf.yaml CloudFormation template"},
		{"Puppet, Salt and Chef", map[string]string{"manifests/site.pp": "# tljh\n", "modules/a/manifests/init.pp": "class a {}\n", "srv/salt/hub.sls": "# tljh\n", "top.sls": "base: {}\n", "cookbooks/hub/recipes/default.rb": "# tljh\n", "recipes/x.rb": "# tljh\n", "lib/x.rb": "# tljh\n", "up.sh": "puppet apply x.pp\n"},
			"script up.sh applies; unread cookbooks/hub/recipes/default.rb Chef recipe; unread manifests/site.pp Puppet manifest; unread recipes/x.rb Chef recipe; unread srv/salt/hub.sls Salt state; puppet manifests/site.pp; puppet modules/a/manifests/init.pp"},
		{"Pulumi projects", map[string]string{"a/Pulumi.yaml": "name: a\nruntime: yaml\nresources:\n  x:\n    properties:\n      filters:\n      - name: b\n", "a/Main.yaml": "- hosts: all # tljh\n", "a/Pulumi.prod.yaml": "config: {}\n",
			"b/Pulumi.yaml": "name: b\nruntime: # of\n  # yaml\n  name: 'yaml'\n", "c/Pulumi.yaml": "runtime:\n  options: {x: y}\n  name: yaml\n", "d/Pulumi.yml": "runtime: {name: yaml}\r\n", "e/Pulumi.yaml": "runtime: \"yaml\" # tljh\r\n",
			"n/Pulumi.yaml": "runtime:\n  name: nodejs\nconfig:\n  name: yaml\n", "p/Pulumi.yaml": "runtime: python # tljh, not yaml\n", "p/Main.yaml": "- hosts: all # tljh\n"},
			"unread p/Main.yaml Ansible; stack a/Pulumi.yaml Pulumi YAML program; stack b/Pulumi.yaml Pulumi YAML program; stack c/Pulumi.yaml Pulumi YAML program; stack d/Pulumi.yml Pulumi YAML program; stack e/Pulumi.yaml Pulumi YAML program; stack p/Pulumi.yaml Pulumi program in Python"},
		{"a fork of TLJH", map[string]string{"tljh/installer.py": "", "bootstrap/bootstrap.py": "tljh-config", "integration-tests/a.sh": script, "docs/x.sh": script, ".github/workflows/a.yml": "# tljh", "mine/install.sh": script}, "script mine/install.sh mentions"},
		{"a fork with an installer of its own", map[string]string{"tljh/installer.py": "", "bootstrap/bootstrap.py": "tljh-config", "bootstrap/ours.sh": script, "integration-tests/a.sh": script}, "script bootstrap/ours.sh mentions"},
		{"other people's trees", map[string]string{"node_modules/a.sh": script, "venv/pyvenv.cfg": "", "venv/lib/a.sh": script, ".git/hooks/a.sh": script, "go.mod": "", "vendor/a.sh": script}, ""},
		{"jupyterhub_config.py", map[string]string{"a/jupyterhub_config.py": "# to /opt/tljh/config/jupyterhub_config.d\n", "tljh/jupyterhub_config.py": "", "b/jupyterhub_config.py": "c.x = 1\n"},
			"unread a/jupyterhub_config.py JupyterHub configuration snippet; unread tljh/jupyterhub_config.py JupyterHub configuration snippet"},
		{"submodules", map[string]string{".gitmodules": "[submodule \"a\"]\n\tpath = ansible/roles/a\n\turl = x\n"}, "submodule ansible/roles/a"},
		{"odd names", map[string]string{"a b\nc~.sh": script, "\u202e.sh": script, "bin.sh": "tljh\x00"}, "script a b\nc~.sh mentions; script \u202e.sh mentions"},
	} {
		tree := open(t, write(t, c.files), Limits{})
		if got := show(tree.Candidates()); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if p := tree.Problems(); len(p) > 0 {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
}

func TestNameNotUTF8(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/\xff.sh", []byte("tljh"), 0o644); err != nil {
		t.Skip("this file system takes UTF-8 names only")
	}
	tree := open(t, dir, Limits{})
	if got := show(tree.Candidates()); got != "" {
		t.Errorf("got %s", got)
	}
	if p := tree.Problems(); len(p) != 1 || !strings.Contains(p[0].Msg, "not UTF-8") {
		t.Errorf("problems: %+v", p)
	}
}

func TestScriptsOfClouds(t *testing.T) {
	for text, want := range map[string]bool{
		"aws ec2 run-instances": true, "gcloud compute  instances create x": true, "doctl compute droplet create x": true, "az vm create": true,
		"hcloud server create": true, "linode-cli linodes create": true, "openstack server create": true, "aws s3 ls": false, "az vm list": false,
	} {
		c := open(t, write(t, map[string]string{"make.sh": text}), Limits{}).Candidates()
		if len(c.Scripts) != 1 || c.Scripts[0].Clouds != want {
			t.Errorf("%s: %+v", text, c.Scripts)
		}
	}
}

func show(c Candidates) string {
	var out []string
	add := func(kind string, names []string) {
		for _, n := range names {
			out = append(out, kind+" "+n)
		}
	}
	add("tf", c.Terraform)
	add("vars", c.VarFiles)
	add("plan", c.Plans)
	for _, s := range c.Scripts {
		l := "script " + s.Path
		if s.Template {
			l += " template"
		}
		if s.Mentions {
			l += " mentions"
		}
		if s.Applies {
			l += " applies"
		}
		out = append(out, l)
	}
	for _, s := range c.Configs {
		l := "config " + s.Path
		if s.Tree {
			l += " tree"
		}
		l += " in " + s.Base
		if s.Template {
			l += " template"
		}
		for _, f := range append(s.Snippets, s.Traefik...) {
			l += " +" + f
		}
		out = append(out, l)
	}
	add("cloud", c.CloudConfigs)
	add("infra", c.Infra)
	add("packer", c.Packer)
	add("submodule", c.Submodules)
	for _, u := range c.Unread {
		out = append(out, fmt.Sprintf("unread %s %s", u.Path, u.Kind))
	}
	for _, u := range c.Stacks {
		out = append(out, fmt.Sprintf("stack %s %s", u.Path, u.Kind))
	}
	add("puppet", c.Puppet)
	return strings.Join(out, "; ")
}

// bigTree is a checkout of 20,000 files, most of them a conda prefix that is not below hub/ or user/.
func bigTree(b *testing.B) string {
	files := map[string]string{"config/config.yaml": "users: {admin: [a]}\n", "state/traefik.toml": "", "env/conda-meta/history": ""}
	for i := range 20_000 {
		files[fmt.Sprintf("env/lib/python3/p%d/m%d.py", i%400, i)] = ""
	}
	for i := range 500 {
		files[fmt.Sprintf("work/n%d/notes.ipynb", i)] = "{}"
	}
	return write(b, files)
}

func BenchmarkCandidates(b *testing.B) {
	dirs := map[string]string{"made": bigTree(b)}
	if dir := os.Getenv("TLJH_POLICY_BENCH_DIR"); dir != "" { // a real checkout to measure
		dirs["real"] = dir
	}
	for name, dir := range dirs {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				tree := open(b, dir, Limits{})
				if len(tree.Candidates().Configs) != 1 {
					b.Fatal("the hub was not found")
				}
				tree.Close()
			}
		})
	}
}
