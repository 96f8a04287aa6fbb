package evaluator

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
)

// engine is a set of rules that were compiled together and are evaluated with one query.
type engine struct {
	compiler *ast.Compiler
	store    storage.Store
	watched  bool // custom rules: watch the memory they take

	// While rules are evaluated one by one to find the culprit of a failure, no other evaluation runs: mu is held for
	// writing. plan changes only under it.
	mu   sync.RWMutex
	plan atomic.Pointer[plan]

	compiling sync.Mutex // OPA's query compiler draws names from its compiler
}

// plan is the rules that are evaluated, and what became of the others.
type plan struct {
	rules   []*rule
	query   ast.Body
	tripped map[*rule]error // rules that ran into a limit, and are not run again
}

// compileModules compiles files; the compiler is nil if that fails.
func compileModules(files []*file, trusted bool) (*ast.Compiler, []*Error) {
	modules := make(map[string]*ast.Module, len(files))
	for _, f := range files {
		modules[f.name] = f.module
	}
	c := ast.NewCompiler().WithCapabilities(Capabilities()).SetErrorLimit(0)
	if trusted {
		c = c.WithSkipStages(checkedByTests...)
	}
	c.Compile(modules)
	if c.Failed() {
		return nil, faults(c.Errors)
	}
	return c, nil
}

// checkedByTests are the stages of the compiler that only look for mistakes. The tests of the built-in rules run all
// of them; at the start of the program they would cost a third of the time.
var checkedByTests = []ast.StageID{
	ast.StageCheckUnusedImports, ast.StageCheckKeywordOverrides, ast.StageCheckDuplicateImports, ast.StageCheckVoidCalls,
	ast.StageCheckRuleConflicts, ast.StageCheckUndefinedFuncs, ast.StageCheckSafetyRuleHeads, ast.StageCheckTypes,
	ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins, ast.StageBuildRequiredCapabilities,
}

func newEngine(c *ast.Compiler, store storage.Store, rules []*rule, watched bool) (*engine, error) {
	e := &engine{compiler: c, store: store, watched: watched}
	p, err := e.newPlan(rules, map[*rule]error{})
	if err != nil {
		return nil, err
	}
	e.plan.Store(p)
	return e, nil
}

func (e *engine) newPlan(rules []*rule, tripped map[*rule]error) (*plan, error) {
	p := &plan{tripped: tripped, rules: slices.DeleteFunc(slices.Clone(rules), func(r *rule) bool { return tripped[r] != nil })}
	var err error
	p.query, err = e.compileQuery(p.rules)
	return p, err
}

// compileQuery makes the query that binds each set of each rule to a variable of its own.
func (e *engine) compileQuery(rules []*rule) (ast.Body, error) {
	e.compiling.Lock()
	defer e.compiling.Unlock()
	var body ast.Body
	for i, r := range rules {
		for j, s := range r.sets {
			value := ast.NewTerm(s.ref)
			if s.conftest { // need not be a set, and can be undefined
				x := ast.VarTerm("x")
				value = ast.ArrayComprehensionTerm(x, ast.NewBody(ast.Equality.Expr(x, value)))
			}
			body.Append(ast.Equality.Expr(ast.NewTerm(variable(i, j)), value))
		}
	}
	if len(body) == 0 {
		return nil, nil
	}
	return e.compiler.QueryCompiler().Compile(body)
}

// variable is what the query calls set j of rule i.
func variable(i, j int) ast.Var { return ast.Var("r" + strconv.Itoa(i) + "_" + strconv.Itoa(j)) }
