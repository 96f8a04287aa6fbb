package settings

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func TestInlineWaivers(t *testing.T) {
	const ok = "tljh-policy: ignore=https until=2027-01-31 behind the campus proxy"
	tests := []struct {
		name, file, text string
		found            bool
		bad              string
		alone            bool
		at               string
	}{
		{"shell, alone", "a.sh", "# " + ok, true, "", true, "a.sh:1:3"},
		{"shell, behind a command", "a.sh", "x=1 # " + ok, true, "", false, "a.sh:1:7"},
		{"second line", "a.sh", "x=1\n\t## " + ok, true, "", true, "a.sh:2:5"},
		{"wide characters", "a.sh", "echo 日本 # " + ok, true, "", false, "a.sh:1:11"},
		{"no space before the sign", "a.sh", "x=1# " + ok, false, "", false, ""},
		{"in a string", "a.sh", `echo "# ` + ok + `"`, false, "", false, ""},
		{"in single quotes", "a.sh", `echo '# ` + ok + `'`, false, "", false, ""},
		{"no sign at all", "a.sh", ok, false, "", false, ""},
		{"terraform slashes", "main.tf", "x = 1 // " + ok, true, "", false, "main.tf:1:10"},
		{"slashes are no comment in shell", "a.sh", "x // " + ok, false, "", false, ""},
		{"a URL is no comment", "main.tf", `x = "http:// ` + ok + `"`, false, "", false, ""},
		{"markdown", "README.md", "<!-- " + ok + " -->", true, "", true, "README.md:1:6"},
		{"ini", "a.service", "; " + ok, true, "", true, "a.service:1:3"},
		{"block comment", "main.tf", "/* " + ok + " */", true, "", true, "main.tf:1:4"},
		{"jinja", "a.sh.j2", "{# " + ok + " #}", true, "", true, "a.sh.j2:1:4"},
		{"no rule", "a.sh", "# tljh-policy: ignore= until=2027-01-31 x", true, "it names no rule", true, "a.sh:1:3"},
		{"not ignore", "a.sh", "# tljh-policy: skip", true, `it does not begin with "ignore=RULE"`, true, "a.sh:1:3"},
		{"no end", "a.sh", "# tljh-policy: ignore=https because", true, "it has no end; write until=2027-01-31 (a day) after the rule", true, "a.sh:1:3"},
		{"bad day", "a.sh", "# tljh-policy: ignore=https until=soon x", true, "its end is not a day; write until=2027-01-31", true, "a.sh:1:3"},
		{"no reason", "a.sh", "# tljh-policy: ignore=https until=2027-01-31", true, "it gives no reason; write it after the date", true, "a.sh:1:3"},
		{"no reason before the end of the comment", "a.md", "<!-- tljh-policy: ignore=https until=2027-01-31 -->", true, "it gives no reason; write it after the date", true, "a.md:1:6"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := InlineWaivers(span.NewSource(tt.file, tt.text))
			if (len(got) == 1) != tt.found {
				t.Fatalf("found %d", len(got))
			}
			if !tt.found {
				return
			}
			w := got[0]
			if w.Bad != tt.bad || w.Alone != tt.alone || w.At.String() != tt.at {
				t.Errorf("%+v", w)
			}
			if w.Bad == "" && w.Reason != "behind the campus proxy" {
				t.Errorf("reason %q", w.Reason)
			}
		})
	}
}

func TestInlineSeveralRules(t *testing.T) {
	got := InlineWaivers(span.NewSource("a.sh", "# tljh-policy: ignore=https,dns until=2027-01-31 x\nfoo\n# tljh-policy: ignore=a until=2027-01-31 y"))
	if len(got) != 2 || len(got[0].Rules) != 2 || got[1].At.Start.Line != 3 {
		t.Errorf("%+v", got)
	}
}

func FuzzInlineWaivers(f *testing.F) {
	f.Add("a.sh", "# tljh-policy: ignore=https until=2027-01-31 x")
	f.Add("a.md", "<!-- tljh-policy: -->tljh-policy:")
	f.Add("x", "\xff# tljh-policy:")
	f.Fuzz(func(t *testing.T, file, text string) { InlineWaivers(span.NewSource(file, text)) })
}
