// Package reporttest makes reports for the tests of those who write them out: a hub of a script, with findings of every kind.
package reporttest

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Script sets up the hub of the tests. Its secrets are examples.
const Script = `#!/bin/bash
# Sets up the hub.
curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin example-teacher
sudo tljh-config set auth.type dummy
sudo tljh-config set auth.DummyAuthenticator.password hunter2hunter2
sudo tljh-config set https.enabled false
sudo tljh-config set limits.memory 1GB
sudo tljh-config reload
`

// Secret stands in Script and must be in no output.
const Secret = "hunter2hunter2"

// Today is the day of the tests.
var Today = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// Rules are some rules with all that they say.
func Rules(text string) []report.Rule {
	if text == "" {
		text = "HTTPS protects passwords on the way. Turn it on:\n    sudo tljh-config set https.enabled true\n- [x](https://example.org) @ann"
	}
	var out []report.Rule
	for id, s := range map[string]settings.Level{"https": "error", "resource-limits": "error", "base-environment": "warning", "home-volume": "info", "disk-backups": "error", "authenticator": "error"} {
		out = append(out, report.Rule{ID: id, Title: "The wanted state of " + id, Description: text, Remediation: text, Severity: s})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return append(out, report.WaiversRuleInfo)
}

// Hub is a hub of Script in a directory, with values at the words that they are.
func Hub(name, dir string) *hub.Document {
	file := strings.TrimPrefix(dir+"/install.sh", "./")
	src := span.NewSource(file, Script)
	root := doc.NewMap(doc.Set, span.Span{})
	for _, words := range []string{"dummy", Secret, "false", "1GB", "bash\n# Sets up the hub."} {
		i := strings.Index(Script, words)
		root.Put(words, doc.Of(words, doc.Set, src.Span(i, i+len(words))))
	}
	secret := root.Child[Secret]
	root.Put("secrets", doc.NewList(doc.Set, span.Span{}, doc.NewMap(doc.Set, secret.At)))
	return &hub.Document{Name: name, Dir: dir, Sources: []string{file}, Root: root, Fallback: src.Span(0, 11), Source: func(f string) *span.Source {
		if f == file {
			return src
		}
		return nil
	}}
}

// Verdict is a rule's outcome with one finding at the given words of Script ("" for none).
func Verdict(rule string, o report.Outcome, words, format string, args ...any) report.Verdict {
	f := report.Found{Outcome: o, Message: fmt.Sprintf(format, args...)}
	if words != "" {
		f.Path = []any{words}
	}
	return report.Verdict{Rule: rule, Outcome: o, Findings: []report.Found{f}}
}

// All is one verdict of every kind.
func All() []report.Verdict {
	return []report.Verdict{
		Verdict("https", report.Fail, "false", "HTTPS is off."),
		Verdict("resource-limits", report.Fail, "1GB", "The limit is not valid."),
		Verdict("base-environment", report.Fail, "bash\n# Sets up the hub.", "Nothing installs packages."),
		Verdict("home-volume", report.Fail, "", "Homes lie on the system disk."),
		Verdict("disk-backups", report.Unknown, "", "Whether there are backups cannot be told."),
		Verdict("authenticator", report.Pass, "dummy", "People log in."),
		Verdict("secret", report.Fail, Secret, "A password stands here."),
		{Rule: "own", Outcome: report.RuleError},
	}
}

// Build makes a report of hubs with the given settings.
func Build(yaml string, rules []report.Rule, problems []step.Problem, hubs ...report.Evaluated) *report.Report {
	s, err := settings.Parse(span.NewSource(settings.FileName, "version: 1\n"+yaml))
	if err != nil {
		panic(err)
	}
	return report.Build(report.Input{
		Tool: report.Tool{Name: "tljh-policy", Version: "test"}, Rules: rules, Settings: s, FailOn: s.FailOn, Strict: s.Strict, Now: Today, Hubs: hubs, Problems: problems,
	})
}

// Sources gives the lines of hubs.
func Sources(docs ...*hub.Document) *report.Sources { return report.NewSources(docs) }

// Hostile is text that would like to be a command, a link or markup wherever it is shown.
const Hostile = "::error file=x::y\n##[add-mask]z\r\n::set-output name=a::b %0A::warning::c @ann <img src=x> <!-- m --> ](https://evil.example) \x1b[2J\u202e,:%,=;]"
