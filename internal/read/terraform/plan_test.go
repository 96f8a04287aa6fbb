package terraform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

const oneDroplet = "variable \"size\" {}\nresource \"digitalocean_droplet\" \"hub\" {\n  size = var.size\n}\n"

// What cannot be read of a plan or a tfvars file leaves the value unknown, and is a problem with a position.
func TestMalformed(t *testing.T) {
	head := `{"format_version": "1.2", "terraform_version": "1.9.5", "values": {}, `
	for _, tc := range []struct{ name, file, text, why string }{
		{"cut off", "plan.json", head + `"planned_values": {`, "a string is missing"},
		{"trailing text", "plan.json", head + `"planned_values": {}} x`, "unexpected text after the value"},
		{"bad escape", "plan.json", head + `"planned_values": "\x"}`, "wrong escape"},
		{"old format", "plan.json", `{"format_version": "2.0", "terraform_version": "1", "planned_values": {}}`, "a format that is not known"},
		{"format is a number", "plan.json", `{"format_version": 1, "terraform_version": "1", "planned_values": {}}`, "a format that is not known"},
		{"ended in an error", "plan.json", head + `"errored": true}`, "ended in an error"},
		{"nothing of this", "plan.json", head + `"planned_values": {"root_module": []}}`, "it does not have digitalocean_droplet.hub"},
		{"deep", "plan.json", head + `"planned_values": ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}", "nested too deeply"},
		{"open quote", "prod.tfvars", "size = \"s-1vcpu\n", "not valid Terraform"},
		{"a block", "prod.tfvars", "size {\n", "not valid Terraform"},
		{"no value", "terraform.tfvars", "size = \n", "not valid Terraform"},
		{"JSON", "terraform.tfvars.json", `{"size": }`, "no JSON value"},
		{"a list", "prod.tfvars.json", `["size"]`, "must be one object"},
		{"an unknown function", "terraform.tfvars", "size = nosuch(1)\n", ""},
		{"a reference", "terraform.tfvars", "size = var.size\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := steptest.Files{"main.tf": oneDroplet, tc.file: tc.text}
			res := Read(m, input(m))
			if len(res.Modules) != 1 {
				t.Fatalf("%d modules", len(res.Modules))
			}
			mod := res.Modules[0]
			typ := mod.Infra.Get("instances").List()[0].Get("machine", "type")
			if typ.State != doc.Unknown {
				t.Errorf("the size is %s %v", typ.State, typ.Plain())
			}
			if tc.why == "" {
				return
			}
			found := false
			for _, p := range mod.Problems {
				found = found || strings.Contains(p.Msg, tc.why) && p.At.File != "" && p.At.Start.Line > 0
			}
			if !found {
				t.Errorf("no problem speaks of %q: %+v", tc.why, mod.Problems)
			}
		})
	}
}

// A plan prints secrets in clear; none may reach the document or a message.
func TestPlanSecrets(t *testing.T) {
	const secret = "hunter2-example"
	m := steptest.Files{
		"main.tf": "variable \"pw\" {}\nvariable \"size\" {}\nresource \"aws_instance\" \"hub\" {\n  instance_type = var.size\n  user_data = \"#!/bin/bash\\ntljh-config set auth.X.y ${var.pw}\\n\"\n  tags = { Note = var.pw }\n}\n",
		"plan.json": `{"format_version": "1.2", "terraform_version": "1.9.5", "variables": {"pw": {"value": "` + secret + `"}, "size": {"value": "t3.small"}},
 "planned_values": {"root_module": {"resources": [{"address": "aws_instance.hub", "mode": "managed", "type": "aws_instance", "name": "hub",
  "values": {"instance_type": "t3.small", "user_data": "#!/bin/bash\ntljh-config set auth.X.y ` + secret + `\n", "tags": {"Note": "` + secret + `"}},
  "sensitive_values": {"user_data": true, "tags": {"Note": true}}}]}},
 "configuration": {"root_module": {"variables": {"pw": {"sensitive": true}}, "resources": [{"address": "aws_instance.hub"}]}}}`,
	}
	for name, files := range map[string]steptest.Files{"beside": m, "alone": {"plan.json": m["plan.json"]}} {
		res := Read(files, input(files))
		if len(res.Modules) != 1 {
			t.Fatalf("%s: %d modules", name, len(res.Modules))
		}
		got := describe(res.Modules[0])
		if !strings.HasPrefix(got["/instances/0/machine/type"], "set t3.small") {
			t.Errorf("%s: the plan was not used: %q", name, got["/instances/0/machine/type"])
		}
		for k, v := range got {
			if strings.Contains(v, secret) {
				t.Errorf("%s: %s = %s", name, k, v)
			}
		}
	}
}

func FuzzPlan(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		m, _ := archive(f, b)
		native, plan, vars := oneDroplet, "{}", "size = 1"
		for name, text := range m {
			switch {
			case strings.HasSuffix(name, "plan.json") || strings.HasPrefix(name, "plans/"):
				plan = text
			case strings.HasSuffix(name, ".tfvars"):
				vars = text
			case strings.HasSuffix(name, "main.tf"):
				native = text
			}
		}
		f.Add(native, plan, vars)
	}
	f.Add(oneDroplet, `{"format_version":"1.0","terraform_version":"1","values":{"root_module":{"resources":[{"address":"a.b[\"x","type":"a","index":"x","values":{"c":[{}]}}],"child_modules":[{"address":"module.","child_modules":[{}]}]}}}`, `size = ["a"]`)
	f.Fuzz(func(t *testing.T, native, plan, vars string) {
		m := steptest.Files{"main.tf": native, "plan.json": plan, "prod.tfvars": vars, "dev.tfvars.json": vars, "alone/plan.json": plan}
		for _, mod := range Read(m, input(m)).Modules {
			describe(mod)
		}
	})
}
