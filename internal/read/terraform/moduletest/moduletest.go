// Package moduletest checks what readers of other tools' stacks make of small invented repositories, written as archives.
package moduletest

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// Describe writes everything that a stack says, one fact or step an entry.
func Describe(m terraform.Module) map[string]string {
	out := map[string]string{}
	m.Infra.Facts("", func(pointer string, f doc.Fact) {
		var p []any
		for _, e := range strings.Split(pointer, "/")[1:] {
			p = append(p, strings.NewReplacer("~1", "/", "~0", "~").Replace(e))
		}
		n := m.Infra.AtPath(p)
		s := string(f.State)
		if n != nil && n.Kind == doc.List {
			s += fmt.Sprintf(" [%d]", len(n.Items))
		} else if n != nil && n.Kind != doc.Map {
			s += " " + fmt.Sprint(n.Plain())
		}
		if f.At != nil {
			s += " " + f.At.String()
		}
		out[pointer], out[pointer+" why"] = s, f.Why
	})
	for i, c := range m.Carriers {
		name := fmt.Sprintf("carrier %d", i)
		out[name] = fmt.Sprintf("%s %s %s boot=%v %v", c.Format, c.At, c.Machine, c.EveryBoot, c.Uses)
		for j, s := range c.Steps {
			line := ""
			if s.IsWrite() {
				line = "write " + span.Show(s.Dest.String()) + " from " + s.Content.Span().String()
			}
			for _, w := range s.Argv {
				line += span.Show(w.String()) + " "
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

// Archive is an archive's files, and what it wants.
func Archive(t testing.TB, file string) (steptest.Files, string) {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
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

// Files are the archives of a test's directory.
func Files(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data")
	}
	return files
}

// Run reads every archive's first file. Its file "want" says what has to come out, a line each: a pointer, a step or a
// problem, "=", and the beginning of its description; or "!" and what must not be there.
func Run(t *testing.T, read func(m steptest.Files, first string) terraform.Module) {
	for _, file := range Files(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			m, want := Archive(t, file)
			b, _ := os.ReadFile(file)
			got := Describe(read(m, txtar.Parse(b).Files[0].Name))
			for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
				if key, ok := strings.CutPrefix(line, "! "); ok {
					if v, there := got[key]; there {
						t.Errorf("%s is there: %s", key, v)
					}
					continue
				}
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

// MachineTypes reads one text for each expression that may stand for a machine's type: id is the machine's
// place in the list, and want the beginning of what comes out, its reason behind a semicolon.
func MachineTypes(t *testing.T, id int, cases map[string]string, read func(expr string) terraform.Module) {
	for expr, want := range cases {
		got := Describe(read(expr))
		key := fmt.Sprintf("/instances/%d/machine/type", id)
		if s := got[key] + "; " + got[key+" why"]; !strings.HasPrefix(s, want) {
			t.Errorf("%s\n got %s\nwant %s", expr, s, want)
		}
	}
}

// Malformed reads texts that cannot be read wholly: each has to be a problem that begins as wanted, and the model not complete.
func Malformed(t *testing.T, file string, cases map[string]string, read func(m steptest.Files, first string) terraform.Module) {
	for text, want := range cases {
		got := Describe(read(steptest.Files{file: text}, file))
		if !strings.HasPrefix(got["problem 0"], want) {
			t.Errorf("%.60q\n got %.200s\nwant %s", text, got["problem 0"], want)
		}
		if !strings.HasPrefix(got["/complete"], "derived false") {
			t.Errorf("%.60q: complete is %s", text, got["/complete"])
		}
	}
}

// Incomplete reads texts that may hold machines nobody sees: each has to say what is wanted; "" is for one that holds none.
func Incomplete(t *testing.T, file string, cases map[string]string, read func(m steptest.Files, first string) terraform.Module) {
	for text, want := range cases {
		got := Describe(read(steptest.Files{file: text}, file))
		if why := got["/incomplete/0"]; !strings.Contains(why, want) || (want == "") != strings.HasPrefix(got["/complete"], "derived true") {
			t.Errorf("%s\n got %s, complete %s\nwant %s", text, why, got["/complete"], want)
		}
	}
}
