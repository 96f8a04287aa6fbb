package comment

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown/markdowntest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const waiver = "waivers: [{rule: https, reason: The proxy of the computing centre ends TLS, owner: example-teacher, expires: 2027-01-31}]\n"

// huge is a report that no comment can hold.
func huge(t testing.TB) *report.Report {
	var hubs []report.Evaluated
	for i := range 400 {
		name := fmt.Sprintf("course-%03d", i)
		long := says("authenticator", report.Fail)
		for j := range 20 {
			long.Findings = append(long.Findings, found(report.Fail, fmt.Sprintf("config.auth.x%d", j), "%s %d", strings.Repeat("A long story. ", 60), j))
		}
		hubs = append(hubs, at(teaching(name, "hubs/"+name), long, noHTTPS, limit, packages, machine, backups, scale))
	}
	return build(t, "", hubs...)
}

func cases(t testing.TB) map[string]string {
	t.Helper()
	d := teaching("hub", ".")
	o := options(d)
	mixed := func() *report.Report {
		head := build(t, "", at(d, noHTTPS, limit, packages, machine, backups, passes("authenticator", "People log in with GitHub.")))
		report.Compare(head, build(t, "", at(d, passes("https", "HTTPS is on."), limit, packages, machine, dummy, passes("disk-backups", "Backed up."))))
		return head
	}
	gated := o
	gated.Gate = []Change{
		{Text: "It switches the rule disk-backups off in .tljh-policy.yaml.", File: ".tljh-policy.yaml", Start: 4, End: 6},
		{Text: "It adds a waiver for https until 2027-06-30.", File: ".tljh-policy.yaml", Start: 9, End: 13},
		{Text: "It changes the workflow that runs this check.", File: ".github/workflows/hub.yml", Start: 12, End: 12},
	}
	gated.Notes = []string{"This token may only read (a pull request from a fork), so there are no comments on the lines themselves."}
	gone := build(t, "", at(teaching("biology", "hubs/biology"), allGood...))
	report.Compare(gone, build(t, "", at(teaching("biology", "hubs/biology"), allGood...), at(teaching("physics", "hubs/physics"), dummy, noHTTPS)))
	h, ho := hostile(t)
	three := []report.Evaluated{
		at(teaching("biology", "hubs/biology"), append([]report.Verdict{packages, machine, scale}, allGood[:3]...)...),
		at(teaching("physics", "hubs/physics"), noHTTPS, limit, packages, machine, scale, allGood[0]),
		at(teaching("statistics", "hubs/statistics"), noHTTPS, dummy, packages, machine, scale, allGood[2]),
	}
	return map[string]string{
		"passing.md":      Summary(build(t, "", at(d, allGood...)), o),
		"failing.md":      Summary(build(t, "", at(d, dummy, noHTTPS, limit, packages, volume, machine, backups, firewall, scale, alarm)), o),
		"undecided.md":    Summary(build(t, "", at(d, append([]report.Verdict{machine, scale}, allGood[:4]...)...)), o),
		"three-hubs.md":   Summary(build(t, "", three...), o),
		"changes.md":      Summary(mixed(), o),
		"waivers.md":      Summary(build(t, waiver+"rules: {vm-sizing: {off: our own machine}}\n", at(d, append([]report.Verdict{noHTTPS}, allGood[2:]...)...)), o),
		"gate.md":         Summary(build(t, "", at(d, append([]report.Verdict{noHTTPS}, allGood[2:]...)...)), gated),
		"hub-gone.md":     Summary(gone, o),
		"huge.md":         Summary(huge(t), o),
		"hostile.md":      Summary(h, ho),
		"job-summary.md":  JobSummary(mixed(), o),
		"inline.md":       Inline(&build(t, "", at(d, limit)).Results[0], &build(t, "", at(d, limit)).Results[0].Findings[0], o.Edit(nil, &build(t, "", at(d, limit)).Results[0].Findings[0]), o),
		"inline-fixed.md": Fixed("resource-limits"),
	}
}

func TestGolden(t *testing.T) {
	for name, got := range cases(t) {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
			if bad := markdowntest.Foreign(got, site); bad != nil {
				t.Error(strings.Join(bad, "\n"))
			}
			if n := len(utf16.Encode([]rune(got))); n > maxUnits || len(got) > maxBytes {
				t.Errorf("%d units, %d bytes", n, len(got))
			}
			if strings.Contains(got, "hunter2") {
				t.Error("it shows a secret")
			}
		})
	}
}
