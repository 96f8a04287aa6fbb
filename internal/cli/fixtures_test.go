package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

// checked runs check on a fixture and returns the outcomes by hub and rule.
func checked(t *testing.T, dir string) (outcomes map[string]map[string]string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(context.Background(), []string{"check", "--format", "json", "--now", "2026-11-22", dir},
		Streams{Out: &out, Err: &errs, Env: func(string) string { return "" }})
	var r struct {
		Results []struct {
			Rule, Hub, Outcome string
			Location           *struct{ File string }
		}
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%s: %v, %s", dir, err, errs.String())
	}
	outcomes = map[string]map[string]string{}
	for _, x := range r.Results {
		if outcomes[x.Hub] == nil {
			outcomes[x.Hub] = map[string]string{}
		}
		outcomes[x.Hub][x.Rule] = x.Outcome
		if x.Location == nil || x.Location.File == "" {
			t.Errorf("%s: the verdict of %s names no file", dir, x.Rule)
		}
	}
	return outcomes, code
}

const fixtures = "../../fixtures"

func TestProductionPassesEveryRule(t *testing.T) {
	got, code := checked(t, filepath.Join(fixtures, "production"))
	for _, id := range evaluator.BuiltinIDs() {
		if got["biology"][id] != "pass" {
			t.Errorf("%s: %s", id, got["biology"][id])
		}
	}
	if code != 0 || len(got) != 1 {
		t.Errorf("exit code %d, %d hubs", code, len(got))
	}
}

// Each failing fixture fails its own rule and no other. Without a memory limit the machine's size cannot be judged.
func TestFailingFixturesFailTheirRuleOnly(t *testing.T) {
	dirs, err := os.ReadDir(filepath.Join(fixtures, "failing"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, d := range dirs {
		seen[d.Name()] = true
		got, _ := checked(t, filepath.Join(fixtures, "failing", d.Name()))
		for hub, rules := range got {
			for id, outcome := range rules {
				want := "pass"
				switch {
				case id == d.Name():
					want = "fail"
				case d.Name() == "resource-limits" && id == "vm-sizing":
					want = "unknown"
				}
				if outcome != want {
					t.Errorf("fixtures/failing/%s, hub %s: %s is %s, want %s", d.Name(), hub, id, outcome, want)
				}
			}
		}
	}
	for _, id := range evaluator.BuiltinIDs() {
		if !seen[id] {
			t.Errorf("there is no fixtures/failing/%s", id)
		}
	}
}

func TestOtherFixtures(t *testing.T) {
	for dir, want := range map[string]struct{ hubs, code int }{
		"fresh-install": {1, 1}, "three-hubs": {3, 1}, "no-hub": {0, 3},
	} {
		got, code := checked(t, filepath.Join(fixtures, dir))
		if len(got) != want.hubs || code != want.code {
			t.Errorf("%s: %d hubs and exit code %d, want %d and %d", dir, len(got), code, want.hubs, want.code)
		}
	}
}
