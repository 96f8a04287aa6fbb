package settings

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

const full = `version: 1
hubs:
  - name: physics
    dir: hubs/physics/
    expected_users: {active: 30, total: 200}
  - name: maths
    sources: [maths/install.sh, ./maths/config.yaml]
rules:
  https: {severity: warning}
  disk-backups:
    off: "the university backs this VM up"
  vm-sizing:
    params:
      headroom: 1.5
      classes: [a, b]
waivers:
  - rule: firewall
    hub: maths
    path: infra.instances.0
    reason: the campus firewall is in front
    owner: ann@example.org
    expires: 2027-01-31
policies: [policy/tljh]
fail_on: warning
strict: true
`

func TestParse(t *testing.T) {
	s, err := Parse(span.NewSource(FileName, full))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Hubs) != 2 || s.Hubs[0].Dir != "hubs/physics" || s.Hubs[0].ExpectedUsers.Active.Value != 30 {
		t.Errorf("hubs: %+v", s.Hubs)
	}
	if got := s.Hubs[1].Sources; !cmp.Equal(got, []string{"maths/install.sh", "maths/config.yaml"}) {
		t.Errorf("sources: %v", got)
	}
	if s.Rule("https").Severity != Warning || s.Rule("disk-backups").Off == "" || s.Rule("nothing") != nil {
		t.Errorf("rules: %+v", s.Rules)
	}
	params := s.Rule("vm-sizing").Params
	if !cmp.Equal(params[0].Value, any(1.5)) || !cmp.Equal(params[1].Value, any([]any{"a", "b"})) {
		t.Errorf("params: %+v", params)
	}
	w := s.Waivers[0]
	if w.Path != "/infra/instances/0" || w.Expires.Format("2006-01-02") != "2027-01-31" || w.At.String() != FileName+":17:5" {
		t.Errorf("waiver: %+v", w)
	}
	if s.FailOn != Warning || !s.Strict || s.Policies[0].Name != "policy/tljh" {
		t.Errorf("rest: %+v", s)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", `1:1: this file is empty; write "version: 1", or delete it`},
		{"only a comment", "# nothing\n", `1:1: this file is empty; write "version: 1", or delete it`},
		{"no version", "strict: true\n", `1:1: "version: 1" is missing`},
		{"other version", "version: 2\n", `1:10: version is 2, but this program knows version 1 only`},
		{"not a mapping", "- a\n", `1:1: the settings must be a mapping (lines of "key: value"), not a list`},
		{"unknown key", "version: 1\nwaiver: []\n", `2:1: unknown key "waiver" in the settings; did you mean "waivers"?`},
		{"duplicate", "version: 1\nstrict: true\nstrict: false\n", `3:1: "strict" is written twice (first on line 2); keep one`},
		{"syntax", "version: 1\nrules:\n  https: [\n", `3:3: this is not valid YAML: did not find expected node content`},
		{"tab", "version: 1\nrules:\n\thttps: {}\n", `3:2: this is not valid YAML: found character that cannot start any token`},
		{"two documents", "version: 1\n---\nversion: 1\n", `2:1: a second YAML document begins here; a settings file is one document (remove the "---")`},
		{"binary", "version: 1\x00", `1:1: this is not a text file in UTF-8`},
		{"fail_on", "version: 1\nfail_on: warn\n", `2:10: fail_on is "warn", but must be one of error, warning, info, never; did you mean "warning"?`},
		{"runbooks", "version: 1\nrunbooks: 1\n", `2:11: runbooks must be true or false, not "1"`},
		{"strict", "version: 1\nstrict: yes please\n", `2:9: strict must be true or false, not "yes please"`},
		{"severity", "version: 1\nrules:\n  https: {severity: fatal}\n", `3:21: severity is "fatal", but must be one of error, warning, info`},
		{"off without reason", "version: 1\nrules:\n  https: {off: true}\n", `3:16: "off" takes the reason for switching the rule off, for instance: off: "backups are the university's task"`},
		{"rule key", "version: 1\nrules:\n  https: {severty: info}\n", `3:11: unknown key "severty" in rule "https"; did you mean "severity"?`},
		{"hub without name", "version: 1\nhubs:\n  - dir: a\n", `3:5: this hub has no "name"`},
		{"hub without place", "version: 1\nhubs:\n  - name: a\n", `3:5: a hub needs either "dir" (its directory) or "sources" (its files), one of the two`},
		{"hub with both", "version: 1\nhubs:\n  - {name: a, dir: b, sources: [c]}\n", `3:5: a hub needs either "dir" (its directory) or "sources" (its files), one of the two`},
		{"hub twice", "version: 1\nhubs:\n  - {name: a, dir: b}\n  - {name: a, dir: c}\n", `4:12: there are two hubs named "a"`},
		{"outside", "version: 1\npolicies: [../x]\n", `2:12: a directory of policies is "../x", but must be a path inside the repository, with "/" between its parts`},
		{"absolute", "version: 1\npolicies: [/etc]\n", `2:12: a directory of policies is "/etc", but must be a path inside the repository, with "/" between its parts`},
		{"users", "version: 1\nhubs:\n  - {name: a, dir: b, expected_users: {active: many}}\n", `3:48: active must be a whole number of 0 or more, not "many"`},
		{"users upside down", "version: 1\nhubs:\n  - {name: a, dir: b, expected_users: {active: 9, total: 3}}\n", `3:48: active (9 users at the same time) is more than total (3 users in all)`},
		{"waiver without end", "version: 1\nwaivers:\n  - {rule: https, reason: r, owner: o}\n", `3:5: this waiver has no "expires"; a waiver needs rule, reason, owner and expires`},
		{"waiver's day", "version: 1\nwaivers:\n  - {rule: https, reason: r, owner: o, expires: 31.1.2027}\n", `3:49: expires is "31.1.2027", but must be a day such as 2027-01-31`},
		{"empty reason", "version: 1\nwaivers:\n  - {rule: https, reason: '', owner: o, expires: 2027-01-31}\n", `3:27: reason must not be empty`},
		{"unicode columns", "version: 1\nhubs:\n  - {name: \"日本\", dir: b, oops: c}\n", `3:26: unknown key "oops" in a hub`},
		{"merge key", "version: 1\nrules:\n  https: &a {severity: info}\n  dns: {<<: *a}\n", `4:9: rule "dns": keys must be plain words`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(span.NewSource(FileName, tt.text))
			if err == nil {
				t.Fatal("no error")
			}
			first, _, _ := strings.Cut(err.Error(), "\n")
			if want := FileName + ":" + tt.want; !strings.HasPrefix(first, want) {
				t.Errorf("\n got %s\nwant %s", err, want)
			}
		})
	}
}

