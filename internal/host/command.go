package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
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
	switch name {
	case shell.PasswordLogin:
		if d := &i.guest.sshd; d.seen == nil || d.seen.State == doc.Unknown && maybe(s) == "" {
			d.seen = fact(s, true, s.At) // the first that certainly does
		}
		return
	case step.NoCronJob:
		i.removeJob(s, args[0])
		return
	case UptimeCheck:
		i.uptime(s)
		return
	}
	if (strings.HasPrefix(name, "python") || span.IsUnknown(name)) && i.installer(s) { // $PYTHON -m tljh.installer
		return
	}
	i.download(s, name, args)
	i.foreign(s, name, args)
	switch name {
	case "tljh-config":
		i.tljhConfig(s, "")
		return
	case "cp", "mv", "install", "ln", "rsync", "scp":
		i.copy(s, name)
		if name == "mv" && len(args) > 1 {
			i.remove(s, args[:len(args)-1]) // what is moved away is no longer there
		}
		return
	case "rm", "unlink":
		i.remove(s, args)
		return
	case "sed", "perl":
		i.sed(s, name, args)
		return
	case "bash", "sh", "dash", "source", ".":
		i.runScript(s, args)
		return
	case "apt", "apt-get", "aptitude", "yum", "dnf", "snap", "dpkg":
		i.packages(s, args)
	case "dpkg-reconfigure":
		if has(args, "unattended-upgrades") {
			i.guest.patching.install(s)
		}
	case "unattended-upgrade", "unattended-upgrades":
		i.guest.patching.show(s, "first_boot_only", "apt")
	case "debconf-set-selections":
		i.guest.patching.debconf(s, i.given(s, args))
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
	case "git":
		i.clone(s, args)
	case "umount":
		i.unmount(s, args)
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

// given is what a command reads: its input, the words of the command before it, or the files it names.
func (i *interp) given(s *step.Step, args []string) string {
	var out []string
	if s.Stdin != nil {
		out = append(out, s.Stdin.String())
	}
	out = append(out, strings.Join(strs(s.Upstream), " "))
	for _, a := range args {
		if t, _, ok := i.open(s, a); ok {
			out = append(out, t.String())
		}
	}
	return strings.Join(out, "\n")
}
