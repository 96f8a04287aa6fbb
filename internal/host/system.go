package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/proxy"
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

// frontPrograms are the web servers that stand before hubs, by their packages.
var frontPrograms = map[string]bool{"nginx": true, "nginx-full": true, "caddy": true, "apache2": true, "haproxy": true}

// packages are apt and its relatives.
func (i *interp) packages(s *step.Step, args []string) {
	if pick(args, "-s", "--simulate", "--just-print", "--dry-run", "--recon", "--no-act", "-d", "--download-only", "--print-uris") != "" {
		return // nothing is installed
	}
	verb := ""
	if base(s.Argv[0].String()) == "dpkg" && pick(args, "-r", "-P", "--remove", "--purge") != "" {
		verb = "remove"
	}
	for n, a := range args {
		if strings.HasPrefix(a, "-") || a == "" {
			continue
		}
		if verb == "" {
			switch verb = a; verb {
			case "upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade":
				i.guest.patching.show(s, "first_boot_only", "apt")
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
		case off && frontPrograms[name]:
			i.guest.noFront(s, strings.TrimSuffix(name, "-full"))
		case (name == "ufw" || name == "firewalld") && off && i.guest.fw.tool == name:
			i.guest.fw.enable(s, name, false)
		case strings.HasPrefix(name, "unattended-upgrades") && (off || verb == "install" && strings.HasSuffix(name, "-")):
			i.guest.patching.switchOff(s, thePackage, "apt")
		case verb != "install" && verb != "-i" && base(s.Argv[0].String()) != "dpkg":
		case strings.HasPrefix(name, "unattended-upgrades"), name == "yum-cron", name == "dnf-automatic":
			i.guest.patching.install(s)
		case frontPrograms[name]:
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

var updaters = lazyregexp.New(`^(unattended-upgrades|apt-daily(-upgrade)?)(\.timer|\.service)?$`)

// updateUnit is the switch that a unit of systemd is. The service of unattended-upgrades only waits for it when the machine
// goes down; apt's timers are what starts it.
func updateUnit(unit string) string {
	name, _, _ := strings.Cut(unit, ".")
	if name == "unattended-upgrades" {
		return stopped
	}
	return name
}

func (i *interp) systemctl(s *step.Step, args []string) {
	verb := pick(args, "disable", "mask", "stop", "enable", "start", "restart", "unmask", "remove")
	for _, a := range args {
		if !strings.HasPrefix(a, "-") && a != verb {
			i.unit(s, a, verb)
		}
		switch {
		case frontPrograms[strings.TrimSuffix(a, ".service")] && (verb == "disable" || verb == "mask"):
			i.guest.noFront(s, strings.TrimSuffix(a, ".service"))
		case updaters.MatchString(a) && verb == "stop":
			i.guest.patching.switchOff(s, stopped, a)
		case updaters.MatchString(a) && (verb == "disable" || verb == "mask" || verb == "remove"):
			i.guest.patching.switchOff(s, updateUnit(a), a)
		case updaters.MatchString(a) && (verb == "enable" || verb == "unmask"):
			i.guest.patching.switchOn(s, updateUnit(a), a)
		case strings.HasPrefix(a, "ufw") && (verb == "disable" || verb == "mask" || verb == "stop"):
			i.guest.fw.enable(s, "ufw", false)
		case strings.HasPrefix(a, "firewalld") && (verb == "disable" || verb == "mask" || verb == "stop"):
			i.guest.fw.enable(s, "firewalld", false)
		}
	}
}

// proxyConf reads the configuration of a web server: which sites end TLS, and where they forward to.
func (i *interp) proxyConf(s *step.Step, kind string, t span.Text) {
	for _, site := range proxy.Read(kind, t) {
		i.guest.site(s, kind, site)
	}
}