func TestEveryMistakeIsReported(t *testing.T) {
	_, err := Parse(span.NewSource(FileName, "version: 3\nstrct: true\nfail_on: x\n"))
	var ps Problems
	if !errors.As(err, &ps) || len(ps) != 3 {
		t.Errorf("want three problems in order of place, got %v", err)
	}
}

func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\nrules:\n  x:\n    params:\n      a0: &a0 [1,2,3,4,5,6,7,8,9]\n")
	for i := 1; i < 10; i++ {
		p, q := string(rune('0'+i-1)), string(rune('0'+i))
		b.WriteString("      a" + q + ": &a" + q + " [" + strings.Repeat("*a"+p+", ", 8) + "*a" + p + "]\n")
	}
	_, err := Parse(span.NewSource(FileName, b.String()))
	if err == nil || !strings.Contains(err.Error(), "too large once its aliases are expanded") {
		t.Errorf("got %v", err)
	}
	if _, err := Parse(span.NewSource(FileName, "version: 1\nrules:\n  x:\n    params: {a: &a [*a]}\n")); err == nil {
		t.Error("an alias inside itself was accepted")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{full, "", "version: 1", "a: &a [*a]", "version: 1\nwaivers: [{}]", "!!binary x", "? [a]: b", "version: 1\nrules: {x: {params: {a: !!float .inf}}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(span.NewSource(FileName, text))
		if err == nil && s == nil {
			t.Error("neither settings nor an error")
		}
	})
}
