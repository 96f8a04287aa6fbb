package comment

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

const script = `#!/bin/bash
# Sets up the hub.
curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin example-teacher
sudo tljh-config set auth.type dummy
sudo tljh-config set auth.DummyAuthenticator.password hunter2hunter2
sudo tljh-config set https.enabled false
sudo tljh-config set limits.memory 1GB
sudo tljh-config reload
`

var today = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

var catalogue = []report.Rule{
	{ID: "authenticator", Title: "People log in with a real authenticator", Severity: settings.Error,
		Description: "With the default, whoever comes first with a name owns it. Anyone on the internet can take the teacher's name.",
		Remediation: "For accounts at GitHub, commit these lines to the script that sets the hub up:\n    sudo tljh-config set auth.type oauthenticator.github.GitHubOAuthenticator\n    sudo tljh-config set auth.GitHubOAuthenticator.client_id \"$GITHUB_CLIENT_ID\"\nThen name the people who may log in, see https://tljh.jupyter.org."},
	{ID: "https", Title: "HTTPS is on and can work", Severity: settings.Error,
		Description: "Without HTTPS, passwords and everything people type travel readable through every network on the way, the lecture hall's included, and browsers warn. TLJH has HTTPS off until somebody switches it on.",
		Remediation: "Give the hub a name, open ports 80 and 443, and commit these lines to the script that sets it up:\n    sudo tljh-config set https.enabled true\n    sudo tljh-config set https.letsencrypt.email YOU@YOUR-INSTITUTION\n    sudo tljh-config add-item https.letsencrypt.domains hub.YOUR-INSTITUTION\n    sudo tljh-config reload proxy"},
	{ID: "resource-limits", Title: "Each person's memory is limited", Severity: settings.Error,
		Description: "All people on the hub share one machine. Without a limit, one notebook that loads too much data takes all the memory, and everybody's work stops.",
		Remediation: "Commit these lines, with the memory one person needs:\n    sudo tljh-config set limits.memory 1G\n    sudo tljh-config reload"},
	{ID: "base-environment", Title: "The shared environment is written down", Severity: settings.Warning,
		Description: "If somebody installs packages by hand, nobody can make the same hub again.", Remediation: "Commit a requirements.txt."},
	{ID: "home-volume", Title: "People's work lies on a disk of its own", Severity: settings.Info, Description: "A disk of its own survives the machine."},
	{ID: "vm-sizing", Title: "The machine fits the number of people", Severity: settings.Warning},
	{ID: "hub-scale", Title: "The hub is within what TLJH is made for", Severity: settings.Warning},
	{ID: "disk-backups", Title: "Everything people would miss is backed up", Severity: settings.Error},
	{ID: "firewall", Title: "Only the web is open to the world", Severity: settings.Error},
	{ID: "monitoring", Title: "Somebody is told when the hub is in trouble", Severity: settings.Warning},
	report.WaiversRuleInfo,
}

// document is a hub of a script; values are the paths it has, each with the words of the script it stands at.
func document(name, dir, text string, values map[string]string) *hub.Document {
	file := "install.sh"
	if dir != "." {
		file = dir + "/install.sh"
	}
	src := span.NewSource(file, text)
	root := doc.NewMap(doc.Set, span.Span{})
	for path, words := range values {
		n := root
		keys := strings.Split(path, ".")
		for _, k := range keys[:len(keys)-1] {
			if n.Get(k) == nil {
				n.Put(k, doc.NewMap(doc.Set, span.Span{}))
			}
			n = n.Get(k)
		}
		i := strings.Index(text, words)
		n.Put(keys[len(keys)-1], doc.Of(words, doc.Set, src.Span(i, i+len(words))))
	}
	infra := root.Put("infra", doc.NewMap(doc.Set, span.Span{}))
	for _, k := range []string{"instances", "backups", "firewalls"} {
		infra.Put(k, doc.UnknownOf("no infrastructure for the hub's machine in this repository; commit its Terraform or an infra.yaml", span.Span{}))
	}
	return &hub.Document{Name: name, Dir: dir, Sources: []string{file}, Root: root, Fallback: src.Span(0, 11), Source: func(f string) *span.Source {
		if f == file {
			return src
		}
		return nil
	}}
}

var places = map[string]string{"config.auth.type": "dummy", "config.https.enabled": "false", "config.limits.memory": "1GB", "config.auth.password": "hunter2hunter2"}

func teaching(name, dir string) *hub.Document { return document(name, dir, script, places) }

func path(dotted string) []any {
	var out []any
	for _, k := range strings.Split(dotted, ".") {
		out = append(out, k)
	}
	return out
}

