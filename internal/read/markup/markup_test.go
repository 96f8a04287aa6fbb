package markup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// show writes a tree, each scalar with its place.
func show(n *Node) string {
	if n == nil {
		return "nothing"
	}
	var parts []string
	switch n.Kind {
	case Map:
		for _, m := range n.Members {
			parts = append(parts, m.Key.String()+": "+show(m.Value))
		}
		return n.Tag + "{" + strings.Join(parts, ", ") + "}"
	case List:
		for _, it := range n.Items {
			parts = append(parts, show(it))
		}
		return n.Tag + "[" + strings.Join(parts, ", ") + "]"
	}
	at := n.Text.Span().Start
	return fmt.Sprintf("%s%q@%d:%d", n.Tag, n.Text.String(), at.Line, at.Column)
}

func text(s string) span.Text { return span.NewSource("f", s).Whole() }

func TestJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"a": [1, true, null, "x"]}`:          `{a: ["1"@1:8, "true"@1:11, "null"@1:17, "x"@1:24]}`,
		"{ // one\n \"a\": /* two */ \"b\", }": `{a: "b"@2:18}`,
		"[\"two\nlines\",]":                    `["two\nlines"@1:3]`,
		`["a\nb\u00e9\ud83d\ude00\/"]`:         `["a\nbé😀/"@1:3]`,
		"\uFEFF[]":                             `[]`,
		`["a" "b"]`:                            "f:1:6 not valid JSON: a comma or ] is missing",
		`{"a": 1`:                              "f:1:8 not valid JSON: a comma or } is missing",
		`{"a": 01}`:                            "f:1:7 not valid JSON: this is no value",
		`{a: 1}`:                               "f:1:2 not valid JSON: a string is missing",
		"[1] /*":                               "f:1:5 not valid JSON: this comment has no end",
		"[1] 2":                                "f:1:5 not valid JSON: unexpected text after the value",
		"":                                     "f:1:1 not valid JSON: a value is missing",
		strings.Repeat("[", 200):               "f:1:101 not valid JSON: it is too large or nested too deeply",
		"[" + strings.Repeat("1,", 300000) + "1]": "f:1:400000 not valid JSON: it is too large or nested too deeply",
	} {
		n, err := JSON(text(in))
		got := show(n)
		if err != nil {
			got = err.At.String() + " " + err.Msg
		}
		if got != want {
			t.Errorf("%.50q\n got %.200s\nwant %s", in, got, want)
		}
	}
}

func TestYAML(t *testing.T) {
	for in, want := range map[string]string{
		"a: !Ref B\nc: !Sub |\n  x\n  y\n":  `{a: !Ref"B"@1:9, c: !Sub"x\ny\n"@3:3}`,
		"a: !If [x, 1, yes]\n":              `{a: !If["x"@1:9, "1"@1:12, "yes"@1:15]}`,
		"a: &x {b: 1}\nc: {<<: *x, d: 2}\n": `{a: {b: "1"@1:11}, c: {b: "1"@1:11, d: "2"@2:16}}`,
		"a:\n  Fn::Base64: !Sub\n    - x\n": `{a: {Fn::Base64: !Sub["x"@3:7]}}`,
		"":                                  "nothing",
		"a: [":                              "f:1:1 not valid YAML: did not find expected node content",
		strings.Repeat("[", 100):            "f:1:1 not valid YAML: did not find expected node content",
	} {
		n, err := YAML(text(in), "the text")
		got := show(n)
		if err != nil {
			got = err.At.String() + " " + err.Msg
		}
		if got != want {
			t.Errorf("%.50q\n got %.200s\nwant %s", in, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	n, _ := JSON(text(`{"Name": 1, "name": 2, "OTHER": 3}`))
	for key, want := range map[string]string{"Name": "1", "name": "2", "NAME": "2", "other": "3", "none": ""} {
		if got := n.Get(key).Str(); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	f.Add(`{"a": [1, "x\u0041"]} // end`)
	f.Add("a: &x !Ref b\nc: {<<: [*x, *x]}\n")
	f.Fuzz(func(t *testing.T, s string) {
		n, _ := JSON(text(s))
		show(n)
		n, _ = YAML(text(s), "the text")
		show(n)
	})
}
