package settings

import (
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func TestCheck(t *testing.T) {
	one, two := 1.0, 2.0
	specs := []Spec{
		{ID: "https"},
		{ID: "vm-sizing", Params: []ParamSpec{
			{Name: "headroom", Type: "number", Minimum: &one, Maximum: &two},
			{Name: "mode", Type: "string", Enum: []any{"fast", "slow"}},
			{Name: "users", Type: "integer"}, {Name: "on", Type: "boolean"}, {Name: "list", Type: "array"}, {Name: "map", Type: "object"},
		}},
	}
	tests := []struct{ name, text, want string }{
		{"fine", "rules: {vm-sizing: {params: {headroom: 1.5, mode: fast, users: 3, on: true, list: [], map: {}}}}", ""},
		{"unknown rule", "rules: {htps: {}}", `2:9: there is no rule "htps"; did you mean "https"?`},
		{"unknown rule in a waiver", "waivers: [{rule: vm-sise, reason: r, owner: o, expires: 2027-01-01}]", `2:18: there is no rule "vm-sise"; did you mean "vm-sizing"?`},
		{"no parameters", "rules: {https: {params: {a: 1}}}", `2:26: rule "https": it takes no parameters`},
		{"unknown parameter", "rules: {vm-sizing: {params: {hedroom: 1}}}", `2:30: rule "vm-sizing": it has no parameter "hedroom"; did you mean "headroom"?`},
		{"type", "rules: {vm-sizing: {params: {headroom: much}}}", `2:40: rule "vm-sizing": parameter "headroom" must be a number`},
		{"whole number", "rules: {vm-sizing: {params: {users: 1.5}}}", `2:37: rule "vm-sizing": parameter "users" must be a whole number`},
		{"minimum", "rules: {vm-sizing: {params: {headroom: 0.5}}}", `2:40: rule "vm-sizing": parameter "headroom" is 0.5, but must be at least 1`},
		{"maximum", "rules: {vm-sizing: {params: {headroom: 3}}}", `2:40: rule "vm-sizing": parameter "headroom" is 3, but must be at most 2`},
		{"enum", "rules: {vm-sizing: {params: {mode: fsat}}}", `2:36: rule "vm-sizing": parameter "mode" is fsat, but must be one of fast, slow; did you mean "fast"?`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Parse(span.NewSource(FileName, "version: 1\n"+tt.text+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := s.Check(specs); err != nil {
				got = strings.TrimPrefix(err.Error(), FileName+":")
			}
			if got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestExpired(t *testing.T) {
	day, _ := ParseDay("2027-01-31")
	for now, want := range map[string]bool{"2027-01-30T12:00:00Z": false, "2027-01-31T23:59:59Z": false, "2027-02-01T00:00:00Z": true} {
		at, _ := time.Parse(time.RFC3339, now)
		if got := Expired(day, at); got != want {
			t.Errorf("at %s: %v", now, got)
		}
	}
}

func TestSuggest(t *testing.T) {
	ids := []string{"https", "dns", "firewall"}
	for word, want := range map[string]string{"htps": "https", "HTTPS": "https", "fire-wall": "firewall", "completely-else": "", strings.Repeat("a", 500): ""} {
		if got := Suggest(word, ids); got != want {
			t.Errorf("%s: %q", word, got)
		}
	}
}
