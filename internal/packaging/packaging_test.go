package packaging_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// root is the repository's, seen from this package.
const root = "../.."

// schemas is where GitHub's own schemas lie beside a checkout; they are not part of the repository.
var schemas = filepath.Join(root, "..", "shared", "github-api", "schemas")

// read returns a file of the repository.
func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// schema compiles one of GitHub's schemas, or skips the test where they are not at hand.
func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	path := filepath.Join(schemas, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: GitHub's schema is not beside this checkout: %v", err)
	}
	compiled, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// validate checks YAML against a schema.
func validate(t *testing.T, s *jsonschema.Schema, text []byte) {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	// YAML's "on" is a string to GitHub, and numbers are JSON's.
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(data, &plain); err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(plain); err != nil {
		t.Errorf("%v", err)
	}
}
