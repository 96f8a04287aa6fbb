package check

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// Settings and rules that a link hides are a mistake, not settings and rules that nobody wrote.
func TestLinksOfTheGate(t *testing.T) {
	for name, tt := range map[string]struct {
		links map[string]string
		says  string
	}{
		"settings that are not there":   {map[string]string{settings.FileName: "gone.yaml"}, "link to something that is not there"},
		"settings out of the directory": {map[string]string{settings.FileName: "../settings.yaml"}, "link to something that is not there"},
		"a directory of rules":          {map[string]string{"rules/more": "../others"}, "rules/more is a link"},
		"rules that are not there":      {map[string]string{"rules/more": "gone"}, "rules/more is a link"},
		"fine":                          {map[string]string{"rules/README": "own.rego"}, ""},
	} {
		dir := filepath.Join(t.TempDir(), "x")
		for _, d := range []string{"rules", "others"} {
			if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, d, "own.rego"), []byte("package x\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "..", "settings.yaml"), []byte("version: 1\nfail_on: never\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		for at, to := range tt.links {
			if err := os.Symlink(to, filepath.Join(dir, at)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := Settings(dir, "", "")
		if err == nil {
			_, err = Modules(dir, &settings.Settings{Policies: []settings.Path{{Name: "rules"}}}, nil)
		}
		var e *Error
		if tt.says == "" && err != nil || tt.says != "" && (!errors.As(err, &e) || e.Code != report.ExitUsage || !strings.Contains(e.Msg, tt.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
