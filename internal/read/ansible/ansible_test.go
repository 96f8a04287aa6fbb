package ansible

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// readAll reads a txtar archive's YAML files.
func readAll(files steptest.Files) *Result {
	var found []string
	for _, f := range sortedKeys(files) {
		if strings.HasSuffix(f, ".yml") || strings.HasSuffix(f, ".yaml") {
			found = append(found, f)
		}
	}
	return Read(files, found, Options{})
}

// show1 is a line a step: its place, what it does, and "?" with the reason when it may not run.
func show1(s step.Step, file string) string {
	var b strings.Builder
	if s.At.File != file {
		b.WriteString(s.At.File + ":")
	}
	fmt.Fprintf(&b, "%d:%d", s.At.Start.Line, s.At.Start.Column)
	if s.IsWrite() {
		mark := ">"
		if s.Append {
			mark = ">>"
		}
		fmt.Fprintf(&b, " %s %s %q", mark, span.Show(s.Dest.String()), span.Show(s.Content.String()))
	}
	for _, e := range s.Env {
		if e.Name != "PATH" || strings.Contains(e.Value.String(), "tljh") {
			fmt.Fprintf(&b, " %s=%s", e.Name, span.Show(e.Value.String()))
		}
	}
	for _, a := range s.Argv {
		b.WriteString(" " + strings.ReplaceAll(span.Show(a.String()), "\n", "\\n"))
	}
	if s.Stdin != nil {
		fmt.Fprintf(&b, " < %q", span.Show(s.Stdin.String()))
	}
	if s.Cond != nil {
		b.WriteString(" ? " + span.Show(s.Cond.Why))
	}
	if s.Loop {
		b.WriteString(" (loop)")
	}
	return b.String()
}

func brief(res *Result) string {
	var b strings.Builder
	for _, book := range res.Playbooks {
		for _, p := range book.Plays {
			fmt.Fprintf(&b, "%s %s\n", book.File, strings.Join(append([]string{p.Hosts}, p.Names...), " "))
			for _, s := range p.Steps {
				b.WriteString(show1(s, book.File) + "\n")
			}
		}
		for _, g := range book.Gaps {
			fmt.Fprintf(&b, "gap %s %s\n", g.At, g.Name)
		}
		for _, m := range book.Makes {
			fmt.Fprintf(&b, "make %s %s", m.At.Span(), m.Module)
			if m.Cond != "" {
				b.WriteString(" ? " + m.Cond)
			}
			b.WriteString("\n")
		}
		for _, a := range book.Added {
			fmt.Fprintf(&b, "added %s of %d\n", strings.Join(a.Names, " "), len(a.Of))
		}
		for _, g := range book.Machines {
			fmt.Fprintf(&b, "machine %s %s\n", g.At, g.Name)
		}
		for _, p := range book.Problems {
			fmt.Fprintf(&b, "problem %s %s\n", p.At, p.Msg)
		}
	}
	for _, p := range res.Problems {
		fmt.Fprintf(&b, "problem %s %s\n", p.At, p.Msg)
	}
	return b.String()
}

// tasks is a playbook with the tasks alone given.
func tasks(t string) string { return "site.yml --\n---\n- hosts: all\n  tasks:\n" + t }

