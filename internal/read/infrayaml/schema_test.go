package infrayaml

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	"gopkg.in/yaml.v3"
)

// TestSchemaAgrees asks a JSON Schema validator that is not ours about good and broken files: it and the reader say the
// same. (The reader refuses more: ports that do not add up, dates that are none, contradictions.)
func TestSchemaAgrees(t *testing.T) {
	q, err := rego.New(rego.Query("r := json.match_schema(input.doc, input.schema)")).PrepareForEval(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var schema any
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new string }{
		{"", ""},
		{"boot_disk:", "boot_dsik:"},
		{"encrypted: true}\n    volumes", "encrypted: sure}\n    volumes"},
		{`"24.04"`, "24.04"},
		{"size_gib: 160", "size_gib: -1"},
		{"size_gib: 160", "size_gib: 160.5"},
		{"size_gib: 160", "size_gib: null"},
		{"family: ubuntu", "family: ubunut"},
		{"cidrs: [198.51.100.0/24]", "cidr: [198.51.100.0/24]"},
		{"covers: [hub, homes], ", ""},
		{"every_hours: 24", "every_hours: daily"},
		{"every_hours: 24", "every_hours: 12.5"},
		{"  - id: hub", "  - id: [hub]"},
		{"kind: static,", "kind: elastic,"},
		{"{active: 20,", "{active: twenty,"},
		{"attested_on: 2026-10-01", "attested_on: \"2026-13-01\""},
		{"valid_until:", "valid_til:"},
		{"    ssh:", "    tags: {team: a}\n    ssh:"},
		{"    ssh:", "    tags: {team: [a]}\n    ssh:"},
		{"    ssh:", "    monitoring: [{kind: uptime, notify: true}]\n    ssh:"},
		{"    ssh:", "    monitoring: [{notify: true}]\n    ssh:"},
	} {
		text := strings.Replace(strings.Replace(good, "2026-10-01", `"2026-10-01"`, 1), c.old, c.new, 1)
		if strings.Contains(c.old, "attested_on") {
			text = strings.Replace(good, c.old, c.new, 1)
		}
		var plain any
		if err := yaml.Unmarshal([]byte(text), &plain); err != nil {
			t.Fatal(err)
		}
		res, err := q.Eval(context.Background(), rego.EvalInput(map[string]any{"doc": plain, "schema": schema}))
		if err != nil || len(res) != 1 {
			t.Fatalf("%q: %v %v", c.new, res, err)
		}
		verdict := res[0].Bindings["r"].([]any)
		if ours := len(read(text).Problems) == 0; ours != verdict[0].(bool) {
			t.Errorf("%q: the schema says %v (%v), the reader %v", c.new, verdict[0], verdict[1], read(text).Problems)
		}
	}
}
