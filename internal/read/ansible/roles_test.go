package ansible

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func TestRolesAndVariables(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"roles, their dependencies, handlers and files": {`-- site.yml --
- hosts: hub
  roles:
  - hub
  - role: hub
  - { role: hub, mem: 9G, when: "mem is defined" }
-- roles/hub/meta/main.yml --
dependencies: [base]
-- roles/base/tasks/main.yml --
- command: base
-- roles/hub/defaults/main.yml --
mem: 1G
-- roles/hub/tasks/main.yml --
- include_tasks: more.yml
  vars: {cpu: 2}
- template: src=c.j2 dest=/opt/tljh/config/config.yaml
  notify: reload
-- roles/hub/tasks/more.yml --
- command: tljh-config set limits.cpu {{ cpu }}
-- roles/hub/handlers/main.yml --
- name: reload
  command: tljh-config reload
-- roles/hub/templates/c.j2 --
limits: {memory: {{ mem }}}
`, `site.yml hub hub
roles/base/tasks/main.yml:1:12 base
roles/hub/tasks/more.yml:1:12 tljh-config set limits.cpu 2
roles/hub/tasks/main.yml:3:3 > /opt/tljh/config/config.yaml "limits: {memory: 1G}\n"
roles/hub/tasks/more.yml:1:12 tljh-config set limits.cpu 2
roles/hub/tasks/main.yml:3:3 > /opt/tljh/config/config.yaml "limits: {memory: 9G}\n"
roles/hub/handlers/main.yml:2:12 tljh-config reload
`},
		"precedence": {`-- play.yml --
- hosts: hub
  vars: {a: play, b: play, c: play, d: play, e: play}
  vars_files: [f.yml]
  roles: [r]
  tasks:
  - set_fact: {e: fact}
  - command: x {{ a }} {{ b }} {{ c }} {{ d }} {{ e }} {{ z }}
    vars: {d: task, e: task}
-- f.yml --
b: file
c: file
-- group_vars/all.yml --
a: inventory
z: inventory
-- roles/r/defaults/main.yml --
a: default
z: default
-- roles/r/vars/main.yml --
c: role
-- roles/r/tasks/main.yml --
- debug: msg=hello
`, `play.yml hub hub
7:14 x play file role task fact inventory
`},
		"an inventory in INI": {`-- site.yml --
- hosts: hubs
  tasks:
  - command: a {{ size }} {{ port }} {{ site }} {{ own }}
  - command: on {{ inventory_hostname }}
- hosts: all
  tasks:
  - command: b {{ own }}
-- hosts --
# machines
[hubs]
hub1 ansible_host=192.0.2.1 size=4 own='x y'
[db]
db1
[hubs:vars]
port=8000
[site:children]
hubs
[site:vars]
site=True
port=1
-- group_vars/hubs/main.yml --
size: 2
-- host_vars/hub1.yml --
size: 8
`, `site.yml hubs hub1
3:14 a 4 8000 True x y
4:14 on hub1
site.yml all hub1 db1
7:14 b …
`},
		"an inventory in YAML": {`-- deploy/site.yml --
- hosts: hubs
  tasks:
  - command: a {{ size }} {{ groups['hubs'] | join(',') }}
-- deploy/inventory/hosts.yml --
all:
  children:
    hubs:
      hosts: {h1: {size: 3}, h2: {size: 3}}
      vars: {size: 1}
`, `deploy/site.yml hubs h1 h2
3:14 a 3 h1,h2
`},
		"what is asked for, encrypted or not committed": {`-- site.yml --
- hosts: all
  vars_prompt: [{name: pw, prompt: x}]
  vars:
    secret: !vault |
      $ANSIBLE_VAULT;1.1;AES256
      6162
  vars_files: [gone.yml]
  tasks:
  - command: a {{ pw }} {{ secret }} {{ other | default('x') }} {{ lookup('env', 'HOME') }}
`, `site.yml all
9:14 a … … … …
problem site.yml:7:16 the file of variables gone.yml is not in the repository; what it sets is not known
`},
		"a vault among group_vars may set anything": {`-- site.yml --
- hosts: all
  tasks:
  - command: a {{ x | default('1') }}
-- group_vars/all/vault.yml --
$ANSIBLE_VAULT;1.1;AES256
6162
`, `site.yml all
3:14 a …
problem group_vars/all/vault.yml:1:1 group_vars/all/vault.yml is encrypted with Ansible Vault; what it sets is not known
`},
		"playbooks that import others": {`-- site.yml --
- import_playbook: hub.yml
  vars: {m: 2G}
- import_playbook: gone.yml
- import_playbook: hub.yml
  when: again
-- hub.yml --
- hosts: hub
  tasks: [{command: "a {{ m | default('1G') }}"}]
`, `site.yml hub hub
hub.yml:2:22 a 2G
site.yml hub hub
hub.yml:2:22 a 1G ? it depends on "when: again", and variable "again" is not set in the repository
gap site.yml:3:20 gone.yml
`},
		"the inventory of production, of several": {`-- site.yml --
- hosts: hub
  tasks: [{command: "a {{ m }}"}]
-- inventories/prod/hosts --
[hub]
a
-- inventories/prod/group_vars/hub.yml --
m: 4
-- inventories/trial/hosts --
[hub]
b
-- inventories/trial/group_vars/hub.yml --
m: 1
`, `site.yml hub a
2:22 a 4
problem inventories/prod/hosts:1:1 the playbooks of . are read with this inventory; inventories/trial/hosts is another one, with which they may do something else
`},
		"whether TLJH is there is asked of a new machine": {`-- site.yml --
- hosts: all
  tasks:
  - stat: {path: /opt/tljh/hub}
    register: there
  - command: which tljh-config
    register: which
    ignore_errors: true
  - shell: curl https://tljh.jupyter.org/bootstrap.py | python3 -
    when: not there.stat.exists and which.rc != 0
  - command: again
    when: which is succeeded
  - stat: {path: /opt/tljh}
    register: there
  - command: later
    when: there.stat.exists
  - stat: {path: /opt/tljh/hub/x}
    register: there
  - command: perhaps
    when: there.stat.exists
`, `site.yml all
5:14 which tljh-config
8:12 curl https://tljh.jupyter.org/bootstrap.py
8:57 python3 - < "…"
14:14 later
18:14 perhaps ? it depends on "when: there.stat.exists", and TLJH may be installed by then
`},
		"facts, and variables in a file that depends on them": {`-- site.yml --
- hosts: all
  roles: [r]
-- roles/r/defaults/main/a.yml --
m: 1G
n: 2
-- roles/r/vars/Ubuntu.yml --
m: 2G
-- roles/r/tasks/main.yml --
- command: a {{ m }}
  when: ansible_facts['os_family'] == "Debian" and ansible_os_family in ['Debian']
- include_vars: "{{ ansible_facts.distribution }}.yml"
- command: b {{ m }} {{ n }}
- command: c
  when: ansible_facts['distribution'] == 'Ubuntu'
`, `site.yml all
roles/r/tasks/main.yml:1:12 a 1G
roles/r/tasks/main.yml:4:12 b … 2
roles/r/tasks/main.yml:5:12 c ? it depends on "when: ansible_facts['distribution'] == 'Ubuntu'", and ansible_facts are facts of the machine
`},
		"what may or may not be there": {`-- site.yml --
- hosts: all
  tasks:
  - cron: {name: b, special_time: daily, job: restic backup /home, state: "{{ backup }}"}
  - command: early
    args: {removes: /opt/tljh/config}
  - command: python3 bootstrap.py
    args: {creates: /opt/tljh}
  - command: late
    args: {creates: /opt/tljh/config/config.yaml}
  - copy: {content: x, dest: /opt/tljh/config/config.yaml, force: false}
  - command: dry
    check_mode: true
  - shell: "print('tljh')"
    args: {executable: /usr/bin/python3}
  - block: [{command: there}]
    delegate_to: localhost
  - command: there
    connection: local
`, `site.yml all
3:5 >> /var/spool/cron/crontabs/root "#Ansible: b\n@daily restic backup /home\n" ? whether it is to be there is not known: variable "backup" is not set in the repository
6:14 python3 bootstrap.py
8:14 late ? it runs only where /opt/tljh/config/config.yaml is not there yet
10:5 > /opt/tljh/config/config.yaml "x" ? the file is only written where there is none, and TLJH's installer may have made it
13:13 (unreadable) a program in another language is run by /usr/bin/python3
`},
		"patterns that leave hosts out": {`-- site.yml --
- hosts: all:!db
  tasks: [{command: a}]
- hosts: hubs[0]
  tasks: [{command: b}]
-- hosts --
[hubs]
h
[db]
d
`, `site.yml all:!db h
2:21 a
site.yml hubs[0] h
4:21 b
`},
		"a role that no playbook uses": {`-- roles/r/tasks/main.yml --
- command: a {{ x }}
-- roles/r/defaults/main.yml --
x: 1
-- molecule/default/converge.yml --
- hosts: all
  tasks: [{command: trial}]
`, `roles/r/tasks/main.yml all
1:12 a 1
`},
		"roles and tasks of elsewhere": {`-- site.yml --
- hosts: hub
  roles: [example.docker, {role: "{{ flavour }}"}]
  tasks:
  - include_tasks: gone.yml
  - include_role: {name: org.tljh}
  - include_tasks: "setup-{{ ansible_distribution }}.yml"
-- setup-Ubuntu.yml --
- command: a
-- ansible.cfg --
[defaults]
roles_path = shared/roles
`, `site.yml hub hub
4:20 (unreadable) tasks that are not in the repository: gone.yml
5:26 (unreadable) a role that is not in the repository: org.tljh
setup-Ubuntu.yml:1:12 a ? which tasks are included is not known: ansible_distribution is a fact of the machine, or given to Ansible when it runs
gap site.yml:2:11 example.docker
gap site.yml:2:35 …
gap site.yml:4:20 gone.yml
gap site.yml:5:26 org.tljh
`},
		"set_fact under a condition, and the end of a play": {`-- site.yml --
- hosts: all
  vars: {m: 1G}
  tasks:
  - set_fact: {m: 2G}
    when: big
  - command: a {{ m }}
  - include_vars: more.yml
  - command: b {{ n }}
  - meta: end_play
    when: maybe
  - command: c
  - meta: end_play
  - command: d
-- more.yml --
n: "{{ 1 + 2 }}"
`, `site.yml all
6:14 a …
8:14 b 3
11:14 c ? the play may have ended before: it depends on "when: maybe", and variable "maybe" is not set in the repository
`},
		"scripts and what is written before": {`-- site.yml --
- hosts: all
  tasks:
  - script: setup.sh 3G
  - copy: {content: "tljh-config set limits.cpu $1\n", dest: /opt/x.sh}
  - command: bash /opt/x.sh 2
  - script: gone.sh
  - lineinfile: {path: /opt/y.conf, line: a=1, create: true}
  - lineinfile: {path: /opt/y.conf, line: a=2, regexp: '^a='}
-- files/setup.sh --
#!/bin/bash
tljh-config set limits.memory $1
`, `site.yml all
files/setup.sh:2:1 tljh-config set limits.memory 3G
4:5 > /opt/x.sh "tljh-config set limits.cpu $1\n"
4:21 tljh-config set limits.cpu 2
6:13 (unreadable) a script is run that is not in the repository: gone.sh
7:5 >> /opt/y.conf "a=1\n"
8:5 > /opt/y.conf "a=2\n"
gap site.yml:6:13 gone.sh
`},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, brief(readAll(steptest.Archive(c.in)))); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

