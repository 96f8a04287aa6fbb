package sanitize

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func TestLine(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "HTTPS is off: see ::1", "HTTPS is off: see ::1"},
		{"wide", "日本 é", "日本 é"},
		{"escape sequence", "\x1b[31mred\x1b]0;title\x07", `\x1b[31mred\x1b]0;title\x07`},
		{"C1", "a\u009bb", `a\x9bb`},
		{"line breaks", "a\nb\r\nc\td\u2028e", "a b  c d e"},
		{"bidi", "a\u202eb\u2066c", `a\u202eb\u2066c`},
		{"zero width", "a\u200bb\ufeffc", `a\u200bb\ufeffc`},
		{"tag characters", "a\U000e0041", `a\U000e0041`},
		{"workflow command", "::error::x", "\u200b::error::x"},
		{"after spaces", "  ::error::x", "  \u200b::error::x"},
		{"after a line break", "x\n::error::y", "x ::error::y"},
		{"old workflow command", "see ##[add-mask]x", "see ##\u200b[add-mask]x"},
		{"bad UTF-8", "a\xffb", "a\uFFFDb"},
		{"unknown token", "a" + span.Unknown("why") + "b", "a…b"},
		{"delete", "a\x7fb", `a\x7fb`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Line(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := Line(strings.Repeat("é", 2*MaxRunes)); utf8.RuneCountInString(got) != MaxRunes+1 {
		t.Errorf("%d runes", utf8.RuneCountInString(got))
	}
}

func TestLines(t *testing.T) {
	if got, want := Lines("a\r\n\tb\n::warning::c"), "a\n    b\n\u200b::warning::c"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestJSONKeepsTheValue(t *testing.T) {
	for _, s := range []string{"##[x]", "###[", `\##[`, "a\u202eb", "\U000e0041", "é日本", "\x7f", "#", "##"} {
		raw, _ := json.Marshal(s)
		safe := JSON(raw)
		var back string
		if err := json.Unmarshal(safe, &back); err != nil || back != s {
			t.Errorf("%q: %s %v", s, safe, err)
		}
		if strings.Contains(string(safe), "##[") || strings.ContainsRune(string(safe), '\u202e') {
			t.Errorf("unsafe: %s", safe)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\x1b[0m::error::##[x\u202e")
	f.Add("##\u200b[::")
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range strings.Split(Lines(s), "\n") {
			check(t, l)
		}
		check(t, Line(s))
	})
}

func check(t *testing.T, got string) {
	if strings.HasPrefix(strings.TrimSpace(got), "::") || strings.Contains(got, "##[") || !utf8.ValidString(got) {
		t.Errorf("unsafe: %q", got)
	}
	for _, r := range strings.ReplaceAll(got, breaker, "") {
		if Hidden(r) {
			t.Errorf("hidden %U in %q", r, got)
		}
	}
}
