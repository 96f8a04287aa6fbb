package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// command looks at one command.
func (i *interp) command(s *step.Step) {
	name := base(s.Argv[0].String())
	args := strs(s.Argv[1:])
	if strings.HasPrefix(name, "cloud-init:") {
		i.cloudInit(s, strings.TrimPrefix(name, "cloud-init:"), args)
		return
	}
	if strings.HasPrefix(name, "python") && i.installer(s) {
		return
	}
	i.download(s, name, args)
	switch name {
	case "tljh-config":
		i.tljhConfig(s, "")
		return
	case "cp", "mv", "install", "ln", "rsync", "scp":
		i.copy(s, name)
		return
	case "rm", "unlink":
		i.remove(s, args)
		return
	case "sed", "perl":
		i.sed(s, args)
		return
	case "bash", "sh", "dash", "source", ".":
		i.runScript(s, args)
		return
	case "apt", "apt-get", "aptitude", "yum", "dnf", "snap", "dpkg":
		i.packages(s, args)
	case "dpkg-reconfigure":
		if has(args, "unattended-upgrades") {
			i.guest.patch(s, "unattended", "apt")
		}
	case "unattended-upgrade", "unattended-upgrades":
		i.guest.patch(s, "first_boot_only", "apt")
	case "systemctl", "service", "update-rc.d":
		i.systemctl(s, args)
	case "ufw":
		i.ufw(s, args)
	case "iptables", "ip6tables":
		i.iptables(s, args)
	case "nft", "firewall-cmd":
		i.otherFirewall(s, name, args)
	case "crontab":
		i.crontab(s, args)
	case "mount", "zfs", "zpool", "mkfs", "mkfs.ext4", "mkfs.xfs", "mkfs.btrfs":
		i.mounting(s, name, args)
	case "certbot", "certbot-auto":
		if has(args, "--nginx") || has(args, "--apache") {
			i.guest.front(s, strings.TrimPrefix(pick(args, "--nginx", "--apache"), "--"), true)
		}
	case "ssh-import-id", "ssh-import-id-gh":
		i.guest.addKeys(s, 1)
	case "docker", "podman":
		i.docker(s, args)
	}
	if i.python(s, name, args) {
		return
	}
	if span.IsUnknown(s.Argv[0].String()) {
		i.unknownProgram(s)
		return
	}
	i.touches(s, name, args)
}

func has(list []string, want string) bool { return pick(list, want) != "" }

// pick is the first of want that is in list.
func pick(list []string, want ...string) string {
	for _, w := range want {
		for _, l := range list {
			if l == w {
				return w
			}
		}
	}
	return ""
}

// unknownProgram judges a command whose program is not known.
func (i *interp) unknownProgram(s *step.Step) {
	if len(s.Argv) >= 3 && len(s.Argv) <= 4 {
		switch s.Argv[1].String() {
		case "set", "unset", "add-item", "remove-item":
			i.tljhConfig(s, "the name of the command is not known ("+span.Reason(s.Argv[0].String())+")")
			return
		}
	}
	text := strings.Join(strs(s.Argv[1:]), " ")
	whole := len(s.Argv) == 1 && strings.TrimSpace(span.Show(s.Argv[0].String())) == "…"
	if whole || strings.Contains(text, "tljh") {
		i.opaque(s, "a command that is not known: "+span.Reason(s.Argv[0].String()))
	}
}

// readers are programs that change no file whose name they are given (curl and wget are looked at by download).
const readers = " cat ls chmod chown chgrp mkdir test [ grep egrep touch stat diff head tail less more echo printf cd du df file md5sum sha256sum setfacl getfacl tree wc cut awk curl wget "

// touches says that a program that is not understood is given TLJH's configuration to work on.
func (i *interp) touches(s *step.Step, name string, args []string) {
	if strings.Contains(readers, " "+name+" ") || name == "find" && pick(args, "-exec", "-delete", "-execdir", "-ok") == "" {
		return
	}
	if i.runsCode(s, name, args) {
		i.opaque(s, "a program is run here that changes TLJH's configuration; what it does is not worked out")
		return
	}
	for n, a := range args {
		p := where(s, strings.TrimPrefix(a, "--directory="))
		t := classify(p)
		unpack := (p == root || p == "/opt") && n > 0 && (args[n-1] == "-C" || args[n-1] == "-d")
		if t.kind != elsewhere && t.kind != dead || unpack || p == configDir {
			i.opaque(s, "the program "+span.Show(name)+" may change TLJH's configuration here in ways that cannot be followed")
			return
		}
	}
}