func TestSteps(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"commands in all spellings": {"-- " + tasks(`  - command: tljh-config set limits.memory 2G
  - shell: |
      M=3G
      tljh-config set limits.memory $M
  - ansible.builtin.command:
      argv: [tljh-config, set, auth.type, "it's"]
  - action: shell tljh-config reload
  - raw: sudo -E tljh-config set limits.cpu 2
  - name: with arguments
    command: chdir=/srv ./run "a b"
    args: {creates: /x}
  - command:
      cmd: make -C /opt
      chdir: /tmp
`), `site.yml all
4:14 tljh-config set limits.memory 2G
7:7 tljh-config set limits.memory 3G
9:14 tljh-config set auth.type it's
10:19 tljh-config reload
11:10 tljh-config set limits.cpu 2
13:25 ./run a b
16:12 make -C /opt
`},
		"loops over literals, each item with its place": {"-- " + tasks(`  - shell: "{{ item }}"
    with_items:
      - tljh-config set limits.memory 1G
      - tljh-config set limits.cpu 2
  - command: tljh-config set {{ item.key }} {{ item.value }}
    loop:
      - { key: a.b, value: 1 }
      - { key: c.d, value: true }
  - command: tljh-config set {{ s.key }} {{ s.value }}
    with_dict: {x.y: 5}
    loop_control: {loop_var: s}
  - command: tljh-config add-item users.admin {{ item }}
    loop: "{{ people }}"
  - command: run {{ item.0 }} {{ item.1 }}
    with_indexed_items: [a, b]
`), `site.yml all
6:9 tljh-config set limits.memory 1G
7:9 tljh-config set limits.cpu 2
10:9 tljh-config set a.b 1
11:9 tljh-config set c.d True
13:22 tljh-config set x.y 5
15:14 tljh-config add-item users.admin … (loop)
18:26 run 0 a
18:29 run 1 b
`},
		"conditions": {"-- " + tasks(`  - command: a
    when: https
    vars: {https: false}
  - command: b
    when: not (off | bool) and size > 3 and name in ['x', 'y']
    vars: {off: "no", size: 4, name: y}
  - command: c
    when: [ansible_os_family == "Debian", region == "eu"]
  - command: d
    when: region is defined
  - command: e
    when: item.admin is defined and item.admin
    loop: [{n: 1}, {n: 2, admin: true}]
  - command: f
    register: out
  - command: g
    when: out.rc == 0
  - command: h
    tags: [never, reset]
  - block:
    - command: i
    rescue:
    - command: j
    always:
    - command: k
    when: "1 < 2"
`), `site.yml all
7:14 b
10:14 c ? it depends on "when: region == "eu"", and variable "region" is not set in the repository
12:14 d ? it depends on "when: region is defined", and variable "region" is not set in the repository; it may be given when the playbook is run
16:20 e
17:14 f
19:14 g ? it depends on "when: out.rc == 0", and out is the result of a task
21:14 h ? it is tagged "never": it runs only when one of its tags is asked for
24:16 i
26:16 j ? it runs only when a task of the block fails
28:16 k
`},
		"files": {"-- " + tasks(`  - copy: {content: "x: 1\n", dest: /opt/tljh/config/config.yaml}
  - copy: src=a.py dest=/opt/tljh/config/jupyterhub_config.d/
  - template: {src: b.yaml.j2, dest: /opt/tljh/config/config.yaml}
    vars: {mem: 2G}
  - copy: {src: gone.py, dest: /opt/tljh/config/jupyterhub_config.d/z.py}
  - file: path=/opt/tljh/config/jupyterhub_config.d/a.py state=absent
  - lineinfile: {path: /etc/ssh/sshd_config, regexp: '^#?PasswordAuthentication', line: PasswordAuthentication no}
  - blockinfile: {path: /etc/fstab, block: "/dev/sdb /home ext4 defaults 0 0"}
  - lineinfile: {path: /opt/tljh/config/config.yaml, regexp: '^limits', line: "limits:"}
    when: unknown_thing
  - get_url: {url: "https://tljh.jupyter.org/bootstrap.py", dest: /tmp/b.py}
  - unarchive: {src: "https://example.org/c.tgz", dest: /opt/tljh, remote_src: true}
`) + `-- files/a.py --
c.Spawner.mem_limit = '1G'
-- templates/b.yaml.j2 --
limits:
  memory: {{ mem }}
{% if more %}
  cpu: 2
{% endif %}
`, `site.yml all
4:5 > /opt/tljh/config/config.yaml "x: 1\n"
5:5 > /opt/tljh/config/jupyterhub_config.d/a.py "c.Spawner.mem_limit = '1G'\n"
6:5 > /opt/tljh/config/config.yaml "limits:\n  memory: 2G\n…\n"
8:5 > /opt/tljh/config/jupyterhub_config.d/z.py "…"
9:5 rm -rf /opt/tljh/config/jupyterhub_config.d/a.py
10:5 >> /etc/ssh/sshd_config "PasswordAuthentication no\n"
11:5 >> /etc/fstab "\n/dev/sdb /home ext4 defaults 0 0\n"
12:5 (unreadable) a line of TLJH's configuration is changed in ways that cannot be followed ? it depends on "when: unknown_thing", and variable "unknown_thing" is not set in the repository
14:5 curl -fsSL https://tljh.jupyter.org/bootstrap.py -o /tmp/b.py
15:5 tar -xf https://example.org/c.tgz -C /opt/tljh
`},
		"packages and services": {"-- " + tasks(`  - apt: name=unattended-upgrades state=absent purge=yes
  - package: {name: [curl, git]}
  - apt: {upgrade: dist}
  - pip: {name: [numpy==1.0, scipy], executable: /opt/tljh/user/bin/pip}
  - pip: {requirements: /srv/r.txt, virtualenv: /opt/tljh/user}
  - pip: {name: ansible, version: "2"}
  - community.general.conda: {name: scipy, executable: /opt/tljh/user/bin/conda}
  - systemd: {name: unattended-upgrades, enabled: false, masked: true, state: stopped}
  - service: name=nginx enabled={{ on }}
`), `site.yml all
4:5 apt-get purge -y unattended-upgrades
5:5 apt-get install -y curl git
6:5 apt-get dist-upgrade -y
7:5 /opt/tljh/user/bin/pip install numpy==1.0 scipy
8:5 /opt/tljh/user/bin/pip install -r /srv/r.txt
9:5 pip3 install ansible==2
10:5 /opt/tljh/user/bin/conda install -y scipy
11:5 systemctl disable unattended-upgrades
11:5 systemctl mask unattended-upgrades
11:5 systemctl stop unattended-upgrades
12:5 systemctl disable nginx ? whether it is enabled is not known: variable "on" is not set in the repository
`},
		"firewall, schedule, keys, disks": {"-- " + tasks(`  - community.general.ufw: {rule: allow, port: "443", proto: tcp}
  - ufw: rule=limit name=OpenSSH
  - ufw: {rule: allow, src: 10.0.0.0/8, port: 22}
  - ufw: {state: enabled, policy: deny}
  - iptables: {chain: INPUT, protocol: tcp, destination_port: 22, jump: ACCEPT}
  - firewalld: {service: https, state: enabled, permanent: true}
  - cron: {name: b, hour: 3, minute: 0, job: "restic backup /home"}
  - cron: {cron_file: backup, special_time: daily, user: root, job: "tar /home"}
  - authorized_key: {user: ann, key: "{{ lookup('file', 'ann.pub') }}"}
  - mount: {path: /home, src: /dev/sdb, fstype: ext4, state: mounted}
`) + "-- files/ann.pub --\nssh-ed25519 AAAA example\n", `site.yml all
4:5 ufw allow 443/tcp
5:5 ufw limit OpenSSH
6:5 ufw allow from 10.0.0.0/8 to any port 22
7:5 ufw default deny incoming
7:5 ufw --force enable
8:5 iptables -A INPUT -p tcp --dport 22 -j ACCEPT
9:5 firewall-cmd --add-service=https
10:5 >> /var/spool/cron/crontabs/root "#Ansible: b\n0 3 * * * restic backup /home\n"
11:5 >> /etc/cron.d/backup "@daily root tar /home\n"
12:5 >> /home/ann/.ssh/authorized_keys "ssh-ed25519 AAAA example\n"
13:5 mount -t ext4 /dev/sdb /home
`},
		"elsewhere": {"-- " + tasks(`  - command: here
  - command: there
    delegate_to: localhost
  - local_action: command there
  - command: same
    delegate_to: "{{ inventory_hostname }}"
  - command: perhaps
    delegate_to: "{{ other }}"
  - amazon.aws.ec2_instance: {name: hub, instance_type: t3.large}
  - add_host: {name: x, groups: hub}
`), `site.yml all
4:14 here
8:14 same
10:14 perhaps ? it is delegated to a machine that is not known: variable "other" is not set in the repository
make site.yml:12:5 amazon.aws.ec2_instance
`},
		"environment": {"-- site.yml --\n---\n- hosts: hub\n  environment: {TLJH_BOOTSTRAP_PIP_SPEC: x}\n  tasks:\n  - shell: python3 b.py\n  - pip: name=a\n    environment: {PATH: '/opt/tljh/user/bin:/usr/bin'}\n",
			`site.yml hub hub
5:12 TLJH_BOOTSTRAP_PIP_SPEC=x python3 b.py
6:5 TLJH_BOOTSTRAP_PIP_SPEC=x PATH=/opt/tljh/user/bin:/usr/bin pip3 install a
`},
		"handlers run once, after the tasks": {`-- site.yml --
---
- hosts: all
  pre_tasks:
  - command: one
    notify: reload
  tasks:
  - command: two
    notify: [reload, restart]
  - command: three
    when: maybe
    notify: other
  post_tasks: [{command: last}]
  handlers:
  - name: restart
    command: restart
  - name: reload the hub
    listen: reload
    command: tljh-config reload
  - name: other
    command: other
  - name: never
    command: never
`, `site.yml all
4:14 one
18:14 tljh-config reload
7:14 two
9:14 three ? it depends on "when: maybe", and variable "maybe" is not set in the repository
15:14 restart
18:14 tljh-config reload
20:14 other ? it depends on "when: maybe", and variable "maybe" is not set in the repository
12:26 last
`},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, brief(readAll(steptest.Archive(c.in)))); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}
