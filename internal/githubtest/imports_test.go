package githubtest_test

import (
	"os/exec"
	"strings"
	"testing"
)

// The product holds nothing of this package, nor of what it alone needs. (OPA brings a GraphQL parser of its own accord; the
// product's own packages must not use it.)
func TestProductDoesNotImportThis(t *testing.T) {
	const module = "github.com/tljh-policy/tljh-policy"
	out, err := exec.Command("go", "list", "-deps", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, module+"/cmd/tljh-policy").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	ours := 0
	for line := range strings.Lines(string(out)) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, unwanted := range []string{module + "/internal/githubtest", "github.com/getkin/", "github.com/gorilla/mux", "net/http/httptest"} {
			if strings.HasPrefix(path, unwanted) {
				t.Errorf("the product contains %s", path)
			}
		}
		if strings.HasPrefix(path, module) {
			ours++
			if strings.Contains(imports, "vektah/gqlparser") {
				t.Errorf("%s imports a GraphQL parser", path)
			}
		}
	}
	if ours < 10 {
		t.Errorf("found only %d packages of the product", ours)
	}
}
