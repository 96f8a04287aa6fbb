package terraform

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// input is what discovery would find among the files. A file whose name begins with "chosen" is named by the settings.
func input(m steptest.Files) (in Input) {
	seen := map[string]bool{}
	for p := range m {
		if d := path.Dir(p); !seen[d] {
			seen[d] = true
			in.Dirs = append(in.Dirs, d)
		}
		switch {
		case eval.IsVarFile(p):
			in.VarFiles = append(in.VarFiles, p)
			if strings.HasPrefix(path.Base(p), "chosen") {
				in.Chosen = append(in.Chosen, p)
			}
		case strings.HasSuffix(p, ".json"):
			in.Plans = append(in.Plans, p)
		}
	}
	sort.Strings(in.Dirs)
	sort.Strings(in.Plans)
	sort.Strings(in.Chosen)
	return in
}

func archive(t testing.TB, b []byte) (steptest.Files, string) {
	m, want := steptest.Files{}, ""
	for _, f := range txtar.Parse(b).Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		m[f.Name] = string(f.Data)
	}
	return m, want
}

// describe writes everything that a module says, one fact or step a line.
func describe(m Module) map[string]string {
	out := map[string]string{}
	m.Infra.Facts("", func(pointer string, f doc.Fact) {
		var p []any
		for _, e := range strings.Split(pointer, "/")[1:] {
			p = append(p, strings.NewReplacer("~1", "/", "~0", "~").Replace(e))
		}
		n := m.Infra.AtPath(p)
		s := string(f.State)
		if n != nil && n.Kind != doc.List && n.Kind != doc.Map {
			s += " " + fmt.Sprint(n.Plain())
		} else if n != nil && n.Kind == doc.List {
			s += fmt.Sprintf(" [%d]", len(n.Items))
		}
		if f.At != nil {
			s += " " + f.At.String()
		}
		out[pointer] = s
		out[pointer+" why"] = f.Why
	})
	for i, c := range m.Carriers {
		name := fmt.Sprintf("carrier %d", i)
		out[name] = fmt.Sprintf("%s %s %s boot=%v %v", c.Format, c.At, c.Machine, c.EveryBoot, c.Uses)
		for j, s := range c.Steps {
			line := ""
			if s.IsWrite() {
				line = "write " + span.Show(s.Dest.String()) + " from " + s.Content.Span().String()
			} else {
				for _, w := range s.Argv {
					line += span.Show(w.String()) + " "
				}
			}
			if s.Cond != nil {
				line += " if " + s.Cond.Why
			}
			out[fmt.Sprintf("%s step %d", name, j)] = strings.TrimSpace(line) + " @" + s.At.String()
		}
	}
	for i, p := range m.Problems {
		out[fmt.Sprintf("problem %d", i)] = fmt.Sprintf("%s %s fatal=%v", p.At, p.Msg, p.Fatal)
	}
	return out
}

// Each archive in testdata is a small invented repository; its file "want" says what has to come out, a line each:
// pointer or carrier, "=", and the beginning of its description.
func TestModules(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m, want := archive(t, b)
			res := Read(m, input(m))
			got := map[string]string{}
			for _, mod := range res.Modules {
				for k, v := range describe(mod) {
					if len(res.Modules) > 1 {
						k = mod.Dir + mod.VarFile + " " + k
					}
					got[k] = v
				}
			}
			for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
				key, value, ok := strings.Cut(line, " = ")
				if !ok || !strings.HasPrefix(got[key], value) {
					t.Errorf("%s\n got %q\nwant %q", key, got[key], value)
				}
			}
			if t.Failed() && testing.Verbose() {
				keys := make([]string, 0, len(got))
				for k := range got {
					keys = append(keys, k)
				}
				sort.Strings(keys)
				for _, k := range keys {
					t.Logf("%s = %s", k, got[k])
				}
			}
		})
	}
}

