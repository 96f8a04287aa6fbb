package report

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func TestBuild(t *testing.T) {
	r := Build(input(t, ""))
	if r.Summary != (Summary{Pass: 1, Fail: 1, Unknown: 2, Waived: 1, Error: 1}) || r.ExitCode != ExitFailed {
		t.Errorf("%+v, exit %d", r.Summary, r.ExitCode)
	}
	var order []string
	for _, res := range r.Results {
		order = append(order, res.Rule)
	}
	if got := strings.Join(order, " "); got != "authenticator https vm-sizing disk-backups limits own" {
		t.Errorf("order: %s", got)
	}
	if h := find(r, "https"); h.Location.String() != "install.sh:3:36" || h.Fix.Op != "set" || h.Related[1].Location.Start.Line != 5 {
		t.Errorf("%+v", h)
	}
	if l := find(r, "limits"); l.Outcome != Waived || l.Waiver.Kind != "comment" || l.Waiver.Expires != "2027-01-31" {
		t.Errorf("%+v", l)
	}
	if u := find(r, "vm-sizing"); !strings.HasPrefix(u.Findings[0].Why, "no infrastructure") {
		t.Errorf("%+v", u)
	}
}

func TestSettingsApply(t *testing.T) {
	in := input(t, "rules:\n  https: {severity: info}\n  vm-sizing: {off: not ours}\n")
	in.Hubs[0].Verdicts = in.Hubs[0].Verdicts[1:5] // the evaluator is not asked about a rule that is off
	r := Build(in)
	if h := find(r, "https"); h.Severity != "info" {
		t.Errorf("%+v", h)
	}
	if v := find(r, "vm-sizing"); v.Outcome != NotApplicable || v.Location.String() != ".tljh-policy.yaml:4:15" {
		t.Errorf("%+v", v)
	}
	if r.ExitCode != ExitPassed {
		t.Errorf("exit %d: %s", r.ExitCode, r.ExitReason)
	}
}

func TestWaivers(t *testing.T) {
	const tail = ", reason: proxy in front, owner: ann, expires: "
	tests := []struct {
		name, yaml string
		outcome    Outcome // of https
		says       string  // the first finding of the rule about waivers
	}{
		{"covers", "waivers: [{rule: https, hub: physics" + tail + "2026-12-01}]", Waived, ""},
		{"any hub", "waivers: [{rule: https" + tail + "2026-12-01}]", Waived, ""},
		{"path above", "waivers: [{rule: https, path: config.https" + tail + "2026-12-01}]", Waived, ""},
		{"path itself", "waivers: [{rule: https, path: /config/https/enabled" + tail + "2026-12-01}]", Waived, ""},
		{"other path", "waivers: [{rule: https, path: config.http" + tail + "2026-12-01}]", Fail, "The waiver for https covers nothing: the rule finds nothing wrong there. Delete it."},
		{"expired", "waivers: [{rule: https" + tail + "2026-11-30}]", Fail, "The waiver for https ended on 2026-11-30. It was given because: proxy in front. ann should decide what to do now."},
		{"unused", "waivers: [{rule: authenticator" + tail + "2026-12-01}]", Fail, "The waiver for authenticator covers nothing: the rule finds nothing wrong there. Delete it."},
		{"no such hub", "waivers: [{rule: https, hub: physcs" + tail + "2026-12-01}]", Fail, `There is no hub "physcs", so this waiver covers nothing; did you mean "physics"?`},
		{"a new one beside an expired one", "waivers: [{rule: https" + tail + "2026-12-01}, {rule: https" + tail + "2026-11-01}]", Waived, "The waiver for https ended on 2026-11-01. It was given because: proxy in front. ann should decide what to do now."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Build(input(t, tt.yaml))
			if h := find(r, "https"); h.Outcome != tt.outcome || (h.Outcome == Waived) != (h.Waiver != nil) {
				t.Errorf("https is %s", h.Outcome)
			}
			got := ""
			if w := find(r, WaiversRule); w != nil {
				got = w.Message
				if w.Outcome != Fail || w.Severity != "warning" || w.Location == nil {
					t.Errorf("%+v", w)
				}
			}
			if got != tt.says {
				t.Errorf("\n got %s\nwant %s", got, tt.says)
			}
		})
	}
}

func TestWaiverCoversOnlyItsFindings(t *testing.T) {
	in := input(t, "waivers: [{rule: https, path: config.https, reason: r, owner: o, expires: 2026-12-31}]")
	v := &in.Hubs[0].Verdicts[2]
	v.Findings = append(v.Findings, Found{Outcome: Fail, Path: []any{"config", "limits"}, Message: "and this"})
	r := Build(in)
	h := find(r, "https")
	if h.Outcome != Fail || h.Message != "and this" || h.Findings[1].Waiver == nil {
		t.Errorf("%+v", h)
	}
}

func TestStrictWaivesUnknown(t *testing.T) {
	in := input(t, "strict: true\nwaivers: [{rule: vm-sizing, reason: r, owner: o, expires: 2026-12-31}]")
	if o := find(Build(in), "vm-sizing").Outcome; o != Waived {
		t.Errorf("got %s", o)
	}
	in.Strict = false
	if o := find(Build(in), "vm-sizing").Outcome; o != Unknown {
		t.Errorf("got %s", o)
	}
}

