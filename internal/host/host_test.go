package host

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// interpret reads the first file of an archive as a script and interprets it.
func interpret(text string) *Machine {
	a := txtar.Parse([]byte(text))
	files := steptest.Files{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	name := a.Files[0].Name
	src, _ := files.Open(name)
	r := shell.Read(src.Whole(), shell.Options{Files: files, Dir: dirOf(name)})
	return Interpret([]step.Carrier{{File: name, Format: "shell", Steps: r.Steps}}, files)
}

var kinds = []string{"set", "unset", "add-item", "remove-item", "config", "snippet", "traefik", "install", "plugin", "package", "start", "stale", "opaque"}

func ops(m *Machine) string {
	var b strings.Builder
	for _, o := range m.Ops {
		if o.Kind == tljh.OpPackage {
			continue // see TestModules
		}
		fmt.Fprintf(&b, "%d-%d %s", o.At.Start.Line, o.At.End.Line, kinds[o.Kind])
		for _, w := range []string{o.Path.String(), o.Name, o.Value.String(), o.Content.String()} {
			if w != "" {
				fmt.Fprintf(&b, " %q", span.Show(w))
			}
		}
		for _, a := range o.Args {
			fmt.Fprintf(&b, " [%s]", span.Show(a.String()))
		}
		for _, p := range o.Plugins {
			fmt.Fprintf(&b, " plugin %s %s", p.Module, p.Text.Span().File)
			if p.Maybe != "" {
				b.WriteString("?")
			}
		}
		if o.Append {
			b.WriteString(" append")
		}
		if o.Maybe != "" {
			b.WriteString(" ?")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestOps(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"installer": {`
-- a.sh --
curl -L https://tljh.jupyter.org/bootstrap.py |
  sudo -E python3 - --admin ann --version 2.0.0
wget -q https://tljh.jupyter.org/bootstrap.py
python3 bootstrap.py --admin bob
python3 <(curl -s https://raw.githubusercontent.com/o/the-littlest-jupyterhub/main/bootstrap/bootstrap.py) --plugin p
curl -o /tmp/b.py https://tljh.jupyter.org/bootstrap.py && TLJH_BOOTSTRAP_PIP_SPEC=git+x python3 /tmp/b.py
/opt/tljh/hub/bin/python -m tljh.installer --admin cy
curl $URL | python3 - --admin dee
curl https://e.org/other.py | python3 - --admin no
cat sub/bootstrap.py | python3
-- sub/bootstrap.py --
`, `1-2 install "tljh.jupyter.org" [--admin] [ann] [--version] [2.0.0]
4-4 install "tljh.jupyter.org" [--admin] [bob]
5-5 install "https://raw.githubusercontent.com/o/the-littlest-jupyterhub/main/bootstrap/bootstrap.py" [--plugin] [p]
6-6 install "tljh.jupyter.org" "git+x"
7-7 install "tljh.installer" [--admin] [cy]
8-8 install "(unknown)" [--admin] [dee] ?
10-10 install "(repository)"
`},
		"plugins": {`
-- a.sh --
python3 bootstrap.py --plugin ./plug other
python3 bootstrap.py --plugin "git+https://example.org/us/hub.git@v1#egg=tljh-plug&subdirectory=plug"
python3 bootstrap.py --plugin git+https://example.org/us/tljh-root@main
python3 bootstrap.py --plugin tljh_root==1.0
python3 bootstrap.py --plugin git+https://example.org/us/somebody-elses
python3 bootstrap.py --plugin $P
python3 bootstrap.py --plugin /srv/plug
/opt/tljh/hub/bin/pip install -e ./plug
-- setup.py --
from setuptools import setup
setup(
    name="tljh-root",
    entry_points={"tljh": ["root = root_hub"]},
)
-- root_hub.py --
-- plug/pyproject.toml --
[project]
name = "tljh-plug"
[project.entry-points.tljh]
plug = "plug.hooks"
-- plug/src/plug/hooks.py --
`, `1-1 install "(unknown)" [--plugin] [./plug] [other] plugin plug.hooks plug/src/plug/hooks.py
2-2 install "(unknown)" [--plugin] [git+https://example.org/us/hub.git@v1#egg=tljh-plug&subdirectory=plug] plugin plug.hooks plug/src/plug/hooks.py
3-3 install "(unknown)" [--plugin] [git+https://example.org/us/tljh-root@main] plugin root_hub root_hub.py
4-4 install "(unknown)" [--plugin] [tljh_root==1.0] plugin root_hub root_hub.py
5-5 install "(unknown)" [--plugin] [git+https://example.org/us/somebody-elses]
6-6 install "(unknown)" [--plugin] […] plugin root_hub root_hub.py?
7-7 install "(unknown)" [--plugin] [/srv/plug] plugin plug.hooks plug/src/plug/hooks.py?
8-8 plugin "plug.hooks" plugin plug.hooks plug/src/plug/hooks.py
`},
		"tljh-config": {`
-- a.sh --
tljh-config --no-validate set a.b c
sudo /usr/bin/tljh-config add-item users.admin "ann lee"
tljh-config unset a.b
tljh-config remove-item users.admin bob
tljh-config set a b c
tljh-config set a $EMPTY
tljh-config --config-path /tmp/x.yaml set a b
tljh-config set auth.GitHubOAuthenticator.client_secret ${NOTHING:-}
tljh-config reload proxy
"$TLJH_CONFIG" set d e
[ -f /x ] && tljh-config set f g
`, `1-1 set "a.b" "c"
2-2 add-item "users.admin" "ann lee"
3-3 unset "a.b"
4-4 remove-item "users.admin" "bob"
6-6 set "a" "…"
8-8 set "auth.GitHubOAuthenticator.client_secret" "…"
10-10 set "d" "e" ?
11-11 set "f" "g" ?
`},
		"files": {`
-- deploy/a.sh --
sudo cp config.yaml /opt/tljh/config/config.yaml
cp -r ../conf/. /opt/tljh/config/
cp snippets/*.py /opt/tljh/config/jupyterhub_config.d
cd /opt/tljh/config && cat > jupyterhub_config.d/z.py <<EOF
c.a = 1
EOF
echo "limits: {}" >> /opt/tljh/config/config.yaml
sed -i s/a/b/ /opt/tljh/config/config.yaml
rm -f /opt/tljh/config/jupyterhub_config.d/z.py
cp gone.yaml /opt/tljh/config/config.yaml
vim /opt/tljh/config/config.yaml
cp x /opt/tljh/config.yaml
curl -o /opt/tljh/config/config.yaml https://e.org/c.yaml
cp gone.png /opt/tljh/config/logo.png; cp gone/*.html /opt/tljh/config/templates/; cp gone.crt /opt/tljh/config/
cp -r gone /opt/tljh/config/
cp gone.py /opt/tljh/config/
-- deploy/config.yaml --
a: 1
-- conf/config.yaml --
b: 2
-- conf/traefik_config.d/t.toml --
x = 1
-- deploy/snippets/s.py --
c.b = 2
-- deploy/snippets/notes.txt --
`, `1-1 config "a: 1\n"
2-2 config "b: 2\n"
2-2 traefik "t.toml" "x = 1\n"
3-3 snippet "s.py" "c.b = 2\n"
4-4 snippet "z.py" "c.a = 1\n"
7-7 config "limits: {}\n" append
9-9 snippet "z.py"
10-10 config "…"
11-11 opaque
13-13 config "…"
15-15 opaque
16-16 opaque
`},
		"placeholders": {`
-- a.sh --
sed -i "s/__HOST__/$HOST/" conf/config.yaml
cp -r conf/. /opt/tljh/config/
cat >> /opt/tljh/config/config.yaml <<E
limits: {memory: __MEM__}
E
tljh-config set https.letsencrypt.email __MAIL__
sudo sed -i -e 's/__MEM__/2G/' -e 's/__MAIL__/ops@example.org/' /opt/tljh/config/config.yaml
cat > /opt/tljh/config/jupyterhub_config.d/x.py <<E
c.a = "WHO"
E
sed -i 's/"WHO"/1/' /opt/tljh/config/jupyterhub_config.d/x.py
sed 's/"WHO"/2/' conf/y.py | tee /opt/tljh/config/jupyterhub_config.d/y.py
-- conf/config.yaml --
https: {letsencrypt: {domains: [__HOST__]}}
-- conf/y.py --
c.b = "WHO"
`, `2-2 config "https: {letsencrypt: {domains: […]}}\n"
3-3 config "limits: {memory: 2G}\n" append
6-6 set "https.letsencrypt.email" "ops@example.org"
8-8 snippet "x.py" "c.a = 1\n"
12-12 snippet "y.py" "c.b = 2\n"
`},
		"a file that was written anew": {`
-- a.sh --
curl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ada
tljh-config set limits.cpu 2
printf 'limits:\n  memory: 1G\n' > /opt/tljh/config/config.yaml
sed -i 's/memory: 1G/memory: 3G/' /opt/tljh/config/config.yaml
`, `1-1 install "tljh.jupyter.org" [--admin] [ada]
2-2 set "limits.cpu" "2"
3-3 config "limits:\n  memory: 3G\n"
`},
		"what sed does to a file that is not followed": {`
-- a.sh --
sed -i /auth/d config.yaml
cp config.yaml /opt/tljh/config/config.yaml
[ -f /x ] && sed -i s/AUTH/x/ other.yaml
cp other.yaml /opt/tljh/config/config.yaml
sed -i '/^  enabled/d' /opt/tljh/config/config.yaml
tljh-config set limits.cpu 2
sed -i 's/cpu: 2/cpu: 3/' /opt/tljh/config/config.yaml
sed -i 's/limits/https/' /opt/tljh/config/config.yaml
[ -f /x ] && sed -i s/AUTH/x/ /opt/tljh/config/config.yaml
sed -i s/AUTH/x/ /opt/tljh/config/jupyterhub_config.d/never-seen.py
-- config.yaml --
auth: 1
-- other.yaml --
a: AUTH
`, `2-2 config "…"
4-4 config "…"
5-5 opaque
6-6 set "limits.cpu" "2"
7-7 opaque
8-8 opaque
9-9 opaque ?
10-10 opaque
`},
		"an interpreter that is found when the script runs": {`
-- a.sh --
curl -o /srv/inst.py https://tljh.jupyter.org/bootstrap.py
$PY /srv/inst.py --admin a
curl -L https://tljh.jupyter.org/bootstrap.py | sudo "$(which python3)" - --admin b
`, `2-2 install "tljh.jupyter.org" [--admin] [a]
3-3 install "tljh.jupyter.org" [--admin] [b]
`},
		"tests for what the installer made": {`
-- a.sh --
[ -d /opt/tljh/user ] && tljh-config set a 1
if ! curl -L https://tljh.jupyter.org/bootstrap.py | sudo -E python3 - --admin a; then
  echo failed
fi
if [ -d "/opt/tljh/user" ]; then tljh-config set b 1; else tljh-config set b 2; fi
command -v tljh-config || tljh-config set c 1
[ ! -f /opt/tljh/config/config.yaml ] && tljh-config set d 1
[ -x /opt/tljh/user/bin/pip -a -f /etc/x ] && tljh-config set e 1
`, `1-1 set "a" "1" ?
2-2 install "tljh.jupyter.org" [--admin] [a]
5-5 set "b" "1"
7-7 set "d" "1"
8-8 set "e" "1" ?
`},
		"names and values from a file": {`
-- a.sh --
main() {
  tljh-config set a "${1:-4G}"
}
main "$@"
export $(grep -v '^#' .env | xargs)
tljh-config set b "$B $C"
unset B C
export $(cat .env | awk '!/^\s*#/' | awk '!/^\s*$/' | xargs)
tljh-config set c "$B $C"
export $(egrep -v '^(#|B)' .env | xargs -d '\n')
tljh-config set d "$B $C"
export $(cat gone.env | xargs)
tljh-config set e "${E:-1}"
-- .env --
# a comment
B="two words"

C=3 # x
`, `2-2 set "a" "4G"
6-6 set "b" "two 3"
9-9 set "c" "two 3"
11-11 set "d" "two 3"
13-13 set "e" "…"
`},
		"other languages": {`
-- a.sh --
python3 configure.py
python3 - <<'E'
open("/opt/tljh/config/config.yaml", "w")
E
find /opt/tljh/config -type f
find . -name x -exec cp {} /opt/tljh/config/ \\;
python3 other.py
-- configure.py --
run(["tljh-config", "set"])
-- other.py --
`, "1-1 opaque\n2-2 opaque\n6-6 opaque\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, ops(interpret(c.in))); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestScriptThatAnEarlierCarrierDropped(t *testing.T) {
	src := span.NewSource("main.tf", "tljh-config set limits.cpu 2\n/tmp/x.sh")
	m := Interpret([]step.Carrier{{File: "main.tf", Steps: []step.Step{
		{Dest: span.Plain("/tmp/x.sh"), Content: src.Slice(0, 29), At: src.Span(0, 5)},
		{Argv: []span.Text{span.Plain("bash"), src.Slice(29, 38)}, At: src.Span(29, 38)},
	}}}, nil)
	if got := ops(m); got != "1-1 set \"limits.cpu\" \"2\"\n" {
		t.Error(got)
	}
}

func plain(t *testing.T, m *Machine, key string) string {
	t.Helper()
	var v any
	switch key {
	case "environment":
		v = m.Environment.Plain()
	case "backups":
		list := []any{}
		for _, b := range m.Backups {
			list = append(list, b.Plain())
		}
		v = list
	default:
		v = m.Guest.Get(strings.Split(key, ".")...).Plain()
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGuest(t *testing.T) {
	const on, off = `[{"kind":"unattended","target":"apt"}]`, `[{"kind":"removed","target":"apt"}]`
	const perhaps = `[{"kind":"unattended","target":"apt"},{"kind":"removed","target":"apt"}]`
	conf := func(s string) string {
		return "cat > /etc/apt/apt.conf.d/20auto-upgrades <<'E'\nAPT::Periodic::" + s + ";\nE\n"
	}
	daily := func(file string) string { return "echo '0 3 * * * root borg create u@h:r /home' > " + file + "\n" }
	job := func(enabled string) string {
		return `[{"covers":["/home"],"enabled":` + enabled + `,"every_hours":24,"id":"script:0","keep_count":null,"keep_days":null,"kind":"script","offsite":true,"paths":["/home"],"survives_instance_delete":true}]`
	}
	const timer = "cat > /etc/systemd/system/b.service <<'E'\n[Service]\nExecStart=borg create u@h:r /home\nE\n" +
		"cat > /etc/systemd/system/b.timer <<'E'\n[Timer]\nOnCalendar=daily\nE\n"
	for _, c := range []struct{ in, key, want string }{
		{"apt-get install -y unattended-upgrades", "patching", `[{"kind":"unattended","target":"apt"}]`},
		{"apt upgrade -y; apt-get purge -y unattended-upgrades", "patching", `[{"kind":"first_boot_only","target":"apt"},{"kind":"removed","target":"apt"}]`},
		{"systemctl disable --now apt-daily-upgrade.timer", "patching", `[{"kind":"removed","target":"apt-daily-upgrade.timer"}]`},
		{"cat > /etc/apt/apt.conf.d/20auto-upgrades <<E\nAPT::Periodic::Unattended-Upgrade \"1\";\nE", "patching", `[{"kind":"unattended","target":"apt"}]`},
		{"echo 'APT::Periodic::Unattended-Upgrade \"0\";' | sudo tee /etc/apt/apt.conf.d/20auto-upgrades", "patching", `[{"kind":"removed","target":"apt"}]`},
		{"apt-get install -y unattended-upgrades; sed -i 's/Unattended-Upgrade \"1\"/Unattended-Upgrade \"0\"/' /etc/apt/apt.conf.d/20auto-upgrades", "patching", off},
		{"apt-get install -y unattended-upgrades; sed -i 's/\"1\"/\"0\"/' /etc/apt/apt.conf.d/20auto-upgrades", "patching", perhaps},
		{"apt-get install -y unattended-upgrades; sed -i 's/x/y/' /etc/apt/apt.conf.d/50unattended-upgrades", "patching", on},
		{conf("Unattended-Upgrade \"1\"") + "sed -i 's/\"1\"/\"0\"/' /etc/apt/apt.conf.d/20auto-upgrades", "patching", off},
		{conf("Update-Package-Lists \"0\"") + conf("Unattended-Upgrade \"1\""), "patching", on},
		{conf("Unattended-Upgrade \"1\";\nAPT::Periodic::Update-Package-Lists \"0\""), "patching", off},
		{conf("Unattended-Upgrade \"1\"") + "echo 'APT::Periodic::Enable \"0\";' > /etc/apt/apt.conf.d/10x", "patching", off},
		{conf("Unattended-Upgrade \"1\"") + "echo 'APT::Periodic::Unattended-Upgrade \"0\";' > /etc/apt/apt.conf.d/10x", "patching", on},
		{conf("Unattended-Upgrade \"1\"") + "echo 'APT::Periodic::Unattended-Upgrade \"0\";' > /etc/apt/apt.conf.d/99x", "patching", off},
		{conf("Unattended-Upgrade \"1\"") + "echo 'APT::Periodic::Unattended-Upgrade \"0\";' > /etc/apt/apt.conf.d/99x.bak", "patching", on},
		{"echo 'APT::Periodic::Unattended-Upgrade \"0\";' > /etc/apt/apt.conf.d/99x; apt install unattended-upgrades", "patching", off},
		{"systemctl disable apt-daily-upgrade.timer; apt install unattended-upgrades", "patching", `[{"kind":"removed","target":"apt-daily-upgrade.timer"}]`},
		{"systemctl stop unattended-upgrades apt-daily.timer; apt install unattended-upgrades", "patching", on},
		{"systemctl mask apt-daily.timer; systemctl unmask apt-daily.timer", "patching", `[{"kind":"unattended","target":"apt-daily.timer"}]`},
		{"apt install unattended-upgrades; rm -f /etc/apt/apt.conf.d/20auto-upgrades", "patching", off},
		{"apt install unattended-upgrades; rm -f /etc/apt/apt.conf.d/20auto-upgrades\n" + conf("Unattended-Upgrade \"1\""), "patching", on},
		{"apt-get install -s unattended-upgrades; apt-get -d install unattended-upgrades", "patching", "null"},
		{"apt install unattended-upgrades; apt install needrestart unattended-upgrades-", "patching", off},
		{"apt install unattended-upgrades; dpkg -P unattended-upgrades", "patching", off},
		{"apt install unattended-upgrades; apt-get purge -y unattended-upgrades\n" + conf("Unattended-Upgrade \"1\""), "patching", off},
		{"apt install unattended-upgrades; echo unattended-upgrades unattended-upgrades/enable_auto_updates boolean false | debconf-set-selections; dpkg-reconfigure -f noninteractive unattended-upgrades", "patching", off},
		{"echo unattended-upgrades unattended-upgrades/enable_auto_updates boolean true | debconf-set-selections; dpkg-reconfigure -f noninteractive unattended-upgrades", "patching", on},
		{"apt install unattended-upgrades; cat > /etc/apt/apt.conf.d/50unattended-upgrades <<'E'\nUnattended-Upgrade::Allowed-Origins {\n//  \"${distro_id}:${distro_codename}-security\";\n};\nE", "patching", off},
		{"apt install unattended-upgrades; cat > /etc/apt/apt.conf.d/50unattended-upgrades <<'E'\nUnattended-Upgrade::Allowed-Origins {\n  \"${distro_id}:${distro_codename}-security\";\n};\nE", "patching", on},
		{"[ -f /x ] && apt purge unattended-upgrades; apt install unattended-upgrades", "patching", on},
		{"apt purge unattended-upgrades; [ -f /x ] && apt install unattended-upgrades", "patching", `[{"kind":"unattended","target":"apt"},{"kind":"removed","target":"apt"}]`},
		{"mkdir -p /etc/ssh/sshd_config.d; echo PasswordAuthentication no > /etc/ssh/sshd_config.d/10-a.conf; echo PasswordAuthentication yes > /etc/ssh/sshd_config.d/99-b.conf", "ssh.password_auth", "false"},
		{"echo PasswordAuthentication no > /etc/ssh/sshd_config.d/10-a.conf; echo PasswordAuthentication yes > /etc/ssh/sshd_config.d/00-b.conf", "ssh.password_auth", "true"},
		{"echo PasswordAuthentication no > /etc/ssh/sshd_config.d/10-a; echo PasswordAuthentication yes >> /etc/ssh/sshd_config", "ssh.password_auth", "true"},
		{"echo PasswordAuthentication no > /etc/ssh/sshd_config.d/10-a.conf; sed -i 's/^PasswordAuthentication no/PasswordAuthentication yes/' /etc/ssh/sshd_config", "ssh.password_auth", "false"},
		{"echo 'ssh-ed25519 A' > ~/.ssh/authorized_keys; echo PasswordAuthentication no > /etc/ssh/sshd_config.d/10-a.conf; rm /etc/ssh/sshd_config.d/10-a.conf", "ssh.password_auth", "null"},
		{"printf 'PasswordAuthentication no\nMatch Group staff\n  PasswordAuthentication yes\n' > /etc/ssh/sshd_config.d/10-a.conf", "ssh.password_auth", "true"},
		{"echo 'ssh-ed25519 A' > ~/.ssh/authorized_keys; printf 'Match Group staff\n  PasswordAuthentication no\n' > /etc/ssh/sshd_config.d/10-a.conf", "ssh.password_auth", "null"},
		{"printf 'PasswordAuthentication no\nPasswordAuthentication yes\n' > /etc/ssh/sshd_config.d/10-a.conf", "ssh.password_auth", "false"},
		{"sshpass -e ssh root@hub.example.org tljh-config reload; if [ -n \"$X\" ]; then sshpass -e ssh root@hub.example.org tljh-config reload; fi", "ssh.password_auth", "true"},
		{"echo '/dev/sdb /home ext4 noauto 0 2' >> /etc/fstab; mount /dev/sdc /srv; umount /srv; echo 'tmpfs /srv tmpfs defaults 0 0' >> /etc/fstab", "mounts", "null"},
		{"echo '/dev/sdb /home ext4 defaults 0 2' >> /etc/fstab; umount /home", "mounts", `[{"filesystem":"ext4","path":"/home","source":"/dev/sdb"}]`},
		{daily("/etc/cron.d/b") + "rm /etc/cron.d/b", "backups", `[]`},
		{daily("/etc/cron.d/b") + "echo '# none' > /etc/cron.d/b", "backups", `[]`},
		{"echo '0 3 * * * borg create u@h:r /home' | crontab -; crontab -r", "backups", `[]`},
		{"echo '0 3 * * * borg create u@h:r /home' | crontab -; echo '@reboot true' | crontab -", "backups", `[]`},
		{"echo '0 3 * * * borg -v create u@h:r /home' > /etc/cron.d/b", "backups", `[]`}, // borg is taken for a user
		{"echo '0 3 * * * root borg create --exclude /home u@h:r /' > /etc/cron.d/b; rm -f /etc/cron.d/other", "backups",
			`[{"covers":["/opt/tljh"],"enabled":true,"every_hours":24,"id":"script:0","keep_count":null,"keep_days":null,"kind":"script","offsite":true,"paths":["/opt/tljh"],"survives_instance_delete":true}]`},
		{daily("/etc/cron.d/b.sh"), "backups", job("false")},
		{timer, "backups", job("null")},
		{timer + "systemctl enable --now b.timer", "backups", job("true")},
		{timer + "systemctl enable --now b.timer; systemctl disable b.timer", "backups", job("false")},
		{"echo PasswordAuthentication no >> /etc/ssh/sshd_config", "ssh.password_auth", "false"},
		{"sed -i 's/^#*PasswordAuthentication .*/PasswordAuthentication no/' /etc/ssh/sshd_config", "ssh.password_auth", "false"},
		{"printf '%s\\n' '#PasswordAuthentication no' >> /etc/ssh/sshd_config", "ssh.password_auth", "null"},
		{"printf 'Port 22\\n\\tPasswordAuthentication no\\n' >> /etc/ssh/sshd_config", "ssh.password_auth", "false"},
		{"[ -f /k ] && echo PasswordAuthentication no >> /etc/ssh/sshd_config", "ssh.password_auth", "null"},
		{"echo 'ssh-ed25519 AAAA' >> /root/.ssh/authorized_keys", "ssh.keys", "1"},
		{"bash <(curl -Ss https://my-netdata.io/kickstart.sh)", "monitoring", `[{"kind":"agent","notify":false,"signal":null,"target":"netdata"}]`},
		{"curl -sSO https://dl.google.com/cloudagents/add-google-cloud-ops-agent-repo.sh && bash add-google-cloud-ops-agent-repo.sh --also-install", "monitoring",
			`[{"kind":"agent","notify":false,"signal":null,"target":"google-cloud-ops-agent"}]`},
		{"iptables -A OUTPUT -m owner ! --uid-owner root -d 169.254.169.254 -j DROP", "metadata.users_blocked", "true"},
		{"mkfs.ext4 /dev/sdb; mount /dev/sdb /home", "mounts", `[{"filesystem":"ext4","path":"/home","source":"/dev/sdb"}]`},
		{"zfs create -o mountpoint=/home tank/home", "mounts", `[{"filesystem":"zfs","path":"/home","source":"tank/home"}]`},
		{"echo '/dev/disk/by-id/x /home ext4 defaults 0 2' >> /etc/fstab", "mounts", `[{"filesystem":"ext4","path":"/home","source":"/dev/disk/by-id/x"}]`},
		{"apt install nginx", "proxy", `{"kind":"nginx","sites":[],"tls":false}`},
		{"apt install nginx; certbot --nginx -d x.org", "proxy", `{"kind":"nginx","sites":[],"tls":true}`},
		{"cat > /etc/caddy/Caddyfile <<E\nhub.x.org {\n  reverse_proxy localhost:8080\n}\nE", "proxy", `{"kind":"caddy","sites":[{"kind":"caddy","tls":true,"to":["localhost:8080"]}],"tls":false}`},
		{"ufw allow http", "host_firewall.enabled", "false"},
		{"ufw default deny incoming; ufw allow from 10.0.0.0/8 to any port 22 proto tcp; ufw --force enable", "host_firewall",
			`{"default_incoming":"deny","enabled":true,"rules":[{"action":"allow","cidrs":["10.0.0.0/8"],"from":22,"proto":"tcp","to":22}],"tool":"ufw"}`},
		{"export PATH=/opt/tljh/user/bin:$PATH\npip install numpy==1.2 scipy", "environment", `[{"kind":"packages","pinned":false,"target":"numpy==1.2 scipy"}]`},
		{"/opt/tljh/user/bin/pip install 'numpy==1.2'", "environment", `[{"kind":"packages","pinned":true,"target":"numpy==1.2"}]`},
		{"export PATH=/opt/tljh/user/bin:$PATH; sudo -E pip install a==1", "environment", `null`}, // secure_path of Ubuntu's sudoers
		{"export PATH=/opt/tljh/user/bin:$PATH; sudo -E PATH=$PATH pip install a==1", "environment", `[{"kind":"packages","pinned":true,"target":"a==1"}]`},
		{"curl -L https://tljh.jupyter.org/bootstrap.py | python3 -\nssh other 'apt-get purge -y unattended-upgrades; /opt/tljh/user/bin/pip install a==1'", "environment", `null`}, // of another machine
		{"ssh hub 'curl -L https://tljh.jupyter.org/bootstrap.py | python3 -; /opt/tljh/user/bin/pip install a==1'", "environment", `[{"kind":"packages","pinned":true,"target":"a==1"}]`},
		{"tljh-config set limits.cpu 1; sudo -E pip install a==1; sudo -E conda install -y b", "environment", // in the hub's terminal
			`[{"kind":"packages","pinned":true,"target":"a==1"},{"kind":"packages","pinned":false,"target":"b"}]`},
		{"curl -L https://tljh.jupyter.org/bootstrap.py | python3 -; tljh-config set limits.cpu 1; sudo -E pip install a==1", "environment", `null`},
		{"ssh hub tljh-config set limits.cpu 1; sudo -E pip install a==1", "environment", `null`},
		{"sudo -E pip install a==1; PATH=$PATH:/opt/tljh/user/bin pip install b; PATH=/opt/miniconda/bin:/opt/tljh/user/bin conda install c==1", "environment", `null`},
		{"export PATH=$PATH:/opt/tljh/user/bin && conda install -y a=1", "environment", `[{"kind":"packages","pinned":true,"target":"a=1"}]`},
		{"/opt/tljh/user/bin/pip install -U pip 'setuptools<70' wheel; /opt/tljh/user/bin/conda update -n base conda", "environment", `[]`},
		{"/opt/tljh/user/bin/conda run -n other pip install a; conda run --prefix /x pip install b", "environment", `[]`},
		{"/opt/tljh/user/bin/conda run -n base pip install a==1", "environment", `[{"kind":"packages","pinned":true,"target":"a==1"}]`},
		{"pip install a==1; /opt/tljh/hub/bin/pip install b; conda install -n other c", "environment", `[]`},
		{"PATH=/opt/tljh/user/bin:$PATH mamba install -y -c conda-forge gdal=3.1", "environment", `[{"kind":"packages","pinned":true,"target":"gdal=3.1"}]`},
		{"/opt/tljh/user/bin/conda env update -n base -f env.yml", "environment", `[{"kind":"environment_file","pinned":true,"target":"env.yml"}]`},
		{"/opt/tljh/user/bin/python -m pip install -r reqs.txt", "environment", `[{"kind":"requirements_file","pinned":false,"target":"reqs.txt"}]`},
		{"/opt/tljh/user/bin/pip install -r gone.txt", "environment", `[{"kind":"requirements_file","pinned":null,"target":"gone.txt"}]`},
		{"(crontab -l; echo '0 */6 * * * restic backup /home /opt/tljh --repo s3:x') | crontab -", "backups",
			`[{"covers":["/home","/opt/tljh"],"enabled":true,"every_hours":6,"id":"script:0","keep_count":null,"keep_days":null,"kind":"script","offsite":true,"paths":["/home","/opt/tljh"],"survives_instance_delete":true}]`},
		{"cat > /etc/cron.daily/b <<'E'\n#!/bin/sh\n# rsync\ntar czf /mnt/h.tgz /home\nfind /mnt -mtime +14 -delete\nE", "backups",
			`[{"covers":["/home"],"enabled":true,"every_hours":24,"id":"script:0","keep_count":null,"keep_days":14,"kind":"script","offsite":false,"paths":["/home"],"survives_instance_delete":false}]`},
		{"echo '30 2 * * 0 root /usr/local/bin/backup.sh' > /etc/cron.d/b\ncp backup.sh /usr/local/bin/backup.sh", "backups",
			`[{"covers":["/home"],"enabled":true,"every_hours":168,"id":"script:0","keep_count":null,"keep_days":7,"kind":"script","offsite":true,"paths":["/home"],"survives_instance_delete":true}]`},
		{"echo '@daily echo /home' | crontab", "backups", `[]`},
	} {
		files := "\n-- env.yml --\nchannels:\n  - conda-forge\ndependencies:\n  - numpy=1.2\n-- reqs.txt --\na==1\nb\n-- backup.sh --\nborg create user@host:r /home\nborg prune --keep-daily 7\n"
		if got := plain(t, interpret("-- a.sh --\n"+c.in+files), c.key); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func FuzzInterpret(f *testing.F) {
	f.Add("cp -r . /opt/tljh/config; sed -i 's/a/b/;s' /etc/ssh/sshd_config; ufw allow from x to any port 1:2; crontab x\n")
	f.Add("pip install -r; conda env update --file=; mount -t; tljh-config --config-path; apt install; curl -o\n")
	f.Add("echo '*/0 1-2,3 * * * root tar /home' > /etc/cron.d/x; iptables -A INPUT --dport ssh -j ACCEPT; certbot --nginx\n")
	f.Fuzz(func(t *testing.T, s string) {
		m := interpret("-- a.sh --\n" + s)
		if _, err := json.Marshal(m.Guest.Plain()); err != nil {
			t.Fatal(err)
		}
	})
}

// Packages are noted where the hub may find their modules: in its own environment, or in the system's Python.
func TestModules(t *testing.T) {
	m := interpret(`
-- a.sh --
/opt/tljh/hub/bin/python3 -m pip install one 'two>=1'
/opt/tljh/hub/bin/pip install git+https://example.org/x/three.git $FOUR
source /opt/tljh/hub/bin/activate
pip install five
PATH=/usr/bin:/bin python3 -m pip install six
/opt/other/bin/pip install seven
/opt/tljh/user/bin/pip install eight
`)
	var got []string
	for _, o := range m.Ops {
		if o.Kind == tljh.OpPackage {
			got = append(got, fmt.Sprintf("%s %v", o.Name, o.System))
		}
	}
	want := "one false, two>=1 false, git+https://example.org/x/three.git false, five false, six true"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}
