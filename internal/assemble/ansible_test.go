package assemble

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

const installPlay = "- hosts: all\n  tasks:\n  - shell: " + "curl -L https://tljh.jupyter.org/bootstrap.py | sudo -E python3 -\n"

// From a checkout to what rules see, for the ways in which playbooks lie in repositories.
func TestPlaybooks(t *testing.T) {
	set := func(key, v string) string { return "  - command: tljh-config set " + key + " " + v + "\n" }
	for name, c := range map[string]struct {
		files map[string]string
		show  []string
		want  []string
	}{
		"one playbook with a role and its defaults": {
			map[string]string{"play.yml": "- hosts: all\n  roles: [hub]\n", "roles/hub/defaults/main.yml": "mem: 2G\n",
				"roles/hub/tasks/main.yml": strings.ReplaceAll(installPlay[len("- hosts: all\n  tasks:\n"):], "  - ", "- ") + "- command: tljh-config set limits.memory {{ mem }}\n"},
			[]string{"config/limits/memory", "config/auth/type"},
			[]string{"hub(play.yml roles/hub/defaults/main.yml roles/hub/tasks/main.yml) config/limits/memory=2G config/auth/type=firstuseauthenticator.FirstUseAuthenticator"},
		},
		"what another playbook sets that is run by itself is open": {
			map[string]string{"site.yml": "- import_playbook: hub.yml\n", "hub.yml": installPlay + set("limits.memory", "2G"), "https.yml": "- hosts: all\n  tasks:\n" + set("https.enabled", "true")},
			[]string{"config/limits/memory", "config/https/enabled"},
			[]string{"hub(https.yml hub.yml site.yml) config/limits/memory=2G config/https/enabled=?"},
		},
		"playbooks that are numbered are run one after the other": {
			map[string]string{"1-install.yml": installPlay, "2-configure.yml": "- hosts: all\n  tasks:\n" + set("limits.memory", "2G")},
			[]string{"config/limits/memory"},
			[]string{"hub(1-install.yml 2-configure.yml) config/limits/memory=2G"},
		},
		"one that takes the hub away is no part of it": {
			map[string]string{"site.yml": installPlay + set("limits.memory", "2G"), "away.yml": "- hosts: all\n  tasks:\n  - file: {path: /opt/tljh/, state: absent}\n  - file: {path: /opt/tljh/config, state: absent}\n"},
			[]string{"config/limits/memory"},
			[]string{"hub(site.yml) config/limits/memory=2G"},
		},
		"plays for other machines are not the hub's": {
			map[string]string{"site.yml": strings.Replace(installPlay, "all", "hub", 1) + "- hosts: db\n  tasks:\n  - apt: name=unattended-upgrades state=absent\n- hosts: all\n  tasks:\n  - ufw: state=enabled policy=deny\n",
				"hosts": "[hub]\na\n[db]\nb\n"},
			[]string{"infra/instances/0/host_firewall/enabled", "infra/instances/0/patching"},
			[]string{"hub(hosts site.yml) infra/instances/0/host_firewall/enabled=true infra/instances/0/patching=?"},
		},
		"a role that no playbook uses sets nothing": {
			map[string]string{"site.yml": installPlay, "roles/x/tasks/main.yml": "- command: tljh-config set limits.memory 9G\n"},
			[]string{"config/limits/memory"},
			[]string{"hub(site.yml) config/limits/memory=null"},
		},
		"a role alone is read with its defaults": {
			map[string]string{"roles/tljh/tasks/main.yml": "- shell: curl https://tljh.jupyter.org/bootstrap.py | python3 -\n- command: tljh-config set limits.memory {{ m }}\n", "roles/tljh/defaults/main.yml": "m: 3G\n"},
			[]string{"config/limits/memory"},
			[]string{"tljh(roles/tljh/defaults/main.yml roles/tljh/tasks/main.yml) config/limits/memory=3G"},
		},
		"a role that is elsewhere leaves everything open": {
			map[string]string{"site.yml": "- hosts: all\n  roles: [someone.tljh]\n"},
			[]string{"config/limits/memory"},
			[]string{"hub(site.yml) config/limits/memory=?"},
		},
		"a playbook that is no YAML": {
			map[string]string{"site.yml": installPlay + "  - shell: tljh-config set limits.memory 2G\n  bad\n"},
			[]string{"config/limits/memory"},
			[]string{"hub(site.yml) config/limits/memory=?"},
		},
		"a template put in place is no configuration of its own": {
			map[string]string{"site.yml": installPlay + "  - template: {src: config.yaml.j2, dest: /opt/tljh/config/config.yaml}\n    vars: {m: 4G}\n", "templates/config.yaml.j2": "users: {admin: [a]}\nlimits:\n  memory: {{ m }}\n"},
			[]string{"config/limits/memory"},
			[]string{"hub(site.yml templates/config.yaml.j2) config/limits/memory=4G"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range load(t, c.files).Hubs {
				line := brief(d)
				for _, p := range c.show {
					line += " " + p + "=" + at(d.Root, p)
				}
				got = append(got, line)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// at is the value at a path whose numbers are elements of lists.
func at(n *doc.Node, p string) string {
	for _, e := range strings.Split(p, "/") {
		if e == "0" {
			n = n.List()[0]
		} else {
			n = n.Get(e)
		}
	}
	switch {
	case n == nil:
		return "-"
	case n.State == doc.Unknown:
		return "?"
	}
	return cmpString(n.Plain())
}

// A playbook beside a hub that something else installs may be run on it, or not; the only one there is, is.
func TestPlaybooksBesideAHub(t *testing.T) {
	door := "- hosts: all\n  tasks:\n  - ufw: {state: enabled, policy: deny}\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"the only one":     {map[string]string{"site.yml": door}, "true"},
		"one of two":       {map[string]string{"site.yml": door, "other.yml": "- hosts: all\n  tasks: [{command: x}]\n"}, "?"},
		"what may undo it": {map[string]string{"site.yml": strings.Replace(door, "enabled", "disabled", 1), "other.yml": "- hosts: all\n  tasks: [{command: x}]\n", "door.sh": "#!/bin/bash\n# of the tljh machine\nufw --force enable\n" + install}, "?"},
		"the same again":   {map[string]string{"site.yml": door, "other.yml": "- hosts: all\n  tasks: [{command: x}]\n", "door.sh": "#!/bin/bash\nufw default deny\nufw --force enable\n" + install}, "true"},
		"for other hosts":  {map[string]string{"site.yml": strings.Replace(door, "all", "localhost", 1)}, "-"},
		"a role of nobody": {map[string]string{"roles/r/tasks/main.yml": "- ufw: {state: enabled}\n"}, "?"},
		"a role elsewhere": {map[string]string{"site.yml": "- hosts: all\n  roles: [other.security]\n"}, "?"},
	} {
		if c.files["door.sh"] == "" {
			c.files["install.sh"] = install
		}
		in := load(t, c.files).Hubs[0].Root.Get("infra", "instances").List()[0]
		got := "-"
		if fw := in.Get("host_firewall"); fw != nil && fw.Kind == doc.Map {
			got = at(fw, "enabled")
		} else if fw != nil {
			got = "?"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// The hosts of a playbook name the machine among several.
func TestMachineByHosts(t *testing.T) {
	tf := "resource \"aws_instance\" \"gpu\" {\n  ami = \"a\"\n  tags = { Role = \"worker\" }\n}\nresource \"aws_instance\" \"one\" {\n  ami = \"a\"\n  tags = { Role = \"note-books\" }\n}\n"
	for pattern, want := range map[string]string{"tag_Role_note_books": "aws_instance.one", "gpu": "aws_instance.gpu", "all": "(hub)", "other": "(hub)"} {
		res := load(t, map[string]string{"site.yml": strings.Replace(installPlay, "all", pattern, 1), "main.tf": tf})
		got := ""
		for _, in := range res.Hubs[0].Root.Get("infra", "instances").List() {
			if is := in.Get("is_hub"); is != nil && is.Value == true {
				got, _ = in.Get("id").Str()
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
}

// A script or Terraform that runs playbooks says which are run together, with which variables, and on which machine.
func TestPlaybooksThatAreRun(t *testing.T) {
	book := installPlay + "  - command: tljh-config set limits.memory {{ mem | default('1G') }}\n"
	more := "- hosts: all\n  tasks:\n  - command: tljh-config set limits.cpu 2\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"by a script": {
			map[string]string{"deploy.sh": "#!/bin/bash\nansible-playbook -i hosts -e mem=3G ansible/site.yml\nansible-playbook ansible/more.yml\n"},
			"mem=3G cpu=2 machine=(hub)",
		},
		"by two scripts": {
			map[string]string{"one.sh": "#!/bin/bash\nansible-playbook ansible/site.yml\n", "two.sh": "#!/bin/bash\nansible-playbook ansible/more.yml\n"},
			"mem=1G cpu=? machine=(hub)",
		},
		"with variables that differ": {
			map[string]string{"one.sh": "#!/bin/bash\nansible-playbook -e mem=3G ansible/site.yml\nansible-playbook -e '{\"mem\": \"4G\"}' ansible/site.yml\n"},
			"mem=? cpu=? machine=(hub)",
		},
		"for a machine": {
			map[string]string{"main.tf": "resource \"aws_instance\" \"other\" {\n  ami = \"a\"\n}\nresource \"aws_instance\" \"one\" {\n  ami = \"a\"\n" +
				"  provisioner \"local-exec\" {\n    command = \"ansible-playbook -i '${self.public_ip},' -e @v.yml ansible/site.yml ansible/more.yml\"\n  }\n}\n", "v.yml": "mem: 5G\n"},
			"mem=5G cpu=2 machine=aws_instance.one",
		},
		"by a workflow": {
			map[string]string{".github/workflows/deploy.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    - run: ansible-playbook --syntax-check ansible/more.yml\n    - run: poetry run ansible-playbook site.yml -e mem=3G\n      working-directory: ansible\n  b:\n    needs: a\n    runs-on: ubuntu-latest\n    steps:\n    - run: ansible-playbook ansible/more.yml\n"},
			"mem=3G cpu=2 machine=(hub)",
		},
		"by an action": {
			map[string]string{".github/workflows/deploy.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: dawidd6/action-ansible-playbook@v2\n      with:\n        playbook: site.yml\n        directory: ansible\n        options: |\n          --limit hub\n          --extra-vars \"mem=4G\"\n"},
			"mem=4G cpu=? machine=(hub)",
		},
		"by a job that starts by itself, and by hand": {
			map[string]string{".github/workflows/more.yml": "on: {schedule: [{cron: '0 1 * * *'}]}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    - run: ansible-playbook ansible/more.yml\n"},
			"mem=1G cpu=2 machine=(hub)",
		},
		"by a job that somebody starts": {
			map[string]string{".github/workflows/more.yml": "on: workflow_dispatch\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    - run: ansible-playbook ansible/more.yml\n"},
			"mem=1G cpu=? machine=(hub)",
		},
		"under a condition": {
			map[string]string{".github/workflows/more.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    if: github.actor == 'x'\n    steps:\n    - run: ansible-playbook ansible/more.yml\n"},
			"mem=1G cpu=? machine=(hub)",
		},
		"as a test, on the runner": {
			map[string]string{".github/workflows/test.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    - run: ansible-playbook -i localhost, -c local ansible/site.yml ansible/more.yml -e mem=9G\n"},
			"mem=1G cpu=? machine=(hub)",
		},
		"by a pipeline of GitLab": {
			map[string]string{".gitlab-ci.yml": "deploy:\n  script:\n  - cd ansible\n  - ansible-playbook site.yml more.yml -e mem=6G\n"},
			"mem=6G cpu=2 machine=(hub)",
		},
		"by a Makefile": {
			map[string]string{"Makefile": "MEM = 7G\nall: site\n\tansible-playbook ansible/more.yml\nsite:\n\tansible-playbook -e mem=$(MEM) ansible/site.yml\n"},
			"mem=7G cpu=2 machine=(hub)",
		},
		"by a Makefile's goals": {
			map[string]string{"Makefile": "site:\n\tansible-playbook ansible/site.yml\nmore:\n\tansible-playbook ansible/more.yml\n"},
			"mem=1G cpu=? machine=(hub)",
		},
		"in an order": {
			map[string]string{"deploy.sh": "#!/bin/bash\nansible-playbook ansible/site.yml\nansible-playbook ansible/z.yml ansible/more.yml\n", "ansible/z.yml": "- hosts: all\n  tasks:\n  - command: tljh-config set limits.cpu 4\n"},
			"mem=1G cpu=2 machine=(hub)",
		},
		"in two orders": {
			map[string]string{"deploy.sh": "#!/bin/bash\nansible-playbook ansible/site.yml\nansible-playbook ansible/z.yml ansible/more.yml\n", "other.sh": "#!/bin/bash\nansible-playbook ansible/site.yml ansible/more.yml ansible/z.yml\n",
				"ansible/z.yml": "- hosts: all\n  tasks:\n  - command: tljh-config set limits.cpu 4\n"},
			"mem=1G cpu=? machine=(hub)",
		},
		"with variables that are not known": {
			map[string]string{"deploy.sh": "#!/bin/bash\nansible-playbook ansible/site.yml -e \"@$HOME/vars.yml\"\n"},
			"mem=? cpu=? machine=(hub)",
		},
		"for some hosts": {
			map[string]string{"deploy.sh": "#!/bin/bash\nansible-playbook ansible/site.yml -i hosts --limit 'prod'\n", "hosts": "[prod]\na mem=2G\n[test]\nb mem=3G\n"},
			"mem=2G cpu=? machine=(hub)",
		},
		"for hosts that differ": {
			map[string]string{"deploy.sh": "#!/bin/bash\nansible-playbook ansible/site.yml -i hosts --limit \"$1\"\n", "hosts": "[prod]\na mem=2G\n[test]\nb mem=3G\n"},
			"mem=? cpu=? machine=(hub)",
		},
		"by Vagrant": {
			map[string]string{"Vagrantfile": "Vagrant.configure('2') do |config|\n  config.vm.provision :ansible do |a|\n    a.playbook = 'ansible/site.yml'\n    a.extra_vars = { mem: '2G' }\n  end\n  config.vm.provision :ansible, playbook: 'ansible/more.yml'\nend\n"},
			"mem=2G cpu=2 machine=vagrant.default",
		},
		"by Vagrant, in a group": {
			map[string]string{"Vagrantfile": "Vagrant.configure('2') do |config|\n  config.vm.provision :ansible do |a|\n    a.playbook = 'ansible/site.yml'\n    a.groups = { 'big' => ['default'] }\n  end\nend\n", "ansible/group_vars/big.yml": "mem: 8G\n", "ansible/group_vars/small.yml": "mem: 1G\n"},
			"mem=8G cpu=? machine=vagrant.default",
		},
		"by Packer": {
			map[string]string{"hub.pkr.hcl": "source \"amazon-ebs\" \"hub\" {\n  ami_name = \"x\"\n}\nbuild {\n  sources = [\"source.amazon-ebs.hub\"]\n  provisioner \"ansible\" {\n    playbook_file = \"ansible/site.yml\"\n    extra_arguments = [\"--extra-vars mem=2G\"]\n  }\n  provisioner \"ansible\" {\n    playbook_file = \"ansible/more.yml\"\n    groups = [\"hub\"]\n  }\n}\n"},
			"mem=2G cpu=2 machine=(hub)",
		},
	} {
		c.files["ansible/site.yml"], c.files["ansible/more.yml"] = book, more
		root := load(t, c.files).Hubs[0].Root
		got := "mem=" + at(root, "config/limits/memory") + " cpu=" + at(root, "config/limits/cpu")
		for _, in := range root.Get("infra", "instances").List() {
			if is := in.Get("is_hub"); is != nil && is.Value == true {
				got += " machine=" + at(in, "id")
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A playbook makes the machine and sets it up: the hub runs on that machine, however its address gets into the inventory.
func TestPlaybookMakesTheMachine(t *testing.T) {
	droplet := func(name string) string {
		return "  - community.digitalocean.digital_ocean_droplet: {name: " + name + ", size: s-4vcpu-8gb, image: ubuntu-24-04-x64, ssh_keys: [1]}\n    register: made\n"
	}
	make1 := "- hosts: localhost\n  connection: local\n  tasks:\n" + droplet("one")
	add := "  - add_host: {name: '{{ made.data.ip_address }}', groups: hub, mem: 3G}\n"
	install := strings.Replace(installPlay, "all", "hub", 1) + "  - command: tljh-config set limits.memory {{ mem | default('1G') }}\n"
	other := "resource \"digitalocean_droplet\" \"other\" {\n  size = \"s-1vcpu-1gb\"\n}\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"its address is added":        {map[string]string{"site.yml": make1 + add + install, "main.tf": other}, "1 one memory=8192 limit=3G"},
		"among others":                {map[string]string{"site.yml": make1 + droplet("two") + strings.Replace(add, "groups: hub", "groups: [hub, web]", 1) + install}, "1 two memory=8192 limit=3G"},
		"its address is looked up":    {map[string]string{"site.yml": make1 + "  - digital_ocean_droplet_info: {name: one}\n    register: made\n" + add + install, "main.tf": other}, "1 one memory=8192 limit=3G"},
		"the task is delegated":       {map[string]string{"site.yml": "- hosts: hub\n  gather_facts: no\n  tasks:\n" + strings.Replace(droplet("one"), "    register", "    delegate_to: localhost\n    register", 1) + install, "main.tf": other}, "1 one memory=8192 limit=1G"},
		"another playbook sets it up": {map[string]string{"make.yml": make1, "site.yml": install}, "1 one memory=8192 limit=1G"},
		"in a loop": {map[string]string{"site.yml": "- hosts: localhost\n  tasks:\n" + strings.Replace(droplet("'{{ item }}'"), "    register", "    loop: [a, b]\n    register", 1) +
			"  - add_host: {name: '{{ item.data.ip_address }}', groups: hub}\n    loop: '{{ made.results }}'\n" + install}, "1 (hub) memory=? limit=1G"},
		"one of a loop": {map[string]string{"site.yml": "- hosts: localhost\n  tasks:\n" + strings.Replace(droplet("'{{ item }}'"), "    register", "    loop: [a, b]\n    register", 1) +
			"  - add_host: {name: '{{ made.results[1].data.ip_address }}', groups: hub}\n" + install}, "1 b memory=8192 limit=1G"},
		"its user data does": {map[string]string{"site.yml": strings.Replace(make1, "ssh_keys", "user_data: \"{{ lookup('file', 'setup.sh') }}\", ssh_keys", 1) + add + "- hosts: hub\n  tasks:\n  - command: tljh-config set limits.memory 2G\n",
			"setup.sh": "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | python3 -\n"}, "1 one memory=8192 limit=2G"},
		"it is taken away":             {map[string]string{"away.yml": strings.Replace(make1, "name: one", "name: one, state: absent", 1), "site.yml": install}, "1 (hub) memory=? limit=1G"},
		"beside a Vagrantfile":         {map[string]string{"site.yml": make1 + add + install, "Vagrantfile": "Vagrant.configure('2') do |config|\n  config.vm.provision :ansible do |a|\n    a.playbook = 'site.yml'\n  end\nend\n"}, "1 one memory=8192 limit=3G"},
		"what takes no machine for it": {map[string]string{"site.yml": "- hosts: localhost\n  tasks:\n  - community.digitalocean.digital_ocean_firewall: {name: x}\n" + install}, "1 (hub) memory=? limit=1G"},
	} {
		res := load(t, c.files)
		got := fmt.Sprint(len(res.Hubs))
		for _, in := range res.Hubs[0].Root.Get("infra", "instances").List() {
			if is := in.Get("is_hub"); is != nil && is.Value == true {
				memory := in.Get("machine", "memory_mib")
				got += " " + at(in, "id") + " memory="
				if memory == nil || memory.State == doc.Unknown {
					got += "?"
				} else {
					got += cmpString(memory.Plain())
				}
			}
		}
		if got += " limit=" + at(res.Hubs[0].Root, "config/limits/memory"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What is run behind the playbook that sets the hub up may undo what that did, and what is run before it may not.
func TestPlaybooksInOrder(t *testing.T) {
	site := installPlay + "  - ufw: {state: enabled, policy: deny}\n"
	off := "- hosts: all\n  tasks:\n  - ufw: {state: disabled}\n"
	if got := tiedFirewall(t); got != "true" {
		t.Errorf("user data before the playbook: %s", got)
	}
	for script, want := range map[string]string{"site.yml off.yml": "false", "off.yml site.yml": "true", "site.yml on.yml off.yml": "false", "off.yml on.yml plain.yml": "true",
		"on.yml off.yml plain.yml": "false"} {
		files := map[string]string{"deploy.sh": "#!/bin/bash\nansible-playbook " + script + "\n"}
		for name, text := range map[string]string{"site.yml": site, "plain.yml": installPlay, "off.yml": off, "on.yml": strings.Replace(off, "disabled", "enabled", 1)} {
			if strings.Contains(script, name) {
				files[name] = text
			}
		}
		in := load(t, files).Hubs[0].Root.Get("infra", "instances").List()[0]
		if got := at(in.Get("host_firewall"), "enabled"); got != want {
			t.Errorf("%s: %s, want %s", script, got, want)
		}
	}
}

// tiedFirewall is whether the firewall is on of a machine whose user data switches it on, and for which Terraform runs a playbook.
func tiedFirewall(t *testing.T) string {
	tf := "resource \"aws_instance\" \"one\" {\n  ami = \"a\"\n  user_data = \"#!/bin/bash\\nufw --force enable\\n\"\n  provisioner \"local-exec\" {\n    command = \"ansible-playbook site.yml\"\n  }\n}\n"
	in := load(t, map[string]string{"site.yml": installPlay, "main.tf": tf}).Hubs[0].Root.Get("infra", "instances").List()[0]
	if in.Get("host_firewall") == nil {
		return "-"
	}
	return at(in.Get("host_firewall"), "enabled")
}

// A task that would change TLJH's settings and is not run is told of: whoever wrote it may think that it is.
func TestTasksLeftOut(t *testing.T) {
	book := "- hosts: all\n  vars:\n    tls: false\n  tasks:\n  - shell: " + strings.TrimSpace(install) + "\n" +
		"  - shell: |\n      tljh-config set https.enabled true\n    when: tls\n  - shell: echo tljh-config show\n    when: tls\n"
	res := load(t, map[string]string{"site.yml": book})
	var got []string
	for _, p := range res.Hubs[0].Root.Get("problems").List() {
		msg, _ := p.Get("message").Str()
		got = append(got, p.At.String()+" "+msg)
	}
	if len(got) != 1 || !strings.Contains(got[0], "site.yml:8:") || !strings.Contains(got[0], `it is not run: "when: tls" does not hold`) {
		t.Errorf("%q", got)
	}
}

// What another playbook makes in the same cloud belongs to the machine too: for certain where both are run together, else perhaps.
func TestPlaybooksBesideTheMaker(t *testing.T) {
	site := "- hosts: localhost\n  tasks:\n  - community.digitalocean.digital_ocean_droplet: {name: hub, size: s-4vcpu-8gb, image: ubuntu-24-04-x64, tags: [hub]}\n" + strings.Replace(installPlay, "all", "hub", 1)
	wall := "- hosts: localhost\n  tasks:\n  - community.digitalocean.digital_ocean_firewall: {name: x, tags: [hub], inbound_rules: [{protocol: tcp, ports: 443, sources: {addresses: [0.0.0.0/0]}}]}\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"alone":             {map[string]string{"site.yml": site}, "allow"},
		"a firewall beside": {map[string]string{"site.yml": site, "wall.yml": wall}, "?"},
		"run together":      {map[string]string{"site.yml": site, "wall.yml": wall, "up.sh": "#!/bin/bash\nansible-playbook site.yml wall.yml\n"}, "deny"},
		"of another cloud":  {map[string]string{"site.yml": site, "wall.yml": "- hosts: localhost\n  tasks:\n  - hetzner.hcloud.firewall: {name: x}\n"}, "allow"},
	} {
		in := load(t, c.files).Hubs[0].Root.Get("infra", "instances").List()[0]
		if got := at(in, "ingress_default"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