// What a stranger can write must not take the program down, or take long.
func TestHostile(t *testing.T) {
	deep := func(open, middle, end string, n int) string {
		return strings.Repeat(open, n) + middle + strings.Repeat(end, n)
	}
	locals := "locals {\n  a0 = \"xxxxxxxxxxxxxxxx\"\n"
	lists := "locals {\n  b0 = [1, 2]\n"
	for i := 1; i < 60; i++ {
		locals += fmt.Sprintf("  a%d = \"${local.a%d}${local.a%d}\"\n", i, i-1, i-1)
		lists += fmt.Sprintf("  b%d = [local.b%d, local.b%d]\n  c%d = flatten(local.b%d)\n", i, i-1, i-1, i, i)
	}
	instance := "resource \"aws_instance\" \"x\" {\n  user_data = %s\n}\n"
	for name, text := range map[string]string{
		"parentheses": "locals {\n a = " + deep("(", "1", ")", 100000) + "\n}",
		"brackets":    "locals {\n a = " + deep("[", "1", "]", 100000) + "\n}",
		"bangs":       "locals {\n a = " + strings.Repeat("!", 100000) + "true\n}",
		"conditions":  "locals {\n a = " + strings.Repeat("true ? 1 : ", 100000) + "1\n}",
		"sum":         "locals {\n a = " + strings.Repeat("1 + ", 20000) + "1\n}\n" + fmt.Sprintf(instance, "local.a"),
		"templates":   "locals {\n a = \"" + deep("${\"", "x", "\"}", 10000) + "\"\n}",
		"directives":  "locals {\n a = \"" + strings.Repeat("%{ if true }", 10000) + "\"\n}",
		"doubling":    locals + "}\n" + fmt.Sprintf(instance, "local.a59"),
		"lists":       lists + "}\n" + fmt.Sprintf(instance, "local.c59"),
		"count":       "resource \"aws_instance\" \"x\" {\n  count = 1000000000\n}\n",
		"many":        "resource \"aws_instance\" \"x\" {\n  count = 1000\n vpc_security_group_ids = aws_security_group.s[*].id\n}\nresource \"aws_security_group\" \"s\" {\n count = 1000\n ingress {\n protocol = \"tcp\"\n}\n}\n",
		"loops":       "locals {\n a = [for i in range(1000) : [for j in range(1000) : [for k in range(1000) : i + j + k]]]\n}\n" + fmt.Sprintf(instance, "jsonencode(local.a)"),
		"circle":      "locals {\n a = local.b\n b = local.a\n}\nresource \"aws_instance\" \"x\" {\n  user_data = local.a\n ami = aws_instance.x.ami\n}\n",
		"itself":      "module \"x\" {\n  source = \"./.\"\n}\n",
		"above":       "module \"x\" {\n  source = \"../../..\"\n}\n",
		"width":       fmt.Sprintf(instance, "format(\"%999999999d\", 1)"),
		"number":      fmt.Sprintf(instance, "1e999999999 % 3"),
		"binary":      "\x00\xff\xfe{{{",
		"blocks":      deep("a {\n", "", "}\n", 10000),
	} {
		t.Run(name, func(t *testing.T) {
			Read(steptest.Files{"main.tf": text}, Input{Dirs: []string{"."}})
			Read(steptest.Files{"main.tf.json": text}, Input{Dirs: []string{"."}})
		})
	}
	Read(steptest.Files{"main.tf.json": `{"locals":` + deep("[", "1", "]", 100000) + "}"}, Input{Dirs: []string{"."}})
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		m, _ := archive(f, b)
		for name, text := range m {
			if strings.HasSuffix(name, ".tf") {
				f.Add(text, "#!/bin/bash\necho ${mail} %{ if true }x%{ endif }\n", `{"variable": {"size": {"default": "${1 + 1}"}}}`)
			}
		}
	}
	f.Fuzz(func(t *testing.T, native, template, json string) {
		m := steptest.Files{"main.tf": native, "more.tf.json": json, "setup.sh.tftpl": template, "terraform.tfvars": template}
		for _, mod := range Read(m, input(m)).Modules {
			describe(mod)
		}
	})
}
