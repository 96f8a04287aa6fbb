package annotate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/reporttest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// seen is a command as the runner sees it.
type seen struct {
	name  string
	props map[string]string
	data  string
}

// commands reads a log with the two parsers of the runner: "::" at the start of a line, and the older "##[" anywhere in it.
func commands(text string) []seen {
	var out []seen
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if c, ok := parse(strings.TrimLeft(line, " \t\v\f\u0085\u00a0\u2028\u2029\ufeff"), "::", "::", ","); ok && strings.HasPrefix(strings.TrimSpace(line), "::") {
			out = append(out, c)
		} else if i := strings.Index(line, "##["); i >= 0 {
			if c, ok := parse(line[i:], "##[", "]", ";"); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

func parse(line, open, close, sep string) (seen, bool) {
	rest, ok := strings.CutPrefix(line, open)
	if !ok {
		return seen{}, false
	}
	info, data, ok := strings.Cut(rest, close)
	if !ok {
		return seen{}, false
	}
	name, props, _ := strings.Cut(info, " ")
	known := " error warning notice debug group endgroup add-mask add-matcher remove-matcher stop-commands echo set-output save-state set-env add-path "
	if !strings.Contains(known, " "+strings.ToLower(name)+" ") {
		return seen{}, false
	}
	c := seen{name: name, props: map[string]string{}, data: strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(data)}
	for _, p := range strings.Split(props, sep) {
		if k, v, ok := strings.Cut(strings.TrimSpace(p), "="); ok {
			c.props[k] = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(v)
		}
	}
	return c, true
}

func written(t testing.TB, r *report.Report, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func example(yaml string) *report.Report {
	problems := []step.Problem{{Msg: "setup.sh cannot be read", Fatal: true}, {Msg: "a loop"}}
	return reporttest.Build(yaml, reporttest.Rules("Because. Do it:\n    sudo x"), problems, report.Evaluated{Doc: reporttest.Hub("hub", "."), Verdicts: reporttest.All()})
}

func TestWrite(t *testing.T) {
	got := written(t, example("waivers: [{rule: resource-limits, reason: r, owner: o, expires: 2027-01-31}]\n"), Options{Prefix: "courses/a,b"})
	want := `::error title=Could not be read or evaluated::setup.sh cannot be read
::error file=courses/a%2Cb/install.sh,line=6,endLine=6,col=36,endColumn=41,title=The wanted state of https%3A not met (https)::HTTPS is off.%0A%0AWhat to do:%0ABecause. Do it:%0A    sudo x
::error file=courses/a%2Cb/install.sh,line=1,endLine=1,col=1,endColumn=12,title=own%3A this rule is broken (own)::the rule broke and gave no reason
::error file=courses/a%2Cb/install.sh,line=5,endLine=5,col=55,endColumn=69,title=secret%3A not met (secret)::A password stands here.
::warning file=courses/a%2Cb/install.sh,line=1,endLine=2,title=The wanted state of base-environment%3A not met (base-environment)::Nothing installs packages.%0A%0AWhat to do:%0ABecause. Do it:%0A    sudo x
::notice file=courses/a%2Cb/install.sh,line=1,endLine=1,col=1,endColumn=12,title=The wanted state of home-volume%3A not met (home-volume)::Homes lie on the system disk.%0A%0AWhat to do:%0ABecause. Do it:%0A    sudo x
::notice file=courses/a%2Cb/install.sh,line=1,endLine=1,col=1,endColumn=12,title=The wanted state of disk-backups%3A cannot be decided (disk-backups)::Whether there are backups cannot be told.
`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if strings.Contains(got, reporttest.Secret) {
		t.Error("it shows a secret")
	}
	if s := written(t, example("strict: true\n"), Options{}); !strings.Contains(s, "::error file=install.sh,line=1,endLine=1,col=1,endColumn=12,title=The wanted state of disk-backups%3A cannot") {
		t.Error(s)
	}
}

// More than the platform shows is counted; what is new comes before what was there.
func TestLimits(t *testing.T) {
	var hubs, before []report.Evaluated
	for i := range 30 {
		h := report.Evaluated{Doc: reporttest.Hub(fmt.Sprintf("h%02d", i), fmt.Sprintf("h%02d", i)), Verdicts: reporttest.All()}
		hubs = append(hubs, h)
		if i < 28 {
			before = append(before, h)
		}
	}
	head := reporttest.Build("", reporttest.Rules(""), nil, hubs...)
	report.Compare(head, reporttest.Build("", reporttest.Rules(""), nil, before...))
	head.Results[0].Findings[0].Message = strings.Repeat("日😀", 5000)
	all := commands(written(t, head, Options{}))
	count := map[string]int{}
	for _, c := range all {
		count[c.name]++
		if n := len([]rune(c.data)); n > maxMessage {
			t.Errorf("%d characters", n)
		}
	}
	if len(all) != 30 || count["error"] != 10 || count["warning"] != 10 || count["notice"] != 10 {
		t.Errorf("%v", count)
	}
	if last := all[len(all)-1].data; !strings.Contains(last, "110 errors, 20 warnings, 51 notices") {
		t.Error(last)
	}
	if !strings.HasPrefix(all[0].props["title"], "Hub h28:") {
		t.Errorf("the first one is not new: %v", all[0].props)
	}
}

// Whatever the repository says, the runner sees our commands and no other.
func FuzzWrite(f *testing.F) {
	for _, s := range []string{reporttest.Hostile, "%0A::error::x", "##[error]x", "a\u2028::error::x", "\u200b::x", "a,b:c=d", "::", "\r::add-mask::x", "]##[set-output name=a]b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := reporttest.Hub(s, ".")
		d.Fallback = span.Span{File: s, Start: span.Pos{Line: 1, Column: 1}}
		rules := reporttest.Rules(s)
		for i := range rules {
			rules[i].Title = s
		}
		vs := []report.Verdict{reporttest.Verdict("https", report.Fail, "", "%s", s), reporttest.Verdict("home-volume", report.Unknown, "false", "%s", s), reporttest.Verdict(s, report.Fail, "", "%s", s), {Rule: "x" + s, Outcome: report.RuleError, Err: fmt.Errorf("%s", s)}}
		r := reporttest.Build("", rules, []step.Problem{{Msg: s, At: d.Fallback, Fatal: true}}, report.Evaluated{Doc: d, Verdicts: vs}, report.Evaluated{Doc: reporttest.Hub("b", "b"), Verdicts: vs})
		text := written(t, r, Options{Prefix: s})
		all := commands(text)
		if want := 9 - count(r); len(all) != want || strings.Count(text, "\n") != want {
			t.Errorf("%d commands, want %d, in %q", len(all), want, text)
		}
		for _, c := range all {
			if c.name != "error" && c.name != "warning" && c.name != "notice" {
				t.Errorf("%+v", c)
			}
			for k := range c.props {
				if !strings.Contains(" file line endLine col endColumn title ", " "+k+" ") {
					t.Errorf("a forged property %q in %+v", k, c)
				}
			}
		}
	})
}

// count is how many of the fuzzer's verdicts fall together because its text is the id of another rule.
func count(r *report.Report) int { return 8 - len(r.Results) }
