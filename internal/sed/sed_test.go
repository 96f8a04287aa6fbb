package sed

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func words(args ...string) []span.Text {
	var out []span.Text
	for _, a := range args {
		out = append(out, span.Plain(a))
	}
	return out
}

func TestApply(t *testing.T) {
	name := span.Unknown("$NAME is not set")
	for _, tc := range []struct {
		args []string
		in   string
		want string // "?": not followed
	}{
		{[]string{"-i", "s/HOST/hub.example.org/"}, "a: HOST HOST\nb: HOST\n", "a: hub.example.org HOST\nb: hub.example.org\n"},
		{[]string{"-i", "-e", "s|A|x/y|g", "--expression=s#B#&&#", "f"}, "A A B\n", "x/y x/y BB\n"},
		{[]string{"s/a/1/;s/b/2/"}, "ab", "12"},
		{[]string{"-E", `s/(me+) (x|y)/\2 \1/`}, "meee y", "y meee"},
		{[]string{`s/\(m.\) *x$/[\1]/`}, "ma   x", "[ma]"},
		{[]string{"s/a+b/1/"}, "aab a+b", "aab 1"},
		{[]string{`s/a\.b\/c/1/`}, "axb/c a.b/c", "axb/c 1"},
		{[]string{"s/^#*[[:space:]]*\\(Pass\\) .*/\\1 no/"}, "##  Pass yes\nPass", "Pass no\nPass"},
		{[]string{"s/x/I/I"}, "X", "I"},
		{[]string{"s/{{ name }}/é/"}, "{{ name }}", "é"},
		{[]string{"s/NAME/" + name + "/g"}, "a: NAME", "a: " + name},
		{[]string{"s/a/b/"}, "a" + name, "b" + name},
		{[]string{"s/name/b/"}, "x: " + name, "x: " + name}, // what the reason says is not what the file says
		{[]string{"s/x: .*/x: 1/"}, "x: " + name + "\ny", "x: 1\ny"},
		{[]string{"s/x: ./x: 1/"}, "x: " + name, "?"},
		{[]string{"s/" + name + "/b/"}, "a", "?"},
		{[]string{"/a/d"}, "a", "?"},
		{[]string{"/a/s/b/c/"}, "a", "?"},
		{[]string{"-n", "s/a/b/p"}, "a", "?"},
		{[]string{"s/a/b/2"}, "a", "?"},
		{[]string{"s/a/\\Ub/"}, "a", "?"},
		{[]string{`s/\(a\)\1/b/`}, "aa", "?"},
		{[]string{"s/a/\\3/"}, "a", "?"},
		{[]string{"s/a/b"}, "a", "?"},
		{[]string{"s/[a/b/"}, "a", "?"},
		{[]string{"-f", "x.sed", "f"}, "a", "?"},
		{[]string{"-i"}, "a", "?"},
		{nil, "a", "?"},
	} {
		c, ok := Parse(words(tc.args...))
		got, done := c.Apply(span.Plain(tc.in))
		if !ok || !done {
			got = span.Plain("?")
		}
		if got.String() != tc.want {
			t.Errorf("sed %q on %q: %q, want %q", tc.args, tc.in, got.String(), tc.want)
		}
	}
}

func TestPlacesSurvive(t *testing.T) {
	script := span.NewSource("a.sh", "s/HOST/hub/").Whole()
	c, ok := Parse([]span.Text{span.Plain("-i"), script, span.Plain("f.yaml")})
	if !ok || !c.InPlace || len(c.Files) != 1 {
		t.Fatal(c, ok)
	}
	got, _ := c.Apply(span.NewSource("f.yaml", "a: 1\nb: HOST # x\n").Whole())
	at := strings.Index(got.String(), "hub")
	if s := got.SpanOf(at, at+3); s.File != "a.sh" || s.Start.Column != 8 {
		t.Error(s)
	}
	at = strings.Index(got.String(), "# x")
	if s := got.SpanOf(at, at+3); s.File != "f.yaml" || s.Start.Line != 2 || s.Start.Column != 9 {
		t.Error(s)
	}
}

func TestWords(t *testing.T) {
	for script, want := range map[string]bool{"s/__HOST__/a/": true, "s/ab/x/": false, "s/a: b/x/": false, "s/HOST/a/;s/^x/y/": false, "s/HOST/a/I": false} {
		c, ok := Parse(words(script))
		if _, got := c.Words(); !ok || got != want {
			t.Error(script, got, ok)
		}
	}
}

func FuzzApply(f *testing.F) {
	f.Add("s/a/b/g", "a", "x a")
	f.Add(`s|\(a*\)[^b]\{2\}|\1&|I;s/x/\n/`, "-E", "aaa"+span.Unknown("r"))
	f.Add("s/[[:alpha:]]*/"+span.Unknown("q")+"/", "--", "é\n\n")
	f.Fuzz(func(t *testing.T, script, option, text string) {
		c, ok := Parse(words(option, script, "f"))
		if !ok {
			return
		}
		src := span.NewSource("f", text).Whole()
		if out, ok := c.Apply(src); ok && out.Len() > 0 {
			out.SpanOf(0, out.Len())
		}
	})
}
