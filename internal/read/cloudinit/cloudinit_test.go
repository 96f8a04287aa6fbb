package cloudinit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

func show(steps []step.Step) string {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "%d:%d", s.At.Start.Line, s.At.Start.Column)
		if s.IsWrite() {
			fmt.Fprintf(&b, " > %s %q", span.Show(s.Dest.String()), span.Show(s.Content.String()))
		}
		for _, a := range s.Argv {
			fmt.Fprintf(&b, " [%s]", span.Show(a.String()))
		}
		if s.Cond != nil {
			b.WriteString(" ?")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		problems int
	}{
		"commands": {`#cloud-config
runcmd:
  - tljh-config set limits.memory 2G
  - [tljh-config, set, "auth.type", 'it''s']
  - |
    M=3G
    tljh-config set limits.memory $M
  - [bash, /root/x.sh, a]
bootcmd:
  - first
write_files:
  - path: /root/x.sh
    permissions: '0700'
    content: |
      #!/bin/bash
      tljh-config set limits.cpu $1
  - {path: /b, encoding: b64, content: aGVsbG8=}
  - path: /c
    defer: true
    append: true
`, `10:5 [first]
12:11 > /root/x.sh "#!/bin/bash\ntljh-config set limits.cpu $1\n"
17:12 > /b "hello"
18:11 > /c ""
3:5 [tljh-config] [set] [limits.memory] [2G]
4:6 [tljh-config] [set] [auth.type] [it's]
7:5 [tljh-config] [set] [limits.memory] [3G]
16:7 [tljh-config] [set] [limits.cpu] [a]
`, 0},
		"settings": {`#cloud-config
package_upgrade: yes
packages: [unattended-upgrades, [nginx, "1.2"], {apt: [netdata]}]
ssh_pwauth: False
users:
  - default
  - name: ann
    ssh-authorized-keys:
      - ssh-ed25519 AAAA ann
disable_ec2_metadata: true
mounts:
  - [sdb, /home, ext4]
`, `10:23 [cloud-init:disable_ec2_metadata] [true]
12:6 [cloud-init:mounts] [sdb] [/home] [ext4]
9:9 [cloud-init:ssh_authorized_keys] [ssh-ed25519 AAAA ann]
4:13 [cloud-init:ssh_pwauth] [false]
2:18 [cloud-init:package_upgrade] [true]
3:12 [apt-get] [install] [unattended-upgrades]
3:34 [apt-get] [install] [nginx]
3:56 [apt-get] [install] [netdata]
`, 0},
		"mistakes": {"#cloud-config\nruncmd: tljh-config set a b\nwrite_files:\n  - content: x\n", "", 2},
		"a colon":  {"#cloud-config\nruncmd:\n  - echo tljh: x\n", "3:5 [(unreadable)] [a command of runcmd that is not valid]\n", 1},
		"no yaml":  {"#cloud-config\nruncmd: [tljh-config\n", "1:1 [(unreadable)] [the cloud-config cannot be read: not valid YAML: did not find expected ',' or ']']\n", 1},
		"jinja":    {"## template: jinja\n#cloud-config\nruncmd:\n  - x {{ v1.region }}\n", "4:5 [x] […]\n", 0},
		"conditions of jinja": {`## template: jinja
#cloud-config
packages:
  - htop
{% if v1.region == "eu" %}
  - unattended-upgrades
{% endif %}
{# nobody reads {{ this }} #}
runcmd:
  - |
    M=1G
    {%- if a %}
    M=2G
    {%- endif %}
    set-memory $M
{% if b %}
  - first
{% else %}
  - second
{% endif %}
{% for u in ds.users %}
  - add {{ u }}
{% endfor %}
{% set x = 1 %}
  - last
`, `4:5 [apt-get] [install] [htop]
6:5 [apt-get] [install] [unattended-upgrades] ?
15:5 [set-memory] [2G] ?
17:5 [first] ?
19:5 [second] ?
22:5 [add] […] ?
25:5 [last]
`, 0},
		"all depends": {"## template: jinja\n#cloud-config\n{% if a %}\nruncmd:\n  - x\n{% endif %}\n", "5:5 [x] ?\n", 0},
		"no end":      {"## template: jinja\n#cloud-config\nruncmd:\n  - y\n{% if a %}\n  - x\n", "4:5 [y] ?\n6:5 [x] ?\n", 1},
		"not open":    {"## template: jinja\n#cloud-config\nruncmd:\n  - y # {% endif %}\n", "4:5 [y] ?\n", 1},
		"empty":       {"#cloud-config\n", "", 0},
		"a script in two pieces": {"#cloud-config\nwrite_files:\n  - path: /s.sh\n    content: |\n      first\n  - path: /s.sh\n    append: true\n    content: |\n      second\nruncmd:\n  - sh /s.sh\n",
			"3:11 > /s.sh \"first\\n\"\n6:11 > /s.sh \"second\\n\"\n5:7 [first]\n9:7 [second]\n", 0},
		"apt.conf outlasts the package": {"#cloud-config\napt:\n  conf: |\n    APT::Periodic::Enable \"0\";\npackages: [unattended-upgrades]\n",
			"5:12 [apt-get] [install] [unattended-upgrades]\n4:5 [cloud-init:apt_conf] [APT::Periodic::Enable \"0\";\n]\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := Read(span.NewSource("u.yaml", c.in).Whole(), shell.Options{})
			if d := cmp.Diff(c.want, show(r.Steps)); d != "" || len(r.Problems) != c.problems {
				t.Errorf("-want +got\n%s\nproblems %v", d, r.Problems)
			}
		})
	}
}

func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("#cloud-config\na0: &a0 [x, x]\n")
	for k := 1; k < 40; k++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", k, k, k-1, k-1)
	}
	r := Read(span.NewSource("u", b.String()).Whole(), shell.Options{})
	if len(r.Problems) != 1 {
		t.Errorf("problems %v", r.Problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("#cloud-config\nruncmd:\n  - [a, 'b']\n  - >\n    c\n    d\n  - &x |2\n      e\n  - *x\n")
	f.Add("#cloud-config\nwrite_files:\n- {path: /a, content: !!binary aGk=, encoding: gz+b64}\nusers: {}\npackages: x\n")
	f.Add("## template: jinja\n#cloud-config\n{% if a %}\nmounts: [[a, {{ b }}]]\n{% endif %}\n")
	f.Fuzz(func(t *testing.T, s string) {
		r := Read(span.NewSource("u", s).Whole(), shell.Options{})
		for i := range r.Steps {
			if f := r.Steps[i].At.File; f != "" && f != "u" {
				t.Fatalf("place in %q", f)
			}
		}
	})
}
