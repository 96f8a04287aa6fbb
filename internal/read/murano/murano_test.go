package murano

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Templates count in the order of the class; what depends on a choice may not be done, what is done once is done.
func TestCalls(t *testing.T) {
	for name, c := range map[string]struct{ class, want string }{
		"in order":        {"- $t: $resources.yaml('b.template')\n- $t: $resources.yaml(a.template)\n", "b.template a.template"},
		"only once":       {"- If: not $.getAttr(deployed, false)\n  Then:\n    - $t: $resources.yaml('a.template')\n", "a.template"},
		"only later":      {"- If: $.getAttr(deployed, false)\n  Then:\n    - $t: $resources.yaml('a.template')\n", "a.template?1"},
		"by choice":       {"- If: $.volumes\n  Then:\n    - $t: $resources.yaml('a.template')\n- $t: $resources.yaml('b.template')\n", "a.template?1 b.template"},
		"otherwise":       {"- If: not $.getAttr(deployed, false)\n  Then:\n    - a\n  Else:\n    - $t: $resources.yaml('a.template')\n", "a.template?4"},
		"choice in once":  {"- If: not $.getAttr(deployed, false)\n  Then:\n    - If: $.x\n      Then:\n        - $t: $resources.yaml('a.template')\n", "a.template?3"},
		"a comment":       {"# $resources.yaml('a.template')\n", ""},
		"cut off":         {"- If: $.x\n  Then:\n    - $t: $resources.yaml(", ""},
		"no name":         {"- $t: $resources.yaml('')\n", ""},
		"carriage return": {"- If: $.x\r\n  - $t: $resources.yaml('a.template')\r\n", "a.template?1"},
		"tabs":            {"- If: x\n\t- $resources.yaml('a.template')\n", "a.template"},
		"nothing":         {"", ""},
	} {
		var got []string
		for _, c := range calls(span.NewSource("Hub.yaml", c.class)) {
			s := c.template
			if c.cond != nil {
				s += fmt.Sprintf("?%d", c.cond.At.Start.Line)
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", name, s, c.want)
		}
	}
}

func TestDir(t *testing.T) {
	for script, want := range map[string]string{"Resources/scripts/a.sh": ".", "x/y/Resources/scripts/a.sh": "x/y", "scripts/a.sh": "", "Resources/scripts/b/a.sh": ""} {
		if got, _ := Dir(script); got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
}

// What a class says, however malformed, is read without a fault.
func FuzzCalls(f *testing.F) {
	for _, s := range []string{"- If: x\n  Then:\n  - $resources.yaml('a.template')\n", "If:\r\n\tresources.yaml(b)", "Else: \xff", "- Catch:\n   - $resources.yaml('../x')\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range calls(span.NewSource("c.yaml", text)) {
			if c.template == "" {
				t.Error("a template without a name")
			}
		}
	})
}
