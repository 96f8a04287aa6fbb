package report

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const script = `#!/bin/bash
# installs the hub 日本
sudo tljh-config set https.enabled false
sudo tljh-config set auth.X.client_secret hunter2hunter2
sudo tljh-config set limits.memory 2G   # tljh-policy: ignore=limits until=2027-01-31 small course
`

var today = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// place finds words in a source.
func placeOf(src *span.Source, words string) span.Span {
	i := strings.Index(src.Text, words)
	return src.Span(i, i+len(words))
}

// example is a hub document of a script.
func example(name, text string) *hub.Document {
	src := span.NewSource("install.sh", text)
	root := doc.NewMap(doc.Set, span.Span{})
	config := root.Put("config", doc.NewMap(doc.Set, span.Span{}))
	https := config.Put("https", doc.NewMap(doc.Set, span.Span{}))
	https.Put("enabled", doc.Of(false, doc.Set, placeOf(src, "false")))
	limits := config.Put("limits", doc.NewMap(doc.Set, span.Span{}))
	limits.Put("memory", doc.Of("2G", doc.Set, placeOf(src, "2G")))
	secret := doc.NewMap(doc.Set, placeOf(src, "hunter2hunter2"))
	root.Put("secrets", doc.NewList(doc.Set, span.Span{}, secret))
	infra := root.Put("infra", doc.NewMap(doc.Set, span.Span{}))
	for _, k := range []string{"instances", "backups"} {
		infra.Put(k, doc.UnknownOf("no infrastructure for the hub's machine in this repository; commit its Terraform or an infra.yaml", span.Span{}))
	}
	return &hub.Document{
		Name: name, Dir: ".", Sources: []string{"install.sh"}, Root: root, Fallback: src.Span(0, 11),
		Source: func(f string) *span.Source {
			if f == src.File {
				return src
			}
			return nil
		},
	}
}

var rules = []Rule{
	{"https", "HTTPS is enabled", "Without HTTPS passwords travel in the open. Anyone on the way can read them. Default severity: error.", "Turn it on:\n    sudo tljh-config set https.enabled true\n    sudo tljh-config reload proxy", settings.Error},
	{"limits", "Memory is limited", "", "", settings.Warning},
	{"vm-sizing", "The machine is large enough", "", "", settings.Error},
	{"disk-backups", "Disks are backed up", "", "", settings.Error},
	{"authenticator", "People log in with a real authenticator", "", "", settings.Error},
	WaiversRuleInfo,
}

func verdicts() []Verdict {
	return []Verdict{
		{Rule: "vm-sizing", Outcome: Unknown, Findings: []Found{{Outcome: Unknown, Path: []any{"infra", "instances"}, Message: "How large the machine is cannot be told."}}},
		{Rule: "disk-backups", Outcome: Unknown, Findings: []Found{{Outcome: Unknown, Path: []any{"infra", "backups"}, Message: "Whether there are backups cannot be told."}}},
		{Rule: "https", Outcome: Fail, Findings: []Found{{Outcome: Fail, Path: []any{"config", "https", "enabled"}, Message: "HTTPS is off.", Fix: &Fix{Op: "set", Path: "/config/https/enabled", Value: true}, Related: [][]any{{"config", "limits"}, {"config", "limits", "memory"}}}}},
		{Rule: "limits", Outcome: Fail, Findings: []Found{{Outcome: Fail, Path: []any{"config", "limits", "memory"}, Message: "2G is little."}}},
		{Rule: "authenticator", Outcome: Pass, Findings: []Found{
			{Outcome: Pass, Path: []any{"secrets", 0}, Message: "People log in with GitHub."},
			{Outcome: Advice, Path: []any{"config"}, Message: "Name who may."},
		}},
		{Rule: "own", Outcome: RuleError, Err: errors.New("policy/own.rego:3:1: it says nothing")},
	}
}

func input(t *testing.T, yaml string) Input {
	t.Helper()
	s := settings.Default()
	if yaml != "" {
		var err error
		if s, err = settings.Parse(span.NewSource(settings.FileName, "version: 1\n"+yaml)); err != nil {
			t.Fatal(err)
		}
	}
	return Input{
		Tool: Tool{"tljh-policy", "test"}, Rules: rules, Settings: s, FailOn: s.FailOn, Strict: s.Strict, Now: today,
		Hubs:     []Evaluated{{example("physics", script), verdicts()}},
		Problems: []step.Problem{{At: span.Span{File: "setup.sh", Start: span.Pos{Line: 3, Column: 1}}, Msg: "cannot follow this"}},
	}
}

func find(r *Report, rule string) *Result {
	for i := range r.Results {
		if r.Results[i].Rule == rule {
			return &r.Results[i]
		}
	}
	return nil
}
