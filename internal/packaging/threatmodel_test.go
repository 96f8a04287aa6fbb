package packaging

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every test that the threat model names exists in the package that it names.
func TestThreatModel(t *testing.T) {
	const root = "../.."
	text, err := os.ReadFile(filepath.Join(root, "docs/threat-model.md"))
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]string{"evaluator": "evaluator"}
	named := regexp.MustCompile("`([a-z/]+)` ((?:(?:Test|Fuzz)[A-Za-z]+(?: \\([^)]*\\))?(?:, )?)+)")
	found := 0
	for _, m := range named.FindAllStringSubmatch(string(text), -1) {
		dir, ok := dirs[m[1]]
		if !ok {
			dir = filepath.Join("internal", m[1])
		}
		files, err := filepath.Glob(filepath.Join(root, dir, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: there are no tests in %s", m[1], dir)
		}
		var all strings.Builder
		for _, f := range files {
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(source)
		}
		for _, name := range regexp.MustCompile(`(?:Test|Fuzz)[A-Za-z]+`).FindAllString(m[2], -1) {
			if found++; !strings.Contains(all.String(), "func "+name+"(") {
				t.Errorf("%s has no %s", dir, name)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d tests are named", found)
	}
}
