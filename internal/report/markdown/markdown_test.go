package markdown

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/report/markdown/markdowntest"
)

func TestProse(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "HTTPS is off. It's 2 GiB.", "HTTPS is off. It's 2 GiB."},
		{"settings and files", `Set https.enabled, in "install.sh" or /opt/tljh (client_secret).`, "Set `https.enabled`, in \"`install.sh`\" or `/opt/tljh` (`client_secret`)."},
		{"hidden file", "Write it in .tljh-policy.yaml: hubs", "Write it in `.tljh-policy.yaml`: hubs"},
		{"words stay words", "e.g. 80/443, and/or v2, 2.0.0 i.e. x", "e.g. 80/443, and/or v2, 2.0.0 i.e. x"},
		{"command", "Type: sudo tljh-config set limits.cpu 2. Then go.", "Type: `sudo tljh-config set limits.cpu 2`. Then go."},
		{"address", "see https://z2jh.jupyter.org.", "see `https://z2jh.jupyter.org`."},
		{"mention", "ask @ann or a@b.org", "ask @\u200bann or a@\u200bb.org"},
		{"reference", "see #12, GH-3 and o/r#4", "see #\u200b12, GH-\u200b3 and o/r#\u200b4"},
		{"commit", "since 0123abcd and defaced", "since `0123abcd` and defa\u200bced"},
		{"HTML", "<img src=x onerror=y> & <!-- a -->", "&lt;img src=x onerror=y&gt; &amp; &lt;\\!-- a --&gt;"},
		{"Markdown", "*a* [b](c) ~~d~~ | `e` $f$", "\\*a\\* \\[b\\](c) \\~\\~d\\~\\~ \\| \\`e\\` \\$f\\$"},
		{"heading", "# a", "\\# a"},
		{"list", "1. a", "1\\. a"},
		{"dash", "- a", "\\- a"},
		{"emoji", "a :octocat: b", "a :\u200boctocat: b"},
		{"lines", "a\n\n# b", "a # b"},
		{"bidi", "a\u202eb", "a\\\\u202eb"},
		{"comment in code", "x.y<!--z", "x.y&lt;\\!--z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Prose(tt.in, MaxProse)
			if got != tt.want {
				t.Errorf("\ngot  %q\nwant %q", got, tt.want)
			}
			if bad := markdowntest.Foreign(got); bad != nil {
				t.Error(bad)
			}
		})
	}
	if got := Value(strings.Repeat("é", 5000), 500); len([]rune(got)) != MaxValue+1 {
		t.Errorf("%d characters", len([]rune(got)))
	}
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		"a b":  "`a b`",
		"`":    "`` ` ``",
		"a``b": "```a``b```",
		"":     "` `",
		"a|b":  "`a|b`",
		"<!--": "`<!\u200b--`",
	} {
		if got := Code(in, MaxValue); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/a#L1-L2":     "[x](https://example.org/a#L1-L2)",
		"https://example.org/a) b\"<c>`|": "[x](https://example.org/a%29%20b%22%3Cc%3E%60%7C)",
		"javascript:alert(1)":             "x",
		"//example.org":                   "x",
		"https://u:p@example.org/":        "x",
		"":                                "x",
	} {
		if got := Link("x", in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestBlock(t *testing.T) {
	got := strings.Join(Block("Give it\na name:\n    sudo a\n      sudo b\n\n    c\nThen:\n  AWS: x\n- y\n\n```\n# not a heading\n    ````"), "\n--\n")
	want := "Give it a name:\n--\n```\nsudo a\n  sudo b\n\nc\n```\n--\nThen:\n--\n- AWS: x\n- y\n--\n\\`\\`\\` # not a heading\n--\n`````\n````\n`````"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Whatever the text, and wherever it stands, the page holds only what is ours.
func FuzzSinks(f *testing.F) {
	for _, s := range []string{
		"@ann #1 GH-2 deadbeef0 https://x.y www.x.y", "<img src=x>", "<!-- marker -->", "```\n</details>", "a | b\n|---|---|\n", "[x](javascript:y)", "![x](https://y)",
		"<details>\n\n# x", "- [ ] x\n\n1. y", "\\", "`", "``", "x`y", "http://a`b@c", "[x]: https://y\n[x]", "[^1]\n\n[^1]: z", "&lt;img&gt;", "&#64;ann", "sudo a`b <img> @c", "sudo ` | x", ":a::b:",
		"    sudo x\n```\n@a", "\u202e\x1b[31m", "a\u2028# b", "{.x #y}", "ftp://x~~y~~", "w.w.w.x.y", "a@b_c.de", "***", "===", "=\n=", "a  ", "x.y@z.w", "mailto:a@b.cc", "xmpp:a@b.cc", "::error::", "##[x]", "~~~\nx", "> q", "+ x", "\ta", "1) x", "99999999.", "$`x`$",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		page := "<!-- ours -->\n" +
			"### " + Value(s, MaxValue) + "\n\n" + Prose(s, MaxProse) + "\n\n**" + Prose(s, MaxProse) + "** x\n\n" + Code(s, MaxValue) + " " + Value(s, MaxValue) + "\n\n- " + Value(s, MaxValue) + "\n- " + Prose(s, MaxProse) + "\n\n" +
			"> " + Prose(s, MaxProse) + "\n\n" +
			"| a | b |\n|---|---|\n| " + Value(s, MaxValue) + " | " + Cell(s, MaxValue) + " |\n| " + Value(s, MaxValue) + " | " + Link(Cell(s, MaxValue), "https://ours.example/"+s) + " |\n\n" +
			"<details><summary>" + HTML(s, MaxValue) + " <code>" + HTML(s, MaxValue) + "</code></summary>\n\n" + strings.Join(Block(s), "\n\n") + "\n\n" + Fence("diff", s) + "\n\n</details>\n\n" + Link(Value(s, MaxValue), s) + "\n"
		allowed := []string{"https://ours.example/"}
		if strings.HasPrefix(s, "http") {
			allowed = append(allowed, "http")
		}
		if html, _ := markdowntest.Render(page); strings.Count(html, "<td") != 4 {
			t.Errorf("the table broke: %q", page)
		}
		if bad := markdowntest.Foreign(page, allowed...); bad != nil {
			t.Errorf("%s\n---\n%s", strings.Join(bad, "\n"), page)
		}
		if strings.Count(page, "<!--") != 1 {
			t.Errorf("a forged comment in %q", page)
		}
	})
}
