package policies_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/evaluator/regotest"
	"github.com/tljh-policy/tljh-policy/policies"
)

// TestRego runs the Rego tests, and fails if a line of a rule or a library is not covered.
func TestRego(t *testing.T) {
	report, err := regotest.Run(context.Background(), regotest.Options{Modules: modules(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range report.Tests {
		if !test.Passed {
			t.Errorf("%s:%d: %s %s fails: %v", test.At.File, test.At.Line, test.Name, test.Case, test.Err)
		}
	}
	covered := map[string]bool{}
	for _, f := range report.Files {
		covered[f.Name] = true
		if len(f.Missing) > 0 {
			t.Errorf("%s: no test reaches the lines %v", f.Name, f.Missing)
		}
	}
	for _, m := range modules(t) {
		if !strings.HasSuffix(m.File, "_test.rego") && !covered[m.File] {
			t.Errorf("%s: no test reaches it", m.File)
		}
	}
	t.Logf("%d Rego tests, every line of %d files covered", len(report.Tests), len(report.Files))
}

// TestRules checks what every rule must tell about itself.
func TestRules(t *testing.T) {
	e, err := evaluator.New(context.Background(), evaluator.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	ids := evaluator.BuiltinIDs()
	for i, r := range e.Rules() {
		if r.ID != ids[i] {
			t.Errorf("the rules are not %v", ids)
		}
		for what, text := range map[string]string{"title": r.Title, "description": r.Description, "custom.remediation": r.Remediation} {
			if text == "" || text == r.ID {
				t.Errorf("%s: the METADATA of rule %s has no %s", r.At.File, r.ID, what)
			}
		}
		for _, p := range r.Params {
			if p.Description == "" {
				t.Errorf("%s: parameter %s has no description", r.At.File, p.Name)
			}
		}
	}
}

// TestPackages checks that each file of a rule is in the package of its folder, that the severity is written down, that
// the checks pass which the program leaves out at its start, and that parameters have one default.
func TestPackages(t *testing.T) {
	compiled := map[string]*ast.Module{}
	severities := map[string]bool{}
	params := map[string]any{}
	for _, m := range modules(t) {
		module, err := ast.ParseModuleWithOpts(m.File, m.Source, ast.ParserOptions{ProcessAnnotation: true})
		if err != nil {
			t.Fatal(err)
		}
		compiled[m.File] = module
		id := path.Base(path.Dir(m.File))
		if strings.HasSuffix(m.File, "_test.rego") || slices.Contains(policies.Libraries, id) {
			continue
		}
		if want := ast.MustParseRef(fmt.Sprintf("data.tljh.rules[%q]", id)); !module.Package.Path.Equal(want) {
			t.Errorf("%s: its package is %s, not %s", m.File, module.Package.Path, want)
		}
		for _, a := range module.Annotations {
			severities[id] = severities[id] || a.Custom["severity"] != nil
			declared, _ := a.Custom["params"].(map[string]any)
			for name, p := range declared {
				params[id+" "+name] = p.(map[string]any)["default"]
			}
		}
	}
	for _, id := range evaluator.BuiltinIDs() {
		if !severities[id] {
			t.Errorf("the METADATA of rule %s has no custom.severity", id)
		}
	}
	c := ast.NewCompiler().WithStrict(true).WithCapabilities(evaluator.Capabilities())
	if c.Compile(compiled); c.Failed() {
		t.Error(c.Errors)
	}
	for file, m := range compiled {
		if !strings.HasSuffix(file, "_test.rego") {
			checkDefaults(t, file, m, params)
		}
	}
}

// checkDefaults compares the defaults in calls of tljh.param with those that METADATA declares.
func checkDefaults(t *testing.T, file string, m *ast.Module, params map[string]any) {
	t.Helper()
	ast.WalkTerms(m, func(term *ast.Term) bool {
		call, ok := term.Value.(ast.Call)
		if !ok || call[0].String() != "tljh.param" || len(call) < 4 {
			return false
		}
		rule, _ := call[1].Value.(ast.String)
		name, ok := call[2].Value.(ast.String)
		if !ok { // in a helper of the rule's own
			return false
		}
		declared, ok := params[string(rule)+" "+string(name)]
		if !ok {
			t.Errorf("%s:%d: METADATA of rule %s declares no parameter %s", file, term.Location.Row, rule, name)
			return false
		}
		if want, err := ast.InterfaceToValue(declared); err != nil || want.Compare(call[3].Value) != 0 {
			t.Errorf("%s:%d: the default of %s is %v in METADATA", file, term.Location.Row, name, declared)
		}
		return false
	})
}

// TestEmbedded checks that the program holds every Rego file.
func TestEmbedded(t *testing.T) {
	for _, m := range modules(t) {
		if _, err := fs.Stat(policies.FS, strings.TrimPrefix(m.File, "policies/")); err != nil {
			t.Error(err)
		}
	}
}

// modules is every Rego file below this folder.
func modules(t *testing.T) []evaluator.Module {
	t.Helper()
	var out []evaluator.Module
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".rego" {
			return err
		}
		text, err := os.ReadFile(name)
		out = append(out, evaluator.Module{File: "policies/" + filepath.ToSlash(name), Source: string(text)})
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatal("no Rego files here", err)
	}
	return out
}
