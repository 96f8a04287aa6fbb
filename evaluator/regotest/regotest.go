// Package regotest runs the Rego unit tests of rules, in the sandbox that the rules themselves run in, and measures which
// lines of the rules they cover. It is a package of its own because only `tljh-policy test` and the tests of this
// project need OPA's test runner.
package regotest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/policies"
)

// Options say which tests to run.
type Options struct {
	// Modules is Rego text of rules and of their tests.
	Modules []evaluator.Module
	// Libraries adds the libraries of the built-in rules, which custom rules import. Their coverage is not reported.
	Libraries bool
	// Match is a regular expression for the names of the tests to run ("package.test_name"); empty for all.
	Match string
	// Timeout bounds each test; zero means evaluator.DefaultTimeout.
	Timeout time.Duration
}

// Report is what came of the tests.
type Report struct {
	Tests []Test // sorted by file and line
	Files []File // sorted by name; without test files
}

// Test is one test, or with Case one case of a test_name[case].
type Test struct {
	Name, Case string // package and name, "data.tljh_test.test_x"
	At         evaluator.Position
	Passed     bool
	Skipped    bool  // its name begins with todo_
	Err        error // why it could not be decided
}

// File says how much of a file the tests cover.
type File struct {
	Name               string
	Covered, Uncovered int   // lines
	Missing            []int // the uncovered lines
}

// Passed says whether there are tests and none of them failed or broke.
func (r Report) Passed() bool {
	return len(r.Tests) > 0 && !slices.ContainsFunc(r.Tests, func(t Test) bool { return !t.Passed && !t.Skipped })
}

// Run runs tests. It fails if a module cannot be parsed or compiled; a test that breaks is a part of the Report.
func Run(ctx context.Context, o Options) (Report, error) {
	modules, own, err := parse(o)
	if err != nil {
		return Report{}, err
	}
	coverage := cover.New()
	compiler := ast.NewCompiler().WithCapabilities(evaluator.Capabilities()).WithRewriteTestRules(true)
	results, err := tester.NewRunner().
		SetCompiler(compiler).
		SetCoverageQueryTracer(coverage).
		SetModules(modules).
		SetRuntime(ast.ObjectTerm()).
		SetTimeout(cmp.Or(o.Timeout, evaluator.DefaultTimeout)).
		RaiseBuiltinErrors(true).
		Filter(o.Match).
		RunTests(ctx, nil)
	if err != nil {
		return Report{}, plain(err)
	}
	var report Report
	for r := range results {
		report.Tests = append(report.Tests, tests(r)...)
	}
	slices.SortStableFunc(report.Tests, func(a, b Test) int {
		return cmp.Or(strings.Compare(a.At.File, b.At.File), a.At.Line-b.At.Line, strings.Compare(a.Case, b.Case))
	})
	report.Files = files(coverage.Report(own), own)
	return report, ctx.Err()
}

// parse parses all modules; own is those whose coverage counts.
func parse(o Options) (all, own map[string]*ast.Module, err error) {
	all, own = map[string]*ast.Module{}, map[string]*ast.Module{}
	options := ast.ParserOptions{Capabilities: evaluator.Capabilities(), ProcessAnnotation: true, RegoVersion: ast.RegoV1}
	add := func(name, source string, counts bool) error {
		m, err := ast.ParseModuleWithOpts(name, source, options)
		if err != nil {
			return plain(err)
		}
		all[name] = m
		if counts && !isTest(name) {
			own[name] = m
		}
		return nil
	}
	if o.Libraries {
		for name, source := range libraries() {
			if err := add(name, source, false); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, m := range o.Modules {
		if err := add(m.File, m.Source, true); err != nil {
			return nil, nil, err
		}
	}
	return all, own, nil
}

func isTest(file string) bool { return strings.HasSuffix(file, "_test.rego") }

func libraries() map[string]string {
	out := map[string]string{}
	for _, dir := range policies.Libraries {
		names, _ := fs.Glob(policies.FS, dir+"/*.rego")
		for _, name := range names {
			if text, err := policies.FS.ReadFile(name); err == nil && !isTest(name) {
				out["policies/"+name] = string(text)
			}
		}
	}
	return out
}

func tests(r *tester.Result) []Test {
	base := Test{
		Name: r.Package + "." + r.Name, Passed: r.Pass(), Skipped: r.Skip, Err: r.Error,
		At: evaluator.Position{File: r.Location.File, Line: r.Location.Row, Column: r.Location.Col},
	}
	var cases []Test
	for path, sub := range r.SubResults.Iter {
		if len(sub.SubResults) == 0 {
			t := base
			t.Case, t.Passed = strings.Join(path, "/"), !sub.Fail && r.Error == nil
			cases = append(cases, t)
		}
	}
	if len(cases) == 0 {
		return []Test{base}
	}
	return cases
}

// files is the coverage of the modules in own; report tells about all files that ran.
func files(report cover.Report, own map[string]*ast.Module) []File {
	var out []File
	for name, f := range report.Files {
		if own[name] == nil {
			continue
		}
		file := File{Name: name, Covered: f.CoveredLines, Uncovered: f.NotCoveredLines}
		for _, r := range f.NotCovered {
			for line := r.Start.Row; line <= r.End.Row; line++ {
				if !slices.Contains(file.Missing, line) {
					file.Missing = append(file.Missing, line)
				}
			}
		}
		slices.Sort(file.Missing)
		out = append(out, file)
	}
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// plain is the first of OPA's errors as an *evaluator.Error.
func plain(err error) error {
	if faults := (ast.Errors)(nil); errors.As(err, &faults) && len(faults) > 0 {
		e := &evaluator.Error{Message: faults[0].Message}
		if loc := faults[0].Location; loc != nil {
			e.At = evaluator.Position{File: loc.File, Line: loc.Row, Column: loc.Col}
		}
		return e
	}
	return fmt.Errorf("the tests cannot run: %w", err)
}
