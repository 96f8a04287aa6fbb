package assemble

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/tljh-policy/tljh-policy/internal/hub"
)

func jsonMarshal(v any) ([]byte, error) { return json.Marshal(v) }

// Every document that the fixtures give keeps to the published schema; OPA's own validator says so.
func TestDocumentsKeepToTheirSchema(t *testing.T) {
	var schema any
	if err := json.Unmarshal(hub.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, dir := range fixtures(t) {
		res, err := Load(context.Background(), dir, Options{Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		text, err := hub.Print(res.Hubs)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := hub.Print(res.Hubs)
		if !bytes.Equal(text, again) {
			t.Errorf("%s: printing twice differs", dir)
		}
		var doc any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		rs, err := rego.New(rego.Query("json.match_schema(input.doc, input.schema)"),
			rego.Input(map[string]any{"doc": doc, "schema": schema})).Eval(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got := rs[0].Expressions[0].Value.([]any); got[0] != true {
			t.Errorf("%s: %v", dir, got[1])
		}
		n += len(res.Hubs)
		_ = res.Files.Close()
	}
	if n < 18 {
		t.Errorf("only %d hubs in the fixtures", n)
	}
}

// fixtures are the example repositories: the directories that hold an install.sh or are named no-hub.
func fixtures(t *testing.T) []string {
	t.Helper()
	var dirs []string
	err := filepath.WalkDir("../../fixtures", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			if _, statErr := os.Stat(filepath.Join(p, "install.sh")); statErr == nil {
				dirs = append(dirs, p)
			}
		}
		return err
	})
	if err != nil || len(dirs) < 16 {
		t.Fatalf("%d fixtures, %v", len(dirs), err)
	}
	return dirs
}
