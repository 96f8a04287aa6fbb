package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// cloudInit understands the pseudo commands of package cloudinit: settings of #cloud-config that are no commands.
func (i *interp) cloudInit(s *step.Step, key string, args []string) {
	on := len(args) > 0 && (args[0] == "true" || args[0] == "yes" || args[0] == "on" || args[0] == "1")
	known := len(args) > 0 && !span.IsUnknown(args[0])
	switch key {
	case "package_upgrade":
		if on {
			i.guest.patching.show(s, "first_boot_only", "apt")
		}
	case "ssh_authorized_keys", "ssh_import_id":
		i.guest.addKeys(s, max(1, len(args)))
	case "ssh_pwauth":
		switch {
		case len(args) > 0 && args[0] == "unchanged":
		case known:
			i.guest.sshd.set(sshdByInit, settle(i.guest.sshd.files[sshdByInit], s, on, s.At))
		case len(args) > 0:
			u := *s
			u.Cond = &step.Cond{Why: span.Reason(args[0]), At: s.At}
			i.guest.sshd.set(sshdByInit, fact(&u, on, s.At))
		}
	case "disable_ec2_metadata":
		if known {
			i.guest.metadata = fact(s, on, s.At)
		}
	case "mounts":
		if len(args) >= 2 {
			fs := ""
			if len(args) >= 3 {
				fs = args[2]
			}
			dev := args[0]
			if !strings.HasPrefix(dev, "/") && !strings.Contains(dev, "=") && !span.IsUnknown(dev) {
				dev = "/dev/" + dev
			}
			i.mount(s, s.At, args[1], dev, fs)
		}
	case "fs_setup":
		if len(args) >= 2 {
			if i.guest.filesystems == nil {
				i.guest.filesystems = map[string]string{}
			}
			i.guest.filesystems[args[0]] = args[1]
		}
	case "apt_conf":
		if len(s.Argv) > 1 {
			i.aptConf(s, "/etc/apt/apt.conf.d/94cloud-init-config", s.Argv[1], true)
		}
	}
}