// What Ansible would refuse is a problem with its place; what it may have done is not known.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"no YAML": {"-- site.yml --\n- hosts: all\n  tasks: [\n", "problem site.yml:2:1 not valid YAML: did not find expected node content; Ansible would refuse this file, and what it may set is unknown\n"},
		"tasks that are no list": {"-- site.yml --\n- hosts: all\n  tasks: {shell: tljh-config set a b}\n", `site.yml all
2:10 (unreadable) tasks that are no list
problem site.yml:2:10 tasks must be a list; Ansible refuses this playbook
`},
		"a task that is text": {"-- site.yml --\n- hosts: all\n  tasks: [tljh-config set a b]\n", `site.yml all
2:11 (unreadable) a task that is no mapping
problem site.yml:2:11 a task must be a mapping; Ansible refuses this playbook
`},
		"a template without quotes": {"-- site.yml --\n- hosts: all\n  tasks:\n  - copy: {content: {{ x }}, dest: /opt/tljh/config/config.yaml}\n", `site.yml all
3:5 > /opt/tljh/config/config.yaml "…"
`},
		"an expression that is none": {"-- site.yml --\n- hosts: all\n  tasks:\n  - command: tljh-config set limits.memory {{ 1 + }}\n", `site.yml all
3:14 tljh-config set limits.memory …
`},
		"no module": {"-- site.yml --\n- hosts: all\n  tasks:\n  - name: x\n", `site.yml all
problem site.yml:3:5 this task names no module; Ansible refuses this playbook
`},
		"variables that are no mapping": {"-- site.yml --\n- hosts: all\n  vars_files: [v.yml]\n  tasks: [{command: 'a {{ x }}'}]\n-- v.yml --\n- x\n", `site.yml all
3:22 a …
problem v.yml:1:1 v.yml must be a mapping of variables
`},
		"a role whose tasks are no YAML": {"-- site.yml --\n- hosts: all\n  roles: [r]\n-- roles/r/tasks/main.yml --\n- shell: tljh-config: [\n", `site.yml all
roles/r/tasks/main.yml:1:1 (unreadable) roles/r/tasks/main.yml cannot be read
problem roles/r/tasks/main.yml:1:1 not valid YAML: mapping values are not allowed in this context; Ansible would refuse this file, and what it may set is unknown
`},
		"files that include each other": {"-- site.yml --\n- hosts: all\n  tasks: [{include_tasks: a.yml}]\n-- a.yml --\n- include_tasks: a.yml\n", `site.yml all
a.yml:1:1 (unreadable) a.yml is nested too deeply, or the playbook does more than can be followed
problem a.yml:1:1 a.yml is nested too deeply, or the playbook does more than can be followed
`},
		"variables that refer to each other": {"-- site.yml --\n- hosts: all\n  vars: {a: '{{ b }}', b: '{{ a }}'}\n  tasks: [{command: 'x {{ a }}'}]\n", "site.yml all\n3:22 x …\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, brief(readAll(steptest.Archive(c.in)))); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

// However many playbooks there are, all are read, as long as they do not do too much together.
func TestManyPlaybooks(t *testing.T) {
	files := steptest.Files{}
	for i := range 600 {
		files[fmt.Sprintf("p%03d.yml", i)] = "- hosts: all\n  tasks: [{command: x}]\n"
	}
	if res := readAll(files); len(res.Playbooks) != 600 || len(res.Problems) > 0 {
		t.Errorf("%d playbooks, problems %+v", len(res.Playbooks), res.Problems)
	}
}
