package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// run runs the program in this process.
func run(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = Main(context.Background(), args, Streams{Out: &o, Err: &e, Env: func(string) string { return "" }})
	return code, o.String(), e.String()
}

// panicky panics when it is written to.
type panicky struct{}

func (panicky) Write([]byte) (int, error) { panic("\x1b[2J::error::x") }

func TestPanicIsExit3(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"schema", "hub"}, {"check", t.TempDir()}} {
		var e bytes.Buffer
		code := Main(context.Background(), args, Streams{Out: panicky{}, Err: &e, Env: os.Getenv})
		if code != report.ExitUnevaluated || !strings.HasPrefix(e.String(), "tljh-policy: internal error: ") || strings.Contains(e.String(), "\x1b") {
			t.Errorf("%v: exit %d, %q", args, code, e.String())
		}
	}
}

func TestUseColour(t *testing.T) {
	tests := []struct {
		choice, env string
		want        bool
	}{
		{"auto", "", false}, {"always", "", true}, {"never", "CLICOLOR_FORCE=1", false}, {"auto", "CLICOLOR_FORCE=1", true},
		{"auto", "CLICOLOR_FORCE=0", false}, {"auto", "NO_COLOR=1 CLICOLOR_FORCE=1", false}, {"always", "NO_COLOR=1", true},
	}
	for _, tt := range tests {
		env := map[string]string{}
		for _, kv := range strings.Fields(tt.env) {
			k, v, _ := strings.Cut(kv, "=")
			env[k] = v
		}
		if got := useColour(Streams{Out: &bytes.Buffer{}, Env: func(k string) string { return env[k] }}, tt.choice); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

// The same input gives the same bytes, however the work was dealt out.
func TestDeterministic(t *testing.T) {
	dir := t.TempDir()
	settings := "version: 1\nhubs:\n"
	for i := range 6 {
		name := fmt.Sprintf("hub%d", i)
		put(t, filepath.Join(dir, name, "install.sh"), "curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 -\nsudo tljh-config set limits.memory 2G\n")
		settings += "  - {name: " + name + ", dir: " + name + "}\n"
	}
	put(t, filepath.Join(dir, ".tljh-policy.yaml"), settings)
	for _, format := range []string{"json", "text"} {
		var first string
		for range 5 {
			code, out, errOut := run("check", dir, "--format", format, "--now", "2026-12-01")
			if code == report.ExitUsage || errOut != "" {
				t.Fatal(code, errOut)
			}
			if first == "" {
				first = out
			}
			if out != first {
				t.Fatalf("%s differs between two runs", format)
			}
		}
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Every rule of the catalogue that exists is described well enough to be explained.
func TestEveryRuleIsExplained(t *testing.T) {
	infos, err := allRules(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range infos {
		if r.Title == "" || r.Description == "" || r.Remediation == "" || r.Severity == "" {
			t.Errorf("%s: title, description, remediation or severity is missing", r.ID)
		}
		var b bytes.Buffer
		if err := report.Page(&b, page(r)); err != nil || !strings.HasPrefix(b.String(), r.ID+": ") {
			t.Errorf("%s: %v\n%s", r.ID, err, b.String())
		}
	}
}
