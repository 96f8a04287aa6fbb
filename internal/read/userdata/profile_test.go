package userdata

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func TestProfile(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"of LXD":      {"config:\n  user.user-data: |\n    #cloud-config\n    a: 1\n", "#cloud-config\na: 1\n@3"},
		"vendor":      {"config:\n  cloud-init.user-data: one\n  cloud-init.vendor-data: two\n", "two@3|one@2"},
		"several":     {"profiles:\n- config: {user.user-data: one}\n- config: {user.user-data: two}\n", "one@2|two@3"},
		"by an alias": {"a: &a\n  user.user-data: one\nb: *a\n", "one@2|one@2"},
		"a list":      {"cloud-init.user-data: [x]\n", "[x]@1"},
		"itself":      {"&a [*a]\n", ""},
		"no YAML":     {"config: [\n", ""},
		"no anchor":   {"user.user-data: *x\n", ""},
		"nothing":     {"", ""},
		"other bytes": {"\xff\x00", ""},
	} {
		var got []string
		texts, _ := Profile(span.NewSource("p.yaml", c.text))
		for _, x := range texts {
			got = append(got, x.String()+"@"+string(rune('0'+x.Span().Start.Line)))
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s: %q, want %q", name, s, c.want)
		}
	}
}

func FuzzProfile(f *testing.F) {
	for _, s := range []string{"a:\n  user.user-data: |\n    #cloud-config\n", "- {cloud-init.vendor-data: [x]}\n", "&a [*a]\n", "user.user-data: *x\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { _, _ = Profile(span.NewSource("p.yaml", text)) })
}
