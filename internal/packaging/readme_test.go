package packaging_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write README.md's tables of inputs and outputs")

// The README's tables are action.yml's.
func TestReadmeTables(t *testing.T) {
	a := readAction(t)
	text := string(read(t, "README.md"))
	got := table(t, text, "inputs", inputTable(t, a.Inputs))
	got = table(t, got, "outputs", outputTable(t, a.Outputs))
	if got == text {
		return
	}
	if !*update {
		t.Fatal("README.md's tables are not action.yml's: run go test ./internal/packaging -update")
	}
	if err := os.WriteFile(filepath.Join(root, "README.md"), []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}

// table puts a table between the comments that mark its place.
func table(t *testing.T, text, what, table string) string {
	t.Helper()
	place := regexp.MustCompile(`(?s)(<!-- ` + what + ` of action.yml[^\n]*-->\n).*?(<!-- end -->)`)
	if n := len(place.FindAllString(text, -1)); n != 1 {
		t.Fatalf("README.md has %d places for %s", n, what)
	}
	return place.ReplaceAllStringFunc(text, func(found string) string {
		m := place.FindStringSubmatch(found)
		return m[1] + table + m[2]
	})
}

func inputTable(t *testing.T, node yaml.Node) string {
	var b strings.Builder
	b.WriteString("| input | default | what it is |\n|---|---|---|\n")
	for _, p := range parameters(t, node) {
		value := "none"
		if *p.Default != "" {
			value = "`" + *p.Default + "`"
		}
		b.WriteString("| `" + p.Name + "` | " + value + " | " + p.Description + " |\n")
	}
	return b.String()
}

func outputTable(t *testing.T, node yaml.Node) string {
	var b strings.Builder
	b.WriteString("| output | what it is |\n|---|---|\n")
	for _, p := range parameters(t, node) {
		b.WriteString("| `" + p.Name + "` | " + p.Description + " |\n")
	}
	return b.String()
}
