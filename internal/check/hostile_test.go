package check

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// Little repositories in which a hasty reader is fooled: a value is set and taken back, comes from where nobody can see it,
// or stands where nothing reads it. A case is "=== what | rule=outcome …" and the files that follow; "rule=!pass" says that
// anything else will do.
func TestHostileRepositories(t *testing.T) {
	t.Parallel()
	lists, err := filepath.Glob("testdata/hostile/*.txt")
	if err != nil || len(lists) == 0 {
		t.Fatal(lists, err)
	}
	for _, list := range lists {
		data, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range strings.Split("\n"+string(data), "\n=== ")[1:] {
			title, body, _ := strings.Cut(c, "\n")
			name, want, _ := strings.Cut(title, " | ")
			t.Run(strings.TrimSuffix(filepath.Base(list), ".txt")+"/"+name, func(t *testing.T) {
				t.Parallel()
				files := map[string]string{}
				for _, f := range txtar.Parse([]byte(body)).Files {
					files[f.Name] = string(f.Data)
				}
				expectOutcomes(t, files, strings.Fields(want))
			})
		}
	}
}

// expectOutcomes checks files by the rules that are named, each as rule=outcome, rule=one/other or rule=!outcome.
func expectOutcomes(t *testing.T, files map[string]string, wants []string) {
	t.Helper()
	var rules []string
	for _, w := range wants {
		rule, _, _ := strings.Cut(w, "=")
		rules = append(rules, rule)
	}
	got, done := checked(t, files, rules...)
	for _, w := range wants {
		rule, outcome, _ := strings.Cut(w, "=")
		seen := 0
		for key, o := range got {
			if !strings.HasSuffix(key, " "+rule) {
				continue
			}
			seen++
			if not, ok := strings.CutPrefix(outcome, "!"); ok && string(o) == not || !ok && !slices.Contains(strings.Split(outcome, "/"), string(o)) {
				for _, r := range done.Results {
					if r.Rule == rule {
						t.Errorf("%s: %s, want %s: %s", key, o, outcome, r.Message)
					}
				}
			}
		}
		if seen == 0 {
			t.Errorf("%s says nothing", rule)
		}
	}
}
