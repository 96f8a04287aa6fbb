package junit

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/reporttest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

func written(t testing.TB, r *report.Report) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrite(t *testing.T) {
	d := reporttest.Hub("hub", ".")
	r := reporttest.Build("strict: true\nwaivers: [{rule: resource-limits, reason: r, owner: o, expires: 2027-01-31}]\n", reporttest.Rules(""), []step.Problem{{Msg: "x.sh cannot be read", Fatal: true, At: span.Span{File: "x.sh"}}}, report.Evaluated{Doc: d, Verdicts: reporttest.All()})
	want := xml.Header + `<testsuites name="tljh-policy" tests="9" failures="3" errors="2" skipped="3">
  <testsuite name="hub hub" tests="8" failures="3" errors="1" skipped="3">
    <testcase name="authenticator" classname="tljh-policy" file="install.sh" line="4"></testcase>
    <testcase name="https" classname="tljh-policy" file="install.sh" line="6">
      <failure message="HTTPS is off." type="error">install.sh:6:36: HTTPS is off.&#xA;</failure>
    </testcase>
    <testcase name="resource-limits" classname="tljh-policy" file="install.sh" line="7">
      <skipped message="waived: The limit is not valid.">install.sh:7:36: The limit is not valid.&#xA;</skipped>
    </testcase>
    <testcase name="disk-backups" classname="tljh-policy" file="install.sh" line="1">
      <failure message="Whether there are backups cannot be told." type="unknown">install.sh:1:1: Whether there are backups cannot be told.&#xA;</failure>
    </testcase>
    <testcase name="home-volume" classname="tljh-policy" file="install.sh" line="1">
      <skipped message="fail: Homes lie on the system disk.">install.sh:1:1: Homes lie on the system disk.&#xA;</skipped>
    </testcase>
    <testcase name="base-environment" classname="tljh-policy" file="install.sh" line="1">
      <skipped message="fail: Nothing installs packages.">install.sh:1:8: Nothing installs packages.&#xA;</skipped>
    </testcase>
    <testcase name="own" classname="tljh-policy" file="install.sh" line="1">
      <error message="the rule broke and gave no reason">install.sh:1:1: the rule broke and gave no reason&#xA;</error>
    </testcase>
    <testcase name="secret" classname="tljh-policy" file="install.sh" line="5">
      <failure message="A password stands here." type="error">install.sh:5:55: A password stands here.&#xA;</failure>
    </testcase>
  </testsuite>
  <testsuite name="reading" tests="1" failures="0" errors="1" skipped="0">
    <testcase name="could not be read or evaluated" classname="tljh-policy" file="x.sh" line="1">
      <error message="x.sh cannot be read"></error>
    </testcase>
  </testsuite>
</testsuites>
`
	got := written(t, r)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if strings.Contains(got, reporttest.Secret) {
		t.Error("it shows a secret")
	}
}

// Whatever the repository says, the file is XML with our elements only.
func FuzzWrite(f *testing.F) {
	f.Add(reporttest.Hostile)
	f.Add("]]></failure><x>\x00\xff")
	f.Fuzz(func(t *testing.T, s string) {
		d := reporttest.Hub(s, ".")
		d.Fallback = span.Span{File: s, Start: span.Pos{Line: 1, Column: 1}}
		r := reporttest.Build("", reporttest.Rules(s), []step.Problem{{Msg: s, Fatal: true, At: d.Fallback}}, report.Evaluated{Doc: d, Verdicts: []report.Verdict{reporttest.Verdict(s, report.Fail, "", "%s", s)}})
		text := written(t, r)
		var back suites
		if err := xml.Unmarshal([]byte(text), &back); err != nil || back.Tests != 2 || strings.Count(text, "<testcase") != 2 {
			t.Errorf("%v\n%s", err, text)
		}
		for _, l := range strings.Split(text, "\n") {
			if strings.HasPrefix(strings.TrimSpace(l), "::") || strings.Contains(l, "##[") {
				t.Errorf("a workflow command: %q", l)
			}
		}
	})
}
