package action

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Whatever is missing or refused on the machine, the verdict is the same.
func TestMachine(t *testing.T) {
	gone := func(t *testing.T) string { return filepath.Join(t.TempDir(), "gone", "file") }
	for name, change := range map[string]func(t *testing.T, env map[string]string){
		"no outputs":           func(_ *testing.T, env map[string]string) { env["GITHUB_OUTPUT"] = "" },
		"outputs refused":      func(t *testing.T, env map[string]string) { env["GITHUB_OUTPUT"] = gone(t) },
		"outputs are a folder": func(t *testing.T, env map[string]string) { env["GITHUB_OUTPUT"] = t.TempDir() },
		"no summary":           func(_ *testing.T, env map[string]string) { env["GITHUB_STEP_SUMMARY"] = "" },
		"summary refused":      func(t *testing.T, env map[string]string) { env["GITHUB_STEP_SUMMARY"] = gone(t) },
		"no temporary files":   func(t *testing.T, env map[string]string) { env["RUNNER_TEMP"] = gone(t) },
		"no home":              func(_ *testing.T, env map[string]string) { env["HOME"], env["RUNNER_TEMP"] = "", "" },
		"files refused": func(t *testing.T, env map[string]string) {
			env["INPUT_REPORT-FILE"], env["INPUT_SARIF-FILE"] = "install.sh/x", "../x"
		},
		"addresses are no URLs": func(_ *testing.T, env map[string]string) {
			env["GITHUB_API_URL"], env["GITHUB_SERVER_URL"] = "::", "::"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPull(t, tree{"install.sh": failing, ".tljh-policy.yaml": settingsFor(t, "https")}, tree{"README": "x"})
			change(t, p.env)
			code := Run(context.Background(), Host{Getenv: func(n string) string { return p.env[n] }, Out: &p.out, Now: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC),
				Limit: time.Minute, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
			if code != 1 || !strings.Contains(p.out.String(), "::error ") {
				t.Errorf("exit code %d\n%s", code, p.out.String())
			}
		})
	}
}

// A run that is told to stop says so and is not green.
func TestStopped(t *testing.T) {
	p := newPull(t, tree{"install.sh": failing + httpsSet, ".tljh-policy.yaml": settingsFor(t, "https")}, tree{"README": "x"})
	ctx, stop := context.WithCancel(context.Background())
	stop()
	code := Run(ctx, Host{Getenv: func(n string) string { return p.env[n] }, Out: &p.out, Limit: time.Minute, Now: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC),
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	text, _ := os.ReadFile(p.env["GITHUB_OUTPUT"])
	if code != 3 || fileCommands(t, string(text))["outcome"] != "error" {
		t.Errorf("exit code %d\n%s", code, p.out.String())
	}
}

// Errors and notices quote the repository, too: no terminal obeys them and nothing reads backwards.
func TestHostileErrors(t *testing.T) {
	bad := "version: 1\n\"\\e[31mred\\u202e ##[error]x\": 1\n"
	for name, p := range map[string]*pullRequest{
		"the base's settings": newPull(t, tree{"install.sh": failing, ".tljh-policy.yaml": bad}, tree{"README": "x"}),
		"its own settings":    newPull(t, tree{"install.sh": failing + httpsSet, ".tljh-policy.yaml": settingsFor(t, "https")}, tree{".tljh-policy.yaml": bad}),
	} {
		code, _ := p.run(t)
		if code != 2 {
			t.Errorf("%s: exit code %d", name, code)
		}
		for _, r := range p.out.String() {
			if r != '\n' && sanitize.Hidden(r) && r != '\u200b' {
				t.Errorf("%s: %q is in the log:\n%q", name, r, p.out.String())
				break
			}
		}
		summary, _ := os.ReadFile(p.env["GITHUB_STEP_SUMMARY"])
		if strings.ContainsAny(string(summary), "\x1b\u202e") {
			t.Errorf("%s: the summary holds it:\n%q", name, summary)
		}
	}
}
