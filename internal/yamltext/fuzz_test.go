package yamltext

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// What cannot be read is an error with its place, never a tree.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"open quote":    {"a: \"x\nb: 1\n", 2},
		"open flow":     {"a: [1, 2\n", 1},
		"tab":           {"a:\n\tb: 1\n", 2},
		"two mappings":  {"a: b: c\n", 1},
		"no such alias": {"a: *b\n", 1},
		"control":       {"a: \x01\n", 1},
		"not UTF-8":     {"a: \xff\xfe\n", 1},
	} {
		d, err := Parse(span.NewSource("f.yaml", c.text).Whole(), "the file")
		if err == nil {
			t.Errorf("%s: no error, root %+v", name, d.Root)
		} else if err.At.File != "f.yaml" || err.At.Start.Line < 1 || err.At.Start.Line > c.line+1 || err.Msg == "" {
			t.Errorf("%s: %s: %q", name, err.At, err.Msg)
		}
	}
}

// Whatever the text, places of nodes are within it and scalars can be asked for.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: [1, {b: \"x\\ny\"}]\nc: |\n  text\n\n  more\nd: &e !t 'it''s'\nf: *e\n", "- >-\n a\n  b\n-\n", "a: b: c\n", "? [x]\n: *y\n", "\ufeffa: é\r\nb: \"\\u00e9\"\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(span.NewSource("f.yaml", text).Whole(), "the file")
		if err != nil {
			if err.Msg == "" {
				t.Fatal("an error without a word")
			}
			return
		}
		seen := map[*yaml.Node]bool{}
		var walk func(n *yaml.Node)
		walk = func(n *yaml.Node) {
			if n == nil || seen[n] {
				return
			}
			seen[n] = true
			if at := d.At(n); at.File != "f.yaml" || at.Start.Line < 1 || at.Start.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1 {
				t.Fatalf("place %v of a text of %d bytes", at, len(text))
			}
			_ = d.Scalar(n).Len()
			for _, c := range n.Content {
				walk(c)
			}
		}
		walk(d.Root)
	})
}
