package terraform

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same configuration says the same, every time.
func TestSameEveryTime(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := archive(t, b)
		var first []map[string]string
		for range 3 {
			var got []map[string]string
			for _, mod := range Read(m, input(m)).Modules {
				got = append(got, describe(mod))
			}
			if first == nil {
				first = got
			} else if diff := cmp.Diff(first, got); diff != "" {
				t.Fatalf("%s: %s", file, diff)
			}
		}
	}
}