// runsCode says whether a program in another language that names TLJH's configuration is run.
func (i *interp) runsCode(s *step.Step, name string, args []string) bool {
	known := false
	for _, lang := range []string{"python", "perl", "ruby", "node", "php", "yq", "jq", "ansible"} {
		known = known || strings.HasPrefix(name, lang)
	}
	if !known {
		return false
	}
	names := func(t string) bool { return strings.Contains(t, configDir) || strings.Contains(t, "tljh-config") }
	if s.Stdin != nil && names(s.Stdin.String()) {
		return true
	}
	for _, a := range args {
		if names(a) {
			return true
		}
		if strings.HasSuffix(a, ".py") || strings.HasSuffix(a, ".pl") || strings.HasSuffix(a, ".rb") {
			if t, _, ok := i.open(s, a); ok {
				return names(t.String())
			}
		}
	}
	return false
}

// download remembers what curl and wget fetch to files, and where from.
func (i *interp) download(s *step.Step, name string, args []string) {
	if name != "curl" && name != "wget" {
		return
	}
	url, out := "", ""
	for n, a := range args {
		switch {
		case strings.Contains(a, "://"):
			url = a
		case (a == "-o" || a == "--output" || a == "-O" && name == "wget" || a == "--output-document") && n+1 < len(args):
			out = args[n+1]
		case strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && len(a) > 2 && n+1 < len(args) &&
			(name == "curl" && strings.HasSuffix(a, "o") || name == "wget" && strings.HasSuffix(a, "O")):
			out = args[n+1]
		case strings.HasPrefix(a, "--output="), strings.HasPrefix(a, "--output-document="):
			_, out, _ = strings.Cut(a, "=")
		case name == "wget" && strings.HasPrefix(a, "-O") && len(a) > 2:
			out = a[2:]
		}
	}
	if url == "" {
		for n, a := range args { // curl tljh.jupyter.org/bootstrap.py; or an address that is not known
			if !strings.HasPrefix(a, "-") && (n == 0 || args[n-1] != "-o" && args[n-1] != "-O") {
				url = a
			}
		}
	}
	if s.IsWrite() {
		out = s.Dest.String()
	} else if out == "" {
		remote := name == "wget" || pick(args, "-O", "--remote-name", "-LO", "-OL", "-sSLO", "-fsSLO", "-sLO", "-fSLO", "-fLO", "-SLO", "-JLO", "-LJO", "-OJL") != ""
		if !remote {
			return
		}
		out = base(url)
	}
	if out == "-" || out == "/dev/null" || out == "/dev/stdout" {
		return
	}
	p := where(s, out)
	i.urls[p] = url
	if !s.IsWrite() {
		w := *s
		w.Argv, w.Dest = nil, span.Literal(out, s.Argv[0])
		w.Content = span.Literal(span.Unknown("the content of a file that is downloaded when the script runs"), s.Argv[0])
		i.write(&w)
	}
}

// runScript reads a script that an earlier step put on the machine.
func (i *interp) runScript(s *step.Step, args []string) {
	for n, a := range args {
		if strings.HasPrefix(a, "-") {
			continue
		}
		if i.agent(s, a) || i.agent(s, i.urls[where(s, a)]) {
			return
		}
		t, ok := i.fs[where(s, a)]
		if !ok || span.IsUnknown(t.String()) && t.Len() < 4096 && strings.TrimSpace(span.Show(t.String())) == "…" {
			if u := i.urls[where(s, a)]; strings.Contains(u, "tljh") {
				i.opaque(s, "a script is run that is downloaded from elsewhere")
			}
			return
		}
		i.nested(s, t, s.Argv[n+2:])
		return
	}
	if len(s.Upstream) > 0 {
		for _, u := range s.Upstream {
			if i.agent(s, u.String()) {
				return
			}
		}
		for _, u := range s.Upstream {
			if strings.Contains(u.String(), "tljh") || strings.Contains(u.String(), "jupyterhub") {
				i.opaque(s, "a script is run that is downloaded from elsewhere")
				return
			}
		}
	}
}

// nested reads text as a script that s runs.
func (i *interp) nested(s *step.Step, text span.Text, args []span.Text) {
	if i.depth >= 4 {
		i.opaque(s, "scripts that run scripts, nested too deeply")
		return
	}
	i.depth++
	defer func() { i.depth-- }()
	r := shell.Read(text, shell.Options{Files: i.files, Dir: dirOf(s.At.File), Args: args, Written: i.fs, Cwd: s.Dir})
	i.m.Problems = append(i.m.Problems, r.Problems...)
	for _, u := range r.Uses {
		i.use(u)
	}
	for k := range r.Steps {
		n := &r.Steps[k]
		if n.Cond == nil {
			n.Cond = s.Cond
		}
		n.Loop = n.Loop || s.Loop
		i.step(n)
	}
}
