package comment

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown/markdowntest"
)

// Every level is shorter than the one before, and all of them say the verdict and the counts.
func TestLevels(t *testing.T) {
	r := huge(t)
	o := options(teaching("hub", "."))
	before := 0
	for level := 0; level <= MaxLevel; level++ {
		s := (&page{Options: o, amount: amounts[level], report: r}).summary()
		n := len(utf16.Encode([]rune(s)))
		if level > 0 && n >= before {
			t.Errorf("level %d has %d units, the one before %d", level, n, before)
		}
		before = n
		for _, want := range []string{o.Marker, "### ❌ Hub check failed: 3 rules are not met", "| course-000 | 3 | 1 | 3 |"} {
			if !strings.Contains(s, want) {
				t.Errorf("level %d does not say %q", level, want)
			}
		}
		if bad := markdowntest.Foreign(s, site); bad != nil {
			t.Errorf("level %d: %v", level, bad)
		}
		if level > 0 && !strings.Contains(s, "left out here") {
			t.Errorf("level %d does not say that something is left out", level)
		}
		o.Level = level
		if got := Summary(r, o); len(got) > len(s) || !strings.HasPrefix(got, o.Marker+"\n") {
			t.Errorf("level %d: %d bytes, %d wanted at most", level, len(got), len(s))
		}
	}
	if before > 20_000 {
		t.Errorf("the shortest text has %d units", before)
	}
}

// However much there is to say and however wide its characters are, a comment fits.
func TestBudget(t *testing.T) {
	wide := strings.Repeat("日本語の長い説明😀 ", 400)
	head, o := spoiled(t, wide)
	for i := range 900 {
		res := head.Results[i%5]
		res.Rule = fmt.Sprintf("%s %d", res.Rule, i)
		res.Hub = fmt.Sprintf("%s %d", wide, i)
		head.Results = append(head.Results, res)
		head.Hubs = append(head.Hubs, report.Hub{Name: res.Hub})
		head.Problems = append(head.Problems, report.Problem{Message: wide, Fatal: i%2 == 0})
		head.Comparison.HubsRemoved = append(head.Comparison.HubsRemoved, report.RemovedHub{Name: wide, Failures: 1})
		head.Comparison.HubsRenamed = append(head.Comparison.HubsRenamed, report.RenamedHub{From: wide, To: wide})
		o.Gate = append(o.Gate, Change{Text: wide, File: "f"})
		o.Notes = append(o.Notes, wide)
	}
	s := Summary(head, o)
	if n := len(utf16.Encode([]rune(s))); n > maxUnits || len(s) > maxBytes {
		t.Errorf("%d units, %d bytes", n, len(s))
	}
	if bad := markdowntest.Foreign(s, site); bad != nil {
		t.Error(bad[0])
	}
	if s := JobSummary(head, o); len(s) > maxJobBytes || strings.Contains(s, o.Marker) {
		t.Errorf("%d bytes", len(s))
	}
}

// The headline follows from the exit code and from what is open, never from counts of passes.
func TestHeadline(t *testing.T) {
	d := teaching("hub", ".")
	broken := report.Verdict{Rule: "https", Outcome: report.RuleError}
	for want, r := range map[string]*report.Report{
		"✅ Hub check passed\n":                                              build(t, "", at(d, allGood...)),
		"✅ Hub check passed, with 1 recommendation\n":                       build(t, "", at(d, append([]report.Verdict{packages}, allGood[:3]...)...)),
		"✅ Hub check passed; 1 point cannot be decided\n":                   build(t, "", at(d, append([]report.Verdict{machine}, allGood[:4]...)...)),
		"❓ Hub check: nothing fails, but 1 point cannot be decided\n":       build(t, "", at(d, append([]report.Verdict{backups}, allGood[:4]...)...)),
		"❌ Hub check failed: 1 point cannot be decided\n":                   build(t, "strict: true\n", at(d, append([]report.Verdict{backups}, allGood[:4]...)...)),
		"❌ Hub check failed: 1 rule is not met\n":                           build(t, "", at(d, noHTTPS)),
		"⛔ Hub check could not be completed\n":                              build(t, "", at(d, broken, allGood[0])),
		"❌ Hub check failed: 2 rules are not met\n":                         build(t, "", at(d, noHTTPS, dummy), at(teaching("b", "b"), noHTTPS, dummy)),
		"⛔ Hub check could not be completed\n\nNobody can say that the hub": build(t, ""),
	} {
		if got := Summary(r, Options{}); !strings.HasPrefix(got, "### "+want) {
			t.Errorf("want %q, got %.200q", want, got)
		}
	}
}