func TestInlineWaiverPlaces(t *testing.T) {
	const c = "# tljh-policy: ignore=https until=2027-01-31 proxy"
	tests := []struct {
		name, text string
		want       Outcome
		says       bool // about the waiver itself
	}{
		{"same line", "set https.enabled false " + c + "\nhunter2hunter2 2G", Waived, false},
		{"line above", c + "\nset https.enabled false\nhunter2hunter2 2G", Waived, false},
		{"two above", c + "\n# tljh-policy: ignore=limits until=2027-01-31 x\nset https.enabled false 2G\nhunter2hunter2", Waived, false},
		{"too far above", c + "\n\nset https.enabled false\nhunter2hunter2 2G", Fail, true},
		{"behind another command above", "true " + c + "\nset https.enabled false\nhunter2hunter2 2G", Fail, true},
		{"below", "set https.enabled false\n" + c + "\nhunter2hunter2 2G", Fail, true},
		{"expired", "set https.enabled false # tljh-policy: ignore=https until=2026-11-30 x\nhunter2hunter2 2G", Fail, true},
		{"no reason", "set https.enabled false # tljh-policy: ignore=https until=2027-11-30\nhunter2hunter2 2G", Fail, true},
		{"misspelt rule", "set https.enabled false # tljh-policy: ignore=htps until=2027-11-30 x\nhunter2hunter2 2G", Fail, true},
		{"in a string", "set https.enabled false '" + c + "'\nhunter2hunter2 2G", Fail, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, "")
			in.Hubs[0].Doc = example("physics", tt.text)
			r := Build(in)
			if h := find(r, "https"); h.Outcome != tt.want {
				t.Errorf("https is %s", h.Outcome)
			}
			if w := find(r, WaiversRule); (w != nil) != tt.says {
				t.Errorf("%+v", w)
			}
		})
	}
}

func TestInlineWaiverOnParentKey(t *testing.T) {
	src := span.NewSource("config.yaml", "https: # tljh-policy: ignore=https until=2027-01-31 proxy\n\n  enabled: false\n")
	root := doc.NewMap(doc.Set, span.Span{})
	https := doc.NewMap(doc.Set, span.Span{})
	https.KeyAt = placeOf(src, "https")
	root.Put("config", doc.NewMap(doc.Set, span.Span{})).Put("https", https).Put("enabled", doc.Of(false, doc.Set, placeOf(src, "false")))
	in := input(t, "")
	in.Hubs[0].Doc = &hub.Document{Name: "a", Root: root, Sources: []string{"config.yaml"}, Source: func(string) *span.Source { return src }}
	if h := find(Build(in), "https"); h.Outcome != Waived {
		t.Errorf("https is %s", h.Outcome)
	}
}

// A fingerprint follows what a finding is about, not where its line is.
func TestFingerprint(t *testing.T) {
	a := Build(input(t, ""))
	in := input(t, "")
	in.Hubs[0].Doc = example("physics", "# a new line\n\n"+script)
	b := Build(in)
	for i := range a.Results {
		if a.Results[i].Fingerprint != b.Results[i].Fingerprint {
			t.Errorf("%s changed", a.Results[i].Rule)
		}
	}
	in.Hubs[0].Doc.Name = "maths"
	if c := Build(in); c.Results[0].Fingerprint == a.Results[0].Fingerprint {
		t.Error("another hub has the same fingerprint")
	}
	seen := map[string]bool{}
	for _, res := range a.Results {
		for _, f := range res.Findings {
			if seen[f.Fingerprint] {
				t.Errorf("%s: not unique", res.Rule)
			}
			seen[f.Fingerprint] = true
		}
	}
}

func TestDeterministicAndMatchesSchema(t *testing.T) {
	yaml := "waivers: [{rule: https, reason: r, owner: o, expires: 2026-12-31}, {rule: limits, hub: x, reason: r, owner: o, expires: 2026-12-31}]"
	var first []byte
	for i := range 20 {
		in := input(t, yaml)
		in.Hubs = append(in.Hubs, Evaluated{example("maths", script), verdicts()})
		if i%2 == 1 { // whatever order the work was done in
			in.Hubs[0], in.Hubs[1] = in.Hubs[1], in.Hubs[0]
			v := in.Hubs[0].Verdicts
			v[0], v[4] = v[4], v[0]
		}
		var b bytes.Buffer
		if err := JSON(&b, Build(in)); err != nil {
			t.Fatal(err)
		}
		if err := Text(&b, Build(in), nil, true); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		} else if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("the output differs between two runs")
		}
	}
	in := input(t, yaml)
	in.Hubs[0].Verdicts[3].Findings[0].Fix = &Fix{Op: "add-item", Path: "/config/users/allowed", Value: "ann", Then: []Fix{
		{Op: "set", Path: "/config/auth/type", Value: "native"}, {Op: "unset", Path: "/config/limits/cpu"},
	}}
	var b bytes.Buffer
	_ = JSON(&b, Build(in))
	matchesSchema(t, b.Bytes())
	if !strings.Contains(b.String(), `"then": [`) {
		t.Error("the further changes of a fix are not in the report")
	}
}

// matchesSchema checks a JSON report against its schema.
func matchesSchema(t *testing.T, text []byte) {
	t.Helper()
	var report, schema any
	_ = json.Unmarshal(text, &report)
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	rs, err := rego.New(rego.Query("json.match_schema(input.doc, input.schema)"), rego.Input(map[string]any{"doc": report, "schema": schema})).Eval(context.Background())
	if err != nil || len(rs) != 1 {
		t.Fatal(err, rs)
	}
	if v := rs[0].Expressions[0].Value.([]any); v[0] != true {
		t.Errorf("%v", v[1])
	}
}