func found(o report.Outcome, dotted, format string, args ...any) report.Found {
	return report.Found{Outcome: o, Path: path(dotted), Message: fmt.Sprintf(format, args...)}
}

func says(rule string, o report.Outcome, fs ...report.Found) report.Verdict {
	return report.Verdict{Rule: rule, Outcome: o, Findings: fs}
}

func passes(rule, message string) report.Verdict {
	return says(rule, report.Pass, found(report.Pass, "config.https.enabled", "%s", message))
}

var (
	noHTTPS = says("https", report.Fail, found(report.Fail, "config.https.enabled", "HTTPS is switched off. Passwords and all work travel readable through every network on the way."))
	dummy   = says("authenticator", report.Fail, found(report.Fail, "config.auth.type", `Anybody gets in with any name and one password: auth.type is "dummy". Choose another, for example: sudo tljh-config set auth.type oauthenticator.github.GitHubOAuthenticator`))
	limit   = says("resource-limits", report.Fail, report.Found{Outcome: report.Fail, Path: path("config.limits.memory"), Fix: &report.Fix{Op: "set", Path: "/config/limits/memory", Value: "1G"},
		Message: `Nobody's server would start with this configuration: the memory limit is "1GB", but must be a number followed by K, M, G or T, as in 2G.`})
	packages = says("base-environment", report.Fail, found(report.Fail, "environment", "Nothing in the repository installs packages into the shared environment. Commit a requirements.txt and install it in the set-up."))
	volume   = says("home-volume", report.Fail, found(report.Fail, "infra", "People's work lies on the system disk."))
	machine  = says("vm-sizing", report.Unknown, found(report.Unknown, "infra.instances", "How large the machine is cannot be told."))
	backups  = says("disk-backups", report.Unknown, found(report.Unknown, "infra.backups", "Whether there are backups cannot be told."))
	firewall = says("firewall", report.Unknown, found(report.Unknown, "infra.firewalls", "Which ports are open cannot be told."))
	scale    = says("hub-scale", report.Unknown, found(report.Unknown, "hub.expected_users", "How many people use the hub at the same time is not stated. Write it in .tljh-policy.yaml: hubs, expected_users: {active: …, total: …}."))
	alarm    = says("monitoring", report.NotApplicable, found(report.NotApplicable, "infra", "The hub runs for one afternoon only."))
	allGood  = []report.Verdict{
		says("authenticator", report.Pass, found(report.Pass, "config.auth.type", `People log in with "oauthenticator.github.GitHubOAuthenticator".`), found(report.Advice, "config.auth.type", "client_secret: not in this repository. Logins fail until the hub gets it, from its environment for instance.")),
		passes("https", "HTTPS is on, with a certificate from Let's Encrypt."), passes("resource-limits", "Each person may use up to 2 GiB of memory."),
		passes("base-environment", "The shared environment is written down: requirements.txt."), passes("disk-backups", `The backup "nightly" covers /opt/tljh every 24 hours.`), passes("firewall", "Only the web ports are open to the world."),
	}
)

func build(t testing.TB, yaml string, hubs ...report.Evaluated) *report.Report {
	t.Helper()
	s := settings.Default()
	if yaml != "" {
		var err error
		if s, err = settings.Parse(span.NewSource(settings.FileName, "version: 1\n"+yaml)); err != nil {
			t.Fatal(err)
		}
	}
	return report.Build(report.Input{Tool: report.Tool{Name: "tljh-policy", Version: "test"}, Rules: catalogue, Settings: s, FailOn: s.FailOn, Strict: s.Strict, Now: today, Hubs: hubs})
}

func at(d *hub.Document, vs ...report.Verdict) report.Evaluated {
	return report.Evaluated{Doc: d, Verdicts: vs}
}

const site = "https://github.example/example-school/hub/"

func link(file string, start, end int) string {
	u := site + "blob/0123456789abcdef0123456789abcdef01234567/" + (&url.URL{Path: file}).EscapedPath()
	if start > 0 {
		u += fmt.Sprintf("#L%d", start)
	}
	if end > start {
		u += fmt.Sprintf("-L%d", end)
	}
	return u
}

func options(docs ...*hub.Document) Options {
	return Options{
		Marker: "<!-- tljh-policy:summary -->", Link: link, FullReport: site + "actions/runs/1", Sources: report.NewSources(docs),
		Edit: func(_ *report.Result, f *report.Finding) *Edit {
			if f.Fix == nil || f.Location == nil {
				return nil
			}
			return &Edit{File: f.Location.File, StartLine: 7, EndLine: 7, Lines: []string{"sudo tljh-config set limits.memory 1G"}}
		},
	}
}