// The fix of an advice is no repair of what fails.
func TestEditsAreOfFailures(t *testing.T) {
	v := says("authenticator", report.Fail, found(report.Fail, "config.auth.type", "Anybody gets in."),
		report.Found{Outcome: report.Advice, Path: path("config.https.enabled"), Message: "Name who may.", Fix: &report.Fix{Op: "add-item", Path: "/config/users/allowed", Value: "ann"}})
	if got := Summary(build(t, "", at(teaching("hub", "."), v)), options()); strings.Contains(got, "users.allowed") || !strings.Contains(got, "Name who may.") {
		t.Error(got)
	}
}

func TestInline(t *testing.T) {
	r := build(t, "", at(teaching("hub", "."), limit))
	res := &r.Results[0]
	f := &res.Findings[0]
	for _, tt := range []struct {
		name string
		edit *Edit
		want string
	}{
		{"exact", &Edit{File: "install.sh", StartLine: 7, EndLine: 7, Lines: []string{"\tmemory: 1G  # ```"}}, "````suggestion\n\tmemory: 1G  # ```\n````\n"},
		{"deletion", &Edit{}, "```suggestion\n```\n"},
		{"none", nil, ""},
		{"hidden characters", &Edit{Lines: []string{"a\u202eb"}}, ""},
		{"line break", &Edit{Lines: []string{"a\r"}}, ""},
		{"comment", &Edit{Lines: []string{"<!-- x -->"}}, ""},
		{"secret", &Edit{Lines: []string{"password: opensesame"}}, ""},
		{"too long", &Edit{Lines: []string{strings.Repeat("a ", 9000)}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Inline(res, f, tt.edit, Options{Marker: "<!-- m -->"})
			if !strings.HasPrefix(got, "<!-- m -->\n\n❌ **Each person's memory is limited: not met** (`resource-limits`)\n") {
				t.Error(got)
			}
			if strings.Contains(got, "suggestion\n") != (tt.want != "") || !strings.Contains(got, tt.want) {
				t.Error(got)
			}
			if bad := markdowntest.Foreign(got); bad != nil {
				t.Error(bad)
			}
		})
	}
}

func TestCommand(t *testing.T) {
	for _, tt := range []struct {
		fix  *report.Fix
		want string
	}{
		{nil, ""},
		{&report.Fix{Op: "set", Path: "/config/limits/memory", Value: "1G"}, "sudo tljh-config set limits.memory 1G"},
		{&report.Fix{Op: "set", Path: "/config/https/enabled", Value: true}, "sudo tljh-config set https.enabled true"},
		{&report.Fix{Op: "unset", Path: "/config/https/letsencrypt/staging"}, "sudo tljh-config unset https.letsencrypt.staging"},
		{&report.Fix{Op: "add-item", Path: "/config/users/admin", Value: "a b; rm -rf /"}, "sudo tljh-config add-item users.admin 'a b; rm -rf /'"},
		{&report.Fix{Op: "set", Path: "/config/x", Value: "a'$(b)"}, ""},
		{&report.Fix{Op: "set", Path: "/config/x", Value: []any{"a"}}, ""},
		{&report.Fix{Op: "set", Path: "/config/a b/$(c)", Value: 1}, ""},
		{&report.Fix{Op: "set", Path: "/infra/x", Value: 1}, ""},
		{&report.Fix{Op: "set", Path: "/config/https/enabled", Value: true, Then: []report.Fix{{Op: "unset", Path: "/config/https/tls"}}}, "sudo tljh-config set https.enabled true\nsudo tljh-config unset https.tls"},
		{&report.Fix{Op: "set", Path: "/config/https/enabled", Value: true, Then: []report.Fix{{Op: "set", Path: "/config/x", Value: []any{1}}}}, ""},
		{&report.Fix{Op: "rm", Path: "/config/x", Value: 1}, ""},
		{&report.Fix{Op: "set", Path: "/config/auth/password", Value: "opensesame"}, ""},
	} {
		if got := Command(tt.fix); got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.fix, got, tt.want)
		}
	}
}

// Whatever a repository says, the comments hold only what is ours.
func FuzzComments(f *testing.F) {
	f.Add(evil)
	f.Add("")
	f.Add("a\n    sudo b | c\n- d\n```\n")
	f.Add("<!-- x\n-->`")
	f.Fuzz(func(t *testing.T, s string) {
		r, o := spoiled(t, s)
		texts := []string{Summary(r, o), JobSummary(r, o)}
		for i := range r.Results {
			for j := range r.Results[i].Findings {
				inline := Inline(&r.Results[i], &r.Results[i].Findings[j], o.Edit(nil, nil), o)
				texts = append(texts, inline, Fixed(r.Results[i].Rule))
			}
		}
		for _, text := range texts {
			if bad := markdowntest.Foreign(text, site); bad != nil {
				t.Fatalf("%v\n%s", bad, text)
			}
			if strings.Count(text, "<!--") > 1 {
				t.Fatalf("a forged comment in\n%s", text)
			}
		}
	})
}
