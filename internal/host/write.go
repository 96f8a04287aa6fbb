package host

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/proxy"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// maxFile bounds what is kept of one file of the machine.
const maxFile = 4 << 20

// write puts a file on the machine.
func (i *interp) write(s *step.Step) {
	if len(s.Argv) > 0 {
		i.download(s, base(s.Argv[0].String()), strs(s.Argv[1:]))
	}
	dest := where(s, s.Dest.String())
	i.keep(s, dest)
	switch t := classify(dest); t.kind {
	case theConfig:
		i.op(s, tljh.Op{Kind: tljh.OpConfigFile, Content: s.Content, Append: s.Append})
	case snippet:
		i.op(s, tljh.Op{Kind: tljh.OpSnippet, Name: t.name, Content: s.Content, Append: s.Append})
	case start:
		i.op(s, tljh.Op{Kind: tljh.OpStart, Name: t.name, Content: s.Content, Append: s.Append})
	case traefik:
		i.op(s, tljh.Op{Kind: tljh.OpTraefik, Name: t.name, Content: s.Content, Append: s.Append})
	case dead:
		i.problem(s.At, "TLJH does not read "+dest+"; its configuration is "+configFile)
	case vague:
		i.opaque(s, "a file of TLJH's configuration whose name is not known: "+span.Reason(dest))
	default:
		if span.IsUnknown(dest) && looksLikeConfig(dest, s.Content.String()) {
			i.opaque(s, "this may write TLJH's configuration; where it goes is not known: "+span.Reason(dest))
		}
	}
	i.systemFile(s, dest)
}

// keep remembers the content of a file that may be run, copied or scheduled later.
func (i *interp) keep(s *step.Step, dest string) {
	old, known := i.fs[dest]
	switch {
	case known && s.Append && old.Len()+s.Content.Len() < maxFile:
		i.fs[dest] = span.Concat(old, s.Content)
	case !known || !s.Append:
		i.fs[dest] = s.Content
	}
}

// looksLikeConfig judges a file whose place is not known by its name and its text.
func looksLikeConfig(dest, content string) bool {
	shown := span.Show(dest)
	if known, _, _ := strings.Cut(shown, "…"); known != "" && !strings.HasPrefix(configDir, known) && !strings.HasPrefix(known, configDir) {
		return false // a part that is known leads elsewhere
	}
	if shown != "…" && !strings.HasSuffix(shown, "config.yaml") && !strings.HasSuffix(shown, ".py") {
		return false
	}
	for _, mark := range []string{"c.JupyterHub", "c.Spawner", "c.Authenticator", "get_config()", "auth:", "https:", "limits:", "users:", "Authenticator."} {
		if strings.Contains(content, mark) {
			return true
		}
	}
	return strings.Contains(dest, "tljh")
}

// systemFile looks at files of the operating system that say something about the machine.
func (i *interp) systemFile(s *step.Step, dest string) {
	dir, name := path.Dir(dest), path.Base(dest)
	switch {
	case dest == "/etc/ssh/sshd_config" || dir == "/etc/ssh/sshd_config.d":
		i.sshd(s, dest, s.Content, !s.Append)
	case name == "authorized_keys" || name == "authorized_keys2":
		i.authorizedKeys(s)
	case dir == "/etc/apt/apt.conf.d" || dest == "/etc/apt/apt.conf":
		i.aptConf(s, dest, s.Content, !s.Append)
	case dest == "/etc/fstab":
		i.fstab(s, s.Content)
	case dir == "/etc/cron.d" || dest == "/etc/crontab":
		i.scheduled(cronFile{s: *s, file: dest, text: s.Content, user: true}, s.Append)
	case strings.HasPrefix(dir, "/etc/cron."):
		i.scheduled(cronFile{s: *s, file: dest, text: s.Content, every: periodHours[strings.TrimPrefix(dir, "/etc/cron.")]}, s.Append)
	case strings.HasPrefix(dir, "/var/spool/cron"):
		i.scheduled(cronFile{s: *s, file: "crontab of " + name, text: s.Content}, s.Append)
	case dir == "/etc/systemd/system" && (strings.HasSuffix(name, ".timer") || strings.HasSuffix(name, ".service")):
		if _, ok := i.units[name]; !ok && strings.HasSuffix(name, ".timer") {
			i.timers = append(i.timers, span.Literal(name, s.Content))
		}
		i.units[name] = i.fs[dest]
	case strings.HasPrefix(dest, "/opt/tljh"):
	case proxy.Kind(dest) != "":
		i.proxyConf(s, proxy.Kind(dest), i.fs[dest])
	case proxy.IsTraefik(s.Content.String()):
		i.proxyConf(s, "traefik", i.fs[dest])
	}
}
