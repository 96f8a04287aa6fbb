package host

import (
	"regexp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// agents are the monitoring packages of reference/providers.md §5.
var agents = []string{
	"prometheus-node-exporter", "node-exporter", "node_exporter", "netdata", "collectd", "telegraf", "amazon-cloudwatch-agent",
	"google-cloud-ops-agent", "ops-agent", "stackdriver-agent", "do-agent", "datadog-agent", "datadoghq", "newrelic", "grafana-agent",
	"grafana.com", "alloy", "zabbix-agent", "monit", "munin-node", "icinga2", "check-mk-agent", "checkmk", "azuremonitoragent",
	"omsagent", "metrics-agent", "agent.digitalocean", "insights.nyc3.cdn.digitaloceanspaces", "elastic-agent", "metricbeat", "glances",
}

// packages are apt and its relatives.
func (i *interp) packages(s *step.Step, args []string) {
	verb := ""
	for n, a := range args {
		if strings.HasPrefix(a, "-") || a == "" {
			continue
		}
		if verb == "" {
			switch verb = a; verb {
			case "upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade":
				i.guest.patch(s, "first_boot_only", "apt")
			}
			continue
		}
		name, _, _ := strings.Cut(base(a), "=")
		off := verb == "remove" || verb == "purge" || verb == "autoremove"
		one := *s
		one.At = s.Argv[n+1].Span()
		if one.At.IsZero() || one.At.File != s.At.File {
			one.At = s.At
		}
		switch {
		case strings.HasPrefix(name, "unattended-upgrades") && off:
			i.guest.patch(s, "removed", "apt")
		case verb != "install" && verb != "-i" && base(s.Argv[0].String()) != "dpkg":
		case strings.HasPrefix(name, "unattended-upgrades"), name == "yum-cron", name == "dnf-automatic":
			i.guest.patch(s, "unattended", "apt")
		case name == "nginx" || name == "nginx-full" || name == "caddy" || name == "apache2" || name == "haproxy":
			i.guest.front(s, strings.TrimSuffix(name, "-full"), false)
		default:
			i.agent(&one, name)
		}
	}
}

// agent records a monitoring agent whose package, installer or image is named.
func (i *interp) agent(s *step.Step, what string) bool {
	low := strings.ToLower(what)
	for _, a := range agents {
		if low != "" && strings.Contains(low, a) && (a != "monit" || low == "monit") && (a != "alloy" || base(low) == "alloy" || strings.Contains(low, "grafana")) {
			i.guest.watch(s, "agent", "", a, false)
			return true
		}
	}
	return false
}

func (i *interp) docker(s *step.Step, args []string) {
	if len(args) == 0 || args[0] != "run" && args[0] != "create" {
		return
	}
	for _, a := range args[1:] {
		if !strings.HasPrefix(a, "-") && i.agent(s, a) {
			return
		}
	}
}

var updaters = regexp.MustCompile(`^(unattended-upgrades|apt-daily(-upgrade)?)(\.timer|\.service)?$`)

func (i *interp) systemctl(s *step.Step, args []string) {
	verb := pick(args, "disable", "mask", "stop", "enable", "start", "restart", "unmask", "remove")
	for _, a := range args {
		switch {
		case updaters.MatchString(a) && (verb == "disable" || verb == "mask" || verb == "stop" || verb == "remove"):
			i.guest.patch(s, "removed", a)
		case updaters.MatchString(a) && (verb == "enable" || verb == "unmask"):
			i.guest.patch(s, "unattended", a)
		case strings.HasPrefix(a, "ufw") && (verb == "disable" || verb == "mask" || verb == "stop"):
			i.guest.fw.enable(s, "ufw", false)
		}
	}
}

var aptSetting = regexp.MustCompile(`^APT::Periodic::(Unattended-Upgrade|Enable)\s+"?([^";]*)"?`)

// aptConf reads APT::Periodic settings.
func (i *interp) aptConf(s *step.Step, t span.Text) {
	lines(t, func(line string, at span.Span) {
		m := aptSetting.FindStringSubmatch(line)
		if m == nil || strings.HasPrefix(line, "//") {
			return
		}
		one := *s
		one.At = at
		switch {
		case m[2] == "0":
			i.guest.patch(&one, "removed", "apt")
		case m[1] == "Unattended-Upgrade" && !span.IsUnknown(m[2]):
			i.guest.patch(&one, "unattended", "apt")
		}
	})
}

var sshdLine = regexp.MustCompile(`(?i)^\s*PasswordAuthentication[\s=]+"?(yes|no)\b`)

// sshd reads PasswordAuthentication. Drop-ins are read before the main file and the first value wins; the last one
// written by a script is the best guess of which that is.
func (i *interp) sshd(s *step.Step, t span.Text) {
	lines(t, func(line string, at span.Span) {
		if m := sshdLine.FindStringSubmatch(strings.TrimLeft(line, `\1^#? `)); m != nil {
			i.guest.passwordAuth = fact(s, strings.EqualFold(m[1], "yes"), at)
		}
	})
}

func (i *interp) authorizedKeys(s *step.Step) {
	n := 0
	lines(s.Content, func(line string, _ span.Span) {
		if strings.Contains(line, "ssh-") || strings.Contains(line, "ecdsa-") || span.IsUnknown(line) {
			n++
		}
	})
	if n > 0 {
		i.guest.addKeys(s, n)
	}
}

var (
	nginxTLS = regexp.MustCompile(`(?m)^\s*(listen\s+[^;]*\b443\b[^;]*ssl|ssl_certificate\s|bind\s[^\n]*ssl|SSLEngine\s+on)`)
	caddyTLS = regexp.MustCompile(`(?m)^\s*(https://)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:443)?\s*\{`)
)

// proxyConf reads the configuration of a web server: does it end TLS?
func (i *interp) proxyConf(s *step.Step, kind string) {
	c := s.Content.String()
	tls := nginxTLS.MatchString(c)
	if kind == "caddy" {
		tls = caddyTLS.MatchString(c) && strings.Contains(c, "reverse_proxy")
	}
	i.guest.front(s, kind, tls)
}

// fstab and mounting say what is mounted where.
func (i *interp) fstab(s *step.Step, t span.Text) {
	lines(t, func(line string, at span.Span) {
		if f := strings.Fields(line); len(f) >= 3 {
			i.mount(s, at, f[1], f[0], f[2])
		}
	})
}

func (i *interp) mount(s *step.Step, at span.Span, dir, device, fs string) {
	if !strings.HasPrefix(dir, "/home") && !strings.HasPrefix(dir, "/opt/tljh") && !strings.HasPrefix(dir, "/srv") && !strings.HasPrefix(dir, "/data") && !strings.HasPrefix(dir, "/mnt") {
		return
	}
	for _, m := range i.guest.mounts {
		if p, _ := m.Get("path").Str(); p == dir {
			return
		}
	}
	var kind any
	if fs == "" {
		fs = i.guest.filesystems[device]
	}
	if fs != "" && fs != "auto" {
		kind = span.Show(fs)
	}
	source := doc.Of(span.Show(device), doc.Set, at)
	if span.IsUnknown(device) {
		source = doc.UnknownOf(span.Reason(device), at)
	}
	i.guest.mounts = append(i.guest.mounts, entry(s, at, "path", dir, "source", source, "filesystem", kind))
}

func (i *interp) mounting(s *step.Step, name string, args []string) {
	if i.guest.filesystems == nil {
		i.guest.filesystems = map[string]string{}
	}
	fs := ""
	var words []string
	for n := 0; n < len(args); n++ {
		a := args[n]
		switch {
		case (a == "-t" || a == "-o" || a == "-L" || a == "-U" || a == "-m" || a == "-O") && n+1 < len(args):
			n++
			if a == "-t" {
				fs = args[n]
			}
			if dir, ok := strings.CutPrefix(args[n], "mountpoint="); ok || a == "-m" && name == "zpool" {
				if !ok {
					dir = args[n]
				}
				i.mount(s, s.At, dir, args[len(args)-1], "zfs")
			}
		case !strings.HasPrefix(a, "-"):
			words = append(words, a)
		}
	}
	switch {
	case strings.HasPrefix(name, "mkfs") && len(words) > 0:
		if _, kind, ok := strings.Cut(name, "."); ok {
			fs = kind
		}
		i.guest.filesystems[words[len(words)-1]] = fs
	case name == "mount" && len(words) >= 2:
		i.mount(s, s.At, words[1], words[0], fs)
	case name == "zfs" && len(words) >= 3 && words[0] == "set":
		if dir, ok := strings.CutPrefix(words[1], "mountpoint="); ok {
			i.mount(s, s.At, dir, words[2], "zfs")
		}
	}
}
