package sarif

import (
	"bytes"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/contract"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/reporttest"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const waiver = "waivers: [{rule: https, reason: A proxy ends TLS, owner: example-teacher, expires: 2027-01-31}]\n"

func written(t testing.TB, r *report.Report, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func example(yaml string) (*report.Report, Options) {
	d := reporttest.Hub("hub", ".")
	problems := []step.Problem{{Msg: "setup.sh cannot be read", Fatal: true, At: span.Span{File: "dir 1/a:b#é.sh"}}, {Msg: "a loop"}}
	return reporttest.Build(yaml, reporttest.Rules(""), problems, report.Evaluated{Doc: d, Verdicts: reporttest.All()}), Options{Sources: reporttest.Sources(d)}
}

func TestGolden(t *testing.T) {
	head, o := example(waiver)
	base, _ := example(waiver)
	base.Results = base.Results[1:]
	report.Compare(head, base)
	o.Prefix, o.Category = "courses/2027", "hubs"
	got := written(t, head, o)
	file := filepath.Join("testdata", "report.sarif")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Error(d)
	}
	if bytes.Contains(got, []byte(reporttest.Secret)) {
		t.Error("it shows a secret")
	}
}

// Everything that is written is SARIF 2.1.0, whatever the repository says.
func TestSchema(t *testing.T) {
	dir := contract.Find()
	if dir == "" {
		t.Skip("SKIPPED: GitHub's schemas are not beside this checkout, so the SARIF is not validated")
	}
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(dir, "schemas", "sarif-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, o := example(waiver)
	empty := reporttest.Build("", nil, nil)
	hostile, ho := spoiled(reporttest.Hostile)
	for name, text := range map[string][]byte{"example": written(t, r, o), "empty": written(t, empty, Options{}), "hostile": written(t, hostile, ho)} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// spoiled is a report all of whose texts are s.
func spoiled(s string) (*report.Report, Options) {
	d := reporttest.Hub(s, ".")
	d.Fallback = span.Span{File: s, Start: span.Pos{Line: 1, Column: 1}}
	vs := []report.Verdict{reporttest.Verdict("https", report.Fail, "", "%s", s), reporttest.Verdict(s, report.Unknown, "false", "%s", s)}
	r := reporttest.Build("", reporttest.Rules(s), []step.Problem{{Msg: s, At: d.Fallback}}, report.Evaluated{Doc: d, Verdicts: vs}, report.Evaluated{Doc: reporttest.Hub("b", "b"), Verdicts: vs})
	return r, Options{Prefix: s, Category: s, Sources: reporttest.Sources(d)}
}

// parsed is what the tests look at.
type parsed struct {
	Runs []struct {
		Tool              struct{ Driver struct{ Rules []descriptor } }
		Results           []result
		AutomationDetails automation
		Invocations       []invocation
	}
}

func parse(t testing.TB, text []byte) parsed {
	t.Helper()
	var p parsed
	if err := json.Unmarshal(text, &p); err != nil || len(p.Runs) != 1 {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

// What code scanning needs of every result and rule.
func TestPlatform(t *testing.T) {
	r, o := example(waiver)
	for range 900 {
		more, _ := example("")
		r.Results = append(r.Results, more.Results...)
	}
	p := parse(t, written(t, r, o)).Runs[0]
	if len(p.Results) != maxResults || !strings.Contains(p.Invocations[0].Notifications[2].Message.Text, "more findings are left out") {
		t.Errorf("%d results, %+v", len(p.Results), p.Invocations)
	}
	if p.AutomationDetails.ID != "tljh-policy/" {
		t.Error(p.AutomationDetails.ID)
	}
	worst := "error"
	for _, res := range p.Results {
		g := res.Locations[0].Physical.Region
		if res.Message.Text == "" || g.StartLine < 1 || g.StartColumn < 1 || g.EndLine != g.StartLine || g.EndColumn <= g.StartColumn {
			t.Fatalf("%+v", res)
		}
		d := p.Tool.Driver.Rules[res.RuleIndex]
		if d.ID != res.RuleID || d.Short.Text == "" || d.Full.Text == "" || d.Help.Text == "" || len([]rune(d.Help.Text)) > maxText {
			t.Fatalf("%+v", d)
		}
		if res.Level != "error" {
			worst = res.Level
		} else if worst != "error" {
			t.Fatal("an error comes after something less severe")
		}
		if note := strings.Contains(res.RuleID, "/undecided") || strings.Contains(res.RuleID, "/accepted"); note && (res.Level != "note" || d.Properties.SecuritySeverity != "") {
			t.Errorf("%+v looks like a hole", res)
		}
		if res.RuleID == "https" && d.Properties.SecuritySeverity != "7.5" || res.RuleID == "base-environment" && d.Properties.SecuritySeverity != "" {
			t.Errorf("%+v", d)
		}
	}
}

func TestSecuritySeverity(t *testing.T) {
	for _, tt := range []struct{ rule, severity, want string }{
		{"https", "error", "7.5"}, {"https", "warning", "6.9"}, {"https", "info", ""}, {"auto-upgrades", "warning", "5.5"}, {"monitoring", "error", ""},
	} {
		if got := securitySeverity(tt.rule, settings.Level(tt.severity)); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

// What is too large to upload is cut further.
func TestTooLarge(t *testing.T) {
	r, o := example("")
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range r.Results {
		for range 700 {
			f := r.Results[i].Findings[0]
			word := make([]rune, 1000)
			for k := range word {
				word[k] = rune(0x4e00 + noise.IntN(0x5000))
			}
			f.Outcome, f.Message = report.Fail, string(word)
			r.Results[i].Findings = append(r.Results[i].Findings, f)
		}
	}
	text := written(t, r, o)
	if n := zipped(text); n > maxZipped || n < maxZipped/3 {
		t.Errorf("%d bytes, zipped %d", len(text), n)
	}
	if p := parse(t, text).Runs[0]; len(p.Results) == 0 || !strings.Contains(p.Invocations[0].Notifications[2].Message.Text, "more findings are left out") {
		t.Errorf("%d results", len(p.Results))
	}
}

func TestURI(t *testing.T) {
	for in, want := range map[string]string{"a/b c.sh": "a/b%20c.sh", "a:b#é?.sh": "a%3Ab%23%C3%A9%3F.sh", "a%20b": "a%2520b", "a\nb": "a%0Ab", "a\xffb": "a%FFb"} {
		if got := URI(in); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}

// The values are those of the action that uploads files without fingerprints.
func TestLineHashes(t *testing.T) {
	greetings := []string{"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"}
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"", []string{"c129715d7a2bc9a3:1"}},
		{" a\nb\n  \t\tc\n d", []string{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"}},
		{" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", greetings},
		{" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", greetings},
		{" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", greetings},
		{" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", greetings},
		{strings.Repeat("Lorem ipsum dolor sit amet.\n", 10), []string{
			"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6",
			"a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"}},
	} {
		if d := cmp.Diff(tt.want, lineHashes(tt.in)); d != "" {
			t.Errorf("%q:\n%s", tt.in, d)
		}
	}
}

func FuzzWrite(f *testing.F) {
	f.Add(reporttest.Hostile)
	f.Fuzz(func(t *testing.T, s string) {
		r, o := spoiled(s)
		text := written(t, r, o)
		if strings.Contains(string(text), "##[") || strings.ContainsRune(string(text), '\u202e') || bytes.Contains(text, []byte(`evil.example)](http`)) {
			t.Errorf("%s", text)
		}
		p := parse(t, text)
		if id := p.Runs[0].AutomationDetails.ID; !strings.HasSuffix(id, "/") || id == "/" {
			t.Error(id)
		}
		for _, res := range p.Runs[0].Results {
			if uri := res.Locations[0].Physical.Artifact.URI; strings.ContainsAny(uri, " :\\\"<>\n#?") {
				t.Error(uri)
			}
		}
	})
}
