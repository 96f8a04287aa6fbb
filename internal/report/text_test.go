package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func text(in Input, colour bool) string {
	var b bytes.Buffer
	var docs []*hub.Document
	for _, e := range in.Hubs {
		docs = append(docs, e.Doc)
	}
	_ = Text(&b, Build(in), NewSources(docs, in.Settings.Source), colour)
	return b.String()
}

func TestTextGolden(t *testing.T) {
	yaml := "rules: {vm-sizing: {off: not ours}}\nwaivers: [{rule: disk-backups, reason: r, owner: o, expires: 2026-11-01}]\n"
	in := input(t, "")
	off := input(t, yaml)
	off.Hubs[0].Verdicts = off.Hubs[0].Verdicts[1:]
	for name, got := range map[string]string{"plain.txt": text(in, false), "colour.txt": text(in, true), "settings.txt": text(off, false)} {
		file := filepath.Join("testdata", name)
		if *update {
			_ = os.MkdirAll("testdata", 0o755)
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// What was checked before and is not any more is said, and so is what is new and what is fixed.
func TestTextComparison(t *testing.T) {
	base := built(t, map[string][]Verdict{"physics": said(t, "https fail /config", "vm-sizing pass /config", "own pass /config"), "biology": said(t, "https fail /config")})
	head := built(t, map[string][]Verdict{"physics": said(t, "https pass /config", "vm-sizing fail /config")})
	Compare(head, base)
	var b bytes.Buffer
	_ = Text(&b, head, nil, false)
	for _, want := range []string{
		"  error  vm-sizing  new  wanted: ", "Against the base: 1 new, 0 as before, 1 fixed\n", "  fixed  https at hub physics, was: about /config\n",
		"  gone  hub biology is no longer found; what failed there (1) does not count as fixed.\n", "  dropped  rule own is not evaluated any more; in the base its outcome was pass.\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// Text from a repository must not reach a terminal or a workflow log as anything but text.
func TestHostileText(t *testing.T) {
	const evil = "x\x1b[2J\u202e\n::error::forged\r\n##[add-mask]y \u009b31m ::set-output name=a::b"
	in := input(t, "")
	d := example("physics", script)
	d.Name, d.Dir, d.Sources = evil, evil, []string{evil}
	d.Fallback = span.Span{File: evil, Start: span.Pos{Line: 1, Column: 1}}
	in.Hubs = []Evaluated{{d, []Verdict{
		{Rule: "https", Outcome: Fail, Findings: []Found{{Outcome: Fail, Message: evil + strings.Repeat(" ::warning::x", 40)}}},
		{Rule: "limits", Outcome: Unknown, Findings: []Found{{Outcome: Unknown, Message: evil}}},
		{Rule: "authenticator", Outcome: Pass, Findings: []Found{{Outcome: Pass, Message: evil}, {Outcome: Advice, Message: evil}}},
		{Rule: evil, Outcome: RuleError},
	}}}
	in.Rules = append([]Rule{{ID: evil, Title: evil, Description: evil, Remediation: evil}}, in.Rules...)
	in.Problems = []step.Problem{{At: d.Fallback, Msg: evil, Fatal: true}}
	var asJSON bytes.Buffer
	_ = JSON(&asJSON, Build(in))
	for _, out := range []string{text(in, false), asJSON.String()} {
		for _, line := range strings.Split(out, "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("a workflow command: %q", line)
			}
			for _, r := range strings.ReplaceAll(line, "\u200b", "") {
				if sanitize.Hidden(r) {
					t.Errorf("hidden %U in %q", r, line)
				}
			}
		}
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	in := input(t, "")
	in.Hubs[0].Verdicts = append(in.Hubs[0].Verdicts, Verdict{Rule: "secrets", Outcome: Fail, Findings: []Found{{Outcome: Fail, Path: []any{"secrets", 0}, Message: "A secret."}}})
	out := text(in, false)
	if strings.Contains(out, "hunter2") || !strings.Contains(out, "not shown: this line may hold a secret") {
		t.Error(out)
	}
}

func TestLooksSecret(t *testing.T) {
	for line, want := range map[string]bool{
		`sudo tljh-config set auth.X.client_secret abcdef0123`: true, `export DB_PASSWORD="s3cret1"`: true, "  password: opensesame": true,
		"-----BEGIN RSA PRIVATE KEY-----": true, "python3 - --admin ann:pass": true, "git clone https://u:pw@example.org/x": true, "t=ghp_0123456789abcdef": true,
		"PasswordAuthentication no": false, `client_secret "$GITHUB_CLIENT_SECRET"`: false, "sudo tljh-config set https.enabled true": false, "python3 - --admin ann": false,
	} {
		if got := looksSecret().MatchString(line); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{"": "", "no file": "No file.", "été": "Été.", "a/b.sh may set it": "a/b.sh may set it.", "x_y z": "x_y z."} {
		if got := Sentence(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestSnippet(t *testing.T) {
	tests := []struct{ name, text, mark, line, carets string }{
		{"plain", "  a bc d", "bc", "a bc d", "  ^^"},
		{"wide", "日本 bc", "bc", "日本 bc", "     ^^"},
		{"wide mark", "x 日本", "日本", "x 日本", "  ^^^^"},
		{"emoji", "x 👩‍👩‍👧 y", "y", `x 👩\u200d👩\u200d👧 y`, "                     ^"},
		{"tab", "\tx\ty", "y", "x    y", "     ^"},
		{"combining", "e\u0301 y", "y", "e\u0301 y", "  ^"},
		{"escape", "a\x1b[31mb y", "y", `a\x1b[31mb y`, "           ^"},
		{"nothing", "abc", "", "abc", "^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := span.NewSource("a", tt.text)
			line, carets := snippet(tt.text, placeOf(s, tt.mark))
			if line != tt.line || carets != tt.carets {
				t.Errorf("\n%s|\n%s|\nwant\n%s|\n%s|", line, carets, tt.line, tt.carets)
			}
		})
	}
	long := strings.Repeat("日", 200) + "X" + strings.Repeat("y", 200)
	s := span.NewSource("a", long)
	line, carets := snippet(long, placeOf(s, "X"))
	if !strings.HasPrefix(line, "…") || !strings.HasSuffix(line, "…") || !strings.Contains(line, "X") || len([]rune(carets)) > 60 {
		t.Errorf("%s\n%s", line, carets)
	}
}

func FuzzSnippet(f *testing.F) {
	f.Add("a\tb日本", 2, 4)
	f.Add("\xff\x1b", 9, -1)
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		if strings.Contains(text, "\n") {
			return
		}
		line, carets := snippet(text, span.Span{File: "a", Start: span.Pos{Line: 1, Column: from}, End: span.Pos{Line: 1, Column: to}})
		if len(line) > 100*len(text)+1000 || carets == "" {
			t.Error(line, carets)
		}
	})
}
