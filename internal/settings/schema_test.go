package settings

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// The schema and the reader must agree on what a settings file may say.
func TestSchemaAgrees(t *testing.T) {
	ctx := context.Background()
	q, err := rego.New(rego.Query("json.match_schema(input.doc, input.schema)")).PrepareForEval(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var schema any
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	texts := []string{
		full, "version: 1", "version: 2", "strict: true", "version: 1\nstrict: 3", "version: 1\nrunbooks: true", "version: 1\nrunbooks: maybe", "version: 1\nfail_on: never", "version: 1\nfail_on: warn",
		"version: 1\nextra: 1", "version: 1\nhubs: [{name: a}]", "version: 1\nhubs: [{name: a, dir: b, sources: [c]}]",
		"version: 1\nhubs: [{name: a, dir: ../b}]", "version: 1\nhubs: [{name: a, dir: /b}]", "version: 1\nhubs: [{name: a, dir: b, x: 1}]",
		"version: 1\nhubs: [{name: a, dir: b, expected_users: {active: -1}}]", "version: 1\nrules: {a: {off: ''}}",
		"version: 1\nrules: {a: {severity: never}}", "version: 1\nrules: {a: {params: [1]}}",
		"version: 1\nwaivers: [{rule: a, reason: b, owner: c}]", "version: 1\nwaivers: [{rule: a, reason: b, owner: c, expires: soon}]",
		"version: 1\nwaivers: [{rule: a, reason: b, owner: c, expires: '2027-01-31'}]", "version: 1\nwaivers: {}", "version: 1\npolicies: [..]",
	}
	for _, text := range texts {
		_, err := Parse(span.NewSource(FileName, text))
		var doc any
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		rs, evalErr := q.Eval(ctx, rego.EvalInput(map[string]any{"doc": daysAsText(doc), "schema": schema}))
		if evalErr != nil || len(rs) != 1 {
			t.Fatal(evalErr, rs)
		}
		if ok := rs[0].Expressions[0].Value.([]any)[0].(bool); ok != (err == nil) {
			t.Errorf("schema says %v, reader says %v:\n%s\n%v", ok, err, text, rs[0].Expressions[0].Value)
		}
	}
}

// daysAsText undoes YAML's reading of 2027-01-31 as a point in time.
func daysAsText(v any) any {
	b, _ := json.Marshal(v)
	var out any
	_ = json.Unmarshal(b, &out)
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case string:
			if len(v) > 10 && v[10:] == "T00:00:00Z" {
				return v[:10]
			}
		}
		return v
	}
	return walk(out)
}
