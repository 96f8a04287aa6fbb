package runbook

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func shown(text string) []string {
	var out []string
	for _, s := range Read(steptest.Files{}, span.NewSource("R.md", text)).Steps {
		var words []string
		for _, a := range s.Argv {
			words = append(words, span.Show(a.String()))
		}
		if _, ok := shell.IsOpaque(&s); ok {
			words = []string{"opaque"}
		}
		out = append(out, fmt.Sprintf("%d:%d %s", s.At.Start.Line, s.At.Start.Column, strings.Join(words, " ")))
	}
	return out
}

func TestBlocks(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"shell":              {"run no\n```bash\n# run no\nrun a\n$ run b\n```\nrun no\n~~~sh\nrun c\n~~~\n", []string{"4:1 run a", "5:3 run b", "9:1 run c"}},
		"other languages":    {"```python\nrun no\n```\n```\nrun no\n```\n    run no\n", nil},
		"a session":          {"```console\n$ run a \\\n  b\noutput no\nme@hub:~$ run c\n# run d\n```\n", []string{"2:3 run a b", "5:11 run c", "6:3 run d"}},
		"in a list":          {"1. first\n\n   ```bash\n   run a\n     run b\n   ```\n", []string{"4:4 run a", "5:6 run b"}},
		"a placeholder":      {"```sh\nrun <your domain> x\n```\n", []string{"2:1 run … x"}},
		"a longer fence":     {"````sh\nrun a\n```\nrun b\n````\n", []string{"2:1 run a", "4:1 run b"}},
		"a fence left open":  {"```bash {.numberLines}\nrun a", []string{"2:1 run a"}},
		"a syntax error":     {"```bash\ntljh-config set a.b 'c\n```\n```bash\nrun a\n```\n", []string{"2:1 opaque", "5:1 run a"}},
		"a file and its use": {"```bash\ncat > x.sh <<E\nrun a\nE\n```\n```bash\nbash x.sh\n```\n", []string{"2:1 ", "3:1 run a"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, shown(c.text)); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("> ```console\n> $ a <b>\n```\n")
	f.Add("1. ~~~~ sh\n   a \\\n~~~~")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range Read(steptest.Files{}, span.NewSource("R.md", text)).Steps {
			if s.At.File != "R.md" && s.At.File != "" {
				t.Fatalf("place in %q", s.At.File)
			}
		}
	})
}
